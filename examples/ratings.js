/**
 * `npm run ratings`: 100,000 ratings (made ones: see support/ratings.js), a tenth of them hidden, foretold from the others by
 * their mean, by biases, and by factors; who would like what; and a plot of the error by iteration.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { factorize } from 'gradient-svd/sparse';
import { errorChart } from './support/chart.js';
import { madeRatings, part, rmse } from './support/ratings.js';
import { showTable } from './support/table.js';

const all = madeRatings(943, 1682, 100_000);
const [hidden, known] = [part(all, 0, 10_000), part(all, 10_000, 100_000)];
const range = [1, 5];

function timed(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

const mean = known.data.reduce((sum, x) => sum + x, 0) / known.data.length;
const contenders = [
  ['the mean of all', () => ({ predict: () => mean })],
  ['biases alone', () => factorize(known, { rank: 1, regularization: 1e6, range })],
  ['20 factors, λ = 20 for all', () => factorize(known, { rank: 20, regularization: 20, range })],
  ['20 factors, λ chosen', () => factorize(known, { rank: 20, range })],
];
const rows = contenders.map(([name, work]) => {
  const { result, seconds } = timed(work);
  return { name, result, error: rmse(hidden, (i, j) => result.predict(i, j)), seconds };
});
console.log(`${known.data.length} made ratings (1 .. 5) of ${all.columns} things by ${all.rows} people;`);
console.log(`RMSE over ${hidden.data.length} others (the noise in them is 0.85, and they are rounded):\n`);
showTable(
  rows.map(({ name, result, error, seconds }) => ({
    '': name,
    RMSE: error.toFixed(4),
    λ: result.regularization?.toPrecision(3) ?? '',
    iterations: result.iterations ?? '',
    status: result.status ?? '',
    'CPU s': seconds.toFixed(2),
  })),
);

const chosen = rows.at(-1).result;
const rated = new Set(known.col.filter((_, e) => known.row[e] === 7));
console.log(`\nPerson 7 has rated ${rated.size} things, and would like best of the others:`);
for (const { column, value } of chosen.recommend(7, { count: 3, exclude: rated })) {
  console.log(`  thing ${column}: ${value.toFixed(2)}`);
}
const newcomer = chosen.foldIn([
  [10, 5],
  [20, 1],
  [30, 4],
]);
console.log(`Somebody new, who rated three: thing ${newcomer.recommend({ count: 1 })[0].column}`);

// to the end, to see both errors: with as little λ as this the hidden ones rise again
const plotted = [5, 20].map((regularization) => {
  const at = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60];
  const errors = at.map((iterations) => {
    const fit = factorize(known, { rank: 20, regularization, iterations, tolerance: 0 });
    return [known, hidden].map((entries) => rmse(entries, (i, j) => fit.predict(i, j)));
  });
  return ['known', 'hidden'].map((which, w) => [
    `${which}, λ = ${regularization}`,
    at.map((iteration, e) => ({ iteration, error: errors[e][w] })),
  ]);
});
await mkdir('out/ratings', { recursive: true });
const title = 'Too little λ learns the known ratings by heart';
const subtitle = `RMSE of 20 factors over ${known.data.length} ratings that are fitted, and over ${hidden.data.length} that are hidden`;
await writeFile(
  'out/ratings/error.svg',
  await errorChart(title, subtitle, Object.fromEntries(plotted.flat())),
);
console.log('\nError by iteration: out/ratings/error.svg');

const [, biases, , factors] = rows;
if (!(factors.error < biases.error)) process.exitCode = 1;
