// The left singular vectors, where the vectors of length m are kept: B = M V by panels, U = B W diag(1/S).

import { addGram, expand, project, rotate } from '../kernels/panels';
import { alloc } from '../memory';
import { Vector } from '../views';
import { allowed, Krylov, randomColumn, SMALL } from '../krylov/index';

/** Panels of U, and one more that products go through. */
@unmanaged
export class Left {
  m: i32;
  panels: i32;
  U: usize;
  /** m x 4 */
  T: usize;
  H: usize;
}

export function left(m: i32, k: i32): Left {
  const head = (offsetof<Left>() + 15) & ~15, panels = (k + 3) >> 2;
  const l = changetype<Left>(alloc(<f64>head / 8 + 4 * <f64>m * <f64>(panels + 1) + <f64>(16 * panels)));
  l.m = m;
  l.panels = panels;
  l.U = changetype<usize>(l) + head;
  l.T = l.U + (<usize>panels * <usize>m << 5);
  l.H = l.T + (<usize>m << 5);
  return l;
}

export function leftPanel(l: Left, q: i32): usize {
  return l.U + (<usize>q * <usize>l.m << 5);
}

/** G of the end of a run, from B = M V. */
export function leftGram(l: Left, s: Krylov): void {
  addGram(l.m, l.panels, l.U, changetype<usize>(s.G), 4 * l.panels);
}

/** T - U (UᵀT) for what is locked: the other columns of U are 0. */
export function deflate(l: Left, locked: i32): void {
  takeAway(l, (locked + 3) >> 2);
}

/** B becomes U, the first `columns` of it; the others become 0. */
export function turnLeft(l: Left, s: Krylov, columns: i32): void {
  const width = 4 * l.panels, W = s.W;
  for (let a = 0; a < width; a++) {
    const by = a < columns && s.sigma[a] > 0 ? 1 / s.sigma[a] : 0;
    for (let i = 0; i < width; i++) W[i * width + a] = W[i * width + a] * by;
  }
  rotate(l.m, l.panels, l.panels, l.U, changetype<usize>(W), width, s.scratch);
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
  let small = 0;
  for (let c = 0; c < 4; c++) if (isSmall(s, 4 * q + c)) small |= 1 << c;
  if (small === 0) return false;
  const T = Vector.at(l.T), U = Vector.at(leftPanel(l, q)), end = 4 * l.m;
  memory.copy(l.T, leftPanel(l, q), <usize>end << 3);
  for (let c = 0; c < 4; c++) if (small & (1 << c) && !(s.sigma[4 * q + c] > 0)) randomColumn(s, l.m, T, c);
  for (let round = 0; round < 4; round++) {
    takeAway(l, q);
    for (let c = 0; c < 4; c++) {
      if (!(small & (1 << c))) {
        for (let i = c; i < end; i += 4) T[i] = U[i];
      } else if (!straighten(T, end, c)) randomColumn(s, l.m, T, c);
    }
  }
  for (let c = 0; c < 4; c++) {
    if (!(small & (1 << c))) continue;
    let sum: f64 = 0;
    for (let i = c; i < end; i += 4) {
      sum += (T[i] - U[i]) * (T[i] - U[i]);
      U[i] = T[i];
    }
    s.residuals[4 * q + c] = s.sigma[4 * q + c] * sqrt(sum);
  }
  return true;
}

/** T -= U UᵀT for the first panels of U */
function takeAway(l: Left, panels: i32): void {
  const H = Vector.at(l.H);
  project(l.m, panels, l.U, l.T, l.H);
  for (let i = 0; i < 16 * panels; i++) H[i] = -H[i];
  expand(l.m, panels, l.U, l.H, l.T);
}

/** Column c of the panel T becomes orthonormal to those before it in T; false if nothing is left of it. */
function straighten(T: Vector, end: i32, c: i32): bool {
  for (let b = 0; b < c; b++) {
    let dot: f64 = 0;
    for (let i = 0; i < end; i += 4) dot += T[i + b] * T[i + c];
    for (let i = 0; i < end; i += 4) T[i + c] = T[i + c] - dot * T[i + b];
  }
  let sum: f64 = 0;
  for (let i = c; i < end; i += 4) sum += T[i] * T[i];
  if (!(sum > 1e-20)) return false;
  const by = 1 / sqrt(sum);
  for (let i = c; i < end; i += 4) T[i] = T[i] * by;
  return true;
}

/** The residuals |Mᵀu - σ v| of what was mended in panel q, from Z = MᵀU. */
export function lookAtMended(s: Krylov, q: i32): void {
  const Z = Vector.at(s.Z), V = Vector.at(s.Q + (<usize>q * <usize>s.n << 5));
  for (let c = 0; c < 4; c++) {
    const a = 4 * q + c;
    if (!isSmall(s, a)) continue;
    let sum: f64 = 0;
    for (let i = c, end = 4 * s.n; i < end; i += 4) {
      const one = Z[i] - s.sigma[a] * V[i];
      sum += one * one;
    }
    s.residuals[a] = max(s.residuals[a], sqrt(sum));
  }
}

/** At the very end. */
export function judge(s: Krylov): void {
  s.converged = true;
  for (let a = 0; a < s.k; a++) if (!(s.residuals[a] <= allowed(s))) s.converged = false;
}
