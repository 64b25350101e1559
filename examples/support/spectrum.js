/** Singular values as a chart: bars over their number, written to out/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { toSvg } from './chart.js';

/** @returns where the SVG is */
export async function plotSpectrum(S, title, subtitle, name) {
  const svg = await toSvg({
    title: { text: title, subtitle },
    width: 640,
    height: 300,
    data: { values: Array.from(S, (value, i) => ({ number: i + 1, value })) },
    mark: { type: 'bar', color: '#0072b2' },
    encoding: {
      x: { field: 'number', type: 'quantitative', title: 'number', axis: { tickMinStep: 1 } },
      y: { field: 'value', type: 'quantitative', title: 'singular value' },
    },
  });
  const folder = new URL('../../out/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.svg`, folder), svg);
  return `out/${name}.svg`;
}
