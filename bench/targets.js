// The budgets of the project, and what a run says of them. A figure whose contender was absent is left open.

import { short, times } from './report.js';

const row = (section, name) => section?.rows.find((candidate) => candidate.name === name)?.lanes;
/** Time of one lane over that of another, by way of the first lane of the row, in the same rounds. */
const ratio = (lanes, over, under) => lanes?.[over]?.ratio.median / lanes?.[under]?.ratio.median;
const OURS = 'gradient-svd';

const percent = (x) => `${Math.round(100 * x)}%`;
const kilobytes = (x) => `${(x / 1000).toFixed(1)} kB`;
const milliseconds = (x) => `${(1000 * x).toFixed(1)} ms`;
const seconds = (x) => `${x.toPrecision(2)} s`;

/** Of values that may be missing: the worst, or NaN where there is none. */
const worst = (choose, values) => {
  const there = values.filter((value) => !Number.isNaN(value));
  return there.length ? choose(...there) : Number.NaN;
};

function* ofRatings({ rows, bytes }, atMost) {
  for (const { name, lanes, errors } of rows) {
    if (!errors) {
      if (name.endsWith('weighted'))
        yield atMost(`factorize, ${name}, time of ALS in C`, 0.5, ratio(lanes, OURS, 'ALS, C'));
      else yield atMost(`factorize, ${name}, time of C`, 1.2, ratio(lanes, OURS, 'the same, C'));
      continue;
    }
    const { 'gradient-svd': ours, 'SGD, C': usual, 'SGD, C, tuned': tuned } = errors;
    const sgd = Math.min(usual ?? Number.NaN, tuned ?? Number.NaN);
    const show = (x) => x.toFixed(4);
    if (name.startsWith('100,'))
      yield atMost(`factorize, ${name}, time of ALS in C`, 0.5, ratio(lanes, OURS, 'ALS, C'));
    else yield atMost(`factorize, ${name}, CPU time`, 1.2, lanes[OURS].median, seconds);
    yield atMost(`factorize, ${name}, RMSE above the best SGD in C`, 0.003, ours - sgd, show);
    const weighted = errors['λ = 10, weighted, as timed'] ?? Number.NaN;
    yield atMost('the same, of the weighted run that is timed', 0.003, weighted - sgd, show);
    const given = { 'λ given, uniform': 'λ tuned', 'λ given, weighted': 'λ tuned, weighted' };
    for (const [what, which] of Object.entries(given)) {
      if (errors[which]) yield atMost(`the same, ${what}`, 0.003, errors[which] - sgd, show);
    }
  }
  for (const [name, figure] of Object.entries(bytes ?? {})) {
    yield atMost(`factorize, bytes an entry, ${name}`, 80, figure, (x) => x.toFixed(0));
  }
}

function* budgets({ notebook, step, decompose, optimizers, host, gaps, ratings, sparse }) {
  const atMost = (what, bound, figure, show = times) => ({
    what,
    asked: `<= ${show(bound)}`,
    figure,
    show,
    met: figure <= bound,
  });
  const atLeast = (what, bound, figure, show = times) => ({
    what,
    asked: `>= ${show(bound)}`,
    figure,
    show,
    met: figure >= bound,
  });

  if (notebook) {
    const sgd = row(notebook, 'SGD');
    yield atMost('notebook SGD, time of C', 1, ratio(sgd, OURS, 'C'));
    yield atLeast('notebook SGD, faster than PyTorch', 500, ratio(sgd, 'PyTorch', OURS));
    yield atLeast('notebook SGD, faster than tfjs', 900, ratio(sgd, 'tfjs cpu', OURS));
  }
  if (step) {
    const at = (n) => row(step, `n = k = ${n}`);
    for (const n of [64, 128, 256, 512]) {
      yield atLeast(`step at ${n}, of the kernel's peak`, 0.8, ratio(at(n), 'kernel peak', OURS), percent);
    }
    for (const n of [64, 128])
      yield atMost(`step at ${n}, time of PyTorch`, 1, ratio(at(n), OURS, 'PyTorch'));
    yield atMost('step at 512, time of PyTorch', 1.6, ratio(at(512), OURS, 'PyTorch'));
  }
  if (decompose) {
    const small = ['5 x 4', '16 x 16', '32 x 32', '64 x 64'].map((name) => row(decompose, name));
    yield atMost(
      'svd(M) to 64, time of ml-matrix',
      1,
      worst(
        Math.max,
        small.map((lanes) => ratio(lanes, 'svd(M)', 'ml-matrix')),
      ),
    );
    yield atMost(
      'svd(M) at 256, time of ml-matrix',
      3,
      ratio(row(decompose, '256 x 256'), 'svd(M)', 'ml-matrix'),
    );
    for (const other of ['ml-matrix', 'svd-js']) {
      const all = decompose.rows.map(({ lanes }) => ratio(lanes, 'directSvd', other));
      yield atMost(`directSvd at every size, time of ${other}`, 1, worst(Math.max, all));
    }
  }
  if (optimizers) {
    const [lanes] = optimizers.rows.map((only) => only.lanes);
    const all = Object.keys(lanes).map((name) => ratio(lanes, name, 'sgd'));
    yield atMost('slowest first-order optimizer, time of SGD', 1.5, worst(Math.max, all));
  }
  if (host) {
    yield atMost('bundle, minified and gzipped', 24_000, host.bundle.gzip, kilobytes);
    yield atMost('gradient-svd/sparse, minified and gzipped', 16_000, host.sparse, kilobytes);
    yield atMost(
      'import to first result',
      0.01,
      host.rows[0].lanes[OURS]?.median ?? Number.NaN,
      milliseconds,
    );
    const [first, last] = host.memory;
    const gained = Math.max(0, last.heap + last.core - first.heap - first.core);
    yield atMost(`memory held, gained from ${first.runs} to ${last.runs} runs`, 1_000_000, gained, kilobytes);
  }
  for (const { what, figure, least, most } of gaps?.figures ?? []) {
    if (least) yield atLeast(what, least, figure, percent);
    else yield atMost(what, most, figure, short);
  }
  if (sparse) {
    // WordNet, decay and noise; ratings and dependencies
    for (const { name } of sparse.rows) {
      yield atMost(
        `svds, ${name}, time of ARPACK`,
        /ratings|Debian/.test(name) ? 3 : name.endsWith('50') ? 1 : 1.5,
        ratio(row(sparse, name), 'svds', 'ARPACK'),
      );
    }
    const worstResidual = Math.max(...sparse.rows.map(({ worst }) => worst));
    yield atMost('svds, residuals', 1e-10, worstResidual, (x) => x.toExponential(1));
    yield atMost('svds beyond memory, passes', 18, sparse.outside.passes, String);
    yield atMost(
      'svds beyond memory, resident',
      350e6,
      sparse.outside.resident,
      (x) => `${(x / 1e6).toFixed(0)} MB`,
    );
  }
  if (ratings) yield* ofRatings(ratings, atMost);
}

/** [{ what, asked, figure, met }]; `met` is undefined where the figure was not measured. */
export function targets(sections) {
  return [...budgets(sections)].map(({ what, asked, figure, show, met }) =>
    Number.isNaN(figure) ? { what, asked, figure: '' } : { what, asked, figure: show(figure), met },
  );
}
