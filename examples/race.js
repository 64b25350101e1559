/**
 * `npm run race`: every optimizer from the notebooks' start on the notebooks' loss, 20,000 iterations on each of
 * M1..M5, ranked. The learning rates are the best of 1, 3, 5 and 9 times powers of ten (found by trying them all).
 * To copy it: npm install gradient-svd markdown-table vega@5 vega-lite@5
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  asgd,
  lbfgs,
  levenbergMarquardt,
  manualSeed,
  nadam,
  notebookAdam,
  notebookSgd,
  radam,
  rmsprop,
  rprop,
  sgd,
  svd,
} from 'gradient-svd';
import { markdownTable } from 'markdown-table';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

const { values: given } = parseArgs({
  options: {
    iterations: { type: 'string', default: '20000' },
    plot: { type: 'string', default: 'out/race.svg' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (given.help) {
  console.log('node examples/race.js [--iterations 20000] [--plot out/race.svg]');
  process.exit();
}
const iterations = Number(given.iterations);

const rand = (seed, rows, columns) => manualSeed(seed).rand(rows, columns);
/** M1 .. M5 */
const matrices = [
  rand(314, 5, 4),
  rand(315, 4, 4),
  rand(316, 7, 4),
  rand(317, 3, 4).transpose(),
  rand(317, 4, 3),
];

// first-order methods run to the end as in the notebooks; those of second order have a stop rule
const rule = { tolerance: 1e-15 };
const racers = {
  'SGD, as in the notebook': [notebookSgd.optimizer],
  'SGD, momentum 0.97': [sgd({ lr: 0.9, momentum: 0.97 })],
  'SGD, Nesterov': [sgd({ lr: 0.3, momentum: 0.9, nesterov: true })],
  'SGD, no momentum': [sgd({ lr: 0.5 })],
  'Adam, as in the notebook': [notebookAdam.optimizer],
  Adam: [adam({ lr: 0.01 })],
  'Adam, amsgrad': [adam({ lr: 0.1, amsgrad: true })],
  AdamW: [adamW({ lr: 0.01, weightDecay: 0 })],
  NAdam: [nadam({ lr: 0.001 })],
  RAdam: [radam({ lr: 0.03 })],
  Adamax: [adamax({ lr: 0.01 })],
  Adagrad: [adagrad({ lr: 0.1 })],
  Adadelta: [adadelta({ lr: 0.5 })],
  RMSprop: [rmsprop({ lr: 0.001 })],
  Rprop: [rprop({ lr: 0.001 })],
  ASGD: [asgd({ lr: 0.5 })],
  'L-BFGS': [lbfgs(), rule],
  'Levenberg-Marquardt': [levenbergMarquardt(), rule],
};

/** On each matrix the iteration at which the loss is `level`. */
const reached = (histories, level) =>
  histories.map((losses) => {
    const at = losses.findIndex((loss) => loss <= level);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  });

const results = Object.entries(racers).map(([name, [optimizer, options]]) => {
  const runs = matrices.map((M) => svd(M, { ...notebookSgd, iterations, optimizer, ...options }));
  const histories = runs.map(({ losses, loss, status }) =>
    status === 'diverged' ? losses : [...losses, loss.total],
  );
  const [six, twelve] = [reached(histories, 1e-6), reached(histories, 1e-12)];
  return { name, histories, six, twelve, finals: runs.map(({ loss }) => loss.total) };
});

// most matrices first; then the fewest iterations, a matrix that was not solved counting as all
const solved = (list) => list.filter(Number.isFinite).length;
const total = (list) => list.reduce((sum, x) => sum + Math.min(x, iterations), 0);
results.sort(
  (a, b) =>
    solved(b.twelve) - solved(a.twelve) ||
    solved(b.six) - solved(a.six) ||
    total(a.twelve) - total(b.twelve) ||
    total(a.six) - total(b.six),
);

const most = iterations.toLocaleString('en');
console.log(
  `Iterations until the loss is 1e-6 and 1e-12 on M1 | M2 | M3 | M4 | M5 (–: not in ${most}), ranked:\n`,
);
const cell = (list) => list.map((at) => (Number.isFinite(at) ? at.toLocaleString('en') : '–')).join(' | ');
const rows = results.map(({ name, six, twelve, finals }, rank) => [
  `${rank + 1}. ${name}`,
  cell(six),
  cell(twelve),
  finals.map((loss) => loss.toExponential(0)).join(' | '),
]);
console.log(markdownTable([['', '1e-6', '1e-12', 'final loss'], ...rows], { align: ['l', 'r', 'r', 'r'] }));

/** The median of the five losses, at 300 iterations that are even on a logarithmic axis. */
function curve({ name, histories }) {
  const longest = Math.max(...histories.map((losses) => losses.length));
  const at = new Set(Array.from({ length: 301 }, (_, i) => Math.round(longest ** (i / 300)) - 1));
  return Array.from(at, (i) => {
    const losses = histories.map((list) => list[Math.min(i, list.length - 1)]).sort((a, b) => a - b);
    return { name, iteration: i + 1, loss: losses[2] };
  });
}
// Okabe and Ito's colours, told apart by colour-blind readers too; more lines than colours: the next round is dashed
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
];
const line = { field: 'name', type: 'nominal', title: 'ranked', sort: null, legend: { labelLimit: 240 } };
const { spec } = compile({
  title: 'Every optimizer on M1..M5, as the notebooks start them: median of the five losses',
  background: 'white',
  width: 720,
  height: 420,
  data: { values: results.flatMap(curve).filter(({ loss }) => loss > 0) },
  mark: { type: 'line', clip: true },
  encoding: {
    x: {
      field: 'iteration',
      type: 'quantitative',
      scale: { type: 'log', nice: false },
      axis: { tickCount: 5 },
    },
    y: {
      field: 'loss',
      type: 'quantitative',
      scale: { type: 'log' },
      axis: { format: '.0e', tickCount: 9 },
    },
    color: { ...line, scale: { range: colors } },
    strokeDash: {
      ...line,
      scale: { range: results.map((_, i) => dashes[Math.floor(i / colors.length) % dashes.length]) },
    },
  },
});
mkdirSync(dirname(given.plot), { recursive: true });
writeFileSync(given.plot, await new View(parse(spec), { renderer: 'none' }).toSVG());
console.log(`\nThe plot: ${given.plot} (any browser shows it)`);
