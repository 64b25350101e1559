/**
 * `npm run race`: every optimizer from the notebooks' start on the notebooks' loss, 20,000 iterations on each of
 * M1..M5, ranked. The learning rates are the best of 1, 3, 5 and 9 times powers of ten (found by trying them all).
 */
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  asgd,
  lbfgs,
  levenbergMarquardt,
  nadam,
  notebookAdam,
  notebookSgd,
  radam,
  rmsprop,
  rprop,
  sgd,
  svd,
} from 'gradient-svd';
import { doing, done } from '../tools/progress.js';
import { lossChart, writePage } from './support/chart.js';
import { matrices } from './support/matrices.js';
import { showTable } from './support/table.js';

const optimizers = {
  'SGD, as in the notebook': notebookSgd.optimizer,
  'SGD, momentum 0.97': sgd({ lr: 0.9, momentum: 0.97 }),
  'SGD, Nesterov': sgd({ lr: 0.3, momentum: 0.9, nesterov: true }),
  'SGD, no momentum': sgd({ lr: 0.5 }),
  'Adam, as in the notebook': notebookAdam.optimizer,
  Adam: adam({ lr: 0.01 }),
  'Adam, amsgrad': adam({ lr: 0.1, amsgrad: true }),
  AdamW: adamW({ lr: 0.01, weightDecay: 0 }),
  NAdam: nadam({ lr: 0.001 }),
  RAdam: radam({ lr: 0.03 }),
  Adamax: adamax({ lr: 0.01 }),
  Adagrad: adagrad({ lr: 0.1 }),
  Adadelta: adadelta({ lr: 0.5 }),
  RMSprop: rmsprop({ lr: 0.001 }),
  Rprop: rprop({ lr: 0.001 }),
  ASGD: asgd({ lr: 0.5 }),
  'L-BFGS': lbfgs(),
  'Levenberg-Marquardt': levenbergMarquardt(),
};

const names = Object.keys(matrices);
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const reached = (losses, level) => {
  const at = losses.findIndex((loss) => loss <= level);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
};

const racers = Object.entries(optimizers).map(([name, optimizer]) => {
  doing(name);
  // first-order methods run to the end as in the notebooks; those of second order have a stop rule
  const rule = ['lbfgs', 'levenbergMarquardt'].includes(optimizer.name) ? { tolerance: 1e-15 } : {};
  const runs = names.map((matrix) => svd(matrices[matrix], { ...notebookSgd, optimizer, ...rule }));
  const histories = runs.map(({ losses, loss, status }) =>
    status === 'diverged' ? losses : [...losses, loss.total],
  );
  const six = histories.map((losses) => reached(losses, 1e-6));
  const twelve = histories.map((losses) => reached(losses, 1e-12));
  const count = (list) => list.filter(Number.isFinite).length;
  return {
    name,
    histories,
    six,
    twelve,
    sixes: count(six),
    twelves: count(twelve),
    finals: runs.map((run) => run.loss.total),
  };
});

// most matrices first; then the fewest iterations, a matrix that was not solved counting as all 20,000
const total = (list) => list.reduce((sum, x) => sum + Math.min(x, 20_000), 0);
racers.sort(
  (a, b) =>
    b.twelves - a.twelves ||
    b.sixes - a.sixes ||
    total(a.twelve) - total(b.twelve) ||
    total(a.six) - total(b.six),
);

done();
const show = (at) => (Number.isFinite(at) ? at.toLocaleString('en') : '–');
console.log(
  'Iterations until the loss is 1e-6 and 1e-12 on M1 | M2 | M3 | M4 | M5 (–: not in 20,000), ranked:\n',
);
showTable(
  Object.fromEntries(
    racers.map(({ name, six, twelve, finals }, rank) => [
      `${rank + 1}. ${name}`,
      {
        '1e-6': six.map(show).join(' | '),
        '1e-12': twelve.map(show).join(' | '),
        'final loss': finals.map((loss) => loss.toExponential(0)).join(' | '),
      },
    ]),
  ),
);

// one plot: on each iteration the median of the five losses
const chart = await lossChart(
  'Every optimizer on M1..M5, as the notebooks start them',
  'median of the five losses at each iteration, both axes logarithmic',
  Object.fromEntries(
    racers.map(({ name, histories }) => {
      const longest = Math.max(...histories.map((losses) => losses.length));
      return [
        name,
        Array.from({ length: longest }, (_, i) =>
          median(histories.map((losses) => losses[Math.min(i, losses.length - 1)])),
        ),
      ];
    }),
  ),
  { legend: 'ranked', logarithmic: true },
);
const page = await writePage(
  'out/race',
  'The race',
  'Median loss over iterations, from the notebooks’ start.',
  { race: chart },
);
console.log(`\nThe plot: out/race/race.svg, on a page: ${page}`);
