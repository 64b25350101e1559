// The start of a descent: scale M, and turn uniform draws into an orthonormal guess.

import { Descent } from './descent';
import { orthonormalize } from './kernels/householder';
import { SET, gemm } from './kernels/matmul';
import { copy, maxAbs, sumOfSquares } from './kernels/vector';
import { columnDots, settle } from './problems/svd';

/**
 * Scale weights to at most 1, and M to unit Frobenius norm if `wanted`; entries of weight 0 become 0 first. Returns what S has
 * to be multiplied by at the end: infinite if the norm overflows, or its square where M is not scaled, and 0 if that
 * underflows.
 */
export function normalize(d: Descent, wanted: bool): f64 {
  const mn = d.m * d.n, at = d.scalars;
  at.entries = <f64>mn;
  if (d.weights) {
    // only their ratios matter
    divide(mn, maxAbs(mn, d.weights), d.weights);
    at.entries = 0;
    for (let i: usize = 0, end = <usize>mn << 3; i < end; i += 8) {
      const weight = load<f64>(d.weights + i);
      at.entries += weight;
      if (weight == 0) store<f64>(d.M + i, 0);
    }
  }
  // first by the largest entry, so that no square over- or underflows
  const most = maxAbs(mn, d.M);
  at.norm = 1;
  if (most == 0) return 1;
  if (!wanted) {
    const squares = sumOfSquares(mn, d.M);
    at.norm = sqrt(squares);
    return squares < f64.MIN_NORMAL_VALUE / f64.EPSILON ? 0 : squares < Infinity ? 1 : squares;
  }
  divide(mn, most, d.M);
  const norm = sqrt(sumOfSquares(mn, d.M));
  divide(mn, norm, d.M);
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

/** theta holds uniform draws; make U and V orthonormal and d the diagonal of Uᵀ M V. */
export function orthonormal(d: Descent): void {
  const m = d.m, n = d.n, k = d.k;
  guess(d, m, d.U, n, n, 1);
  guess(d, n, d.V, m, 1, n);
  gemm(SET, m, k, n, d.M, d.V, d.P, 0);
  columnDots(m, k, d.U, d.P, d.t);
  copy(k, d.t, d.d);
  settle(d);
}
