// Conjugate gradients over what is known of M, for gaps, weights and a penalty on the nuclear norm; ours. M ≈ A Bᵀ, and
//
//     loss(A, B) = Σ w (A Bᵀ - M)² + Σᵢ (λ + μ aᵢ) |Aᵢ|² + Σⱼ (λ + μ bⱼ) |Bⱼ|²
//
// for the rows Aᵢ and Bⱼ; of all A, B with one product |A|² + |B|² is at least 2 ΣS (Srebro, Rennie and Jaakkola 2005).
//
// - Preconditioner: the blocks of the Hessian, Hᵢ = Σⱼ wᵢⱼ BⱼBⱼᵀ + (λ + μ aᵢ) I for row i, and so for columns: z = H⁻¹g is
//   the step of alternating least squares. It is the same in every scale of a row or column, so that weights may span
//   any number of decades, and in every basis of the factors, so that A and B need not be balanced. With the diagonal
//   of H alone, weights over four decades took thousands of iterations.
// - Direction: p <- -z + β p, β = max(0, Δg·z / Δg·p) (Hestenes and Stiefel).
// - Step: along p the loss is a quartic in t, its minimum a root of a cubic; no learning rate, no search.
// - μ falls from a share of the largest singular value to 0 within some fifty steps: with much of it there is little
//   to be lost in, and the answer is followed down from there. A rank-3 60 x 40 with 70% of its entries hidden was
//   recovered in 400 of 400 patterns, without μ in three of four. What the entries leave open gets the smallest norm in this way.
// - w <= aᵢ bⱼ, equal once in each row and column: what takes the weights' scale out of μ, start and stop rule.

import { ADD, FIRST, MINUS, SECOND, SET } from '../boundary';
import { Descent } from '../descent';
import { jacobi } from '../direct/jacobi';
import { addOuter, solve } from '../kernels/cholesky';
import { orthonormalize } from '../kernels/householder';
import { gemm } from '../kernels/matmul';
import { least, line } from '../kernels/quartic';
import { copy, dot, sumOfSquares } from '../kernels/vector';
import { settle } from '../problems/svd/loss';
import { Vector } from '../views';

/** μ at the start, as a share of the largest singular value, ... */
const HIGH: f64 = 0.25;
/** ... from step to step, ... */
const FALL: f64 = 0.88;
/** ... from here on, a share of the norm, so much faster, ... */
const LOW: f64 = 1e-3;
const FAST: f64 = 0.1;
/** ... and down to here. */
const NOTHING: f64 = 1e-13;
/** Passes over F to find where its singular vectors point. */
const PASSES: i32 = 12;
/** Slopes that no step comes down from are rounding, if they are no longer than this. */
const ROUNDING: f64 = 1e-7;

/** What is kept from step to step beside vectors. */
@unmanaged
class Kept {
  /** share of the penalty that falls to 0 */
  μ: f64;
  β: f64;
  /** of M as it is weighed; 0 = not known yet */
  norm: f64;
  /** Are A and B there? */
  begun: f64;
  /** Straight down no step was left. */
  still: f64;
  /** Is p a direction that was gone? */
  gone: f64;
}

/** Vectors that are kept, each of the layout of theta, [A | - | B]; and where things are. */
class At {
  /** A, B */
  @inline
  static factors(d: Descent): Vector {
    return d.vector(0);
  }

  /** p */
  @inline
  static direction(d: Descent): Vector {
    return d.vector(1);
  }

  /** g of the step before */
  @inline
  static slopes(d: Descent): Vector {
    return d.vector(2);
  }

  /** [a | b] */
  @inline
  static scales(d: Descent): Vector {
    return d.vector(3);
  }

  /** The half that belongs to the columns of M. */
  @inline
  static second(d: Descent, x: Vector): Vector {
    return x.from((d.m + 1) * d.k);
  }

  @inline
  static weight(d: Descent, at: i32): f64 {
    const weights = d.weights;
    return weights ? weights[at] : 1;
  }
}

// Of a row or column of M, so many entries from `first` on, `step` apart:

/** Its largest weight, each divided by that of `other`; 1 where it has no entry. */
function heaviest(d: Descent, count: i32, first: i32, step: i32, other: Vector): f64 {
  let most: f64 = 0;
  for (let j = 0; j < count; j++) most = max(most, At.weight(d, first + j * step) / other[j]);
  return most > 0 ? most : 1;
}

/** Its weighted mean less `other`; 0 where it has no entry. */
function mean(d: Descent, count: i32, first: i32, step: i32, other: Vector): f64 {
  let sum: f64 = 0;
  let all: f64 = 0;
  for (let j = 0; j < count; j++) {
    const w = At.weight(d, first + j * step);
    sum += w * (d.M[first + j * step] - other[j]);
    all += w;
  }
  return all > 0 ? sum / all : 0;
}

/** It becomes 0 in F where it has no entry. */
function clearEmpty(d: Descent, count: i32, first: i32, step: i32, F: Vector): void {
  for (let j = 0; j < count; j++) if (At.weight(d, first + j * step) > 0) return;
  for (let j = 0; j < count; j++) F[first + j * step] = 0;
}

/** a and b, by taking the largest in turn. */
function equilibrate(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const a = At.scales(d);
  const b = a.from(m);
  for (let j = 0; j < n; j++) b[j] = 1;
  for (let pass = 0; pass < 3; pass++) {
    for (let i = 0; i < m; i++) a[i] = heaviest(d, n, i * n, 1, b);
    for (let j = 0; j < n; j++) b[j] = heaviest(d, m, j, n, a);
  }
}

/** The row means r and column means c of M whose sums fit best, by taking them in turn; in `rows` and `columns`. */
function means(d: Descent, rows: Vector, columns: Vector): void {
  const m = d.m;
  const n = d.n;
  for (let j = 0; j < n; j++) columns[j] = 0;
  for (let pass = 0; pass < 20; pass++) {
    for (let i = 0; i < m; i++) rows[i] = mean(d, n, i * n, 1, columns);
    for (let j = 0; j < n; j++) columns[j] = mean(d, m, j, n, rows);
  }
}

/** F in R: M, where it weighs less filled with row and column means, in the scale of sqrt(a bᵀ). */
function fill(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const M = d.M;
  const F = d.R;
  const a = At.scales(d);
  const b = a.from(m);
  const rows = d.P;
  const columns = d.Q;
  means(d, rows, columns);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const ij = i * n + j;
      const w = At.weight(d, ij) / (a[i] * b[j]);
      const share = w + 0.1 * (1 - w);
      F[ij] = sqrt(a[i] * b[j]) * (w > 0.1 ? M[ij] : (w * M[ij] + 0.1 * (rows[i] + columns[j])) / share);
    }
  for (let i = 0; i < m; i++) clearEmpty(d, n, i * n, 1, F);
  for (let j = 0; j < n; j++) clearEmpty(d, m, j, n, F);
}

/** theta of A Bᵀ, by two QR and the SVD of a k x k. */
function compress(d: Descent, A: Vector, B: Vector): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const X = d.W;
  const Y = d.grad;
  const C = d.GV;
  copy(m * k, A, d.U);
  orthonormalize(m, k, d.U, d.t, d.columns);
  gemm(SET + FIRST, k, k, m, d.U, A, d.GU, null);
  copy(n * k, B, d.V);
  orthonormalize(n, k, d.V, d.t, d.columns);
  gemm(SET + FIRST, k, k, n, B, d.V, C, null);
  // Y = Rᴬ Rᴮᵀ
  gemm(SET, k, k, k, d.GU, C, Y, null);
  jacobi(k, k, Y, d.GU, d.d, C, d.columns);
  gemm(SET, m, k, k, d.U, d.GU, Y, null);
  copy(m * k, Y, d.U);
  gemm(SET, n, k, k, d.V, C, X, null);
  copy(n * k, X, d.V);
  settle(d);
}

/** theta = [U | d | V] becomes A = U sqrt(s) and B = V sqrt(s), in the scale of M where theta is in that of sqrt(a bᵀ). */
function balance(d: Descent, scaled: bool): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const A = At.factors(d);
  const B = At.second(d, A);
  const a = At.scales(d);
  const b = a.from(m);
  const U = d.U;
  const V = d.V;
  const D = d.d;
  for (let c = 0; c < k; c++) {
    const root = d.squared ? D[c] : sqrt(abs(D[c]));
    const signed = d.squared ? root : copysign(root, D[c]);
    for (let i = 0; i < m; i++) A[i * k + c] = (signed * U[i * k + c]) / (scaled ? sqrt(a[i]) : 1);
    for (let j = 0; j < n; j++) B[j * k + c] = (root * V[j * k + c]) / (scaled ? sqrt(b[j]) : 1);
  }
}

/** The norm of M as it is weighed. */
function weighed(d: Descent): f64 {
  const M = d.M;
  let squares: f64 = 0;
  for (let at = 0; at < d.cells; at++) squares += At.weight(d, at) * M[at] * M[at];
  return sqrt(squares);
}

/**
 * theta holds orthonormal U and V, which have no part in it; it becomes the best approximation of F, by orthogonal
 * iteration: in the scale of sqrt(a bᵀ) that is already the answer where w = a bᵀ.
 */
export function filledStart(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kept = d.kept<Kept>();
  equilibrate(d);
  fill(d);
  for (let pass = 0; pass < PASSES; pass++) {
    gemm(SET, m, k, n, d.R, d.V, d.U, null);
    orthonormalize(m, k, d.U, d.t, d.columns);
    gemm(SET + FIRST, n, k, m, d.R, d.U, d.V, null);
    orthonormalize(n, k, d.V, d.t, d.columns);
  }
  gemm(SET, m, k, n, d.R, d.V, d.P, null);
  copy(n * k, d.V, d.Q);
  compress(d, d.P, d.Q);
  const D = d.d;
  kept.μ = HIGH * (d.squared ? D[0] * D[0] : D[0]);
  balance(d, true);
  compress(d, At.factors(d), At.second(d, At.factors(d)));
  kept.begun = 1;
}

/** H = Σ w y yᵀ for the rows y of Y, the weights `step` entries apart. */
function block(d: Descent, count: i32, Y: Vector, first: i32, step: i32): void {
  const k = d.k;
  d.GU.clear(k * k);
  for (let j = 0; j < count; j++) {
    const w = At.weight(d, first + j * step);
    if (w != 0) addOuter(k, w, Y.from(j * k), d.GU);
  }
}

/** g and z = H⁻¹g for the rows X of A (or B), given R B (or Rᵀ A) in g. */
function precondition(
  d: Descent,
  rows: i32,
  X: Vector,
  g: Vector,
  z: Vector,
  a: Vector,
  Y: Vector,
  count: i32,
  down: i32,
  right: i32,
): void {
  const k = d.k;
  const H = d.GU;
  const now = d.scalars;
  const kept = d.kept<Kept>();
  for (let i = 0; i < rows; i++) {
    const ridge = now.lambda + kept.μ * a[i];
    const x = z.from(i * k);
    block(d, count, Y, i * down, right);
    for (let c = 0; c < k; c++) {
      H[c * k + c] = H[c * k + c] + ridge;
      x[c] = g[i * k + c] = g[i * k + c] + ridge * X[i * k + c];
    }
    solve(k, H, x);
  }
}

/** Σ over columns of |z| |y|, both weighed by row: how far z moves the product with Y at most. */
function change(k: i32, rows: i32, z: Vector, a: Vector, others: i32, Y: Vector, b: Vector): f64 {
  let all: f64 = 0;
  for (let c = 0; c < k; c++) {
    let x: f64 = 0;
    let y: f64 = 0;
    for (let i = 0; i < rows; i++) x += a[i] * z[i * k + c] * z[i * k + c];
    for (let j = 0; j < others; j++) y += b[j] * Y[j * k + c] * Y[j * k + c];
    all += sqrt(x * y);
  }
  return all;
}

/**
 * R = w ∘ (A Bᵀ - M), the slopes g in grad, z in P and Q, β, and how far z would change the answer, gaps included: as long
 * as that is much, it is none, be the slopes as small as they may. A function of the state alone, so that a descent
 * resumes bit for bit.
 */
export function look(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const now = d.scalars;
  const kept = d.kept<Kept>();
  const A = At.factors(d);
  const B = At.second(d, A);
  const a = At.scales(d);
  const b = a.from(m);
  if (kept.begun == 0) {
    // a warm start
    equilibrate(d);
    balance(d, false);
    kept.begun = 1;
  }
  if (kept.norm == 0) kept.norm = weighed(d);
  const R = d.R;
  const g = d.grad;
  const zA = d.P;
  const zB = d.Q;
  gemm(MINUS + SECOND, m, n, k, A, B, d.R, d.M);
  let loss: f64 = 0;
  for (let at = 0; at < d.cells; at++) {
    const e = R[at];
    const weighted = e * At.weight(d, at);
    R[at] = weighted;
    loss += e * weighted;
  }
  gemm(SET, m, k, n, d.R, B, d.grad, null);
  gemm(SET + FIRST, n, k, m, d.R, A, At.second(d, g), null);
  precondition(d, m, A, g, zA, a, B, n, n, 1);
  precondition(d, n, B, At.second(d, g), zB, b, A, m, 1, n);

  const before = At.slopes(d);
  const p = At.direction(d);
  let over = dot(m * k, d.grad, d.P) - dot(m * k, before, d.P);
  over += dot(n * k, At.second(d, g), d.Q) - dot(n * k, At.second(d, before), d.Q);
  const under = dot(d.size, d.grad, p) - dot(d.size, before, p);
  const beta = over / under;
  kept.β = kept.gone > 0 && beta > 0 && isFinite(beta) ? beta : 0;
  const moves = change(k, m, zA, a, n, B, b) + change(k, n, zB, b, m, A, a);
  // (over hundreds of decades of weights, orthonormal U and V can't hold what A and B do)
  const lost = abs(sqrt(now.reconstruction * d.entries) - sqrt(loss));
  const off = moves + lost;
  now.stationarity = kept.μ > 0 ? Infinity : kept.norm > 0 ? off / kept.norm : off;
}

/** A pair that is so small beside the largest is none. */
const EMPTY: f64 = 1e-12;
/** Power steps that look for where an empty pair would gain most, ... */
const LOOKS: i32 = 40;
/** ... and the slope there that counts, as a share of the norm. */
const GAIN: f64 = 1e-10;

/** x (of so many numbers) /= |x|, which is returned. */
function unit(count: i32, x: Vector): f64 {
  const length = sqrt(sumOfSquares(count, x));
  if (length > 0) for (let i = 0; i < count; i++) x[i] = x[i] / length;
  return length;
}

/**
 * Where a pair is empty, Aᵢ = Bᵢ = 0, all its slopes are 0, and no step ever leaves that. It is least only if nothing
 * can be gained with it: |R| <= λ (spectral norm). If more can, the pair becomes s (-y, x) with the singular vectors
 * of R = w ∘ (A Bᵀ - M) and the s that brings most, (|R| - λ)/Σ w y²x².
 */
export function leaveEmpty(d: Descent): bool {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kept = d.kept<Kept>();
  const S = d.s;
  const y = d.P;
  const x = d.Q;
  let c = 0;
  let most: f64 = 0;
  for (let i = 0; i < k; i++) {
    if (abs(S[i]) < abs(S[c])) c = i;
    most = max(most, abs(S[i]));
  }
  if (abs(S[c]) > EMPTY * most) return false;
  for (let j = 0; j < n; j++) x[j] = 1 / (1.5 + <f64>((j * 7919) % 101));
  let slope: f64 = 0;
  for (let look = 0; look < LOOKS; look++) {
    if (unit(n, x) == 0) return false;
    gemm(SET, m, 1, n, d.R, x, y, null);
    slope = unit(m, y);
    if (look < LOOKS - 1) gemm(SET + FIRST, n, 1, m, d.R, y, x, null);
  }
  if (!(slope > d.scalars.lambda + GAIN * kept.norm)) return false;
  let curvature: f64 = 0;
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) curvature += At.weight(d, i * n + j) * y[i] * y[i] * x[j] * x[j];
  const root = sqrt((slope - d.scalars.lambda) / curvature);
  if (!isFinite(root)) return false;
  const A = At.factors(d);
  const B = At.second(d, A);
  for (let i = 0; i < m; i++) A[i * k + c] = -root * y[i];
  for (let j = 0; j < n; j++) B[j * k + c] = root * x[j];
  kept.still = kept.gone = 0;
  compress(d, A, B);
  return true;
}

/** Slopes that no step comes down from. */
export function noise(d: Descent): f64 {
  return d.kept<Kept>().still > 0 ? ROUNDING : 0;
}

/** The coefficients of that quartic; E1 = A Qᵀ + P Bᵀ and E2 = P Qᵀ a few rows at a time, for the direction p = [P | Q]. */
function measure(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const now = d.scalars;
  const kept = d.kept<Kept>();
  const A = At.factors(d);
  const B = At.second(d, A);
  const a = At.scales(d);
  const b = a.from(m);
  const P = At.direction(d);
  const Q = At.second(d, P);
  const R = d.R;
  const most = max(k, 4) >> 1;
  const E1 = d.W;
  const E2 = E1.from(most * n);
  let c2: f64 = 0;
  let c3: f64 = 0;
  let c4: f64 = 0;
  for (let i = 0; i < m; i += most) {
    const rows = min(most, m - i);
    const Ai = A.from(i * k);
    const Pi = P.from(i * k);
    gemm(SET + SECOND, rows, n, k, Ai, Q, E1, null);
    gemm(ADD + SECOND, rows, n, k, Pi, B, E1, null);
    gemm(SET + SECOND, rows, n, k, Pi, Q, E2, null);
    for (let at = 0; at < rows * n; at++) {
      const w = At.weight(d, i * n + at);
      const e1 = E1[at];
      const e2 = E2[at];
      c2 += w * e1 * e1 + 2 * R[i * n + at] * e2;
      c3 += w * e1 * e2;
      c4 += w * e2 * e2;
    }
  }
  for (let i = 0; i < m; i++) c2 += (now.lambda + kept.μ * a[i]) * sumOfSquares(k, P.from(i * k));
  for (let j = 0; j < n; j++) c2 += (now.lambda + kept.μ * b[j]) * sumOfSquares(k, Q.from(j * k));
  line[1] = 2 * dot(d.size, d.grad, P);
  line[2] = c2;
  line[3] = 2 * c3;
  line[4] = c4;
}

/** p = -z + β p for one factor */
function turn(n: i32, z: Vector, beta: f64, p: Vector): void {
  for (let at = 0; at < n; at++) p[at] = beta * p[at] - z[at];
}

export function conjugateGradients(d: Descent, lr: f64): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kept = d.kept<Kept>();
  const A = At.factors(d);
  const p = At.direction(d);
  let beta = kept.β;
  turn(m * k, d.P, beta, p);
  turn(n * k, d.Q, beta, At.second(d, p));
  if (beta > 0 && !(dot(d.size, d.grad, p) < 0)) {
    beta = 0;
    turn(m * k, d.P, 0, p);
    turn(n * k, d.Q, 0, At.second(d, p));
  }
  measure(d);
  const t = lr * least(dot(d.size, p, p), dot(d.size, A, A));
  // (straight down and nothing gained: what is left of the slopes is rounding)
  kept.still = t == 0 && beta == 0 && lr > 0 ? 1 : 0;
  kept.gone = t == 0 ? 0 : 1;
  copy(d.size, d.grad, At.slopes(d));
  for (let at = 0; at < d.size; at++) A[at] = A[at] + t * p[at];
  if (kept.μ > 0) {
    kept.μ *= kept.μ < LOW * kept.norm ? FAST : FALL;
    if (kept.μ < NOTHING * kept.norm || kept.norm == 0) {
      kept.μ = 0;
      kept.gone = 0;
    }
  }
  compress(d, A, At.second(d, A));
}
