/** The matrices one can pick. */
import { manualSeed } from 'gradient-svd';
import type { Config } from './config.js';
import { parse } from './parse.js';

export interface Problem {
  readonly rows: number;
  readonly columns: number;
  /** row-major; NaN = gap */
  readonly data: Float64Array;
  /** entries hidden from the descent, to see how well it guesses them */
  readonly held: readonly { readonly at: number; readonly value: number }[];
  /** what its rows, columns and entries are, where they have names */
  readonly names?: {
    readonly rows: readonly string[];
    readonly columns: readonly string[];
    readonly head: readonly [row: string, column: string, value: string];
    readonly unit: string;
    /** what was taken from every entry: M is about it */
    readonly mean: number;
  };
  /** what there is to say of it */
  readonly about: string;
  /** shades of gray, to be shown as a picture */
  readonly picture: boolean;
}

/** The notebooks' matrices: each after its own torch.manual_seed. */
const notebook = {
  M1: [314, 5, 4],
  M2: [315, 4, 4],
  M3: [316, 7, 4],
  M4: [317, 3, 4],
  M5: [317, 4, 3],
} as const;

/** Set by the page when somebody brings a picture of their own. */
export const uploaded: { picture?: Problem } = {};

const plain = { held: [], picture: false };

export async function build(config: Config): Promise<Problem> {
  switch (config.matrix) {
    case 'random': {
      const { rows, columns, matrixSeed } = config;
      const { data } = manualSeed(matrixSeed).rand(rows, columns);
      return { ...plain, rows, columns, data, about: `manualSeed(${matrixSeed}).rand(${rows}, ${columns})` };
    }
    case 'hilbert': {
      const n = config.rows;
      const data = Float64Array.from({ length: n * n }, (_, at) => 1 / (Math.floor(at / n) + (at % n) + 1));
      const about =
        'Entries 1/(i + j + 1): singular values that fall so fast that most methods lose the small ones.';
      return { ...plain, rows: n, columns: n, data, about };
    }
    case 'own': {
      const table = parse(config.own);
      return { ...plain, ...table, about: table.notes.join(' ') };
    }
    case 'image':
      return image(config);
    case 'ratings':
      return ratings();
    case 'temperatures':
      return temperatures();
    default: {
      const [seed, rows, columns] = notebook[config.matrix];
      const { data } = manualSeed(seed).rand(rows, columns);
      const about = `torch.manual_seed(${seed}), rand(${rows}, ${columns})`;
      if (config.matrix !== 'M4') return { ...plain, rows, columns, data, about };
      const transposed = data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
      return { ...plain, rows: columns, columns: rows, data: transposed, about: `${about}, transposed` };
    }
  }
}

/** The longest side of a picture: a full decomposition of it stays a matter of a second. */
const longestSide = 160;

/** Any picture the browser can read, as shades of gray. */
export async function grayOf(source: Blob | string, about: string): Promise<Problem> {
  const blob = typeof source === 'string' ? await (await fetch(source)).blob() : source;
  const bitmap = await createImageBitmap(blob);
  const shrink = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const columns = Math.max(1, Math.round(bitmap.width * shrink));
  const rows = Math.max(1, Math.round(bitmap.height * shrink));
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, columns, rows);
  const { data: rgba } = context.getImageData(0, 0, columns, rows);
  const data = Float64Array.from({ length: rows * columns }, (_, i) =>
    Math.round(0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!),
  );
  return { ...plain, rows, columns, data, about, picture: true };
}

async function image({ picture }: Config): Promise<Problem> {
  if (picture === 'volcano') {
    const { width, height, values } = (await import('virtual:volcano')).default;
    const least = Math.min(...values);
    const most = Math.max(...values);
    const data = Float64Array.from(values, (x) => Math.round((255 * (x - least)) / (most - least)));
    const about = `Maunga Whau (Mt Eden), Auckland: heights of ${least} to ${most} m as shades of gray, a point every 10 m.`;
    return { ...plain, rows: height, columns: width, data, about, picture: true };
  }
  if (picture === 'upload' && uploaded.picture) return uploaded.picture;
  const { default: uri } = await import('virtual:baboon');
  // decoded by hand: a page's policy may forbid to fetch data: addresses
  const bytes = Uint8Array.from(atob(uri.slice(uri.indexOf(',') + 1)), (c) => c.charCodeAt(0));
  return grayOf(
    new Blob([bytes], { type: 'image/png' }),
    'The baboon: a test picture since the 1970s, 128 × 128.',
  );
}

type Held = Problem['held'][number];

/** Hide entries that are drawn, as long as their row and their column keep two others. */
function hide(data: Float64Array, n: number, share: number): Held[] {
  const m = data.length / n;
  const draws = manualSeed(7).rand(m, n).data;
  const known = (values: Float64Array) => values.filter((x) => !Number.isNaN(x)).length;
  const inRow = Array.from({ length: m }, (_, i) => known(data.subarray(i * n, (i + 1) * n)));
  const inColumn = Array.from({ length: n }, (_, j) => known(data.filter((_, at) => at % n === j)));
  const held: Held[] = [];
  for (let at = 0; at < m * n; at++) {
    const i = Math.floor(at / n);
    const j = at % n;
    if (!(draws[at]! < share && !Number.isNaN(data[at]) && inRow[i]! > 2 && inColumn[j]! > 2)) continue;
    held.push({ at, value: data[at]! });
    data[at] = Number.NaN;
    inRow[i]!--;
    inColumn[j]!--;
  }
  return held;
}

async function ratings(): Promise<Problem> {
  const { rows, columns, values } = (await import('virtual:ratings')).default;
  const data = Float64Array.from(values, (x) => x ?? Number.NaN);
  const hidden = hide(data, columns.length, 0.2);
  const shown = data.filter((x) => !Number.isNaN(x));
  const known = shown.length;
  // about the mean of what is known: so where nothing is known of somebody, 0 is a guess that makes sense
  const mean = shown.reduce((sum, x) => sum + x, 0) / known;
  for (let at = 0; at < data.length; at++) data[at]! -= mean;
  const held = hidden.map(({ at, value }) => ({ at, value: value - mean }));
  const about = `Mean IMDB ratings of ${rows.length} directors in ${columns.length} genres, less their mean of ${mean.toFixed(2)}: ${known} are shown to the descent, ${held.length} are hidden to test its guess, the rest nobody knows.`;
  const names = { rows, columns, head: ['Director', 'Genre', 'rated'], unit: '', mean } as const;
  return { rows: rows.length, columns: columns.length, data, held, names, about, picture: false };
}

async function temperatures(): Promise<Problem> {
  const { rows, columns, values } = (await import('virtual:temperatures')).default;
  const data = Float64Array.from(values, Number);
  const held = hide(data, columns.length, 0.5);
  const about = `Seattle’s mean temperature on ${rows.length} days (down) by hour (across), in °C: ${held.length} of ${data.length} are hidden from the descent, to test its guess.`;
  const names = { rows, columns, head: ['Day', 'Hour', 'was'], unit: ' °C', mean: 0 } as const;
  return { rows: rows.length, columns: columns.length, data, held, names, about, picture: false };
}
