// A tall M = Q R, and a wide M = L Qᵀ, with the columns of Q orthonormal: U diag(s) Vᵀ - M and the loss are the same seen
// from Q, as long as U (or V) is in its span, so the descent is on R or L (k x k), and U = Q U_R at the end.

import { Descent } from './descent';
import { orthonormalize } from './kernels/householder';
import { FIRST, SET, gemm } from './kernels/matmul';
import { at, copy } from './kernels/vector';

/** Q of M, and R or L. */
export function factorize(d: Descent): void {
  const k = d.k, rows = d.rows, Q = d.basis;
  if (!Q) return;
  copy(d.cells, d.given, Q);
  if (d.wide) for (let i = 0; i < k; i++) for (let j = 0; j < rows; j++) {
    store<f64>(at(Q, j * k + i), load<f64>(at(d.given, i * rows + j)));
  }
  orthonormalize(rows, k, Q, d.s, d.columns);
  if (d.wide) gemm(SET, k, k, rows, d.given, Q, d.M, 0);
  else gemm(SET + FIRST, k, k, rows, Q, d.given, d.M, 0);
}

/** `to` = [U | d | V] of M from `theta`, that of R or L */
export function expand(d: Descent, theta: usize, to: usize): void {
  const k = d.k, kk = k * k, first = d.wide ? kk : d.rows * k;
  if (d.wide) copy(kk, theta, to);
  else gemm(SET, d.rows, k, k, d.basis, theta, to, 0);
  copy(k, at(theta, kk), at(to, first));
  theta = at(theta, kk + k);
  to = at(to, first + k);
  if (d.wide) gemm(SET, d.rows, k, k, d.basis, theta, to, 0);
  else copy(kk, theta, to);
}

/** Theta from `from` = [U | d | V] of M; what U or V has outside of Q can't be part of the answer and is left out. */
export function reduce(d: Descent, from: usize): void {
  const k = d.k, kk = k * k, first = d.wide ? kk : d.rows * k, V = at(from, first + k);
  if (d.wide) copy(kk, from, d.U);
  else gemm(SET + FIRST, k, k, d.rows, d.basis, from, d.U, 0);
  copy(k, at(from, first), d.d);
  if (d.wide) gemm(SET + FIRST, k, k, d.rows, d.basis, V, d.V, 0);
  else copy(kk, V, d.V);
}
