// M as U and V see it, and the Levenberg-Marquardt step in what they see. With G = XᵀX - I and C = (GU S + S GV)/2,
//
//     T = UᵀMV - C = S + C - UᵀRV,   s = diag(T),   O = T - S
//
// is to first order in G what U and V would see once they are orthonormal (GU and GV are G of U and of V).
//
// U(I + E) and V(I + F) with skew-symmetric E and F leave least of O, to first order, where each pair (i, j) solves two equations
// of its own. They are damped by what is left: for a = O + Oᵀ, b = O - Oᵀ, and rᵢ² the squares of O in row and column i,
//
//     p = (sⱼ - sᵢ) a / ((sⱼ - sᵢ)² + l²),   q = (sⱼ + sᵢ) b / ((sⱼ + sᵢ)² + l²),   l² = damping² rᵢ rⱼ
//     E = (p + q)/2,   F = (p - q)/2
//
// Where sⱼ - sᵢ (or the sum) is far below r = sqrt(rᵢ rⱼ), p (or q) would be next to nothing though a (or b) wants a turn: a tie
// would stay one for ever. There it counts as a share of r, TIE.

import { Descent } from '../../descent';
import { mirror } from '../../kernels/matmul';
import { copy, sumOfSquares } from '../../kernels/vector';
import { isFar } from '../../problems/svd/whole';
import { Vector } from '../../views';

/** Its hyper-parameters. */
@unmanaged
export class Options {
  damping: f64;
}

/**
 * Entries of O below this (M of norm 1) are rounding: they would keep U, V moving.
 * A quarter of what the loop calls still, so that what is ignored here can't keep it from stopping.
 */
export const NOISE: f64 = 2 * f64.EPSILON;

/** T holds UᵀP, which is UᵀMV where P = M V (isFar), UᵀRV where P = R V; makes T of it. */
export function frame(d: Descent, T: Vector): void {
  const k = d.k;
  const s = d.s;
  const GU = d.GU;
  const GV = d.GV;
  const far = isFar(d);
  for (let i = 0; i < k; i++) {
    const si = s[i];
    for (let j = 0; j < k; j++) {
      const ij = i * k + j;
      const c = 0.5 * GU[ij] * s[j] + 0.5 * si * GV[ij];
      T[ij] = far ? T[ij] - c : c - T[ij];
    }
    if (!far) T[i * (k + 1)] = T[i * (k + 1)] + si;
  }
}

/**
 * The diagonal of T becomes d.s and d.d; off it, where O is, noise becomes 0. Returns |O|², and in r2 what each pair
 * has in it, twice in all.
 */
export function split(d: Descent, T: Vector, r2: Vector): f64 {
  const k = d.k;
  const noise = NOISE * d.norm;
  const diagonal = d.d;
  let all: f64 = 0;
  r2.clear(k);
  for (let i = 0; i < k; i++) {
    let row: f64 = 0;
    for (let j = 0; j < k; j++) {
      const o = T[i * k + j];
      if (i == j) diagonal[i] = o;
      else if (abs(o) < noise) T[i * k + j] = 0;
      else {
        row += o * o;
        r2[j] += o * o;
      }
    }
    all += row;
    r2[i] += row;
  }
  copy(k, diagonal, d.s);
  return all;
}

/** The least that |sⱼ ± sᵢ| counts as, of r. */
const TIE: f64 = 0.02;

class Damped {
  /** x a/(x² + l²) */
  @inline
  static turn(x: f64, a: f64, l2: f64, rr: f64): f64 {
    const least = TIE * TIE * rr;
    if (x * x < least) x = copysign(sqrt(least), x);
    // (where a is not 0, least is not; where it is, x² may be)
    return a == 0 ? 0 : (x * a) / (x * x + l2);
  }
}

/** E and F from O, in d.grad; r2 becomes r. Returns the larger of |E|² and |F|². */
export function precondition(d: Descent, O: Vector, r2: Vector): f64 {
  const k = d.k;
  const E = d.grad;
  const F = E.from(k * k);
  const s = d.s;
  const r = r2;
  const damping = d.options<Options>().damping;
  for (let i = 0; i < k; i++) {
    const si = s[i];
    const ri = sqrt(r2[i]);
    r[i] = ri;
    E[i * k + i] = 0;
    F[i * k + i] = 0;
    for (let j = 0; j < i; j++) {
      const ij = i * k + j;
      const ji = j * k + i;
      const a = O[ij] + O[ji];
      const b = O[ij] - O[ji];
      const rr = ri * r[j];
      const l2 = damping * damping * rr;
      const p = Damped.turn(s[j] - si, a, l2, rr);
      const q = Damped.turn(s[j] + si, b, l2, rr);
      E[ij] = 0.5 * (p + q);
      F[ij] = 0.5 * (p - q);
    }
  }
  mirror(k, E, -1);
  mirror(k, F, -1);
  return max(sumOfSquares(k * k, E), sumOfSquares(k * k, F));
}
