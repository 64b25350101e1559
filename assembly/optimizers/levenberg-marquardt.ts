// Levenberg-Marquardt in the moving frame; ours. Undamped it is the refinement of Ogita and Aishima, "Iterative
// refinement for singular value decomposition based on matrix multiplication", J. Comput. Appl. Math. 369 (2020).
//
// Seen from U and V, M is U T Vᵀ + KU Vᵀ + U KVᵀ + (what neither sees). With G = XᵀX - I and A = UᵀP = UᵀRV,
//
//     T = S + (GU S + S GV)/2 - A,   s = diag(T),  O = T - S,   KU = U A - P,   KV = V Aᵀ - Q
//
// and the loss is least where O, KU and KV are 0. In these coordinates its Hessian is diagonal but for 2 x 2
// blocks, so the gradient is preconditioned entry by entry. With a = O + Oᵀ, b = O - Oᵀ,
//
//     p = (sⱼ - sᵢ) a / ((sⱼ - sᵢ)² + l²),   q = (sⱼ + sᵢ) b / ((sⱼ + sᵢ)² + l²),   l² = damping² rᵢ rⱼ
//     E = (p + q)/2,   F = (p - q)/2,   KU, KV *= s/(s² + damping² r²)
//
// where rᵢ² is the share of column pair i in g² = |O|² + |KU|² + |KV|². The damping goes with the gradient
// and the convergence becomes quadratic. The step turns U, V by the generators Ω = [E -KUᵀ; KU 0] and
// [F -KVᵀ; KV 0], and corrects orthonormality to first order by -G/2 on the way.

import { ADD, FIRST, MINUS, SECOND, SET, SUBTRACT } from '../boundary';
import { Descent } from '../descent';
import { gemm, gram } from '../kernels/matmul';
import { NARROW } from '../kernels/narrow';
import { at, copy, maxAbs, scale, sumOfSquares } from '../kernels/vector';
import { residual, settle } from '../problems/svd';
import { solve } from '../outside';
import {
  CROOKED, LONGEST, NOISE, STRAIGHTENED, atFullRank, leap, precondition, spectralNorm, straighten,
} from './square';


/** Zero the columns of K that are noise; add |K|² by columns to r2. */
function outside(rows: i32, k: i32, K: usize, noise: f64, r2: usize): void {
  for (let c = 0; c < k; c++) {
    let squares: f64 = 0;
    for (let i = 0; i < rows; i++) squares += load<f64>(at(K, i * k + c)) * load<f64>(at(K, i * k + c));
    if (squares < noise * noise) for (let i = 0; i < rows; i++) store<f64>(at(K, i * k + c), 0);
    else store<f64>(at(r2, c), load<f64>(at(r2, c)) + squares);
  }
}

/** O over A, s to d.s and d.d; adds to r2 what each pair has in |O|² (twice in all). */
function core(d: Descent, A: usize, noise: f64, r2: usize): void {
  const k = d.k;
  for (let i = 0; i < k; i++) {
    const si = load<f64>(at(d.s, i));
    let row: f64 = 0;
    for (let j = 0; j < k; j++) {
      const ij = <usize>(i * k + j) << 3, sj = load<f64>(at(d.s, j));
      let o = 0.5 * load<f64>(d.GU + ij) * sj + 0.5 * si * load<f64>(d.GV + ij) - load<f64>(A + ij);
      if (i == j) {
        store<f64>(at(d.d, i), si + o);
        o = 0;
      } else if (abs(o) < noise) o = 0;
      store<f64>(A + ij, o);
      row += o * o;
      store<f64>(at(r2, j), load<f64>(at(r2, j)) + o * o);
    }
    store<f64>(at(r2, i), load<f64>(at(r2, i)) + row);
  }
  copy(k, d.d, d.s);
}

/** K *= s/(s² + damping² r²), by columns */
function preconditionOutside(d: Descent, rows: i32, K: usize, damping: f64, r2: usize): void {
  for (let c = 0; c < d.k; c++) {
    const s = load<f64>(at(d.s, c)), r = load<f64>(at(r2, c));
    const factor = r == 0 ? 0 : s / (s * s + damping * damping * r);
    for (let i = 0; i < rows; i++) {
      const ic = at(K, i * d.k + c);
      store<f64>(ic, factor * load<f64>(ic));
    }
  }
}

/** J = KᵀK (0 without K) and H = E² - J, so that Ω² begins with the columns [H; K E]; returns |H|, by power steps. */
function second(k: i32, rows: i32, E: usize, K: usize, H: usize, J: usize, x: usize): f64 {
  gram(k, k, E, H);
  if (K) gram(k, rows, K, J);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const ij = <usize>(i * k + j) << 3, one: f64 = i == j ? 1 : 0;
      if (K) store<f64>(J + ij, load<f64>(J + ij) + one);
      store<f64>(H + ij, -(load<f64>(H + ij) + one) - (K ? load<f64>(J + ij) : 0));
    }
  }
  return spectralNorm(k, H, x);
}

/**
 * X <- X (I + E - G/2) + K, or, given H and C = E H - J E, the first columns of I + Ω + Ω²/2 + Ω³/8:
 *
 *     X <- X (I + E - G/2 + H/2 + C/8) + K (I + E/2 + H/8)
 *
 * (I + Ω²/2)² - (Ω + Ω³/8)² = I - Ω⁶/64, so it stays orthonormal to |Ω|⁶/64. Overwrites G and H.
 */
function turn(k: i32, rows: i32, X: usize, E: usize, K: usize, G: usize, H: usize, J: usize, Y: usize): void {
  const bytes = <usize>(k * k) << 3;
  if (H) {
    gemm(SET, k, k, k, E, H, Y, 0);
    if (K) gemm(SUBTRACT, k, k, k, J, E, Y, 0);
  }
  for (let ij: usize = 0; ij < bytes; ij += 8) {
    const e = load<f64>(E + ij);
    let z = e - 0.5 * load<f64>(G + ij);
    if (H) {
      const h = load<f64>(H + ij);
      z += 0.5 * h + 0.125 * load<f64>(Y + ij);
      store<f64>(H + ij, 0.5 * e + 0.125 * h);
    }
    store<f64>(G + ij, z);
  }
  gemm(SET, rows, k, k, X, G, Y, 0);
  if (K && H) gemm(ADD, rows, k, k, K, H, Y, 0);
  for (let i: usize = 0, end = <usize>(rows * k) << 3; i < end; i += 8) {
    store<f64>(X + i, load<f64>(X + i) + load<f64>(Y + i) + (K ? load<f64>(K + i) : 0));
  }
}

export function levenbergMarquardt(d: Descent, lr: f64): void {
  if (d.square) return atFullRank(d, lr);
  const m = d.m, n = d.n, k = d.k, kk = k * k, damping = d.h(0), noise = NOISE * d.norm;
  // all of it scratch: vector(0) = [Y | r2 | ..], vector(1) = [A, then JU | JV], grad = [E | .. | F];
  // P and Q become KU and KV, W and R (of no more use then) HU and HV
  const Y = d.vector(0), r2 = at(Y, m * k), A = d.vector(1), JU = A, JV = at(A, kk);
  const E = d.grad, F = at(d.grad, (m + 1) * k), HU = d.W, HV = d.R;
  const KU = m > k ? d.P : 0, KV = n > k ? d.Q : 0;

  if (KU && KV && k <= NARROW) residual(d);
  gemm(SET + FIRST, k, k, m, d.U, d.P, A, 0);
  memory.fill(r2, 0, <usize>k << 3);
  if (KU) gemm(MINUS, m, k, k, d.U, A, KU, KU);
  if (KV) gemm(MINUS + SECOND, n, k, k, d.V, A, KV, KV);
  core(d, A, noise, r2);
  let g2: f64 = 0;
  for (let c = 0; c < k; c++) g2 += 0.5 * load<f64>(at(r2, c));
  if (KU) outside(m, k, KU, noise, r2);
  if (KV) outside(n, k, KV, noise, r2);
  if (KU) g2 += sumOfSquares(m * k, KU);
  if (KV) g2 += sumOfSquares(n * k, KV);
  const crooked = max(maxAbs(kk, d.GU), maxAbs(kk, d.GV));
  if (!(g2 <= sumOfSquares(k, d.s) && crooked < 0.5)) {
    return leap(d, d.M);
  }
  precondition(d, A, damping, r2, E, F);
  if (KU && KV) solve(d, KU, KV, sqrt(g2), noise, 2);
  else if (KU) preconditionOutside(d, m, KU, damping, r2);
  else if (KV) preconditionOutside(d, n, KV, damping, r2);

  const enough = min(CROOKED, sqrt(g2) / d.norm);
  const e2 = max(
    sumOfSquares(kk, E) + (KU ? sumOfSquares(m * k, KU) : 0),
    sumOfSquares(kk, F) + (KV ? sumOfSquares(n * k, KV) : 0),
  );
  // a short turn is orthonormal enough (to |Ω|²) as it is
  const short = e2 <= enough;
  let t = lr, error: f64 = 0;
  if (!short) {
    const length = sqrt(max(second(k, m, E, KU, HU, JU, Y), second(k, n, F, KV, HV, JV, Y)));
    t = min(t, LONGEST / length);
    const half = 0.25 * t * t * length * length;
    error = half * half * half + crooked * (crooked + t * length);
    scale(kk, t * t, HU);
    scale(kk, t * t, HV);
    if (KU) scale(kk, t * t, JU);
    if (KV) scale(kk, t * t, JV);
  }
  if (t != 1) {
    scale(kk, t, E);
    scale(kk, t, F);
    if (KU) scale(m * k, t, KU);
    if (KV) scale(n * k, t, KV);
  }
  turn(k, m, d.U, E, KU, d.GU, short ? 0 : HU, JU, Y);
  turn(k, n, d.V, F, KV, d.GV, short ? 0 : HV, JV, Y);
  for (let steps = 0; error > enough && steps < STRAIGHTENED; error = 0.75 * error * error, steps++) {
    straighten(k, m, d.U, d.GU, Y);
    straighten(k, n, d.V, d.GV, Y);
  }
  settle(d);
}
