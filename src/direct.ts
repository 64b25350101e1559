/** The yardstick: a singular value decomposition by a direct method. */

import { memory, type Pointer, room, wasm } from './core.js';
import { firstOf, type RankOptions, type SvdFactors } from './factors.js';
import {
  checkFinite,
  checkNorm,
  copyTo,
  type Floats,
  Matrix,
  type MatrixInput,
  part,
  source,
} from './matrix.js';

/**
 * Words that are enough for any matrix of up to 64 entries. A block of them is kept for the next one, which saves
 * 17% of the time of a 2 x 2, 10% of a 3 x 3.
 */
const KEPT = 1024;
let kept: Pointer = 0;

/** A copy of `length` f64 at `at`; for a few, a plain loop is three times as fast as `slice`. */
function copyOut(cells: Float64Array, at: Pointer, length: number): Floats {
  const first = at / 8;
  if (length > 12) return cells.slice(first, first + length);
  const copy = new Float64Array(length);
  for (let i = 0; i < length; i++) copy[i] = cells[first + i]!;
  return copy;
}

/**
 * Singular value decomposition M = U diag(S) Vᵀ by one-sided Jacobi rotations: what {@link svd}, which has such
 * rotations within small blocks only, can be compared with. U and V are orthonormal whatever the rank of M, small
 * singular values have small relative errors, and in each column pair the entry of U largest in magnitude is positive.
 * For a dense matrix without gaps, of which only the factors matter, it is faster than {@link svd}.
 *
 * @param M the matrix, m x n, in any {@link MatrixInput} form; never changed
 * @param options `rank`: all pairs are computed, and so many are kept
 * @throws SvdTypeError, SvdRangeError for a bad matrix, with the `code`s of {@link ErrorCode}
 * @example
 * ```ts
 * directSvd([[3, 0], [4, 5]]).S; // sqrt(45), sqrt(5)
 * directSvd([[3, 0], [4, 5]], { rank: 1 }).V.toArray(); // [[0.7071], [0.7071]]
 * ```
 */
export function directSvd(M: MatrixInput, options: RankOptions = {}): SvdFactors {
  const all = decompose(M);
  const k = all.S.length;
  const rank = firstOf(k, options);
  if (rank === k) return all;
  const first = (X: Matrix) => part(X, X.rows, rank);
  return { U: first(all.U), S: all.S.slice(0, rank), V: first(all.V) };
}

function decompose(M: MatrixInput): SvdFactors {
  const from = source(M, 'M');
  const { rows: m, columns: n } = from;
  const k = Math.min(m, n);
  const core = wasm();
  // (an even number, whatever m and n are: the scratch has to start at one)
  const words = m * n + (m + 1 + n) * k;
  const size = m * n <= 64 ? KEPT : words + core.jacobiScratch(m, n);

  let block = size === KEPT ? kept : 0;
  if (block) kept = 0;
  // (where m n is too large for the core, so is the scratch that it would ask for)
  else block = room('M', m, n, core.alloc, Math.max(m * n, size));
  try {
    const atU = block + 8 * m * n;
    const atS = atU + 8 * m * k;
    const atV = atS + 8 * k;
    const first = block / 8;
    copyTo(memory, from, first);
    const cells = memory();
    checkFinite(cells, n, 'M', undefined, first, first + m * n);
    core.jacobi(m, n, block, atU, atS, atV, block + 8 * words);
    const S = copyOut(cells, atS, k);
    checkNorm(S[0]!);
    return {
      U: new Matrix(m, k, copyOut(cells, atU, m * k)),
      S,
      V: new Matrix(n, k, copyOut(cells, atV, n * k)),
    };
  } finally {
    if (size === KEPT && !kept) kept = block;
    else core.release(block);
  }
}
