/** The decomposition in one call. */

import { descend, type SvdResult } from './descent.js';
import type { MatrixInput } from './matrix.js';
import { adam, sgd } from './optimizers.js';
import type { SvdOptions } from './options.js';

/**
 * Singular value decomposition M = U diag(S) Vᵀ by gradient descent: guess U, S, V, then improve the
 * guess step by step.
 *
 * @param M the matrix, m x n, in any {@link MatrixInput} form; never changed
 * @returns U (m x k), S (k, descending, >= 0), V (n x k), and how they were found
 * @throws SvdTypeError, SvdRangeError for a bad matrix or option, with the `code`s of {@link ErrorCode};
 *   a descent that diverges is no exception but has `status: 'diverged'`
 * @example
 * ```ts
 * const { U, S, V, status } = svd([[3, 0], [4, 5]]);
 * ```
 */
export function svd(M: MatrixInput, options: SvdOptions = {}): SvdResult {
  const descent = descend(M, options);
  try {
    descent.step(Number.POSITIVE_INFINITY);
    return descent.result();
  } finally {
    descent.dispose();
  }
}

/** What both notebooks share: their start, their S = d², every one of their 20,000 iterations. */
const notebook = {
  iterations: 20_000,
  tolerance: 0,
  seed: 314,
  init: 'uniform',
  diagonal: 'squared',
  normalize: false,
  penalty: 0.01,
  signs: 'raw',
} as const satisfies SvdOptions;

/**
 * Options that reproduce the SGD notebook (02a, and its hand-written twin 02) to the last digits:
 * `torch.optim.SGD(lr=0.9, momentum=0.9)`, 20,000 iterations from seed 314.
 *
 * @example
 * ```ts
 * svd(manualSeed(314).rand(5, 4), notebookSgd).S; // 2.3398, 0.6873, 0.2592, 0.1177
 * ```
 */
export const notebookSgd: Readonly<SvdOptions> = Object.freeze({
  ...notebook,
  optimizer: sgd({ lr: 0.9, momentum: 0.9 }),
});

/**
 * Options that reproduce the Adam notebook (02b): `torch.optim.Adam(weight_decay=1e-5)`, 20,000
 * iterations from seed 314.
 *
 * @example
 * ```ts
 * svd(manualSeed(314).rand(5, 4), notebookAdam).S; // 2.3382, 0.6890, 0.2600, 0.1181
 * ```
 */
export const notebookAdam: Readonly<SvdOptions> = Object.freeze({
  ...notebook,
  optimizer: adam({ weightDecay: 1e-5 }),
});
