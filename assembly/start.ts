// The start of a descent: scale M, and turn uniform draws into an orthonormal guess.

import { Descent } from './descent';
import { SET, gemm, gram } from './kernels/matmul';
import { maxAbs, scale, sumOfSquares } from './kernels/vector';

/**
 * Scale M to unit Frobenius norm if `wanted`; entries of weight 0 become 0 first. Returns what S has
 * to be multiplied by at the end (infinite if the norm overflows).
 */
export function normalize(d: Descent, wanted: bool): f64 {
  const mn = d.m * d.n, at = d.scalars;
  at.entries = <f64>mn;
  if (d.weights) {
    at.entries = 0;
    for (let i: usize = 0, end = <usize>mn << 3; i < end; i += 8) {
      const weight = load<f64>(d.weights + i);
      at.entries += weight;
      if (weight == 0) store<f64>(d.M + i, 0);
    }
  }
  // first by the largest entry, so that no square over- or underflows
  const most = maxAbs(mn, d.M);
  if (!wanted || most == 0) {
    const norm = sqrt(sumOfSquares(mn, d.M));
    at.norm = norm > 0 ? norm : 1;
    return 1;
  }
  divide(mn, most, d.M);
  const norm = sqrt(sumOfSquares(mn, d.M));
  divide(mn, norm, d.M);
  at.norm = 1;
  return most * norm;
}

function divide(n: i32, by: f64, x: usize): void {
  for (let at: usize = 0, end = <usize>n << 3; at < end; at += 8) store<f64>(x + at, load<f64>(x + at) / by);
}

/**
 * Uniform draws in [0, 1) become an orthonormal X (rows x k): centre them, shorten X to spectral norm
 * <= 1, then X <- X - X (XᵀX - I)/2, which is a gradient step on the orthonormality loss and converges
 * quadratically (Newton-Schulz). G (k x k) and Y (rows x k) are scratch.
 */
function orthonormalize(rows: i32, k: i32, X: usize, G: usize, Y: usize): void {
  for (let at: usize = 0, end = <usize>(rows * k) << 3; at < end; at += 8) store<f64>(X + at, load<f64>(X + at) - 0.5);
  scale(rows * k, 1 / sqrt(sumOfSquares(rows * k, X)), X);
  for (let i = 0; i < 100; i++) {
    gram(k, rows, X, G);
    if (maxAbs(k * k, G) < 1e-15 * <f64>k) return;
    gemm(SET, rows, k, k, X, k, 1, G, k, 1, Y, k);
    for (let at: usize = 0, end = <usize>(rows * k) << 3; at < end; at += 8) {
      store<f64>(X + at, load<f64>(X + at) - 0.5 * load<f64>(Y + at));
    }
  }
}

/** theta holds uniform draws; make U and V orthonormal and d the diagonal of Uᵀ M V. */
export function orthonormal(d: Descent): void {
  const m = d.m, n = d.n, k = d.k;
  orthonormalize(m, k, d.U, d.GU, d.P);
  orthonormalize(n, k, d.V, d.GV, d.Q);
  gemm(SET, m, k, n, d.M, n, 1, d.V, k, 1, d.P, k);
  for (let c = 0; c < k; c++) {
    let t: f64 = 0;
    for (let i = 0; i < m; i++) {
      const at = <usize>(i * k + c) << 3;
      t += load<f64>(d.U + at) * load<f64>(d.P + at);
    }
    if (d.squared) {
      // s = d² can't be negative: the sign goes into U
      if (t < 0) for (let i = 0; i < m; i++) {
        const at = d.U + (<usize>(i * k + c) << 3);
        store<f64>(at, -load<f64>(at));
      }
      t = sqrt(abs(t));
    }
    store<f64>(d.d + (<usize>c << 3), t);
  }
}
