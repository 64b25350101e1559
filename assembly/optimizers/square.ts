// Levenberg-Marquardt in the moving frame at full rank, where U and V are square (of a tall or wide M, those of its
// factor: see basis.ts): they see all of M, and KU and KV of levenberg-marquardt.ts are 0. With G = XᵀX - I, A = UᵀRV,
//
//     T = S + (GU S + S GV)/2 - A,   s = diag(T),  O = T - S
//
// First the loss is minimized exactly within blocks of columns (blocks.ts), then U and V are turned by E and F, the
// preconditioned O:
//
//     X <- X (I + E + E²/2 + E³/8 - G/2)
//
// (I + E²/2)² - (E + E³/8)² = I - E⁶/64, so X stays orthonormal to |E|⁶/64, and to first order in G.

import { FIRST, SET } from '../boundary';
import { minimizeBlocks, width } from '../blocks';
import { Descent } from '../descent';
import { orthonormalize } from '../kernels/householder';
import { gemm, gram, mirror, multiply } from '../kernels/matmul';
import { at, copy, dot, maxAbs, scale, sumOfSquares } from '../kernels/vector';
import { settle } from '../problems/svd';

/**
 * Entries of O and columns of KU, KV below this (M of norm 1) are rounding: they would keep U, V moving.
 * A quarter of what the loop calls still, so that what is ignored here can't keep it from stopping.
 */
export const NOISE: f64 = 2 * f64.EPSILON;
/** Longest turn: spectral norm of E. (From 1.2 on it was seen to circle for ever.) */
export const LONGEST: f64 = 0.9;
/** A step may leave UᵀU - I and VᵀV - I no larger than g, nor than this. */
export const CROOKED: f64 = 0.1;
/** Most orthonormality steps in one turn: an error below 3/4 is below any number > 0 after so many of e <- 3/4 e². */
export const STRAIGHTENED: i32 = 14;
/** Blocks are minimized while |O|² is more than this of |M|²; after that the steps converge quadratically without. */
const FAR: f64 = 1e-9;
/** Orthonormal to this is orthonormal. */
const ROUNDING: f64 = 1e-15;

/** T over A = UᵀP */
function frame(d: Descent, T: usize): void {
  const k = d.k;
  for (let i = 0; i < k; i++) {
    const si = load<f64>(at(d.s, i));
    for (let j = 0; j < k; j++) {
      const ij = <usize>(i * k + j) << 3, sj = load<f64>(at(d.s, j));
      let t = 0.5 * load<f64>(d.GU + ij) * sj + 0.5 * si * load<f64>(d.GV + ij) - load<f64>(T + ij);
      if (i == j) t += si;
      store<f64>(T + ij, t);
    }
  }
}

/** The diagonal of T becomes d.s and d.d; what is noise beside it 0; r2 what each pair has in |O|², which is returned. */
function outside(d: Descent, T: usize, noise: f64, r2: usize): f64 {
  const k = d.k;
  let all: f64 = 0;
  memory.fill(r2, 0, <usize>k << 3);
  for (let i = 0; i < k; i++) {
    let row: f64 = 0;
    for (let j = 0; j < k; j++) {
      const ij = at(T, i * k + j), o = load<f64>(ij);
      if (i == j) store<f64>(at(d.d, i), o);
      else if (abs(o) < noise) store<f64>(ij, 0);
      else {
        row += o * o;
        store<f64>(at(r2, j), load<f64>(at(r2, j)) + o * o);
      }
    }
    all += row;
    store<f64>(at(r2, i), load<f64>(at(r2, i)) + row);
  }
  copy(k, d.d, d.s);
  return all;
}

/** E and F from O. */
export function precondition(d: Descent, O: usize, damping: f64, r2: usize, E: usize, F: usize): void {
  const k = d.k;
  for (let i = 0; i < k; i++) {
    const si = load<f64>(at(d.s, i)), ri = load<f64>(at(r2, i));
    store<f64>(at(E, i * k + i), 0);
    store<f64>(at(F, i * k + i), 0);
    for (let j = i + 1; j < k; j++) {
      const ij = <usize>(i * k + j) << 3, ji = <usize>(j * k + i) << 3;
      const a = load<f64>(O + ij) + load<f64>(O + ji), b = load<f64>(O + ij) - load<f64>(O + ji);
      const D = load<f64>(at(d.s, j)) - si, S = load<f64>(at(d.s, j)) + si;
      const l2 = damping * damping * sqrt(ri * load<f64>(at(r2, j)));
      const p = a == 0 ? 0 : (D * a) / (D * D + l2), q = b == 0 ? 0 : (S * b) / (S * S + l2);
      store<f64>(E + ij, 0.5 * (p + q));
      store<f64>(E + ji, -0.5 * (p + q));
      store<f64>(F + ij, 0.5 * (p - q));
      store<f64>(F + ji, 0.5 * (q - p));
    }
  }
}

/** |H| of a symmetric H (k x k), by power steps from its longest row; x is scratch of 2 k. */
export function spectralNorm(k: i32, H: usize, x: usize): f64 {
  let longest = 0, most: f64 = -1;
  for (let i = 0; i < k; i++) {
    const squares = sumOfSquares(k, at(H, i * k));
    if (squares > most) {
      most = squares;
      longest = i;
    }
  }
  const y = at(x, k);
  copy(k, at(H, longest * k), x);
  for (let step = 0; step < 3; step++) {
    const length = sqrt(sumOfSquares(k, x));
    if (length == 0) return 0;
    for (let i = 0; i < k; i++) store<f64>(at(y, i), dot(k, at(H, i * k), x) / length);
    copy(k, y, x);
  }
  return sqrt(sumOfSquares(k, x));
}

/** H = E², returns |H| */
function square(k: i32, E: usize, H: usize, x: usize): f64 {
  multiply(true, SET, k, k, k, E, k, 1, E, k, 1, H, 0, k);
  mirror(k, H, 1);
  return spectralNorm(k, H, x);
}

/** X <- X (I + E + H/2 + E H/8 - share G), without H where that is 0; overwrites G. */
function turn(k: i32, X: usize, E: usize, H: usize, cubic: bool, share: f64, G: usize, Y: usize): void {
  if (cubic) {
    multiply(true, SET, k, k, k, E, k, 1, H, k, 1, Y, 0, k);
    mirror(k, Y, -1);
  }
  for (let ij: usize = 0, bytes = <usize>(k * k) << 3; ij < bytes; ij += 8) {
    let z = load<f64>(E + ij) - share * load<f64>(G + ij);
    if (H) z += 0.5 * load<f64>(H + ij);
    if (cubic) z += 0.125 * load<f64>(Y + ij);
    store<f64>(G + ij, z);
  }
  gemm(SET, k, k, k, X, G, Y, 0);
  for (let i: usize = 0, end = <usize>(k * k) << 3; i < end; i += 8) {
    store<f64>(X + i, load<f64>(X + i) + load<f64>(Y + i));
  }
}

/** X <- X - X (XᵀX - I)/2, a gradient step on the orthonormality loss: the error e becomes 3/4 e². */
export function straighten(k: i32, rows: i32, X: usize, G: usize, Y: usize): void {
  gram(k, rows, X, G);
  gemm(SET, rows, k, k, X, G, Y, 0);
  for (let i: usize = 0, end = <usize>(rows * k) << 3; i < end; i += 8) {
    store<f64>(X + i, load<f64>(X + i) - 0.5 * load<f64>(Y + i));
  }
}

/**
 * Far from the answer follow the slopes so far that the guess they start from no longer matters:
 * U <- orthonormal M V, V <- orthonormal Mᵀ U. The columns come out nearly sorted.
 */
export function leap(d: Descent, M: usize): void {
  const m = d.m, n = d.n, k = d.k;
  gemm(SET, m, k, n, M, d.V, d.U, 0);
  orthonormalize(m, k, d.U, d.d, d.columns);
  gemm(SET + FIRST, n, k, m, M, d.U, d.V, 0);
  orthonormalize(n, k, d.V, d.d, d.columns);
  settle(d);
}

export function atFullRank(d: Descent, lr: f64): void {
  const k = d.k, kk = k * k, noise = NOISE * d.norm;
  // Q, t, W and R are of no more use, nor is P when A = UᵀP is there
  const T = d.Q, Y = d.P, r2 = d.t, E = d.grad, F = at(d.grad, kk), HU = d.W, HV = d.R;

  gemm(SET + FIRST, k, k, k, d.U, d.P, T, 0);
  frame(d, T);
  let g2 = outside(d, T, noise, r2), share = 0.5;
  const crooked = max(maxAbs(kk, d.GU), maxAbs(kk, d.GV));
  if (!(g2 <= sumOfSquares(k, d.s) && crooked < 0.5)) return leap(d, d.M);

  const w = width(k);
  if (w && lr == 1 && g2 > FAR * d.norm * d.norm) {
    minimizeBlocks(d, T, w, Y);
    minimizeBlocks(d, T, (w + 1) >> 1, Y);
    g2 = outside(d, T, noise, r2);
    // G belongs to U and V as they were. T was right to first order in it: it can wait
    share = 0;
  }
  precondition(d, T, d.h(0), r2, E, F);

  const enough = min(CROOKED, sqrt(g2) / d.norm) * (share == 0 ? 0.1 : 1);
  const fine = max(ROUNDING, enough * enough);
  // a short turn is orthonormal enough (to |E|²) as it is
  const short = max(sumOfSquares(kk, E), sumOfSquares(kk, F)) <= fine;
  let t = lr, error = share == 0 ? crooked : 0, cubic = false;
  if (!short) {
    const length = sqrt(max(square(k, E, HU, Y), square(k, F, HV, Y)));
    t = min(t, LONGEST / length);
    const half = 0.25 * t * t * length * length;
    cubic = 4 * half * half > fine;
    error = share == 0 ? crooked : crooked * (crooked + t * length);
    if (cubic) error += half * half * half;
    scale(kk, t * t, HU);
    scale(kk, t * t, HV);
  }
  if (t != 1) {
    scale(kk, t, E);
    scale(kk, t, F);
  }
  turn(k, d.U, E, short ? 0 : HU, cubic, share, d.GU, Y);
  turn(k, d.V, F, short ? 0 : HV, cubic, share, d.GV, Y);
  for (let steps = 0; error > enough && steps < STRAIGHTENED; error = 0.75 * error * error, steps++) {
    straighten(k, k, d.U, d.GU, Y);
    straighten(k, k, d.V, d.GV, Y);
  }
  settle(d);
}
