// A tall M = Q R, and a wide M = L Qᵀ, with the columns of Q orthonormal: U diag(s) Vᵀ - M and the loss are the same seen
// from Q, as long as U (or V) is in its span, so the descent is on R or L (k x k), and U = Q U_R at the end.

import { FIRST, SET } from './boundary';
import { Descent } from './descent';
import { orthonormalize } from './kernels/householder';
import { gemm } from './kernels/matmul';
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

/** Where theta of M is, when it has been expanded, or is to be put before it is reduced. */
export function whole(d: Descent): usize {
  return d.basis ? d.columns : d.theta;
}

/** Theta of M from that of R or L */
export function expand(d: Descent): void {
  if (!d.basis) return;
  const k = d.k, kk = k * k, rows = d.rows, wide = d.wide, U = whole(d), s = at(U, wide ? kk : rows * k);
  copy(k, d.d, s);
  if (wide) copy(kk, d.U, U);
  else gemm(SET, rows, k, k, d.basis, d.U, U, 0);
  if (wide) gemm(SET, rows, k, k, d.basis, d.V, at(s, k), 0);
  else copy(kk, d.V, at(s, k));
}

/** ... and back; what U or V has outside of Q can't be part of the answer and is left out. */
export function reduce(d: Descent): void {
  if (!d.basis) return;
  const k = d.k, kk = k * k, rows = d.rows, wide = d.wide, U = whole(d), s = at(U, wide ? kk : rows * k);
  copy(k, s, d.d);
  if (wide) copy(kk, U, d.U);
  else gemm(SET + FIRST, k, k, rows, d.basis, U, d.U, 0);
  if (wide) gemm(SET + FIRST, k, k, rows, d.basis, at(s, k), d.V, 0);
  else copy(kk, at(s, k), d.V);
}
