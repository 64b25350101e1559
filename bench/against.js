// svd(M) of this build beside that of another one, `node bench/against.js ../other/dist [sizes, such as 5x4,128]`: they take turns
// in one process, and what counts is the ratio of their CPU times. Answers are checked to be equal first.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ours from '../dist/gradient-svd.js';
import { difference, summary } from './harness.js';

const SHAPES = '5x4,16,64,128,256,512,2000x50,50x2000,10000x20';
/** Seconds of CPU for a shape, and for one turn of one build. */
const BUDGET = 6;
const TURN = 0.03;

/** Seconds of CPU that a call takes, `times` in a row. */
function cpu(fn, times) {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) fn();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / times;
}

/** Median time of `lanes` [first, ...] and their ratios to the first. */
function alternate(lanes) {
  const times = lanes.map((fn) => {
    for (const begun = performance.now(); performance.now() - begun < 300; ) fn();
    return Math.max(1, Math.round(TURN / cpu(fn, 3)));
  });
  const rounds = [];
  for (let spent = 0; spent < BUDGET || rounds.length < 7; ) {
    const round = lanes.map((fn, i) => cpu(fn, times[i]));
    rounds.push(round);
    spent += round.reduce((sum, time, i) => sum + time * times[i], 0);
  }
  return lanes.map((_, i) => ({
    time: summary(rounds.map((round) => round[i])).median,
    ratio: summary(rounds.map((round) => round[i] / round[0])),
  }));
}

const [folder, shapes = SHAPES] = process.argv.slice(2);
if (!folder) throw new Error('which build? node bench/against.js ../other/dist');
const other = await import(pathToFileURL(join(resolve(folder), 'gradient-svd.js')));

console.log('CPU time of svd(M): this build / the other (quartiles); this build / directSvd');
for (const shape of shapes.split(',')) {
  const [m, n = m] = shape.split('x').map(Number);
  const M = ours.manualSeed(314).rand(m, n);
  const mine = ours.svd(M);
  const gap = difference(mine.S, other.svd(M).S);
  if (!(mine.status === 'converged' && gap < 1e-12)) throw new Error(`${shape}: answers differ by ${gap}`);
  const [, now, direct] = alternate([() => other.svd(M), () => ours.svd(M), () => ours.directSvd(M)]);
  const { median, low, high } = now.ratio;
  const digits = [median, low, high, now.time / direct.time].map((x) => x.toFixed(2));
  console.log(
    `${shape.padEnd(9)} ${digits[0]} (${digits[1]} .. ${digits[2]})  ${digits[3]} x direct  ` +
      `${(1000 * now.time).toPrecision(3)} ms, ${mine.iterations} iterations`,
  );
}
