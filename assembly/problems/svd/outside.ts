// What U and V do not see of M when k < min(m, n): N = (I - U Uᵀ) M (I - V Vᵀ) = -(I - U Uᵀ) R (I - V Vᵀ).
//
// For one column pair the curvature of the loss outside of U and V is [s -N; -Nᵀ s]. Where the gap behind
// sₖ is small the diagonal alone is a poor preconditioner, and each pair is solved with N as well, by a few
// conjugate gradients. With t = s + shift, and u eliminated by u = (KU + N v)/t,
//
//     (I - Nᵀ N/t²) v = (t KV + Nᵀ KU)/t²
//
// The columns are independent of each other; curvature that is negative (a larger singular value outside)
// is followed to |v| = 1, so that no saddle holds the descent.

import { FIRST, SET, SUBTRACT } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { copy, scale, sumOfSquares } from '../../kernels/vector';
import { Step } from '../../optimizers/levenberg-marquardt/step';
import { Vector } from '../../views';
import { residual } from './loss';

/** Most conjugate gradients in one step. */
const MOST: i32 = 60;
/** The residual they leave: this share at most, less as the descent converges. */
const FORCING: f64 = 0.3;
/** The shift of s: this share of the gradient's norm, ... */
const DAMPING: f64 = 0.1;
/** ... and of s itself, so that a tie at sₖ stays solvable. */
const TIE: f64 = 1e-9;

/** X -= B (Bᵀ X) for X (rows x c), B (rows x k); G (k x c) is scratch. */
function project(rows: i32, k: i32, c: i32, B: Vector, X: Vector, G: Vector): void {
  gemm(SET + FIRST, k, c, rows, B, X, G, null);
  gemm(SUBTRACT, rows, c, k, B, G, X, null);
}

/** Y (m x c) = -N X for X (n x c) orthogonal to V */
function apply(d: Descent, c: i32, X: Vector, Y: Vector, G: Vector): void {
  gemm(SET, d.m, c, d.n, d.R, X, Y, null);
  project(d.m, d.k, c, d.U, Y, G);
}

/** X (n x c) = -Nᵀ Y for Y (m x c) orthogonal to U */
function applyTransposed(d: Descent, c: i32, Y: Vector, X: Vector, G: Vector): void {
  gemm(SET + FIRST, d.n, c, d.m, d.R, Y, X, null);
  project(d.n, d.k, c, d.V, X, G);
}

/** t = columnwise Σ x y */
function dots(rows: i32, k: i32, X: Vector, Y: Vector, t: Vector): void {
  t.clear(k);
  for (let i = 0, ic = 0; i < rows; i++) {
    for (let c = 0; c < k; c++, ic++) t[c] += X[ic] * Y[ic];
  }
}

/** X = Y diag(a) + X diag(b) */
function mix(rows: i32, k: i32, a: Vector, Y: Vector, b: Vector, X: Vector): void {
  for (let i = 0, ic = 0; i < rows; i++) {
    for (let c = 0; c < k; c++, ic++) X[ic] = a[c] * Y[ic] + b[c] * X[ic];
  }
}

/**
 * KU, KV (the gradients outside, zero in columns that have converged) become the steps of U and V.
 * `g` is the norm of the whole gradient, `noise` what counts as zero.
 */
export function solve(d: Descent, its: Step, KU: Vector, KV: Vector, g: f64, noise: f64): void {
  const m = d.m,
    n = d.n,
    k = d.k,
    G = d.W;
  const y = its.y,
    res = its.res,
    Ndir = its.Ndir,
    dir = its.dir,
    b = its.b;
  const t = its.numbers,
    rho = t.from(k),
    goal = rho.from(k),
    alpha = goal.from(k),
    beta = alpha.from(k);
  const dd = beta.from(k),
    nn = dd.from(k),
    xd = nn.from(k),
    xx = xd.from(k),
    one = xx.from(k);

  // as if s >= 0: the sign of the pair goes into KV here, and into the step of U at the end
  for (let c = 0; c < k; c++) {
    const s = d.s[c],
      tc = abs(s) * (1 + TIE) + DAMPING * g,
      by = tc > 0 ? 1 / tc : 0;
    t[c] = tc;
    alpha[c] = -by * by;
    beta[c] = copysign(by, s);
    one[c] = 1;
  }
  // b = (t KV + Nᵀ KU)/t² is the residual of v = 0
  applyTransposed(d, k, KU, res, G);
  mix(n, k, beta, KV, alpha, res);
  copy(n * k, res, dir);
  KV.clear(n * k);
  y.clear(m * k);
  dots(n, k, res, res, rho);
  for (let c = 0; c < k; c++) {
    const share = min(FORCING, sqrt(g / t[c]));
    goal[c] = max(share * share * rho[c], 0.01 * noise * noise);
  }

  // v (in KV) and y = N v; a column is done when its rho is 0
  for (let step = 0; step < MOST; step++) {
    apply(d, k, dir, Ndir, G);
    dots(n, k, dir, dir, dd);
    dots(m, k, Ndir, Ndir, nn);
    dots(n, k, KV, dir, xd);
    dots(n, k, KV, KV, xx);
    let live = false;
    for (let c = 0; c < k; c++) {
      const r = rho[c],
        length = dd[c],
        tc = t[c];
      const curvature = length - nn[c] / (tc * tc);
      const least = (1 - abs(d.s[c]) / tc) * length;
      const along = xd[c];
      const most = (sqrt(max(along * along + length * (1 - xx[c]), 0)) - along) / length;
      let a = r / max(curvature, least);
      const out = curvature < -least || !(a <= most);
      if (out) a = most;
      if (r == 0 || length == 0) a = 0;
      alpha[c] = a;
      beta[c] = -a;
      if (a == 0 || out || abs(curvature) <= least) rho[c] = 0;
      else live = true;
    }
    mix(n, k, alpha, dir, one, KV);
    mix(m, k, beta, Ndir, one, y);
    if (!live) break;
    // res -= alpha (dir - Nᵀ N dir/t²)
    applyTransposed(d, k, Ndir, b, G);
    mix(n, k, beta, dir, one, res);
    for (let c = 0; c < k; c++) {
      const tc = t[c];
      alpha[c] = rho[c] > 0 ? alpha[c] / (tc * tc) : 0;
    }
    mix(n, k, alpha, b, one, res);
    dots(n, k, res, res, nn);
    live = false;
    for (let c = 0; c < k; c++) {
      const r = rho[c],
        next = nn[c];
      const going = r > 0 && next > goal[c];
      rho[c] = going ? next : 0;
      alpha[c] = going ? 1 : 0;
      beta[c] = going ? next / r : 0;
      if (going) live = true;
    }
    if (!live) break;
    mix(n, k, alpha, res, beta, dir);
  }

  for (let c = 0; c < k; c++) {
    const tc = t[c];
    alpha[c] = tc > 0 ? copysign(1 / tc, d.s[c]) : 0;
  }
  mix(m, k, alpha, y, alpha, KU);
}

/** Power steps of Nᵀ N that look for a larger singular value outside. */
const LOOKS: i32 = 40;
/** What it is larger by, at least, in units of |M|. */
const LARGER: f64 = 1e-12;

/**
 * Stationary is not yet least: with k < min(m, n), any k singular pairs have slopes of 0. Looks for a larger
 * singular value outside; if there is one, its pair replaces the smallest, and the descent can go on.
 * Overwrites P, Q, R and W. (A strong test, not a proof: a gap too small for the power steps passes.)
 */
export function leaveSaddle(d: Descent): bool {
  const m = d.m,
    n = d.n,
    k = d.k,
    x = d.Q,
    y = d.P,
    G = d.W;
  residual(d);
  let draw: u32 = 314;
  for (let j = 0; j < n; j++) {
    draw = draw * 1664525 + 1013904223;
    x[j] = <f64>draw / 4294967296.0 - 0.5;
  }
  project(n, k, 1, d.V, x, G);
  let sigma: f64 = 0;
  for (let look = 0; look < LOOKS; look++) {
    const length = sqrt(sumOfSquares(n, x));
    if (length == 0) return false;
    scale(n, 1 / length, x);
    apply(d, 1, x, y, G);
    sigma = sqrt(sumOfSquares(m, y));
    if (look < LOOKS - 1) applyTransposed(d, 1, y, x, G);
  }
  let least = 0;
  for (let c = 1; c < k; c++) if (abs(d.s[c]) < abs(d.s[least])) least = c;
  if (!(sigma > abs(d.s[least]) * (1 + TIE) + LARGER * d.norm)) return false;
  // y = -N x: the pair is (-y/sigma, x)
  for (let i = 0; i < m; i++) d.U[i * k + least] = -y[i] / sigma;
  for (let j = 0; j < n; j++) d.V[j * k + least] = x[j];
  d.d[least] = d.squared ? sqrt(sigma) : sigma;
  return true;
}
