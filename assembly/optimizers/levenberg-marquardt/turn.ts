// How U and V are turned, and kept orthonormal.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { orthonormalize } from '../../kernels/householder';
import { gemm, gram, mirror, multiply } from '../../kernels/matmul';
import { copy, dot, sumOfSquares } from '../../kernels/vector';
import { settle } from '../../problems/svd/residual';
import { isFar } from '../../problems/svd/whole';
import { Vector } from '../../views';

/** Longest turn: spectral norm of E. (From 1.2 on it was seen to circle for ever.) */
export const LONGEST: f64 = 0.9;
/** A step may leave UᵀU - I and VᵀV - I no larger than g, nor than this. */
export const CROOKED: f64 = 0.1;

/** Most orthonormality steps in one turn: an error below 3/4 is below any number > 0 after so many of e <- 3/4 e². */
const STRAIGHTENED: i32 = 14;

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

/**
 * X <- X (I + E + H/2 + E H/8 - share G)
 *
 * without H where that is null, without E H unless `cubic`. (I + E²/2)² - (E + E³/8)² = I - E⁶/64, so X stays orthonormal
 * to |E|⁶/64, and to first order in G with a share of 1/2. Overwrites G.
 */
export function turn(
  k: i32,
  X: Vector,
  E: Vector,
  H: Vector | null,
  cubic: bool,
  share: f64,
  G: Vector,
  Y: Vector,
): void {
  const EH = Y;
  if (cubic) {
    multiply(true, SET, k, k, k, E, k, 1, H!, k, 1, EH, null, k);
    mirror(k, EH, -1);
  }
  for (let ij = 0; ij < k * k; ij++) {
    let z = E[ij] - share * G[ij];
    if (H) z += 0.5 * H[ij];
    if (cubic) z += 0.125 * EH[ij];
    G[ij] = z;
  }
  gemm(SET, k, k, k, X, G, Y, null);
  for (let i = 0; i < k * k; i++) X[i] += Y[i];
}

/** X <- X - X (XᵀX - I)/2, a gradient step on the orthonormality loss: the error e becomes 3/4 e². */
function straighten(k: i32, rows: i32, X: Vector, G: Vector, Y: Vector): void {
  gram(k, rows, X, G);
  gemm(SET, rows, k, k, X, G, Y, null);
  for (let i = 0; i < rows * k; i++) X[i] -= 0.5 * Y[i];
}

/** So often that an `error` of U and V comes down to what is `enough`. */
export function straightenBoth(d: Descent, error: f64, enough: f64, Y: Vector): void {
  for (let steps = 0; error > enough && steps < STRAIGHTENED; steps++) {
    straighten(d.k, d.m, d.U, d.GU, Y);
    straighten(d.k, d.n, d.V, d.GV, Y);
    error = 0.75 * error * error;
  }
}

/**
 * Far from the answer follow the slopes so far that the guess they start from no longer matters:
 * U <- orthonormal M V, V <- orthonormal Mᵀ U. The columns come out nearly sorted.
 */
export function leap(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  if (isFar(d)) copy(k * k, d.P, d.U);
  else gemm(SET, m, k, n, d.M, d.V, d.U, null);
  orthonormalize(m, k, d.U, d.d, d.columns);
  gemm(SET + FIRST, n, k, m, d.M, d.U, d.V, null);
  orthonormalize(n, k, d.V, d.d, d.columns);
  settle(d);
}
