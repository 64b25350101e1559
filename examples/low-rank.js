/**
 * `npm run low-rank`: the best approximation of rank k, against the optimum of Eckart and Young, and against
 * plain subspace iteration (U <- orthonormal M V, V <- orthonormal Mᵀ U), the textbook method for it.
 */
import { directSvd, manualSeed, reconstruct, svd } from 'gradient-svd';
import { doing, done } from '../tools/progress.js';
import { volcano } from './support/data.js';
import { showTable } from './support/table.js';
import { draws } from './support/zoo.js';

const { rand, randn, spectrum, multiply } = draws(7);
const range = (n, of) => Array.from({ length: n }, (_, i) => of(i));
const noisy = multiply(randn(200, 10), randn(10, 150)).map((row) =>
  row.map((x) => x + 0.01 * randn(1, 1)[0][0]),
);

const cases = [
  ['0.8^i, 100 x 100', spectrum(range(100, (i) => 0.8 ** i)), 10],
  ['1/i, 100 x 100', spectrum(range(100, (i) => 1 / (i + 1))), 10],
  ['gaussian 60 x 40', randn(60, 40), 5],
  ['uniform 60 x 40', rand(60, 40), 5],
  ['rank 10 + noise, 200 x 150', noisy, 10],
  ['volcano 87 x 61', volcano(), 8],
  ['volcano 87 x 61', volcano(), 20],
];

/** Gram and Schmidt, twice. */
function orthonormal(columns) {
  const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const done = [];
  for (let column of columns) {
    for (const q of [...done, ...done]) {
      const along = dot(q, column);
      column = column.map((x, i) => x - along * q[i]);
    }
    const length = Math.sqrt(dot(column, column));
    done.push(column.map((x) => x / length));
  }
  return done;
}

/** Iterations until the singular values are right to 1e-10 of the largest. */
function subspaceIterations(M, k, sigma) {
  const T = M[0].map((_, j) => M.map((row) => row[j]));
  const times = (A, columns) =>
    columns.map((x) => A.map((row) => row.reduce((sum, a, i) => sum + a * x[i], 0)));
  let V = orthonormal(range(k, (c) => Array.from(manualSeed(c).rand(1, T.length).data, (x) => x - 0.5)));
  for (let iteration = 1; iteration <= 5000; iteration++) {
    const U = orthonormal(times(M, V));
    const W = times(T, U);
    V = orthonormal(W);
    // MᵀU = V R: its singular values are those of M in the subspace
    const { S } = directSvd(W);
    if (S.every((s, c) => Math.abs(s - sigma[c]) <= 1e-10 * sigma[0])) return iteration;
  }
  return NaN;
}

const square = (list) => list.reduce((sum, x) => sum + x * x, 0);
const rows = cases.map(([matrix, M, k], at) => {
  doing(`${at + 1} of ${cases.length}: ${matrix}, k = ${k}`);
  const all = directSvd(M).S;
  const result = svd(M, { rank: k });
  const product = reconstruct(result).toArray();
  const error = square(M.flatMap((row, i) => row.map((x, j) => x - product[i][j])));
  const best = square([...all.subarray(k)]);
  return {
    matrix,
    k,
    status: result.status,
    iterations: result.iterations,
    subspace: subspaceIterations(M, k, all),
    'excess error²': (error / best - 1).toExponential(0),
    'σ error/σ₁': (Math.max(...result.S.map((s, c) => Math.abs(s - all[c]))) / all[0]).toExponential(0),
  };
});
done();
console.log('svd(M, { rank: k }) with its defaults, to rounding, against the best approximation of rank k.');
console.log('subspace: iterations of plain subspace iteration until σ is right to 1e-10, for comparison.');
console.log('(One of ours takes up to 60 conjugate gradients, each as dear as one of those.)\n');
showTable(rows);
if (rows.some((row) => row.status !== 'converged' || Math.abs(row['excess error²']) > 1e-9))
  process.exitCode = 1;
