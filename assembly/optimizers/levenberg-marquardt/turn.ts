// How U and V are turned, and kept orthonormal.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { orthonormalize, orthonormalizeTo } from '../../kernels/householder';
import { gemm, mirror, multiply } from '../../kernels/matmul';
import { addScaled, copy, dot, scale, sumOfSquares } from '../../kernels/vector';
import { isFar } from '../../problems/svd/whole';
import { Vector } from '../../views';
import { FEW } from './pairs';

/** Longest turn: spectral norm of E. (From 1.2 on it was seen to circle for ever.) */
export const LONGEST: f64 = 0.8;
/** Leaps at least, where there are more than few columns, and at most. */
const LEAPS: i32 = 2;
const MOST_LEAPS: i32 = 16;

/** |H| of a symmetric H (k x k), by power steps from its longest row; x is scratch of 2 k. */
export function spectralNorm(k: i32, H: Vector, x: Vector): f64 {
  let longest = 0;
  let most: f64 = -1;
  for (let i = 0; i < k; i++) {
    const squares = sumOfSquares(k, H.from(i * k));
    if (squares > most) {
      most = squares;
      longest = i;
    }
  }
  const y = x.from(k);
  copy(k, H.from(longest * k), x);
  for (let step = 0; step < 3; step++) {
    const length = sqrt(sumOfSquares(k, x));
    if (length == 0) return 0;
    for (let i = 0; i < k; i++) y[i] = dot(k, H.from(i * k), x) / length;
    copy(k, y, x);
  }
  return sqrt(sumOfSquares(k, x));
}

/** H = E² */
export function square(k: i32, E: Vector, H: Vector): void {
  multiply(true, SET, k, k, k, E, k, 1, E, k, 1, H, null, k);
  mirror(k, H, 1);
}

/** How much of a turn there is: E; and H/2; and E H/8; or all. */
export const SHORTEST: i32 = 0;
const SHORT: i32 = 1;
const MIDDLE: i32 = 2;
export const LONG: i32 = 3;

/** The shortest but SHORTEST that leaves X orthonormal to `left`, for |H| = h. */
export function lengthOf(h: f64, left: f64): i32 {
  return h * h * h > 64 * left ? LONG : h * h > 4 * left ? MIDDLE : SHORT;
}

/**
 * c, b and a of a long turn: those for which the largest |r| is least over all |E| <= LONGEST (Remez). With (√5 - 2)/8, c + 1/8 and
 * (c - b²)/2 r would be a² H⁵, no less than 8.5e-7 at the end.
 */
const C: f64 = 0.02971000355433158;
const B: f64 = 0.15471034229143044;
const A: f64 = 0.002889862024207655;

/**
 * X <- X (I + Z),  Z = E + H/2 + c H² + E (b H + a H²) - share G
 *
 * The squares of I + H/2 + c H² and E (I + b H + a H²) differ by I + r, |r| <= 3.6e-9 and 7e-7 |E|⁴, and so far X stays
 * orthonormal; and to first order in G with a share of 1/2. With b = 1/8 alone r is -H³/64, with none H²/4, and without H -H.
 * Z is left in G; H is overwritten.
 */
export function turn(
  k: i32,
  X: Vector,
  E: Vector,
  H: Vector,
  length: i32,
  share: f64,
  G: Vector,
  Y: Vector,
): void {
  const kk = k * k;
  for (let ij = 0; ij < kk; ij++) G[ij] = E[ij] - share * G[ij];
  if (length >= SHORT) addScaled(kk, 0.5, H, G);
  if (length >= MIDDLE) {
    const long = length == LONG;
    const HH = Y;
    if (long) {
      square(k, H, HH);
      addScaled(kk, C, HH, G);
    }
    scale(kk, long ? B : 0.125, H);
    if (long) addScaled(kk, A, HH, H);
    const EH = Y;
    multiply(true, SET, k, k, k, E, k, 1, H, k, 1, EH, null, k);
    mirror(k, EH, -1);
    addScaled(kk, 1, EH, G);
  }
  gemm(SET, k, k, k, X, G, Y, null);
  addScaled(kk, 1, Y, X);
}

/** T <- (I + ZU)ᵀ T (I + ZV), after a turn by these. */
export function turnAlong(k: i32, T: Vector, ZU: Vector, ZV: Vector, Y: Vector): void {
  gemm(SET, k, k, k, T, ZV, Y, null);
  addScaled(k * k, 1, Y, T);
  gemm(SET + FIRST, k, k, k, ZU, T, Y, null);
  addScaled(k * k, 1, Y, T);
}

/** X <- X - X G/2, G = XᵀX - I, a gradient step on the orthonormality loss: the error e becomes 3/4 e². */
function straighten(k: i32, X: Vector, G: Vector, Y: Vector): void {
  gemm(SET, k, k, k, X, G, Y, null);
  addScaled(k * k, -0.5, Y, X);
}

/** The same for U and V, whose G are there. */
export function straightenBoth(d: Descent, Y: Vector): void {
  straighten(d.k, d.U, d.GU, Y);
  straighten(d.k, d.V, d.GV, Y);
}

/**
 * Far from the answer follow the slopes so far that the guess they start from no longer matters:
 * U <- orthonormal M V, V <- orthonormal Mᵀ U, and again until half of |M|² is in the diagonal of T = UᵀMV. The columns come out
 * nearly sorted. T, of MᵀU = V R, is Rᵀ.
 */
export function leap(d: Descent, T: Vector): void {
  const k = d.k;
  if (isFar(d)) copy(k * k, d.P, d.U);
  else gemm(SET, k, k, k, d.M, d.V, d.U, null);
  for (let i = 1; ; i++) {
    // (at first M V will do: V of MᵀM V is that of MᵀU but for rounding, which the next leap takes back)
    if (i > 1 || k <= FEW) orthonormalize(k, k, d.U, d.d, d.columns);
    gemm(SET + FIRST, k, k, k, d.M, d.U, d.V, null);
    orthonormalizeTo(k, k, d.V, d.d, d.columns, T);
    const enough = i >= (k > FEW ? LEAPS : 1) && 2 * sumOfSquares(k, d.d) >= d.norm * d.norm;
    if (enough || i == MOST_LEAPS) break;
    gemm(SET, k, k, k, d.M, d.V, d.U, null);
  }
  d.GU.clear(k * k);
  d.GV.clear(k * k);
}
