// The start of a descent: scale M, and turn uniform draws into an orthonormal guess.

import { CONJUGATE_GRADIENTS, SET } from './boundary';
import { Descent } from './descent';
import { orthonormalize } from './kernels/householder';
import { gemm } from './kernels/matmul';
import { filledStart } from './optimizers/conjugate-gradients';
import { at, copy, maxAbs, sumOfSquares } from './kernels/vector';
import { columnDots, settle } from './problems/svd';

/** Fourth powers of the norm of M, and what is rounding beside them, are to stay in the range of float64. */
const FAR: f64 = 3.402823669209385e38; // 2^128

/** The largest power of two that is not above x > 0. */
function powerOfTwo(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0x7ff0000000000000);
}

/**
 * Scale weights to at most 1, and M to unit Frobenius norm if `wanted`; entries of weight 0 become 0 first. Returns what S has
 * to be multiplied by at the end: infinite if the norm overflows, or its square where M is not scaled, and 0 if that
 * underflows. (M that is not scaled is so all the same where its norm is far from 1: by a power of two, which rounds nothing.)
 * `regularization` is in the units of what is given.
 */
export function normalize(d: Descent, wanted: bool, regularization: f64): f64 {
  const heaviest = d.weights ? maxAbs(d.cells, d.weights) : 1, scale = unitNorm(d, wanted, heaviest);
  d.scalars.lambda = regularization / scale / heaviest;
  return scale;
}

function unitNorm(d: Descent, wanted: bool, heaviest: f64): f64 {
  const mn = d.cells, now = d.scalars;
  now.entries = <f64>mn;
  if (d.weights) {
    // only their ratios matter
    divide(mn, heaviest, d.weights);
    now.entries = 0;
    for (let i: usize = 0, end = <usize>mn << 3; i < end; i += 8) {
      const weight = load<f64>(d.weights + i);
      now.entries += weight;
      if (weight == 0) store<f64>(d.given + i, 0);
    }
  }
  // first by the largest entry, so that no square over- or underflows
  const most = maxAbs(mn, d.given);
  now.norm = 1;
  if (most == 0) return 1;
  if (!wanted) {
    const squares = sumOfSquares(mn, d.given);
    if (squares < f64.MIN_NORMAL_VALUE / f64.EPSILON) return 0;
    if (squares == Infinity) return squares;
    const norm = sqrt(squares),
      by = norm > FAR || norm < 1 / FAR ? powerOfTwo(norm) : 1;
    if (by != 1) divide(mn, by, d.given);
    now.norm = norm / by;
    return by;
  }
  divide(mn, most, d.given);
  const norm = sqrt(sumOfSquares(mn, d.given));
  divide(mn, norm, d.given);
  return most * norm;
}

function divide(n: i32, by: f64, x: usize): void {
  for (let at: usize = 0, end = <usize>n << 3; at < end; at += 8) store<f64>(x + at, load<f64>(x + at) / by);
}

/**
 * Uniform draws in [0, 1) become an orthonormal X (rows x k). Rows without any entry of M are 0 and stay so:
 * nothing pulls at them, and that is the answer of smallest norm.
 */
function guess(d: Descent, rows: i32, X: usize, columns: i32, down: i32, right: i32): void {
  const k = d.k;
  for (let at: usize = 0, end = <usize>(rows * k) << 3; at < end; at += 8) store<f64>(X + at, load<f64>(X + at) - 0.5);
  if (d.weights) for (let i = 0; i < rows; i++) {
    let any = false;
    for (let j = 0; j < columns && !any; j++) any = load<f64>(d.weights + (<usize>(i * down + j * right) << 3)) > 0;
    if (!any) memory.fill(X + (<usize>(i * k) << 3), 0, <usize>k << 3);
  }
  orthonormalize(rows, k, X, d.s, d.columns);
}

/** X (k x k) = I - 2 v vᵀ/|v|², v = k uniform draws - 1/2: orthonormal, and no entry is special. */
function reflection(k: i32, v: usize, X: usize): void {
  for (let i = 0; i < k; i++) store<f64>(at(v, i), load<f64>(at(v, i)) - 0.5);
  const squares = sumOfSquares(k, v), factor = squares > 0 ? 2 / squares : 0;
  for (let i = 0; i < k; i++) {
    const vi = factor * load<f64>(at(v, i));
    for (let j = 0; j < k; j++) store<f64>(at(X, i * k + j), (i == j ? 1 : 0) - vi * load<f64>(at(v, j)));
  }
}

/** theta holds uniform draws; make U and V orthonormal and d the diagonal of Uᵀ M V. */
export function orthonormal(d: Descent): void {
  const m = d.m, n = d.n, k = d.k;
  if (d.square) {
    // (2 k draws are enough)
    copy(2 * k, d.U, d.columns);
    reflection(k, d.columns, d.U);
    reflection(k, at(d.columns, k), d.V);
  } else {
    guess(d, m, d.U, n, n, 1);
    guess(d, n, d.V, m, 1, n);
  }
  if (d.optimizer == CONJUGATE_GRADIENTS) return filledStart(d);
  gemm(SET, m, k, n, d.M, d.V, d.P, 0);
  columnDots(m, k, d.U, d.P, d.t);
  copy(k, d.t, d.d);
  settle(d);
}
