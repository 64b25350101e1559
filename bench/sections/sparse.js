// svds beside ARPACK, in CPU seconds: singular values are compared, and our residuals have to be within 1e-10 of the largest.

import { manualSeed } from '../../dist/gradient-svd.js';
import { svds } from '../../dist/sparse.js';
import { arpack } from '../contenders/child.js';
import { Absent, difference, race } from '../harness.js';

export const title = 'Singular values of sparse matrices, CPU time';

/** Entries at random places: `share` of them, `value(i, j, draw)`. */
function scattered(rows, columns, count, value, seed) {
  const { data: draws } = manualSeed(seed).rand(count, 3);
  const [row, col, data] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let e = 0; e < count; e++) {
    const [i, j] = [Math.floor(rows * draws[3 * e]), Math.floor(columns * draws[3 * e + 1])];
    [row[e], col[e], data[e]] = [i, j, value(i, j, draws[3 * e + 2])];
  }
  return byRows({ rows, columns, row, col, data });
}

/** CSR, entries of one row in the order they came, as ARPACK is given them too. */
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

const matrices = {
  'ratings 943 x 1682, 100,000 entries': () =>
    scattered(943, 1682, 100_000, (i, j, draw) => 1 + Math.floor(((i % 7) + (j % 11) + 8 * draw) / 5), 1),
  'decaying 10,000 x 5,000, 1%': () =>
    scattered(
      10_000,
      5_000,
      500_000,
      (i, j, draw) => (draw - 0.4) / Math.sqrt((1 + (i % 500)) * (1 + (j % 500))),
      2,
    ),
  'noise 10,000 x 5,000, 1%': () => scattered(10_000, 5_000, 500_000, (_i, _j, draw) => draw - 0.5, 3),
};

function cpu(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export async function run(mode, report) {
  const rows = [];
  for (const [name, make] of Object.entries(matrices)) {
    const A = make();
    for (const k of mode.quick ? [10] : [10, 50]) {
      const { S, residuals, passes } = svds(A, { rank: k });
      const worst = Math.max(...residuals) / S[0];
      if (!(worst <= 1e-10))
        report.failed[`svds of ${name}, k = ${k}`] = `residual ${worst.toExponential(1)}`;
      report.notes.push(`${name}, k = ${k}: ${passes} passes, residual ${worst.toExponential(1)}.`);
      const lanes = { svds: () => cpu(() => svds(A, { rank: k })) };
      let session;
      try {
        session = await arpack.open({ ...A, k });
        await session.run(1);
        const gap = difference(S, await session.state());
        if (!(gap <= 1e-9)) throw new Error(`off by ${gap.toExponential(1)}`);
        report.versions.ARPACK = session.version;
        lanes.ARPACK = () => session.run(1);
      } catch (error) {
        if (error instanceof Absent) report.absent.ARPACK = error.message;
        else report.failed[`ARPACK, ${name}, k = ${k}`] = error.message;
      }
      rows.push({ name: `${name}, k = ${k}`, lanes: await race(lanes, mode) });
      session?.close();
    }
  }
  report.absent['sklearn randomized_svd'] = 'not among Debian packages that CI installs';
  return { rows };
}
