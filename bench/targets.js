// The budgets of the project, and what a run says of them. A figure whose contender was absent is left open.

import { times } from './report.js';

const row = (section, name) => section?.rows.find((candidate) => candidate.name === name)?.lanes;
/** Time of one lane over that of another, by way of the first lane of the row, in the same rounds. */
const ratio = (lanes, over, under) => lanes?.[over]?.ratio.median / lanes?.[under]?.ratio.median;
const OURS = 'gradient-svd';

const percent = (x) => `${Math.round(100 * x)}%`;
const kilobytes = (x) => `${(x / 1000).toFixed(1)} kB`;
const milliseconds = (x) => `${(1000 * x).toFixed(1)} ms`;

/** Of values that may be missing: the worst, or NaN where there is none. */
const worst = (choose, values) => {
  const there = values.filter((value) => !Number.isNaN(value));
  return there.length ? choose(...there) : Number.NaN;
};

function* budgets({ notebook, step, decompose, optimizers, host }) {
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
    yield atMost('bundle, minified and gzipped', 14_000, host.bundle.gzip, kilobytes);
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
}

/** [{ what, asked, figure, met }]; `met` is undefined where the figure was not measured. */
export function targets(sections) {
  return [...budgets(sections)].map(({ what, asked, figure, show, met }) =>
    Number.isNaN(figure) ? { what, asked, figure: '' } : { what, asked, figure: show(figure), met },
  );
}
