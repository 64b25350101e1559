/**
 * `npm run ratings`: who would like what? A tenth of the ratings is hidden, and predicted from the others by their mean,
 * by biases, and by factors; in a clone also by what else is there: SGD as Surprise does it and alternating least squares, in C
 * (gcc), and libmf (after `npm ci --prefix bench`). With a file of your own:
 *
 *     node examples/ratings.js ratings.csv --user 42
 *
 * a line for each rating, user, item, rating and whatever follows, between commas, tabs, semicolons or `::` (as MovieLens
 * has them; a line of headings is passed over). Without a file 100,000 ratings are made up.
 * To copy it: npm install gradient-svd markdown-table vega@5 vega-lite@5
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { manualSeed } from 'gradient-svd';
import { factorize } from 'gradient-svd/sparse';
import { markdownTable } from 'markdown-table';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rank: { type: 'string', default: '20' },
    user: { type: 'string' },
    plot: { type: 'string', default: 'out/ratings.svg' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (given.help) {
  console.log('node examples/ratings.js [ratings.csv] [--user NAME] [--rank 20] [--plot out/ratings.svg]');
  process.exit();
}
const rank = Number(given.rank);
const generator = manualSeed(1);

/** [user, item, rating] of each line. */
function read(file) {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const fields = lines.map((line) =>
    line.split(/::|[,;\t]/).map((field) => field.replace(/^"|"$/g, '').trim()),
  );
  return fields
    .filter(([, , rating]) => rating && Number.isFinite(Number(rating)))
    .map(([user, item, rating]) => [user, item, Number(rating)]);
}

/**
 * Made ones, in the manner of real ones (no set of ratings that may be passed on is in a package). Some rate more and some are
 * rated more than others, by
 *
 *     3.5 + 0.4 a + 0.5 b + Σ 0.35 · 0.8^c u v + 0.85 noise    (a, b, u, v, noise: normal; c = 0 .. 11)
 *
 * rounded to 1 .. 5.
 */
function made(users, items, count) {
  const draws = (n) => generator.rand(1, n).data;
  const normal = (n) => {
    const angle = draws(n);
    return draws(n).map((x, i) => Math.sqrt(-2 * Math.log(1 - x)) * Math.cos(2 * Math.PI * angle[i]));
  };
  const tastes = 12;
  const [a, b, U, V] = [users, items, users * tastes, items * tastes].map(normal);
  const noise = normal(count);
  const ratings = new Map();
  while (ratings.size < count) {
    const [x, y] = draws(2);
    const [i, j] = [Math.floor(users * x ** 1.5), Math.floor(items * y ** 1.5)];
    let rating = 3.5 + 0.4 * a[i] + 0.5 * b[j] + 0.85 * noise[ratings.size];
    for (let c = 0; c < tastes; c++) rating += 0.35 * 0.8 ** c * U[i * tastes + c] * V[j * tastes + c];
    const key = i * items + j;
    if (!ratings.has(key))
      ratings.set(key, [`user ${i}`, `thing ${j}`, Math.min(5, Math.max(1, Math.round(rating)))]);
  }
  return [...ratings.values()];
}

const ratings = positionals.length ? read(positionals[0]) : made(943, 1682, 100_000);
if (!ratings.length) throw new Error(`no line "user,item,rating" in ${positionals[0]}`);
// users and items by number, from 0
const users = [...new Set(ratings.map(([user]) => user))];
const items = [...new Set(ratings.map(([, item]) => item))];
const [row, column] = [users, items].map((names) => new Map(names.map((name, i) => [name, i])));
const entries = ratings.map(([user, item, rating]) => [row.get(user), column.get(item), rating]);
const lot = generator.rand(1, entries.length).data;
const known = entries.filter((_, e) => lot[e] >= 0.1);
const hidden = entries.filter((_, e) => lot[e] < 0.1);

const marks = entries.map(([, , rating]) => rating);
const range = [marks.reduce((a, b) => Math.min(a, b)), marks.reduce((a, b) => Math.max(a, b))];
const shape = { rows: users.length, columns: items.length };
const factors = (options, of = known) => factorize(of, { rank, range, ...shape, ...options });
/** Root mean square error over entries. */
const rmse = (of, model) =>
  Math.sqrt(of.reduce((sum, [i, j, rating]) => sum + (model.predict(i, j) - rating) ** 2, 0) / of.length);

const mean = known.reduce((sum, [, , rating]) => sum + rating, 0) / known.length;
const contenders = {
  'the mean of all': () => ({ predict: () => mean }),
  // (so much λ that nothing is left of the factors)
  'biases alone': () => factors({ rank: 1, regularization: 1e6 }),
  [`${rank} factors, λ = 20 for all`]: () => factors({ regularization: 20 }),
  [`${rank} factors, λ chosen`]: () => factors({}),
};
const results = Object.entries(contenders).map(([name, work]) => {
  const before = process.cpuUsage();
  const model = work();
  const { user, system } = process.cpuUsage(before);
  return { name, model, error: rmse(hidden, model), seconds: (user + system) / 1e6 };
});

/** What others make of the same ratings; of those that are not there, nothing. */
async function others() {
  const contender = (name) => import(new URL(`../bench/contenders/${name}.js`, import.meta.url));
  const list = (Kind, of, at) => Kind.from(of, (entry) => entry[at]);
  const [fitted, held] = [known, hidden].map((of) => ({
    ...shape,
    row: list(Int32Array, of, 0),
    col: list(Int32Array, of, 1),
    data: list(Float64Array, of, 2),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'ratings-'));
  const inC = async () => {
    const run = (await contender('ratings')).ratingsInC(folder, rank, fitted, held);
    return [
      ['SGD in C, 20 epochs', run('sgd', 20, { λ: 0.02, rate: 0.005 }).at(-1)],
      ['ALS in C, λ = 20 for all', run('als', 30, { λ: 20 }).at(-1)],
    ];
  };
  const libmf = async () => {
    const model = await (await contender('libmf')).libmf(rank, fitted, held);
    return [['libmf, as it comes', model.fit({})]];
  };
  try {
    const all = (await Promise.all([inC, libmf].map((made) => made().catch(() => [])))).flat();
    return all.map(([name, { error, seconds }]) => ({ name, model: {}, error, seconds }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(
  `${known.length} ratings (${range.join(' .. ')}) of ${items.length} things by ${users.length} people;`,
);
console.log(`root mean square error over ${hidden.length} others:\n`);
const cells = [...results, ...(await others())].map(({ name, model, error, seconds }) =>
  [
    name,
    error.toFixed(4),
    model.regularization?.toPrecision(3) ?? '',
    model.iterations ?? '',
    model.status ?? '',
    seconds.toFixed(2),
  ].map(String),
);
const head = ['', 'RMSE', 'λ', 'iterations', 'status', 'CPU s'];
console.log(markdownTable([head, ...cells], { align: ['l', 'r', 'r', 'r', 'r', 'r'] }));

// with what is known of all, recommend
const user = given.user ?? users[7 % users.length];
if (!row.has(user))
  throw new Error(`nobody is called ${user}; there are ${users.slice(0, 5).join(', ')}, ..`);
const model = factors({ regularization: results.at(-1).model.regularization }, entries);
const rated = entries.filter(([i]) => i === row.get(user)).map(([, j]) => j);
console.log(`\n${user} has rated ${rated.length}, and would like best of the others:`);
for (const { column, value } of model.recommend(row.get(user), { count: 3, exclude: rated })) {
  console.log(`  ${items[column]}: ${value.toFixed(2)}`);
}
const likes = [
  [0, range[1]],
  [1, range[0]],
];
const [best] = model.foldIn(likes).recommend({ count: 1, exclude: [0, 1] });
const said = likes.map(([j, rating]) => `${items[j]} ${rating}`).join(' and ');
if (best) console.log(`Somebody new, who gave ${said}: ${items[best.column]}`);

// to the end, to see both errors: with as little λ as this the hidden ones rise again
const points = [5, 20].flatMap((regularization) =>
  [1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 50].flatMap((iteration) => {
    const model = factors({ regularization, iterations: iteration, tolerance: 0 });
    return [
      { ratings: `known, λ = ${regularization}`, iteration, error: rmse(known, model) },
      { ratings: `hidden, λ = ${regularization}`, iteration, error: rmse(hidden, model) },
    ];
  }),
);
const { spec } = compile({
  title: {
    text: 'Too little λ learns the known ratings by heart',
    subtitle: `${rank} factors: error over ${known.length} ratings that are fitted, and over ${hidden.length} that are hidden`,
  },
  background: 'white',
  width: 640,
  height: 360,
  data: { values: points },
  mark: { type: 'line', point: true },
  encoding: {
    x: { field: 'iteration', type: 'quantitative' },
    y: { field: 'error', type: 'quantitative', title: 'root mean square error', scale: { zero: false } },
    color: { field: 'ratings', type: 'nominal', sort: null },
  },
});
mkdirSync(dirname(given.plot), { recursive: true });
writeFileSync(given.plot, await new View(parse(spec), { renderer: 'none' }).toSVG());
console.log(`\nError by iteration: ${given.plot} (any browser shows it)`);

if (!positionals.length && !(results[3].error < results[1].error)) process.exitCode = 1;
