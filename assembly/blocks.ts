// Exact minimization over the diagonal blocks of T = UᵀMV. Close singular values stand near each other, and what
// couples them is where a gradient is slow, however it is preconditioned: with blocks a descent takes half as many steps.

import { FIRST, SET } from './boundary';
import { Descent } from './descent';
import { jacobi, jacobiScratch } from './jacobi';
import { gemm, multiply } from './kernels/matmul';
import { at, copy } from './kernels/vector';

/** Columns of a block, at most: a wider one costs more than it saves. */
const WIDEST: i32 = 32;

/** Columns of a block, half of all at most; 0: no blocks. */
export function width(k: i32): i32 {
  return k < 4 ? 0 : min(WIDEST, min((k + 1) >> 1, 8 + (k >> 2)));
}

/** Words of scratch for one block. */
export function blockScratch(k: i32): f64 {
  const w = width(k);
  return <f64>(3 * w * w + w) + jacobiScratch(w, w);
}

/** X (k x k) *= B (w x w) in its columns from `from` on */
function right(k: i32, w: i32, from: i32, X: usize, B: usize, Y: usize): void {
  const x = at(X, from);
  multiply(false, SET, k, w, w, x, k, 1, B, w, 1, Y, 0, w);
  for (let i = 0; i < k; i++) memory.copy(at(x, i * k), at(Y, i * w), <usize>w << 3);
}

/** A block of T becomes diagonal; U and V are turned along. */
function minimize(d: Descent, T: usize, w: i32, from: i32, Y: usize): void {
  if (w == 1) return;
  const k = d.k, ww = w * w, B = d.columns, BU = at(B, ww), S = at(BU, ww), BV = at(S, w), rows = at(T, from * k);
  for (let i = 0; i < w; i++) memory.copy(at(B, i * w), at(rows, i * k + from), <usize>w << 3);
  jacobi(w, w, B, BU, S, BV, at(BV, ww));
  right(k, w, from, d.U, BU, Y);
  right(k, w, from, d.V, BV, Y);
  right(k, w, from, T, BV, Y);
  gemm(SET + FIRST, w, k, w, BU, rows, Y, 0);
  copy(w * k, Y, rows);
}

/** Minimizes over blocks of columns, the first of `first`; T (k x k) becomes that of the new U and V. */
export function minimizeBlocks(d: Descent, T: usize, first: i32, Y: usize): void {
  const k = d.k, w = width(k);
  for (let from = 0, end = first; from < k; from = end, end = min(end + w, k)) minimize(d, T, end - from, from, Y);
}
