/**
 * `npm run complete`: matrices with gaps. Entries are hidden, filled in by a decomposition of low rank that
 * only sees the others, and compared with what they were. Real data, of the package vega-datasets.
 * To copy it: npm install gradient-svd markdown-table vega-datasets@3
 */
import { readFileSync } from 'node:fs';
import { manualSeed, reconstruct, svd } from 'gradient-svd';
import { markdownTable } from 'markdown-table';

const draws = [1, 2, 3, 4, 5];
const known = (x) => !Number.isNaN(x);
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;

const folder = new URL('../data/', import.meta.resolve('vega-datasets'));
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

/** IMDB ratings: directors of at least three genres by genre, the mean where there are several, NaN where there is none. */
function ratings() {
  const movies = JSON.parse(read('movies.json')).filter(
    (movie) => movie.Director && movie['Major Genre'] && movie['IMDB Rating'] !== null,
  );
  const genres = [...new Set(movies.map((movie) => movie['Major Genre']))].sort();
  const directors = [...new Set(movies.map((movie) => movie.Director))].sort();
  const table = directors.map((director) =>
    genres.map((genre) => {
      const these = movies.filter((movie) => movie.Director === director && movie['Major Genre'] === genre);
      return mean(these.map((movie) => movie['IMDB Rating']));
    }),
  );
  return table.filter((row) => row.filter(known).length >= 3);
}

/** Hourly temperature normals of Seattle in °C: days (rows) by hours (columns). */
function temperatures() {
  const days = new Map();
  for (const line of read('seattle-weather-hourly-normals.csv').trim().split('\n').slice(1)) {
    const [time, , temperature] = line.split(',');
    const day = time.slice(0, 10);
    if (!days.has(day)) days.set(day, Array(24).fill(Number.NaN));
    days.get(day)[Number(time.slice(11, 13))] = Number(temperature);
  }
  return [...days.values()];
}

/** A copy in which a share of the entries is NaN. */
function hide(M, share, seed) {
  const draw = manualSeed(seed).rand(M.length, M[0].length);
  return M.map((row, i) => row.map((x, j) => (draw.get(i, j) < share ? Number.NaN : x)));
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
function chosen(seen, base, rank, choices) {
  const less = hide(seen, 0.2, 99);
  const score = (regularization) =>
    rmse(seen, less, complete(less, means(less)[base], rank, regularization).guess);
  return choices.map((choice) => [score(choice), choice]).sort(([a], [b]) => a - b)[0][1];
}

function show(title, M, { share, rank, base, choices }) {
  const rows = draws.map((seed) => {
    const seen = hide(M, share, seed);
    const { all, rowsAndColumns, [base]: below } = means(seen);
    const regularization = chosen(seen, base, rank, choices);
    const { guess, status } = complete(seen, below, rank, regularization);
    const errors = [all, rowsAndColumns, guess].map((fill) => rmse(M, seen, fill));
    return { seed, errors, regularization, status };
  });
  const count = M.flat().filter(known).length;
  console.log(`\n${title}`);
  console.log(
    `${M.length} x ${M[0].length}, ${count} entries known, ${100 * share}% of them hidden; rank ${rank}.`,
  );
  console.log('Root mean square error of the hidden ones:\n');
  const head = ['seed', 'mean of all', 'row and column means', 'gradient-svd', 'regularization', 'status'];
  const cells = rows.map(({ seed, errors, regularization, status }) => {
    return [seed, ...errors.map((x) => x.toFixed(3)), regularization, status].map(String);
  });
  console.log(markdownTable([head, ...cells], { align: head.map(() => 'r') }));
  const [all, rowsAndColumns, ours] = [0, 1, 2].map((which) => mean(rows.map(({ errors }) => errors[which])));
  const best = Math.min(all, rowsAndColumns);
  const gain = ours < best ? `${Math.round(100 * (1 - ours / best))}% less` : 'no better';
  console.log(`\non average ${ours.toFixed(3)} against ${best.toFixed(3)}, the better of the means: ${gain}`);
  if (ours >= best) process.exitCode = 1;
}

show('Ratings of movies (0 .. 10) by director and genre', ratings(), {
  share: 0.2,
  rank: 1,
  base: 'all',
  choices: [1, 2, 3, 4, 5, 6, 8],
});
show('Temperatures (°C) by day and hour', temperatures(), {
  share: 0.5,
  rank: 3,
  base: 'rowsAndColumns',
  choices: [0, 0.3, 1, 3],
});
