// This package, as the others are driven: step by step, or (`whole`) in one call.

import * as gradientSvd from '../../dist/gradient-svd.js';

const options = ({ optimizer, k, lr, momentum, weightDecay, penalty }) => ({
  optimizer:
    optimizer === 'sgd'
      ? gradientSvd.sgd({ lr, momentum, weightDecay })
      : gradientSvd.adam({ lr, weightDecay }),
  rank: k,
  seed: 314,
  init: 'uniform',
  diagonal: 'squared',
  normalize: false,
  penalty,
  tolerance: 0,
  history: 1,
  signs: 'raw',
});

/** [U | d | V] */
const flat = ({ U, S, V }) => Float64Array.from([...U.data, ...S.map(Math.sqrt), ...V.data]);

export const ours = {
  name: 'gradient-svd',
  digits: 15,
  open(problem) {
    const M = { rows: problem.m, columns: problem.n, data: problem.M };
    let descent;
    const session = {
      restart() {
        descent?.dispose();
        descent = gradientSvd.descend(M, { ...options(problem), iterations: 2 ** 31 - 1 });
      },
      run(count) {
        descent.step(count);
        if (descent.status !== 'running') throw new Error(`${descent.status} at ${descent.iteration}`);
      },
      lastLoss: () => descent.losses.at(-1),
      state: () => flat(descent.result()),
      close: () => descent.dispose(),
    };
    session.restart();
    return session;
  },
};

/** `svd(M, notebookSgd)` from the call to the result. */
export const oursWhole = {
  ...ours,
  open(problem) {
    const M = { rows: problem.m, columns: problem.n, data: problem.M };
    let result;
    return {
      restart() {},
      run(count) {
        result = gradientSvd.svd(M, { ...options(problem), iterations: count });
      },
      lastLoss: () => result.losses.at(-1),
      state: () => flat(result),
      close() {},
    };
  },
};
