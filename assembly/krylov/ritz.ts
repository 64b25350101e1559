// Rayleigh and Ritz: T = QᵀMᵀM Q = Y diag(θ) Yᵀ, the best combinations Q Y, and how good they are.

import { rotate, scaleColumn } from '../kernels/panels';
import { copy } from '../kernels/vector';
import { Column } from '../views';
import { TINY } from './basis';
import { descending, eigen } from './eigen';
import { Krylov } from './state';

/** Relative to |MᵀM|, or |M|: what is noise. */
export const NOISE: f64 = 8 * f64.EPSILON;
/** However rough the tolerance, θ that differ by more than this share are not alike. */
const MOST_ALIKE: f64 = 1e-3;
/** θ are of one cluster where they differ by less than this share. */
export const CLUSTER: f64 = 1e-6;

/** From MᵀM Qⱼ = Q C + .. : T's columns of panel j and its rows, but for what is done; -1 for columns that are 0. */
export function intoT(s: Krylov, j: i32, live: i32): void {
  const T = s.T;
  const ld = s.ld;
  const first = 4 * j;
  for (let c = first; c < first + 4; c++) {
    for (let i = s.done; i < first + 4; i++) T[i * ld + c] = s.C[4 * i + c - first];
  }
  const nothing = below(s, first + live);
  for (let c = first; c < first + 4; c++) {
    for (let i = 0; i < c; i++) {
      if (i >= first) T[i * ld + c] = (T[i * ld + c] + T[c * ld + i]) / 2;
      T[c * ld + i] = T[i * ld + c];
    }
    if (c - first >= live) T[c * (ld + 1)] = nothing;
  }
}

/**
 * What stands in T for columns that are 0: less than any θ, of which some are negative by rounding, and no larger than what is
 * not done: where these columns stand among others a reflection of T's rows mixes them, and θ would be as precise as they are large.
 */
function below(s: Krylov, columns: i32): f64 {
  let largest: f64 = s.done < columns ? TINY : 1;
  for (let a = s.done; a < columns; a++) largest = max(largest, s.T[a * (s.ld + 1)]);
  return -largest;
}

/** Of Q its first columns go on, filled to whole panels with 0; T = diag(S) */
export function hold(s: Krylov, columns: i32): void {
  for (let a = columns; a & 3; a++) scaleColumn(s.n, 0, Column.of(s.Q, s.n, a));
  diagonal(s, columns);
}

/** T = diag(S), but for columns that are 0 */
export function diagonal(s: Krylov, columns: i32): void {
  const ld = s.ld;
  const T = s.T;
  T.clear(ld * ld);
  for (let a = 0; a < columns; a++) T[a * (ld + 1)] = s.S[a];
  for (let a = columns; a & 3; a++) T[a * (ld + 1)] = below(s, columns);
  s.columns = columns;
}

/** T = Y diag(θ) Yᵀ, and the order of θ; of Y all rows, or the last four. Returns how many rows. */
export function decompose(s: Krylov, all: bool): i32 {
  const size = 4 * (s.at + 1);
  const rows = all ? size : 4;
  const E = s.E;
  for (let i = 0; i < size; i++) copy(size, s.T.from(i * s.ld), s.work.from(i * size));
  E.clear(size * rows);
  for (let i = 0; i < rows; i++) E[(size - rows + i) * rows + i] = 1;
  eigen(size, s.work, s.theta, s.e, rows, E, s.p);
  descending(size, s.theta, s.order);
  return rows;
}

/** The i-th largest. */
export function theta(s: Krylov, i: i32): f64 {
  return s.theta[s.order[i]];
}

/**
 * The largest |MᵀM v - θ v| = |R y| of the `count` largest θ, in units of what it may be: tolerance σ₁ σ, so that Mᵀu - σ v is
 * within tolerance σ₁; of the vectors of a cluster, which the end may turn into each other, all together. One behind V may also
 * have what it is short of the last one in V: it is no larger then. `rows` of Y are known.
 */
export function look(s: Krylov, rows: i32, count: i32): f64 {
  if (s.columns < min(count, s.k)) return Infinity;
  let worst: f64 = 0,
    all: f64 = 0;
  const noise = NOISE * theta(s, min(s.locked, s.k - 1));
  for (let i = s.locked, end = min(count, s.columns); i < end; i++) {
    const y = s.E.from(s.order[i] * rows + rows - 4);
    let sum: f64 = 0;
    for (let c = 0; c < 4; c++) {
      let one: f64 = 0;
      for (let l = c; l < 4; l++) one += s.R[4 * c + l] * y[l];
      sum += one * one;
    }
    if (sum == 0) continue;
    let allowed = max(s.tolerance * sqrt(theta(s, 0)) * sqrt(max(theta(s, i), 0)), noise);
    if (i >= s.k) allowed = max(allowed, theta(s, s.k - 1) - theta(s, i));
    if (i >= s.k || (i > 0 && theta(s, i - 1) > (1 + s.steep * CLUSTER) * theta(s, i))) all = 0;
    all += sum / allowed / allowed;
    worst = max(worst, sqrt(all));
  }
  return worst;
}

/** Q becomes the combinations that belong to the `columns` largest θ, filled to whole panels with 0; T = diag(θ) */
export function keep(s: Krylov, columns: i32): void {
  const size = 4 * (s.at + 1);
  const panels = (columns + 3) >> 2;
  const width = 4 * panels;
  const Y = s.work;
  for (let a = 0; a < width; a++) {
    const y = s.E.from(s.order[a] * size);
    for (let i = 0; i < size; i++) Y[i * width + a] = a < columns ? y[i] : 0;
  }
  rotate(s.n, s.at + 1, panels, s.Q, Y, width, s.rows);
  for (let a = 0; a < columns; a++) s.S[a] = theta(s, a);
  diagonal(s, columns);
}

/** Σ θ of the k largest. */
export function sumOf(s: Krylov): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < s.k; i++) sum += theta(s, i);
  return sum;
}

/** The share by which θ differ where σ differ by more than the tolerance. */
export function apart(s: Krylov): f64 {
  return s.steep * min(CLUSTER, max(2 * s.tolerance, NOISE));
}

/** Are there four equal values among the k largest, and smaller ones after them? Then there may be more of them. */
export function clustered(s: Krylov): bool {
  const last = theta(s, s.k - 1) * (1 + apart(s));
  for (let i = s.locked + 3; i < s.k; i++) {
    const one = theta(s, i);
    if (!(one > last && one > 0)) continue;
    // (θ are as precise as the tolerance)
    const alike = max(CLUSTER, min(s.tolerance * sqrt(theta(s, 0) / one), MOST_ALIKE));
    if (theta(s, i - 3) - one <= s.steep * alike * one) return true;
  }
  return false;
}
