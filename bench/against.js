// This build beside another one, which take turns in one process; what counts is the median of the ratios of their CPU times, turn by
// turn. Answers are checked to be equal first.
//
//     node bench/against.js ../other/dist                    svd(M) at all shapes
//     node bench/against.js ../other/dist 5x4,128            at these
//     node bench/against.js ../other/dist --steps            the notebooks' descents, and a step of SGD on square matrices
//     node bench/against.js ../other/dist --steps sgd,256    some of these

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as ours from '../dist/gradient-svd.js';
import { difference, summary } from './harness.js';

const SHAPES = '5x4,16,64,128,256,512,2000x50,50x2000,10000x20';
const STEPS = 'sgd,adam,64,256';
/** Seconds of CPU for a shape, and for one turn of one build; rounds at least. */
const BUDGET = 6;
const TURN = 0.03;
const ROUNDS = 31;

/** Seconds of CPU that a call takes, `times` in a row. */
function cpu(fn, times) {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) fn();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / times;
}

/** Median time of `lanes` [first, ...] and their ratios to the first; every other round goes backwards. */
function alternate(lanes) {
  const times = lanes.map((fn) => {
    for (const begun = performance.now(); performance.now() - begun < 300; ) fn();
    return Math.max(1, Math.round(TURN / cpu(fn, 3)));
  });
  const rounds = [];
  const order = lanes.map((_, i) => i);
  for (let spent = 0; spent < BUDGET || rounds.length < ROUNDS; order.reverse()) {
    const round = [];
    for (const i of order) {
      round[i] = cpu(lanes[i], times[i]);
      spent += round[i] * times[i];
    }
    rounds.push(round);
  }
  return lanes.map((_, i) => ({
    time: summary(rounds.map((round) => round[i])).median,
    ratio: summary(rounds.map((round) => round[i] / round[0])),
  }));
}

const quartiles = ({ median, low, high }) => `${median.toFixed(3)} (${low.toFixed(2)} .. ${high.toFixed(2)})`;

/** svd(M) of a shape, beside directSvd as well. */
function decompose(shape) {
  const [m, n = m] = shape.split('x').map(Number);
  const M = ours.manualSeed(314).rand(m, n);
  const mine = ours.svd(M);
  const gap = difference(mine.S, other.svd(M).S);
  if (!(mine.status === 'converged' && gap < 1e-12)) throw new Error(`${shape}: answers differ by ${gap}`);
  const [, now, direct] = alternate([() => other.svd(M), () => ours.svd(M), () => ours.directSvd(M)]);
  const beside = `${(now.time / direct.time).toFixed(2)} x direct`;
  const time = `${(1000 * now.time).toPrecision(3)} ms, ${mine.iterations} iterations`;
  return `${quartiles(now.ratio)}  ${beside}  ${time}`;
}

/** A notebook's 20,000 iterations on a 5 x 4, or 1 step of SGD on n x n: so many in one call that only they count. */
function descent(what) {
  const n = Number(what);
  const M = n ? ours.manualSeed(314).rand(n, n) : ours.manualSeed(314).rand(5, 4);
  const setting = {
    optimizer: ours.sgd({ lr: 0.1, momentum: 0.9 }),
    tolerance: 0,
    iterations: 1e9,
    history: 0,
  };
  const lane = (g) => {
    if (!n) return () => g.svd(M, what === 'sgd' ? g.notebookSgd : g.notebookAdam).loss.total;
    const d = g.descend(M, setting);
    const count = Math.ceil(1e8 / n ** 3);
    return () => d.step(count);
  };
  const [theirs, mine] = [lane(other), lane(ours)];
  const gap = Math.abs(theirs() / mine() - 1);
  if (!(gap < 1e-9)) throw new Error(`${what}: losses differ by ${gap}`);
  const [, now] = alternate([theirs, mine]);
  return `${quartiles(now.ratio)}  ${(1000 * now.time).toPrecision(3)} ms`;
}

const { values, positionals } = parseArgs({
  options: { steps: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [folder, which = values.steps ? STEPS : SHAPES] = positionals;
if (!folder) throw new Error('which build? node bench/against.js ../other/dist');
const other = await import(pathToFileURL(join(resolve(folder), 'gradient-svd.js')));

console.log(`CPU time of ${values.steps ? 'descents' : 'svd(M)'}: this build / the other (quartiles)`);
for (const one of which.split(',')) {
  console.log(`${one.padEnd(9)} ${(values.steps ? descent : decompose)(one)}`);
}
