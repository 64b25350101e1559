/** Charts by Vega-Lite, written as SVG, and a page that shows them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';

/** Okabe and Ito's colours, told apart by colour-blind readers too. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

export async function toSvg(spec) {
  const { spec: compiled } = vegaLite.compile({
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    background: 'white',
    padding: 16,
    config: {
      font: 'system-ui, sans-serif',
      axis: {
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: 'normal',
        gridColor: '#e8e8e8',
        domainColor: '#888',
      },
      title: { fontSize: 17, anchor: 'start', subtitleFontSize: 13, subtitleColor: '#555', offset: 14 },
      legend: { labelLimit: 240, labelFontSize: 13, titleFontSize: 13, symbolStrokeWidth: 3 },
      view: { stroke: null },
      range: { category: colors },
    },
    ...spec,
  });
  return new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG();
}

/** At most `points` of a history, evenly spaced on the axis, always with the first and the last. */
function thin(losses, points, logarithmic) {
  const last = losses.length - 1;
  const at = new Set(
    Array.from({ length: points + 1 }, (_, i) =>
      Math.round(logarithmic ? (last + 1) ** (i / points) - 1 : (last * i) / points),
    ),
  );
  return Array.from(at, (iteration) => ({ iteration, loss: losses[iteration] }));
}

/** At most ten powers of ten that span the values. */
function powers(values) {
  const exponents = values.map(({ loss }) => Math.log10(loss));
  const [low, high] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))];
  const step = Math.ceil((high - low) / 9);
  const count = Math.ceil((high - low) / step);
  return Array.from({ length: count + 1 }, (_, i) => Number(`1e${high - (count - i) * step}`));
}

/**
 * Loss over iterations (counted from 1 where their axis is logarithmic), one line for each history.
 * @param {Record<string, ArrayLike<number>>} histories
 */
export function lossChart(title, subtitle, histories, { legend = 'matrix', logarithmic = false } = {}) {
  const values = Object.entries(histories).flatMap(([name, losses]) =>
    thin(losses, 500, logarithmic)
      .filter(({ loss }) => loss > 0)
      .map(({ iteration, loss }) => ({ iteration: iteration + Number(logarithmic), loss, name })),
  );
  const ticks = powers(values);
  return toSvg({
    title: { text: title, subtitle },
    width: 720,
    height: 420,
    data: { values },
    mark: { type: 'line', strokeWidth: 1.8, clip: true },
    encoding: {
      x: {
        field: 'iteration',
        type: 'quantitative',
        title: 'iteration',
        ...(logarithmic && {
          scale: { type: 'log', nice: false },
          axis: { values: [1, 10, 100, 1000, 10_000] },
        }),
      },
      y: {
        field: 'loss',
        type: 'quantitative',
        title: 'loss (log scale)',
        scale: { type: 'log', domain: [ticks[0], ticks.at(-1)] },
        axis: { format: '.0e', values: ticks },
      },
      color: { field: 'name', type: 'nominal', title: legend, sort: null, scale: { range: colors } },
      // more lines than colours: the next round is dashed
      strokeDash: {
        field: 'name',
        type: 'nominal',
        title: legend,
        sort: null,
        scale: {
          range: Object.keys(histories).map(
            (_, i) =>
              [
                [1, 0],
                [6, 3],
                [2, 2],
              ][Math.floor(i / colors.length) % 3],
          ),
        },
      },
    },
  });
}

/**
 * Errors over iterations, one line for each name.
 * @param {Record<string, { iteration: number, error: number }[]>} lines
 */
export function errorChart(title, subtitle, lines) {
  const values = Object.entries(lines).flatMap(([name, points]) =>
    points.map((point) => ({ ...point, name })),
  );
  return toSvg({
    title: { text: title, subtitle },
    width: 720,
    height: 420,
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: { size: 30 } },
    encoding: {
      x: { field: 'iteration', type: 'quantitative', title: 'iteration' },
      y: { field: 'error', type: 'quantitative', title: 'root mean square error', scale: { zero: false } },
      color: { field: 'name', type: 'nominal', title: 'ratings', sort: null, scale: { range: colors } },
    },
  });
}

/**
 * Write charts (name -> SVG) and a page that shows them into a folder; returns the page's address.
 * @param {Record<string, string>} charts
 */
export async function writePage(folder, title, intro, charts) {
  await mkdir(folder, { recursive: true });
  for (const [name, svg] of Object.entries(charts)) await writeFile(`${folder}/${name}.svg`, svg);
  const figures = Object.keys(charts)
    .map((name) => `<figure><img src="${name}.svg" alt="${name}: loss over iterations, log scale"></figure>`)
    .join('\n');
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  figure { margin: 1.5rem 0; } img { max-width: 100%; height: auto; border: 1px solid #ddd; border-radius: 6px; }
</style>
<h1>${title}</h1>
<p>${intro}</p>
${figures}
</html>
`;
  await writeFile(`${folder}/index.html`, page);
  return pathToFileURL(resolve(folder, 'index.html')).href;
}
