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
// - Start: the best approximation of F = w ∘ M / sqrt(a bᵀ), of M in the scale of sqrt(a bᵀ) with zeros in its gaps.
// - w <= aᵢ bⱼ, equal once in each row and column: what takes the weights' scale out of μ, start and stop rule.

import { ADD, FIRST, MINUS, SECOND, SET } from '../boundary';
import { Descent } from '../descent';
import { jacobi, jacobiScratch } from '../direct/jacobi';
import { addOuter, solve } from '../kernels/cholesky';
import { orthonormalize } from '../kernels/householder';
import { gemm } from '../kernels/matmul';
import { least, leastFromLevel, line } from '../kernels/quartic';
import { addScaled, copy, dot, maxAbs, scale } from '../kernels/vector';
import { Layout } from '../layout';
import { largestOutside, smallest } from '../problems/svd/outside';
import { settle, weigh } from '../problems/svd/residual';
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
  /** of M as it is weighed; 0 = A and B are not there yet */
  norm: f64;
  /** Straight down no step was left. */
  still: f64;
}

// Vectors that are kept, each of the layout of theta, [A | - | B]:
/** A, B */
const FACTORS = 0;
/** p */
const DIRECTION = 1;
/** g of the step before */
const SLOPES = 2;
/** [a | b] */
const SCALES = 3;

/** The half that belongs to the columns of M. */
function second(d: Descent, x: Vector): Vector {
  return x.from((d.m + 1) * d.k);
}

/** Where its own buffers are. */
@unmanaged
class Places {
  /** for the SVD of k x k */
  svd: Vector;
}

/** Lays them out. */
export function placeScratch(d: Descent): void {
  d.places<Places>().svd = Layout.take(jacobiScratch(d.k, d.k));
}

/** x[i] = the largest weight of row i (or column, as the steps in w say) over y; 1 where it has no entry. */
function heaviest(rows: i32, columns: i32, w: Vector, down: i32, right: i32, y: Vector, x: Vector): void {
  for (let i = 0; i < rows; i++) {
    let most: f64 = 0;
    for (let j = 0; j < columns; j++) most = max(most, w[i * down + j * right] / y[j]);
    x[i] = most > 0 ? most : 1;
  }
}

/** a and b, by taking the largest in turn, and the norm of M as it is weighed. */
function equilibrate(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const M = d.M;
  const w = d.weights!;
  const a = d.vector(SCALES);
  const b = a.from(m);
  for (let j = 0; j < n; j++) b[j] = 1;
  for (let pass = 0; pass < 3; pass++) {
    heaviest(m, n, w, n, 1, b, a);
    heaviest(n, m, w, 1, n, a, b);
  }
  copy(d.cells, M, d.R);
  const squares = weigh(d.cells, w.pairs, d.R.pairs);
  d.kept<Kept>().norm = squares > 0 ? sqrt(squares) : 1;
}

/** X = sqrt(s) Y by columns, the signs of s left out, its rows divided by sqrt(a). */
function half(rows: i32, k: i32, Y: Vector, s: Vector, a: Vector, scaled: bool, X: Vector): void {
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < k; c++) X[i * k + c] = (Y[i * k + c] * sqrt(abs(s[c]))) / (scaled ? sqrt(a[i]) : 1);
}

/** A = U sqrt(s) and B = V sqrt(s), in the scale of M where U and V are in that of sqrt(a bᵀ). */
function balance(d: Descent, scaled: bool): void {
  const k = d.k;
  const A = d.vector(FACTORS);
  const a = d.vector(SCALES);
  half(d.m, k, d.U, d.s, a, scaled, A);
  half(d.n, k, d.V, d.s, a.from(d.m), scaled, second(d, A));
  for (let c = 0; c < k; c++) if (d.s[c] < 0) for (let i = 0; i < d.m; i++) A[i * k + c] = -A[i * k + c];
}

/** theta of A Bᵀ, by two QR and the SVD of a k x k. */
function compress(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const A = d.vector(FACTORS);
  const B = second(d, A);
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
  jacobi(k, k, Y, d.GU, d.d, C, d.places<Places>().svd);
  gemm(SET, m, k, k, d.U, d.GU, Y, null);
  copy(m * k, Y, d.U);
  gemm(SET, n, k, k, d.V, C, X, null);
  copy(n * k, X, d.V);
  settle(d);
}

/** theta holds orthonormal U and V; U has no part in it. Both become singular vectors of F, by orthogonal iteration. */
export function filledStart(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const w = d.weights!;
  const M = d.M;
  const F = d.R;
  const a = d.vector(SCALES);
  const b = a.from(m);
  equilibrate(d);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) F[i * n + j] = (w[i * n + j] * M[i * n + j]) / sqrt(a[i] * b[j]);
  for (let pass = 0; pass < PASSES; pass++) {
    gemm(SET, m, k, n, F, d.V, d.U, null);
    orthonormalize(m, k, d.U, d.s, d.columns);
    gemm(SET + FIRST, n, k, m, F, d.U, d.V, null);
    orthonormalize(n, k, d.V, d.s, d.columns);
  }
  d.kept<Kept>().μ = HIGH * d.s[0];
  balance(d, true);
  compress(d);
}

/** For the rows X of A (or B), R B (or Rᵀ A) given in g: g and z = H⁻¹g; Y is the other factor, and so are steps in w. */
function precondition(
  d: Descent,
  rows: i32,
  X: Vector,
  g: Vector,
  z: Vector,
  a: Vector,
  Y: Vector,
  others: i32,
  down: i32,
  right: i32,
): void {
  const k = d.k;
  const w = d.weights!;
  const H = d.GU;
  for (let i = 0; i < rows; i++) {
    const ridge = d.scalars.lambda + d.kept<Kept>().μ * a[i];
    H.clear(k * k);
    for (let j = 0; j < others; j++) {
      const wij = w[i * down + j * right];
      if (wij != 0) addOuter(k, wij, Y.from(j * k), H);
    }
    for (let c = 0; c < k; c++) {
      H[c * k + c] += ridge;
      g[i * k + c] += ridge * X[i * k + c];
      z[i * k + c] = g[i * k + c];
    }
    solve(k, H, z.from(i * k));
  }
}

/** Σ a x² over column c of X */
function squares(rows: i32, k: i32, c: i32, a: Vector, X: Vector): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < rows; i++) sum += a[i] * X[i * k + c] * X[i * k + c];
  return sum;
}

/**
 * R = w ∘ (A Bᵀ - M), the slopes g in grad, z, β, and how far z would change the answer, gaps included: as long
 * as that is much, it is none, be the slopes as small as they may. A function of the state alone, so that a descent
 * resumes bit for bit.
 */
export function look(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const now = d.scalars;
  const kept = d.kept<Kept>();
  if (kept.norm == 0) {
    // a warm start
    equilibrate(d);
    balance(d, false);
  }
  const A = d.vector(FACTORS);
  const B = second(d, A);
  const a = d.vector(SCALES);
  const b = a.from(m);
  const g = d.grad;
  const z = d.P;
  const zB = second(d, z);
  gemm(MINUS + SECOND, m, n, k, A, B, d.R, d.M);
  const loss = weigh(d.cells, d.weights!.pairs, d.R.pairs);
  gemm(SET, m, k, n, d.R, B, g, null);
  gemm(SET + FIRST, n, k, m, d.R, A, second(d, g), null);
  precondition(d, m, A, g, z, a, B, n, n, 1);
  precondition(d, n, B, second(d, g), zB, b, A, m, 1, n);

  const before = d.vector(SLOPES);
  const p = d.vector(DIRECTION);
  const beta = (dot(d.size, g, z) - dot(d.size, before, z)) / (dot(d.size, g, p) - dot(d.size, before, p));
  kept.β = beta > 0 && isFinite(beta) ? beta : 0;
  // (over hundreds of decades of weights, orthonormal U and V can't hold what A and B do)
  let off = abs(sqrt(now.reconstruction * d.entries) - sqrt(loss));
  for (let c = 0; c < k; c++) {
    // Σ |z| |y| over columns, both weighed by row: z moves the product with Y by that at most
    off += sqrt(squares(m, k, c, a, z) * squares(n, k, c, b, B));
    off += sqrt(squares(n, k, c, b, zB) * squares(m, k, c, a, A));
  }
  now.stationarity = kept.μ > 0 ? Infinity : off / kept.norm;
}

/** Slopes that no step comes down from. */
export function noise(d: Descent): f64 {
  return d.kept<Kept>().still > 0 ? ROUNDING : 0;
}

/**
 * The coefficients of the loss by powers of t, at A + t P, B + t Q for the direction p = [P | Q]; with E1 = A Qᵀ + P Bᵀ and
 * E2 = P Qᵀ, a few rows at a time, and R = w ∘ (A Bᵀ - M),
 *
 *     Σ w (A Bᵀ - M + t E1 + t² E2)² = Σ .. + 2 t Σ R E1 + t² Σ (w E1² + 2 R E2) + 2 t³ Σ w E1 E2 + t⁴ Σ w E2²
 */
function measure(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const A = d.vector(FACTORS);
  const B = second(d, A);
  const a = d.vector(SCALES);
  const b = a.from(m);
  const P = d.vector(DIRECTION);
  const Q = second(d, P);
  const most = max(k, 4) >> 1;
  const E1 = d.W;
  const E2 = E1.from(most * n);
  let c2: f64 = 0;
  let c3: f64 = 0;
  let c4: f64 = 0;
  for (let i = 0; i < m; i += most) {
    const rows = min(most, m - i);
    const Pi = P.from(i * k);
    const R = d.R.from(i * n);
    const w = d.weights!.from(i * n);
    gemm(SET + SECOND, rows, n, k, A.from(i * k), Q, E1, null);
    gemm(ADD + SECOND, rows, n, k, Pi, B, E1, null);
    gemm(SET + SECOND, rows, n, k, Pi, Q, E2, null);
    for (let at = 0; at < rows * n; at++) {
      const e1 = E1[at];
      const e2 = E2[at];
      c2 += w[at] * e1 * e1 + 2 * R[at] * e2;
      c3 += w[at] * e1 * e2;
      c4 += w[at] * e2 * e2;
    }
  }
  for (let c = 0; c < k; c++) c2 += d.kept<Kept>().μ * (squares(m, k, c, a, P) + squares(n, k, c, b, Q));
  line[1] = 2 * dot(d.size, d.grad, P);
  line[2] = c2 + d.scalars.lambda * dot(d.size, P, P);
  line[3] = 2 * c3;
  line[4] = c4;
}

/**
 * A pair that is so small beside the largest, or beside M, is none. Near a = b = 0 a step changes s by s (σ - λ) / λ: as
 * little as the tolerance while s is as large as its root, and only from there on is σ - λ itself within it.
 */
const EMPTY: f64 = 1e-6;
const MOST_EMPTY: f64 = 1e-2;
/** What can be gained counts from here on, as a share of the norm. */
const GAIN: f64 = 1e-10;

/**
 * Stationary is not yet least. Where a pair is empty, a = b = 0, no step ever leaves that; and so with the wrong singular
 * vectors. The way out are y and x of the largest singular value of R = w ∘ (A Bᵀ - M), outside of U and V if no pair is
 * empty: with the smallest pair going along (y, x) the loss is the quartic c₂ t² + c₃ t³ + c₄ t⁴, of which c₂ < 0 says that
 * this is a saddle. (Of a full matrix c₂ is 2 (s + λ - |R|).) A strong test, not a proof: with weights other ways may be left.
 */
export function leaveSaddle(d: Descent): bool {
  const k = d.k;
  const c = smallest(d);
  const little = max(EMPTY, min(sqrt(d.tolerance), MOST_EMPTY));
  const empty = abs(d.s[c]) <= little * max(maxAbs(k, d.s), d.norm);
  if (!empty && k == min(d.m, d.n)) return false;
  const sigma = largestOutside(d, empty ? 0 : k, d.scalars.lambda + abs(d.s[c]));
  if (sigma == 0) return false;
  const A = d.vector(FACTORS);
  const p = d.vector(DIRECTION);
  const q = second(d, p);
  // (their columns are singular vectors then: that of the smallest pair is a column of its own)
  balance(d, false);
  p.clear(d.size);
  for (let i = 0; i < d.m; i++) p[i * k + c] = -d.P[i] / sigma;
  for (let j = 0; j < d.n; j++) q[j * k + c] = d.Q[j];
  measure(d);
  const t = line[2] < -GAIN * d.kept<Kept>().norm ? leastFromLevel() : 0;
  if (t > 0) addScaled(d.size, t, p, A);
  p.clear(d.size);
  if (t == 0) return false;
  d.kept<Kept>().still = 0;
  compress(d);
  return true;
}

/** Entries lighter than this, beside the heaviest of row and column, ask for what is lost in H. */
const LOST: f64 = 1e-12;

/** Are there such? Then no slope tells that they are met, and it goes on to the last iteration. */
export function losesSight(d: Descent): bool {
  const n = d.n;
  const w = d.weights!;
  const a = d.vector(SCALES);
  const b = a.from(d.m);
  for (let ij = 0; ij < d.cells; ij++) {
    const share = w[ij] / a[ij / n] / b[ij % n];
    if (share > 0 && share < LOST) return true;
  }
  return false;
}

/** p = -z + β p; z, of the layout of theta, is in d.P */
function turn(d: Descent, beta: f64): void {
  const p = d.vector(DIRECTION);
  scale(d.size, beta, p);
  addScaled(d.size, -1, d.P, p);
}

/**
 * Rows X of A (or B) whose entries weigh less than eps beside the heaviest have no part in the loss that can be seen along p, and
 * it would lead them anywhere: they take the step of least squares, z, by themselves.
 */
function settleLight(rows: i32, k: i32, a: Vector, heaviest: f64, X: Vector, p: Vector, z: Vector): void {
  for (let i = 0; i < rows; i++) {
    if (a[i] * heaviest >= f64.EPSILON) continue;
    addScaled(k, -1, z.from(i * k), X.from(i * k));
    p.from(i * k).clear(k);
  }
}

export function conjugateGradients(d: Descent, lr: f64): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kept = d.kept<Kept>();
  const A = d.vector(FACTORS);
  const p = d.vector(DIRECTION);
  const a = d.vector(SCALES);
  const b = a.from(m);
  let beta = kept.β;
  turn(d, beta);
  if (!(dot(d.size, d.grad, p) < 0)) {
    beta = 0;
    turn(d, 0);
  }
  measure(d);
  const t = lr * least(dot(d.size, p, p), dot(d.size, A, A));
  // (straight down and nothing gained: what is left of the slopes is rounding)
  kept.still = t == 0 && beta == 0 && lr > 0 ? 1 : 0;
  copy(d.size, d.grad, d.vector(SLOPES));
  if (t > 0) {
    settleLight(m, k, a, maxAbs(n, b), A, p, d.P);
    settleLight(n, k, b, maxAbs(m, a), second(d, A), second(d, p), second(d, d.P));
  }
  addScaled(d.size, t, p, A);
  compress(d);
  if (t == 0) p.clear(d.size);
  if (kept.μ > 0) {
    kept.μ *= kept.μ < LOW * kept.norm ? FAST : FALL;
    if (kept.μ < NOTHING * kept.norm) {
      // what was gone along belongs to another loss
      kept.μ = 0;
      p.clear(d.size);
    }
  }
}
