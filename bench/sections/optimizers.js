// An iteration of each first-order optimizer on M1, beside SGD's.

import { race, seconds } from '../harness.js';
import { notebook } from '../problems.js';

export const title = 'First-order optimizers on M1 (5 x 4)';

const lr = 1e-3;
const options = {
  sgd: { lr, momentum: 0.9 },
  adam: {},
  adamW: {},
  nadam: {},
  radam: {},
  adamax: {},
  adagrad: {},
  adadelta: {},
  rmsprop: {},
  rprop: {},
  asgd: {},
};
const ITERATIONS = 10_000;

export async function run(mode, report) {
  const gradientSvd = await import('../../dist/gradient-svd.js');
  const M = { rows: 5, columns: 4, data: notebook.sgd.M };
  const lanes = {};
  for (const [name, given] of Object.entries(options)) {
    const make = gradientSvd[name];
    if (!make) {
      report.absent[name] = 'not in this build';
      continue;
    }
    lanes[name] = async () => {
      const run = () => {
        const descent = gradientSvd.descend(M, {
          ...gradientSvd.notebookSgd,
          optimizer: make(given),
          iterations: ITERATIONS,
        });
        descent.step(ITERATIONS);
        if (descent.iteration !== ITERATIONS)
          throw new Error(`${name} ended ${descent.status} at ${descent.iteration}`);
        descent.dispose();
      };
      return (await seconds(run, mode.sample)) / ITERATIONS;
    };
  }
  return { rows: [{ name: 'an iteration', lanes: await race(lanes, mode) }] };
}
