// Factors of ratings, in CPU seconds: ours beside alternating least squares and the same conjugate gradients in C, each to a
// loss within 1e-3 of its end, with the uniform and with the weighted norm; SGD in C as Surprise's SVD does it, and LIBMF, 20
// epochs each as they come. And how well each predicts ratings that nobody saw.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factorize } from '../../dist/sparse.js';
import { libmf } from '../contenders/libmf.js';
import { ratingsInC } from '../contenders/ratings.js';
import { Absent, cpuSeconds, inFreshNode, race } from '../harness.js';
import { madeRatings, part, rmse } from '../made-ratings.js';

export const title = 'Factors of ratings (made ones), k = 20, CPU time';

const RANK = 20;
/** The two losses: with the second, the run that is timed is one that predicts well. */
const UNIFORM = { rank: RANK, regularization: 20, norm: 'uniform', tolerance: 0 };
const WEIGHTED = { ...UNIFORM, regularization: 10, norm: 'weighted' };
const MOST = 60;
const sizes = {
  full: [
    [943, 1682, 100_000],
    [6040, 3706, 1_000_000],
  ],
  quick: [[943, 1682, 100_000]],
};

const within = (losses) => losses.findIndex((loss) => loss <= losses.at(-1) * 1.001) + 1;
const best = (errors) => Math.min(...errors);

/** What may be absent, or its reason in the report. */
async function unlessAbsent(name, report, open) {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    report.absent[name] = error.message;
  }
}

/** What C has to know of a loss. */
const sameLoss = ({ regularization, norm }) => ({ λ: regularization, norm });

/** Seconds an iteration takes: of 14 iterations less those of 2. */
function iteration(known, C) {
  const ours = (iterations) => cpuSeconds(() => factorize(known, { ...UNIFORM, iterations }));
  return {
    'gradient-svd': () => (ours(14) - ours(2)) / 12,
    ...(C && {
      'the same, C': () => {
        const all = C('cg', 14, sameLoss(UNIFORM));
        return (all[13].seconds - all[1].seconds) / 12;
      },
    }),
  };
}

/** The options of the run that is timed, to a loss within 1e-3 of its end, and that end. */
function timed(options, known) {
  const { losses } = factorize(known, { ...options, iterations: 2.5 * MOST });
  return { options: { ...options, iterations: within([...losses]) }, end: losses.at(-1) };
}

/** Seconds to a loss within 1e-3 of the end; all losses have to end alike. */
function whole({ options, end }, known, C, report) {
  const lanes = { 'gradient-svd': () => cpuSeconds(() => factorize(known, options)) };
  if (!C) return lanes;
  for (const [name, method, most] of [
    ['ALS, C', 'als', MOST / 2],
    ['the same, C', 'cg', 2.5 * MOST],
  ]) {
    const losses = C(method, most, sameLoss(options)).map(({ loss }) => loss);
    const off = Math.abs(losses.at(-1) / end - 1);
    if (off < 1e-3) lanes[name] = () => C(method, within(losses), sameLoss(options)).at(-1).seconds;
    else report.failed[name] = `ends at a loss that differs by ${off.toExponential(1)}`;
  }
  return lanes;
}

/** Seconds of 20 epochs. */
const epochs = (C, mf) => ({
  ...(C && { 'SGD, C': () => C('sgd', 20, { λ: 0.02, rate: 0.005 }).at(-1).seconds }),
  ...(mf && { libmf: () => mf.fit({}).seconds }),
});

/** Root mean square errors over the hidden ratings; what is tuned is tuned by these. */
function errorsOf(known, hidden, weighted, C, mf, thorough) {
  const fitted = (options) => {
    const found = factorize(known, { rank: RANK, ...options });
    return rmse(hidden, (i, j) => found.predict(i, j));
  };
  const tuned = (lambdas, error) => best(lambdas.map(error));
  const errors = {
    'biases alone': fitted({ rank: 1, regularization: 1e6 }),
    'gradient-svd': fitted({}),
    'λ = 20': fitted({ regularization: UNIFORM.regularization }),
    'λ = 10, weighted, as timed': fitted(weighted.options),
  };
  if (thorough) {
    errors['λ tuned'] = tuned([14, 16, 18], (regularization) =>
      fitted({ regularization, validation: hidden }),
    );
    errors['λ tuned, weighted'] = tuned([8, 10, 12], (regularization) =>
      fitted({ regularization, norm: 'weighted' }),
    );
  }
  if (C) {
    errors['ALS, C, λ = 20'] = C('als', MOST / 2, sameLoss(UNIFORM)).at(-1).error;
    errors['ALS, C, λ = 10, weighted'] = C('als', MOST / 2, sameLoss(WEIGHTED)).at(-1).error;
    errors['SGD, C'] = C('sgd', 20, { λ: 0.02, rate: 0.005 }).at(-1).error;
    errors['SGD, C, tuned'] = tuned([0.05, 0.08, 0.12], (λ) =>
      best(C('sgd', 40, { λ, rate: 0.01 }).map(({ error }) => error)),
    );
  }
  if (mf) {
    errors.libmf = mf.fit({}).error;
    errors['libmf, tuned'] = tuned([0.08, 0.1, 0.12], (λ) => mf.fit({ lambdaP2: λ, lambdaQ2: λ }).error);
  }
  return errors;
}

/** Who predicts worse than the mean of all has not learned anything. */
function checkErrors(name, errors, known, hidden, report) {
  const mean = known.data.reduce((sum, x) => sum + x, 0) / known.data.length;
  const limit = rmse(hidden, () => mean);
  for (const [who, error] of Object.entries(errors)) {
    if (!(error < limit)) report.failed[`${who}, ${name}`] = `RMSE ${error}, that of the mean is ${limit}`;
  }
}

async function compare(size, mode, report) {
  const [rows, columns, count] = size;
  const name = `${count.toLocaleString('en')} ratings`;
  const all = madeRatings(rows, columns, count);
  const [hidden, known] = [part(all, 0, count / 10), part(all, count / 10, count)];
  const folder = mkdtempSync(join(tmpdir(), 'gradient-svd-ratings-'));
  try {
    const C = await unlessAbsent('C', report, () => ratingsInC(folder, RANK, known, hidden));
    const mf = await unlessAbsent('libmf', report, () => libmf(RANK, known, hidden));
    const weighted = timed(WEIGHTED, known);
    const errors = errorsOf(known, hidden, weighted, C, mf, count <= 1e5 && !mode.quick);
    checkErrors(name, errors, known, hidden, report);
    const uniform = { ...whole(timed(UNIFORM, known), known, C, report), ...epochs(C, mf) };
    return [
      { name, lanes: await race(uniform, mode), errors },
      { name: `${name}, weighted`, lanes: await race(whole(weighted, known, C, report), mode) },
      { name: `${name}, an iteration`, lanes: await race(iteration(known, C), mode) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By how many bytes an entry the process grows at most, with λ given and with λ chosen. */
const growth = ([rows, columns, count], options) =>
  inFreshNode(
    `
  const { madeRatings } = await import('./made-ratings.js');
  const { factorizeAsync } = await import('../dist/sparse.js');
  const all = madeRatings(${rows}, ${columns}, ${count});
  gc();
  const before = process.memoryUsage.rss();
  let most = 0;
  const onProgress = () => (most = Math.max(most, process.memoryUsage.rss()));
  await factorizeAsync(all, { ...${JSON.stringify(options)}, rank: ${RANK}, iterations: 8, onProgress });
  console.log((most - before) / ${count});`,
    '--expose-gc',
  );

export async function run(mode, report) {
  const used = sizes[mode.quick ? 'quick' : 'full'];
  const rows = [];
  for (const size of used) rows.push(...(await compare(size, mode, report)));
  report.notes.push(
    'The first three to a loss within 1e-3 of its end, with λ = 20 or, weighted, 10; SGD and libmf 20 epochs, as they come.',
  );
  // (of fewer entries what grows is Node)
  if (mode.quick) return { rows };
  const largest = used.at(-1);
  const bytes = {
    'λ given': growth(largest, { regularization: UNIFORM.regularization }),
    'λ chosen': growth(largest, {}),
  };
  const told = Object.entries(bytes).map(([name, x]) => `${Math.round(x)} (${name})`);
  report.notes.push(`Bytes an entry that the process grows by, of a million: ${told.join(', ')}.`);
  return { rows, bytes };
}
