// What the contenders work on: the notebook's matrix, and uniform random ones of any size.

import { manualSeed } from '../dist/gradient-svd.js';

/** rand(m, n) as the notebooks draw it, row-major. */
export const rand = (seed, m, n) => manualSeed(seed).rand(m, n).data;

/**
 * A descent to run: M (m x n), the start [U | d | V] after seed 314 in the notebooks' order, and the hyper-parameters.
 * `optimizer` is 'sgd' or 'adam', the diagonal is squared, and every loss is kept.
 */
function descentProblem(m, n, k, hyper) {
  const draw = manualSeed(314);
  const start = [draw.rand(m, k), draw.rand(1, k), draw.rand(n, k)].flatMap((x) => [...x.data]);
  const defaults = { lr: 0, momentum: 0, weightDecay: 0, penalty: 0.01 };
  return { m, n, k, M: rand(314, m, n), start: Float64Array.from(start), ...defaults, ...hyper };
}

/** A problem to time single steps on; the small rate keeps it finite for as long as it takes. */
export const stepProblem = (m, n, k) =>
  descentProblem(m, n, k, { optimizer: 'sgd', lr: 1e-3, momentum: 0.9 });

/** The notebooks' M1 under their two optimizers. */
export const notebook = {
  sgd: descentProblem(5, 4, 4, { optimizer: 'sgd', lr: 0.9, momentum: 0.9 }),
  adam: descentProblem(5, 4, 4, { optimizer: 'adam', lr: 1e-3, weightDecay: 1e-5 }),
};

/** Additions and multiplications of one step that can't be saved: five products, and two Gram matrices by symmetry. */
export const stepFlops = (m, n, k) => 6 * m * n * k + 3 * (m + n) * k * k;

/** The factors in a flat state [U | d | V]: S = d², descending, and the columns of U and V with it. */
export function factors({ m, n, k }, state) {
  const d = state.subarray(m * k, m * k + k);
  const order = [...d.keys()].sort((a, b) => d[b] ** 2 - d[a] ** 2);
  const columns = (rows, X) =>
    Float64Array.from({ length: rows * k }, (_, i) => X[i - (i % k) + order[i % k]]);
  return {
    U: columns(m, state),
    S: Float64Array.from(order, (c) => d[c] ** 2),
    V: columns(n, state.subarray(m * k + k)),
  };
}
