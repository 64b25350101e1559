/**
 * `npm run complete`: matrices with gaps. Entries are hidden, filled in by a decomposition of low rank that
 * only sees the others, and compared with what they were.
 */
import { manualSeed, reconstruct, svd } from 'gradient-svd';
import { ratings, temperatures } from './support/data.js';
import { showTable } from './support/table.js';

const draws = [1, 2, 3, 4, 5];
const known = (x) => !Number.isNaN(x);
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;

/** A copy in which a share of the known entries is NaN. */
function hide(M, share, seed) {
  const { data } = manualSeed(seed).rand(M.length, M[0].length);
  return M.map((row, i) => row.map((x, j) => (data[i * row.length + j] < share ? NaN : x)));
}

/** Root mean square of `guess` against the entries of M that `seen` lacks. */
function rmse(M, seen, guess) {
  const hidden = M.flatMap((row, i) =>
    row.flatMap((x, j) => (known(x) && !known(seen[i][j]) ? [(x - guess(i, j)) ** 2] : [])),
  );
  return Math.sqrt(mean(hidden));
}

/** Fill with the mean of all, or with the means of row and column. */
function means(seen) {
  const all = mean(seen.flat().filter(known));
  const of = (list) => (list.some(known) ? mean(list.filter(known)) : all);
  const rows = seen.map(of);
  const columns = seen[0].map((_, j) => of(seen.map((row) => row[j])));
  return { all: () => all, rowsAndColumns: (i, j) => rows[i] + columns[j] - all };
}

/** Fill with `base` plus what a decomposition finds in the differences from it. */
function complete(seen, base, rank, regularization) {
  const differences = seen.map((row, i) => row.map((x, j) => x - base(i, j)));
  const result = svd(differences, { rank, missing: 'nan', regularization });
  const product = reconstruct(result);
  return { guess: (i, j) => base(i, j) + product.get(i, j), status: result.status };
}

/** Of some regularizations the one that does best on entries hidden once more, as one would without knowing the answer. */
function chosen(seen, baseOf, rank, choices) {
  const less = hide(seen, 0.2, 99);
  const score = (regularization) =>
    rmse(seen, less, complete(less, baseOf(means(less)), rank, regularization).guess);
  return choices.map((choice) => [score(choice), choice]).sort(([a], [b]) => a - b)[0][1];
}

function show(title, M, share, rank, baseOf, choices) {
  const rows = draws.map((seed) => {
    const seen = hide(M, share, seed);
    const { all, rowsAndColumns } = means(seen);
    const regularization = chosen(seen, baseOf, rank, choices);
    const { guess, status } = complete(seen, baseOf(means(seen)), rank, regularization);
    return {
      'mean of all': rmse(M, seen, all),
      'row and column means': rmse(M, seen, rowsAndColumns),
      'gradient-svd': rmse(M, seen, guess),
      regularization,
      status,
    };
  });
  console.log(
    `\n${title}\n${M.length} x ${M[0].length}, ${M.flat().filter(known).length} entries known, ${100 * share}% of them hidden; rank ${rank}. RMSE of the hidden ones:`,
  );
  const digits = (row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, x]) => [
        key,
        key !== 'regularization' && typeof x === 'number' ? Number(x.toFixed(3)) : x,
      ]),
    );
  showTable(rows.map(digits));
  const average = (key) => mean(rows.map((row) => row[key]));
  const ours = average('gradient-svd');
  const best = Math.min(average('mean of all'), average('row and column means'));
  const ratio = ours / best;
  const gain = ratio < 1 ? `${Math.round(100 * (1 - ratio))}% less` : 'no better';
  console.log(`on average ${ours.toFixed(3)} against ${best.toFixed(3)}, the better of the means: ${gain}`);
  if (ratio >= 1) process.exitCode = 1;
}

show(
  'Ratings of movies (0 .. 10) by director and genre',
  ratings(),
  0.2,
  1,
  ({ all }) => all,
  [1, 2, 3, 4, 5, 6, 8],
);
show(
  'Temperatures (°C) by day and hour',
  temperatures(),
  0.5,
  3,
  ({ rowsAndColumns }) => rowsAndColumns,
  [0, 0.3, 1, 3],
);
