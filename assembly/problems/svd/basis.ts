// A tall M = Q R, and a wide M = L Qᵀ, with the columns of Q orthonormal: U diag(s) Vᵀ - M and the loss are the same seen
// from Q, as long as U (or V) is in its span, so the descent is on R or L (k x k), and U = Q U_R at the end.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { orthonormalize } from '../../kernels/householder';
import { gemm } from '../../kernels/matmul';
import { copy } from '../../kernels/vector';
import { Layout } from '../../layout';
import { Vector } from '../../views';

/** Lays out R or L, and Q. */
export function placeFactor(d: Descent): void {
  const k = <f64>d.k;
  d.M = Layout.take(k * k);
  d.basis = Layout.take(<f64>d.rows * k);
}

/** Q of M, and R or L. */
export function factorize(d: Descent): void {
  const k = d.k;
  const rows = d.rows;
  const Q = d.basis;
  if (!Q) return;
  copy(d.cells, d.given, Q);
  if (d.wide) {
    for (let i = 0; i < k; i++) for (let j = 0; j < rows; j++) Q[j * k + i] = d.given[i * rows + j];
  }
  orthonormalize(rows, k, Q, d.s, d.columns);
  if (d.wide) gemm(SET, k, k, rows, d.given, Q, d.M, null);
  else gemm(SET + FIRST, k, k, rows, Q, d.given, d.M, null);
}

/** Where theta of M is, when it has been expanded, or is to be put before it is reduced. */
function whole(d: Descent): Vector {
  return d.basis ? d.expanded : d.theta;
}

/** Theta of M from that of R or L, or the other way round. */
function carry(d: Descent, back: bool): void {
  const Q = d.basis;
  if (!Q) return;
  const k = d.k;
  const rows = d.rows;
  const wide = d.wide;
  const U = whole(d);
  const s = U.from((wide ? k : rows) * k);
  const V = s.from(k);
  // the factor that Q is for, and the one that is the same in both
  const long = wide ? V : U;
  const seen = wide ? d.V : d.U;
  const short = wide ? U : V;
  const same = wide ? d.U : d.V;
  if (back) gemm(SET + FIRST, k, k, rows, Q, long, seen, null);
  else gemm(SET, rows, k, k, Q, seen, long, null);
  copy(k, back ? s : d.d, back ? d.d : s);
  copy(k * k, back ? short : same, back ? same : short);
}

/** Returns where theta of M is now. */
export function expand(d: Descent): Vector {
  carry(d, false);
  return whole(d);
}

/** What U or V has outside of Q can't be part of the answer and is left out. */
export function reduce(d: Descent): void {
  carry(d, true);
}
