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

import { FIRST, MINUS, SECOND, SET } from '../boundary';
import { Descent } from '../descent';
import { gemm, gram } from '../kernels/matmul';
import * as narrow from '../kernels/narrow';
import { maxAbs, multiplyAdd, sum, sumOfSquares } from '../kernels/vector';

/** s = d² or d */
function diagonal(d: Descent): void {
  const squared = d.squared;
  for (let at: usize = 0, end = <usize>d.k << 3; at < end; at += 16) {
    const value = v128.load(d.d + at);
    v128.store(d.s + at, squared ? f64x2.mul(value, value) : value);
  }
}

/** d holds s; make it d. s = d² can't be negative: the sign goes into U. */
export function settle(d: Descent): void {
  if (!d.squared) return;
  for (let c = 0; c < d.k; c++) {
    const at = d.d + (<usize>c << 3), s = load<f64>(at);
    if (s < 0) for (let i = 0; i < d.m; i++) {
      const ic = d.U + (<usize>(i * d.k + c) << 3);
      store<f64>(ic, -load<f64>(ic));
    }
    store<f64>(at, sqrt(abs(s)));
  }
}

/** W = V diag(s) */
function spread(d: Descent): void {
  const ld = <usize>d.k << 3;
  let from = d.V, to = d.W;
  for (const end = to + <usize>d.n * ld; to < end; to += ld) {
    // (where k is odd, each row runs over into the next, which follows)
    for (let at: usize = 0; at < ld; at += 16) v128.store(to + at, f64x2.mul(v128.load(from + at), v128.load(d.s + at)));
    from += ld;
  }
}

/** R *= w; returns Σ w R² of R as it was */
function weigh(n: i32, w: usize, R: usize): f64 {
  let loss = f64x2.splat(0);
  for (const end = R + (<usize>n << 3); R < end; R += 16) {
    const value = v128.load(R), weighted = f64x2.mul(value, v128.load(w));
    v128.store(R, weighted);
    loss = multiplyAdd(loss, weighted, value);
    w += 16;
  }
  return sum(loss);
}

/** R = w ∘ (U diag(s) Vᵀ - M), m x n; returns its share of the loss, times Σ w. */
export function residual(d: Descent): f64 {
  const mn = d.m * d.n;
  spread(d);
  gemm(MINUS + SECOND, d.m, d.n, d.k, d.U, d.W, d.R, d.M);
  return d.weights ? weigh(mn, d.weights, d.R) : sumOfSquares(mn, d.R);
}

/** t = diag(Xᵀ P) */
export function columnDots(rows: i32, k: i32, X: usize, P: usize, t: usize): void {
  const ld = <usize>k << 3;
  for (let at: usize = 0; at < ld; at += 16) v128.store(t + at, f64x2.splat(0));
  for (; rows > 0; rows--) {
    for (let at: usize = 0; at < ld; at += 16) {
      v128.store(t + at, multiplyAdd(v128.load(t + at), v128.load(X + at), v128.load(P + at)));
    }
    X += ld;
    P += ld;
  }
}

/** The loss and its terms at theta, and the slopes P = R V, Q = Rᵀ U and t = diag(Uᵀ R V). */
export function evaluate(d: Descent): void {
  const m = d.m, n = d.n, k = d.k, U = d.U, V = d.V;
  const at = d.scalars;
  let squares: f64, squaresU: f64, squaresV: f64;
  diagonal(d);
  if (k <= narrow.NARROW) {
    squares = narrow.slopes(m, n, k, d.M, d.weights, U, d.s, V, d.P, d.Q, d.t, d.W);
    squaresU = narrow.gram(k, m, U, d.GU);
    squaresV = narrow.gram(k, n, V, d.GV);
  } else {
    squares = residual(d);
    gemm(SET, m, k, n, d.R, V, d.P, 0);
    if (!d.square) {
      gemm(SET + FIRST, n, k, m, d.R, U, d.Q, 0);
      columnDots(m, k, U, d.P, d.t);
    }
    gram(k, m, U, d.GU);
    gram(k, n, V, d.GV);
    squaresU = sumOfSquares(k * k, d.GU);
    squaresV = sumOfSquares(k * k, d.GV);
  }
  at.reconstruction = squares / d.entries;
  at.orthonormalityU = squaresU / <f64>(k * k);
  at.orthonormalityV = squaresV / <f64>(k * k);
  at.total = at.reconstruction + d.penaltyU * at.orthonormalityU + d.penaltyV * at.orthonormalityV;
  if (at.lambda > 0) for (let c: usize = 0, end = <usize>k << 3; c < end; c += 8) at.total += 2 * at.lambda / d.entries * abs(load<f64>(d.s + c));
  if (d.tolerance > 0) {
    // (for square U and V the norms are the same)
    const squaresP = sumOfSquares(m * k, d.P), squaresQ = d.square ? squaresP : sumOfSquares(n * k, d.Q);
    // (where they are small, U diag(s) Vᵀ is no larger than M, and so is its rounding)
    at.stationarity = sqrt(squaresP + squaresQ) / d.norm;
    at.orthonormality = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
  }
}

/** dX = c P diag(s) + p X G for X (rows x k) */
function combine(rows: i32, k: i32, c: f64, P: usize, s: usize, p: f64, X: usize, G: usize, dX: usize): void {
  if (k <= narrow.NARROW) return narrow.combine(rows, k, c, P, s, p, X, G, dX);
  gemm(SET, rows, k, k, X, G, dX, 0);
  const ld = <usize>k << 3, pairs = <usize>(k & ~1) << 3;
  for (; rows > 0; rows--) {
    for (let at: usize = 0; at < pairs; at += 16) {
      const slope = f64x2.mul(v128.load(P + at), v128.load(s + at));
      v128.store(dX + at, multiplyAdd(f64x2.mul(f64x2.splat(p), v128.load(dX + at)), f64x2.splat(c), slope));
    }
    if (k & 1) {
      store<f64>(dX + pairs, p * load<f64>(dX + pairs) + c * (load<f64>(P + pairs) * load<f64>(s + pairs)));
    }
    P += ld;
    dX += ld;
  }
}

/** The gradient at theta, from what `evaluate` left in the workspace. */
export function gradient(d: Descent): void {
  const m = d.m, n = d.n, k = d.k, c = 2 / d.entries, p = 4 / <f64>(k * k);
  const dd = d.grad + (<usize>(m * k) << 3), dV = dd + (<usize>k << 3);
  combine(m, k, c, d.P, d.s, p * d.penaltyU, d.U, d.GU, d.grad);
  // (where k is odd, this runs over into dV, which comes next)
  const squared = d.squared, twice = f64x2.splat(squared ? 2 * c : c);
  for (let at: usize = 0, end = <usize>k << 3; at < end; at += 16) {
    const slope = f64x2.mul(twice, v128.load(d.t + at));
    v128.store(dd + at, squared ? f64x2.mul(slope, v128.load(d.d + at)) : slope);
  }
  combine(n, k, c, d.Q, d.s, p * d.penaltyV, d.V, d.GV, dV);
}
