// Eigenvalues of a small symmetric matrix: to tridiagonal form by Householder's reflections, then QL with implicit
// shifts (Bowdler, Martin, Reinsch and Wilkinson 1968, as in EISPACK's tred2 and tql2). Blocks that are decoupled stay
// so, and each is as precise as it is small.

import { addScaled, dot, turn } from '../kernels/vector';
import { Integers, Vector } from '../views';

/** Most QL steps for one eigenvalue; 30 are never needed. */
const MOST: i32 = 60;
/** Less than this counts as zero (entries are near 1): squares would leave the range. */
const NOTHING: f64 = 1e-140;

/** A = H₁ .. Hₙ₋₁ T Hₙ₋₁ .. H₁ for tridiagonal T: d its diagonal, e[i] beside d[i] and d[i + 1]; E = H₁ .. Hₙ₋₁ E (n x r) */
function tridiagonal(n: i32, A: Vector, d: Vector, e: Vector, r: i32, E: Vector, p: Vector): void {
  for (let i = n - 1; i > 0; i--) {
    const v = A.from(i * n),
      last = v[i - 1],
      rest = dot(i - 1, v, v);
    d[i] = v[i];
    e[i - 1] = last;
    if (rest < NOTHING * NOTHING) continue;
    // H = I - v vᵀ/h takes the row to (0, .., 0, g)
    const norm = sqrt(rest + last * last),
      g = last > 0 ? -norm : norm,
      h = norm * norm - last * g;
    e[i - 1] = g;
    v[i - 1] = last - g;
    // A = H A H = A - v qᵀ - q vᵀ, q = p - v (vᵀp)/2h, p = A v/h
    for (let j = 0; j < i; j++) p[j] = dot(i, A.from(j * n), v) / h;
    addScaled(i, -dot(i, v, p) / (2 * h), v, p);
    for (let j = 0; j < i; j++) {
      addScaled(i, -v[j], p, A.from(j * n));
      addScaled(i, -p[j], v, A.from(j * n));
    }
    p.clear(r);
    for (let j = 0; j < i; j++) addScaled(r, v[j], E.from(j * r), p);
    for (let j = 0; j < i; j++) addScaled(r, -v[j] / h, p, E.from(j * r));
  }
  d[0] = A[0];
  e[n - 1] = 0;
}

/** One QL step on d[l..m], e[l..m - 1]. */
function step(l: i32, m: i32, d: Vector, e: Vector, r: i32, E: Vector): void {
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  g = d[m] - d[l] + e[l] / (g + copysign(sqrt(g * g + 1), g));
  let s: f64 = 1,
    c: f64 = 1,
    p: f64 = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i],
      b = c * e[i],
      root = sqrt(f * f + g * g);
    e[i + 1] = root;
    if (root < NOTHING) {
      d[i + 1] = d[i + 1] - p;
      e[m] = 0;
      return;
    }
    s = f / root;
    c = g / root;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    turn(r, c, s, E.from(i * r), E.from((i + 1) * r));
  }
  d[l] = d[l] - p;
  e[l] = g;
  e[m] = 0;
}

/**
 * A (n x n, symmetric, destroyed) = Y diag(d) Yᵀ; E (n x r) becomes Yᵀ E. d is in no order; e is n numbers of scratch,
 * p max(n, r).
 */
export function eigen(n: i32, A: Vector, d: Vector, e: Vector, r: i32, E: Vector, p: Vector): void {
  tridiagonal(n, A, d, e, r, E, p);
  for (let l = 0; l < n; l++) {
    for (let tries = 0; tries < MOST; tries++) {
      let m = l;
      while (m < n - 1 && abs(e[m]) > NOTHING + f64.EPSILON * (abs(d[m]) + abs(d[m + 1]))) m++;
      if (m == l) break;
      step(l, m, d, e, r, E);
    }
  }
}

/** order[i] = where the i-th largest of n numbers is */
export function descending(n: i32, x: Vector, order: Integers): void {
  for (let i = 0; i < n; i++) {
    let at = i;
    for (; at > 0 && x[order[at - 1]] < x[i]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
}
