// The left singular vectors, where the vectors of length m are kept: B = M V by panels, U = B W diag(1/S).

import { addGram, distance, rotate } from '../kernels/panels';
import { copy } from '../kernels/vector';
import { Basis, orthogonalize, placeBasis, takeAway } from '../krylov/basis';
import { allowed, inverse, SMALL } from '../krylov/end';
import { Krylov, rightColumn } from '../krylov/state';
import { Layout } from '../layout';
import { Column, Vector } from '../views';

/** U in so many panels, and one more that products go through. */
@unmanaged
export class Left extends Basis {
  panels: i32;
  /** m x 4 */
  T: Vector;
}

function place(l: Left): void {
  l.Q = Layout.take(4 * <f64>l.n * <f64>l.panels);
  l.T = Layout.take(4 * <f64>l.n);
  placeBasis(l, l.panels);
}

export function left(m: i32, k: i32): Left {
  const l = Layout.draft<Left>();
  l.n = m;
  l.most = m;
  l.panels = (k + 3) >> 2;
  return Layout.block<Left>(l, place);
}

/** G of the end of a run, from B = M V. */
export function leftGram(l: Left, s: Krylov): void {
  addGram(l.n, l.panels, l.Q, s.G, 4 * l.panels);
}

/** T - U (UᵀT) for what is locked: the other columns of U are 0. */
export function deflate(l: Left, locked: i32): void {
  takeAway(l, 0, (locked + 3) >> 2, l.T);
}

/** B becomes U, the first `columns` of it; the others become 0. */
export function turnLeft(l: Left, s: Krylov, columns: i32): void {
  const width = 4 * l.panels;
  const W = s.W;
  for (let a = 0; a < width; a++) {
    const by = a < columns ? inverse(s, a) : 0;
    for (let i = 0; i < width; i++) W[i * width + a] *= by;
  }
  rotate(l.n, l.panels, l.panels, l.Q, W, width, l.rows);
}

/** Is column a of U one that rounding in larger ones can have spoilt? */
function isSmall(s: Krylov, a: i32): bool {
  return a < s.k && s.sigma[a] <= SMALL * s.sigma[0];
}

/**
 * The small columns of panel q of U become orthonormal to all before them; a column without a σ is random. Their residuals
 * |M v - σ u| are noted. False if there are none.
 */
export function mendLeft(l: Left, s: Krylov, q: i32): bool {
  const first = 4 * q;
  // (the last of them is the smallest)
  if (!isSmall(s, min(first + 3, s.k - 1))) return false;
  const m = l.n;
  const T = l.T;
  copy(4 * m, l.panel(q), T);
  l.columns = first;
  orthogonalize(l, 0, q, T);
  for (let c = 0; c < 4; c++) {
    const a = first + c;
    if (!isSmall(s, a)) continue;
    const u = Column.of(l.Q, m, a);
    const t = Column.of(T, m, c);
    s.residuals[a] = s.sigma[a] * distance(m, 1, t, 1, u);
    for (let i = 0; i < m; i++) u[i] = t[i];
  }
  return true;
}

/** The residuals |Mᵀu - σ v| of what was mended in panel q, from Z = MᵀU. */
export function lookAtMended(s: Krylov, q: i32): void {
  for (let c = 0, a = 4 * q; c < 4; c++, a++) {
    if (!isSmall(s, a)) continue;
    const back = distance(s.n, 1, Column.of(s.Z, s.n, c), s.sigma[a], rightColumn(s, a));
    s.residuals[a] = max(s.residuals[a], back);
  }
}

/** At the very end. */
export function judge(s: Krylov): void {
  s.converged = s.open ? 0 : 1;
  for (let a = 0; a < s.k; a++) if (!(s.residuals[a] <= allowed(s))) s.converged = 0;
}
