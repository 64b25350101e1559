/**
 * `npm run low-rank`: the best approximation of rank k, against the optimum of Eckart and Young, and against
 * plain subspace iteration (U <- orthonormal M V, V <- orthonormal Mᵀ U), the textbook method for it.
 * To copy it: npm install gradient-svd markdown-table vega-datasets@3
 */
import { readFileSync } from 'node:fs';
import { directSvd, manualSeed, reconstruct, svd } from 'gradient-svd';
import { markdownTable } from 'markdown-table';

const generator = manualSeed(7);
const range = (n, of) => Array.from({ length: n }, (_, i) => of(i));
const rand = (rows, columns) => generator.rand(rows, columns).toArray();
/** Gaussian numbers, by Box and Muller. */
const randn = (rows, columns) => {
  const [a, b] = [rand(rows, columns), rand(rows, columns)];
  return a.map((row, i) =>
    Array.from(row, (x, j) => Math.sqrt(-2 * Math.log(1 - x)) * Math.cos(2 * Math.PI * b[i][j])),
  );
};
/** A random matrix with these singular values: random U and V of just any other one. */
const spectrum = (S) => reconstruct({ ...directSvd(randn(S.length, S.length)), S }).toArray();
const plus = (A, B, scale) => A.map((row, i) => row.map((x, j) => x + scale * B[i][j]));
/** rank 10: all but ten singular values are zero */
const rank10 = (rows, columns) => reconstruct(directSvd(randn(rows, columns), { rank: 10 })).toArray();

/** Heights of the Maungawhau volcano in metres, on a 10 m grid. */
function volcano() {
  const file = new URL('../data/volcano.json', import.meta.resolve('vega-datasets'));
  const { width, values } = JSON.parse(readFileSync(file, 'utf8'));
  return range(values.length / width, (i) => values.slice(i * width, (i + 1) * width));
}

const cases = [
  ['0.8^i, 100 x 100', spectrum(range(100, (i) => 0.8 ** i)), 10],
  ['1/i, 100 x 100', spectrum(range(100, (i) => 1 / (i + 1))), 10],
  ['gaussian 60 x 40', randn(60, 40), 5],
  ['uniform 60 x 40', rand(60, 40), 5],
  ['rank 10 + noise, 200 x 150', plus(rank10(200, 150), randn(200, 150), 0.01), 10],
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
  const T = range(M[0].length, (j) => M.map((row) => row[j]));
  const times = (A, columns) =>
    columns.map((x) => A.map((row) => row.reduce((sum, a, i) => sum + a * x[i], 0)));
  let V = orthonormal(randn(k, T.length));
  for (let iteration = 1; iteration <= 5000; iteration++) {
    const W = times(T, orthonormal(times(M, V)));
    V = orthonormal(W);
    // MᵀU = V R: its singular values are those of M in the subspace
    const { S } = directSvd(W);
    if (S.every((s, c) => Math.abs(s - sigma[c]) <= 1e-10 * sigma[0])) return iteration;
  }
  return Number.NaN;
}

const squares = (list) => list.reduce((sum, x) => sum + x * x, 0);
const rows = cases.map(([matrix, M, k]) => {
  const all = directSvd(M).S;
  const result = svd(M, { rank: k });
  const product = reconstruct(result);
  const error = squares(M.flatMap((row, i) => Array.from(row, (x, j) => x - product.get(i, j))));
  return {
    matrix,
    k,
    status: result.status,
    iterations: result.iterations,
    'of subspace iteration': subspaceIterations(M, k, all),
    'excess error²': error / squares(all.subarray(k)) - 1,
    'σ error/σ₁': Math.max(...result.S.map((s, c) => Math.abs(s - all[c]))) / all[0],
  };
});
console.log(
  'svd(M, { rank: k }) with its defaults, to rounding, against the best approximation of rank k, and the',
);
console.log(
  'iterations that plain subspace iteration takes until σ is right to 1e-10. (One of ours multiplies M and Mᵀ',
);
console.log('by up to k + 40 columns, one of those by k.)\n');
const cell = (x) => (typeof x === 'number' && !Number.isInteger(x) ? x.toExponential(0) : x);
const cells = rows.map((row) => Object.values(row).map((x) => String(cell(x))));
console.log(markdownTable([Object.keys(rows[0]), ...cells], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] }));

if (rows.some((row) => row.status !== 'converged' || Math.abs(row['excess error²']) > 1e-9)) {
  process.exitCode = 1;
}
