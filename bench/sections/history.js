// What the loss history costs: 20,000 notebook iterations with every loss, every hundredth, and none.

import { notebookSgd, svd } from '../../dist/gradient-svd.js';
import { race, seconds } from '../harness.js';
import { rand } from '../problems.js';

export const title = 'The loss history';

export async function run(mode) {
  const rows = [];
  for (const [m, n, iterations] of [
    [5, 4, 20_000],
    [64, 64, 100],
  ]) {
    const M = { rows: m, columns: n, data: rand(314, m, n) };
    const lane = (history) => () =>
      seconds(() => svd(M, { ...notebookSgd, iterations, history }), mode.sample);
    const lanes = { 'every loss': lane(1), 'every 100th': lane(100), none: lane(0) };
    rows.push({ name: `SGD, ${m} x ${n}`, lanes: await race(lanes, mode) });
  }
  return { rows };
}
