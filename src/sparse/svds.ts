/** The largest singular values of a sparse matrix, in memory or not. */

import { DONE } from '../../assembly/sparse/boundary.js';
import { checkLike } from '../matrix.js';
import { entriesOf, type SparseInput } from './matrix.js';
import {
  type Checked,
  checkedAsync,
  checkedSync,
  type SvdsAsyncOptions,
  type SvdsBlocksResult,
  type SvdsOptions,
  type SvdsResult,
} from './options.js';
import {
  type BlocksInput,
  isBlocks,
  isOperator,
  type OperatorInput,
  ofBlocks,
  ofOperator,
} from './products.js';
import { pause, Run } from './run.js';

/** The run of a matrix in memory, to be disposed of. */
function inMemory(A: SparseInput, options: Checked): Run {
  const from = entriesOf(A, 'A', options);
  checkLike(from, 'A', options.rows, options.columns);
  const run = new Run(from.rows, from.columns, options);
  try {
    run.read(from);
  } catch (error) {
    run.dispose();
    throw error;
  }
  return run;
}

/** Passes in one call of the core, where nobody waits. */
const MANY = 2 ** 30;

/**
 * The largest singular values of a sparse matrix and their vectors, M ≈ U diag(S) Vᵀ: descent on |M - M V Vᵀ|² to its
 * minimum over the space of all gradients so far (thick-restart block Lanczos), in memory for the entries and
 * (m + n)(2 k + 40) numbers. Singular values that are equal, however many, are all found.
 *
 * @param A the matrix, m x n, in any {@link SparseInput} form; never changed
 * @param options `rank` must be given: how many
 * @returns U (m x k), S (k, descending, >= 0), V (n x k), with a certificate: true residuals, status, passes. In each
 *   column pair the entry of U largest in magnitude is positive
 * @throws SvdTypeError, SvdRangeError for a bad matrix or option, with the `code`s of {@link ErrorCode} and the position
 * @see Golub and Underwood, The block Lanczos method (1977); Wu and Simon, Thick-restart Lanczos (2000)
 * @example
 * ```ts
 * const A = { rows: 3, columns: 2, data: [3, 4, 5], row: [0, 1, 1], col: [0, 0, 1] };
 * svds(A, { rank: 1 }).S; // [sqrt(45)]
 * ```
 */
export function svds(A: SparseInput, options: SvdsOptions): SvdsResult {
  const run = inMemory(A, checkedSync(options));
  try {
    run.go(MANY);
    return run.result;
  } finally {
    run.dispose();
  }
}

/**
 * {@link svds} that yields to the host, and of matrices that are elsewhere:
 * - a matrix in memory: the same bits as `svds`;
 * - an operator `{ rows, columns, multiply(X), multiplyTransposed(Y) }`, whose products may be promises: of a server, a
 *   worker, a GPU;
 * - blocks of rows `{ columns, blocks: () => AsyncIterable }`, dense or sparse, read anew in each pass: a file or a
 *   database larger than memory. Nothing of the length of its rows is kept: see {@link project} for U.
 *
 * @param A which is read before this returns, if it is a matrix in memory; never changed
 * @throws (as a rejection) what {@link svds} throws, and what products and blocks throw; SvdAbortError `aborted` when
 *   `signal` is aborted, its `result` what was found so far of a matrix in memory
 * @example
 * ```ts
 * const operator = {
 *   rows: 2,
 *   columns: 2,
 *   multiply: async (X) => X.toArray().map(([...x]) => x.map((value) => 3 * value)),
 *   multiplyTransposed: async (Y) => Y.toArray().map(([...y]) => y.map((value) => 3 * value)),
 * };
 * (await svdsAsync(operator, { rank: 2 })).S; // [3, 3]
 * ```
 */
export function svdsAsync(A: BlocksInput, options: SvdsAsyncOptions): Promise<SvdsBlocksResult>;
export function svdsAsync(A: SparseInput | OperatorInput, options: SvdsAsyncOptions): Promise<SvdsResult>;
export async function svdsAsync(
  A: SparseInput | OperatorInput | BlocksInput,
  options: SvdsAsyncOptions,
): Promise<SvdsResult | SvdsBlocksResult> {
  const all = checkedAsync(options);
  if (isBlocks(A)) return ofBlocks(A, all);
  if (isOperator(A)) return ofOperator(A, all);
  const run = inMemory(A, all);
  try {
    while (run.phase !== DONE) {
      run.go(1);
      await pause(run, all, () => {
        run.stop();
        run.go(MANY);
        return run.result;
      });
    }
    return run.result;
  } finally {
    run.dispose();
  }
}
