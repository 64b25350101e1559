// Exact minimization over the diagonal blocks of T = UᵀMV. Close singular values stand near each other, and what
// couples them is where a gradient is slow, however it is preconditioned: with blocks a descent takes half as many steps.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { jacobi, jacobiScratch } from '../../direct/jacobi';
import { gemm, multiply } from '../../kernels/matmul';
import { copy } from '../../kernels/vector';
import { Layout } from '../../layout';
import { Vector } from '../../views';

/** Columns of a block, at most: a wider one costs more than it saves. */
const WIDEST: i32 = 48;

/** Columns of a block, half of all at most. */
function width(k: i32): i32 {
  return min(WIDEST, min((k + 1) >> 1, 8 + (k >> 2)));
}

/** Where its buffers are: B, its SVD, and scratch for that. */
@unmanaged
class Places {
  B: Vector;
  BU: Vector;
  S: Vector;
  BV: Vector;
  scratch: Vector;
}

/** Lays out what the widest block needs. */
export function placeBlock(d: Descent): void {
  const w = width(d.k);
  const squares = <f64>(w * w);
  const places = d.places<Places>();
  places.B = Layout.take(squares);
  places.BU = Layout.take(squares);
  places.S = Layout.take(<f64>w);
  places.BV = Layout.take(squares);
  places.scratch = Layout.take(jacobiScratch(w, w));
}

/** X (k x k) *= B (w x w) in its columns from `from` on */
function right(k: i32, w: i32, from: i32, X: Vector, B: Vector, Y: Vector): void {
  const x = X.from(from);
  multiply(false, SET, k, w, w, x, k, 1, B, w, 1, Y, null, w);
  for (let i = 0; i < k; i++) copy(w, Y.from(i * w), x.from(i * k));
}

/** A block of T becomes diagonal, B = BU S BVᵀ; U and V are turned along. */
function minimize(d: Descent, T: Vector, w: i32, from: i32, Y: Vector): void {
  if (w == 1) return;
  const k = d.k;
  const places = d.places<Places>();
  const B = places.B;
  const BU = places.BU;
  const S = places.S;
  const BV = places.BV;
  const rows = T.from(from * k);
  for (let i = 0; i < w; i++) copy(w, rows.from(i * k + from), B.from(i * w));
  jacobi(w, w, B, BU, S, BV, places.scratch);
  right(k, w, from, d.U, BU, Y);
  right(k, w, from, d.V, BV, Y);
  right(k, w, from, T, BV, Y);
  gemm(SET + FIRST, w, k, w, BU, rows, Y, null);
  copy(w * k, Y, rows);
}

/** Minimizes over blocks of columns, and over such that are half a block on; T (k x k) becomes that of the new U and V. */
export function minimizeBlocks(d: Descent, T: Vector, Y: Vector): void {
  const w = width(d.k);
  minimizeFrom(d, T, w, Y);
  minimizeFrom(d, T, (w + 1) >> 1, Y);
}

/** ... the first of `first` columns */
function minimizeFrom(d: Descent, T: Vector, first: i32, Y: Vector): void {
  const k = d.k;
  const w = width(k);
  for (let from = 0, end = first; from < k; from = end, end = min(end + w, k)) {
    minimize(d, T, end - from, from, Y);
  }
}
