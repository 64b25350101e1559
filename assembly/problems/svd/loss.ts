// The loss of a guess U, S, V and its gradient, for weights w (1 unless given):
//
//     R = w ∘ (U diag(s) Vᵀ - M),   s = d² or d
//     loss = Σ w (U diag(s) Vᵀ - M)² / Σ w + penaltyU mean((UᵀU - I)²) + penaltyV mean((VᵀV - I)²)
//     dU = 2/Σw R V diag(s)  + 4 penaltyU/k² U (UᵀU - I)
//     dV = 2/Σw Rᵀ U diag(s) + 4 penaltyV/k² V (VᵀV - I)
//     ds = 2/Σw diag(Uᵀ R V),   dd = 2 d ds or ds
//
// For square V, mean((V Vᵀ - I)²) and mean((VᵀV - I)²) and their gradients are equal, so this one
// formula is the notebooks' as well.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { gemm, gram } from '../../kernels/matmul';
import * as narrow from '../../kernels/narrow';
import { maxAbs, sumOfSquares } from '../../kernels/vector';
import { PAIR, Pair, Pairs, Vector } from '../../views';
import { columnDots, diagonal, residual } from './residual';
import { squaresOfWhole } from './whole';

// What counts as rounding. The factors themselves are rounded: |XᵀX - I| <= 1e-14 k is what any X of k columns can reach,
// and slopes of 8 eps (k + 1) |M| what any U, S, V. And they are seen through sums. One of L terms that are added up in
// turn is off by at most L u Σ|terms|, u = eps/2 (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), and
// where all terms are the same that bound is nearly reached (a column of ones). XᵀX sums over the rows of X, where
// Σ|terms| <= 1; P = R V and Q = Rᵀ U over columns and rows of R, where the norm of all Σ|terms| is <= |R| <= |M|.
const STILL: f64 = 8 * f64.EPSILON;
/** u */
const UNIT: f64 = 0.5 * f64.EPSILON;

/** What rounding of sums leaves. */
export function sums(d: Descent): f64 {
  return UNIT * <f64>max(d.m, d.n);
}

/** Slopes of R no larger than this, times |M|, are rounding. */
export function still(d: Descent): f64 {
  return STILL * <f64>(d.k + 1) + sums(d);
}

/** The loss and its terms, from |R|² (weighted once), |UᵀU - I|² and |VᵀV - I|². */
export function sum(d: Descent, squares: f64, squaresU: f64, squaresV: f64): void {
  const now = d.scalars;
  const kk = <f64>(d.k * d.k);
  now.reconstruction = squares / d.entries;
  now.orthonormalityU = squaresU / kk;
  now.orthonormalityV = squaresV / kk;
  now.total = now.reconstruction + d.penaltyU * now.orthonormalityU + d.penaltyV * now.orthonormalityV;
}

/** The loss and its terms at theta, and the slopes P = R V, Q = Rᵀ U and t = diag(Uᵀ R V). */
export function evaluate(d: Descent): void {
  const now = d.scalars;
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kk = k * k;
  const U = d.U;
  const V = d.V;
  let squares: f64;
  let squaresU: f64;
  let squaresV: f64;
  diagonal(d);
  if (k <= narrow.NARROW) {
    squares = narrow.slopes(m, n, k, d.M, d.weights, U, d.s, V, d.P, d.Q, d.t, d.W);
    squaresU = narrow.gram(k, m, U, d.GU);
    squaresV = narrow.gram(k, n, V, d.GV);
  } else {
    gram(k, m, U, d.GU);
    gram(k, n, V, d.GV);
    squares = d.square ? squaresOfWhole(d) : residual(d);
    if (!d.square) {
      gemm(SET, m, k, n, d.R, V, d.P, null);
      gemm(SET + FIRST, n, k, m, d.R, U, d.Q, null);
      columnDots(m, k, U.pairs, d.P.pairs, d.t.pairs);
    }
    squaresU = sumOfSquares(kk, d.GU);
    squaresV = sumOfSquares(kk, d.GV);
  }
  sum(d, squares, squaresU, squaresV);
  if (now.lambda > 0) {
    for (let c = 0; c < k; c++) now.total += ((2 * now.lambda) / d.entries) * abs(d.s[c]);
  }
  if (d.tolerance > 0) {
    // (for square U and V the norms are that of R)
    const squaresP = d.square ? squares : sumOfSquares(m * k, d.P);
    const squaresQ = d.square ? squares : sumOfSquares(n * k, d.Q);
    // (where they are small, U diag(s) Vᵀ is no larger than M, and so is its rounding)
    now.stationarity = sqrt(squaresP + squaresQ) / d.norm;
    now.orthonormality = max(maxAbs(kk, d.GU), maxAbs(kk, d.GV));
  }
}

/** dX = c P diag(s) + penalty X G for X (rows x k) */
function combine(
  d: Descent,
  rows: i32,
  c: f64,
  P: Vector,
  penalty: f64,
  X: Vector,
  G: Vector,
  dX: Vector,
): void {
  const k = d.k;
  const s = d.s;
  // (a sum of its own: there a row of G stays in registers, and nothing is packed)
  if (k <= narrow.NARROW) return narrow.combine(rows, k, c, P, s, penalty, X, G, dX);
  gemm(SET, rows, k, k, X, G, dX, null);
  const a = Pair.of(penalty);
  const b = Pair.of(c);
  const even = Pairs.bytes(k & ~1);
  for (let i = 0; i < rows; i++) {
    const row = Pairs.bytes(i * k);
    for (let j: usize = 0; j < even; j += PAIR) {
      dX.pairs[row + j] = a * dX.pairs[row + j] + b * (P.pairs[row + j] * s.pairs[j]);
    }
    const last = i * k + k - 1;
    if (k & 1) dX[last] = penalty * dX[last] + c * (P[last] * s[k - 1]);
  }
}

/** The gradient at theta, from what `evaluate` left in the workspace. */
export function gradient(d: Descent): void {
  const k = d.k;
  const c = 2 / d.entries;
  const p = 4 / <f64>(k * k);
  const dU = d.grad;
  const dd = dU.from(d.m * k);
  const dV = dd.from(k);
  combine(d, d.m, c, d.P, p * d.penaltyU, d.U, d.GU, dU);
  // (where k is odd, this runs over into dV, which comes next)
  const squared = d.squared;
  const twice = Pair.of(squared ? 2 * c : c);
  const root = d.d.pairs;
  const t = d.t.pairs;
  const end = Pairs.bytes(k);
  for (let j: usize = 0; j < end; j += PAIR) {
    const ds = twice * t[j];
    dd.pairs[j] = squared ? ds * root[j] : ds;
  }
  combine(d, d.n, c, d.Q, p * d.penaltyV, d.V, d.GV, dV);
}
