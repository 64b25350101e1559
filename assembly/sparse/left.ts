// The left singular vectors, where the vectors of length m are kept: B = M V by panels, U = B W diag(1/S).

import { addGram, combine, distance, project, rotate, scaleColumn } from '../kernels/panels';
import { copy } from '../kernels/vector';
import { randomColumn, straighten } from '../krylov/basis';
import { allowed, SMALL } from '../krylov/end';
import { Krylov, rightColumn } from '../krylov/state';
import { Layout } from '../layout';
import { Column, Vector } from '../views';

/** Panels of U, and one more that products go through. */
@unmanaged
export class Left {
  m: i32;
  panels: i32;
  U: Vector;
  /** m x 4 */
  T: Vector;
  H: Vector;
}

function place(l: Left): void {
  l.U = Layout.take(4 * <f64>l.m * <f64>l.panels);
  l.T = Layout.take(4 * <f64>l.m);
  l.H = Layout.take(16 * <f64>l.panels);
}

export function left(m: i32, k: i32): Left {
  const l = Layout.draft<Left>();
  l.m = m;
  l.panels = (k + 3) >> 2;
  return Layout.block<Left>(l, place);
}

export function leftPanel(l: Left, q: i32): Vector {
  return Column.panel(l.U, l.m, q);
}

/** G of the end of a run, from B = M V. */
export function leftGram(l: Left, s: Krylov): void {
  addGram(l.m, l.panels, l.U, s.G, 4 * l.panels);
}

/** T - U (UᵀT) for what is locked: the other columns of U are 0. */
export function deflate(l: Left, locked: i32): void {
  takeAway(l, (locked + 3) >> 2);
}

/** B becomes U, the first `columns` of it; the others become 0. */
export function turnLeft(l: Left, s: Krylov, columns: i32): void {
  const width = 4 * l.panels;
  const W = s.W;
  for (let a = 0; a < width; a++) {
    const by = a < columns && s.sigma[a] > 0 ? 1 / s.sigma[a] : 0;
    for (let i = 0; i < width; i++) W[i * width + a] *= by;
  }
  rotate(l.m, l.panels, l.panels, l.U, W, width, s.rows);
}

/** Is column a of U one that rounding in larger ones can have spoilt? */
function isSmall(s: Krylov, a: i32): bool {
  return a < s.k && s.sigma[a] <= SMALL * s.sigma[0];
}

/**
 * The small columns of panel q of U become orthonormal to all before them (Gram and Schmidt); a column without a σ is
 * random. Their residuals |M v - σ u| are noted. False if there are none.
 */
export function mendLeft(l: Left, s: Krylov, q: i32): bool {
  const first = 4 * q;
  // (the last of them is the smallest)
  if (!isSmall(s, min(first + 3, s.k - 1))) return false;
  const m = l.m;
  const T = l.T;
  copy(4 * m, leftPanel(l, q), T);
  for (let c = 0; c < 4; c++)
    if (isSmall(s, first + c) && !(s.sigma[first + c] > 0)) randomColumn(s, m, T, c);
  for (let round = 0; round < 4; round++) {
    takeAway(l, q);
    for (let c = 0; c < 4; c++) {
      if (!isSmall(s, first + c)) copyColumn(m, Column.of(l.U, m, first + c), Column.of(T, m, c));
      else {
        const length = straighten(m, T, c, s.H);
        if (length > 1e-10) scaleColumn(m, 1 / length, Column.of(T, m, c));
        else randomColumn(s, m, T, c);
      }
    }
  }
  for (let c = 0; c < 4; c++) {
    const a = first + c;
    if (!isSmall(s, a)) continue;
    const u = Column.of(l.U, m, a);
    const t = Column.of(T, m, c);
    s.residuals[a] = s.sigma[a] * distance(m, 1, t, 1, u);
    copyColumn(m, t, u);
  }
  return true;
}

function copyColumn(m: i32, from: Column, to: Column): void {
  for (let i = 0; i < m; i++) to[i] = from[i];
}

/** T -= U UᵀT for the first panels of U */
function takeAway(l: Left, panels: i32): void {
  const H = l.H;
  project(l.m, panels, l.U, l.T, H);
  for (let i = 0; i < 16 * panels; i++) H[i] = -H[i];
  combine(l.m, panels, 1, l.U, H, 4, l.T);
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
  s.converged = true;
  for (let a = 0; a < s.k; a++) if (!(s.residuals[a] <= allowed(s))) s.converged = false;
}
