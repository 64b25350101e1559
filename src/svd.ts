/** The decomposition in one call. */

import type { MatrixInput } from './matrix.js';
import type { Optimizer, OptimizerName } from './optimizer.js';
import { adam, sgd } from './optimizers.js';
import { type Center, type Checked, checkedProblem, type SvdOptions, svdTable } from './options.js';
import { type Centered, resultOf } from './result.js';
import { type RunOptions, runInSlices, runTable } from './slices.js';
import { begin } from './start.js';

/**
 * Singular value decomposition M = U diag(S) Vᵀ by gradient descent: guess U, S, V, then improve the
 * guess step by step.
 *
 * What `'converged'` proves: slopes of 0 and orthonormal U and V, to `tolerance` or rounding; at full rank that is the
 * decomposition. At a rank below full it says as well that power steps from random directions found no larger singular
 * value outside, but for one larger by 1e-12 of the norm of M or less, which counts as equal: a strong test, no proof. With
 * gaps or weights a loss may have several minima: it is at one of them, not proved to be the least.
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
export function svd<C extends Center = 'none'>(
  M: MatrixInput,
  options: SvdOptions & { center?: C } = {},
): Centered<C> {
  const all = checkedProblem(svdTable, options) as Checked;
  const run = begin(M, all);
  try {
    run.step(Infinity);
    return resultOf(run, all.signs) as Centered<C>;
  } finally {
    run.dispose();
  }
}

/**
 * {@link svd} that yields to the host: the same result, bit for bit, while events, timers and frames get
 * their turn about every `budgetMs`.
 *
 * @param M the matrix, m x n, in any {@link MatrixInput} form; read before this returns, never changed
 * @param options those of {@link svd}, and of {@link Descent.run}: `signal`, `onProgress`, `budgetMs`
 * @throws (as a rejection) what {@link svd} throws; SvdAbortError `aborted` when `signal` is aborted, with
 *   the best guess so far and its history in `error.result`
 * @example
 * ```ts
 * const { S } = await svdAsync(M, { signal: AbortSignal.timeout(5000) });
 * ```
 */
export async function svdAsync<C extends Center = 'none'>(
  M: MatrixInput,
  options: SvdOptions & RunOptions & { center?: C } = {},
): Promise<Centered<C>> {
  const all = checkedProblem({ ...svdTable, ...runTable }, options) as Checked & Required<RunOptions>;
  const run = begin(M, all);
  try {
    return (await runInSlices(run, all.signs, all)) as Centered<C>;
  } finally {
    run.dispose();
  }
}

/** What both notebooks share: their start, their S = d², every one of their 20,000 iterations. */
const notebook = <Name extends OptimizerName>(optimizer: Optimizer<Name>): Readonly<SvdOptions<Name>> =>
  Object.freeze({
    iterations: 20_000,
    tolerance: 0,
    seed: 314,
    init: 'uniform',
    diagonal: 'squared',
    normalize: false,
    penalty: 0.01,
    signs: 'raw',
    optimizer,
  });

/**
 * Options that reproduce the SGD notebook (02a, and its hand-written twin 02) to the last digits:
 * `torch.optim.SGD(lr=0.9, momentum=0.9)`, 20,000 iterations from seed 314.
 *
 * @example
 * ```ts
 * svd(manualSeed(314).rand(5, 4), notebookSgd).S; // 2.3398, 0.6873, 0.2592, 0.1177
 * ```
 */
export const notebookSgd = /* @__PURE__ */ notebook(/* @__PURE__ */ sgd({ lr: 0.9, momentum: 0.9 }));

/**
 * Options that reproduce the Adam notebook (02b): `torch.optim.Adam(weight_decay=1e-5)`, 20,000
 * iterations from seed 314.
 *
 * @example
 * ```ts
 * svd(manualSeed(314).rand(5, 4), notebookAdam).S; // 2.338, 0.689, 0.260, 0.118
 * ```
 */
export const notebookAdam = /* @__PURE__ */ notebook(/* @__PURE__ */ adam({ weightDecay: 1e-5 }));
