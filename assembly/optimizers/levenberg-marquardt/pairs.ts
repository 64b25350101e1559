// Exact minimization in the plane of each pair of columns in turn (Kogbetliantz, "Solution of linear equations by
// diagonalization of coefficients matrix", 1955), for few columns. Where p and q of frame.ts are solutions to first order,
// U turns by (P + Q)/2 and V by (P - Q)/2, for
//
//     tan P = a/(sⱼ - sᵢ),   tan Q = b/(sⱼ + sᵢ),   |P|, |Q| <= π/2
//
// and both entries of O that belong to the pair are 0.

import { Descent } from '../../descent';
import { Vector } from '../../views';
import { NOISE } from './frame';

/** Columns up to which this is quicker than blocks. */
export const FEW: i32 = 16;

/** Half of an angle. */
class Half {
  /** cos P/2 for tan P = y/x */
  @inline
  static cosine(x: f64, length: f64): f64 {
    return length > 0 ? sqrt(0.5 + 0.5 * (abs(x) / length)) : 1;
  }

  /** sin P/2 */
  @inline
  static sine(x: f64, y: f64, length: f64, cosine: f64): f64 {
    return length > 0 ? (0.5 * copysign(1, x) * y) / (length * cosine) : 0;
  }
}

/** Turns two columns (or rows, with `step` 1) of k entries: x <- c x - s y, y <- s x + c y */
function rotate(k: i32, x: Vector, y: Vector, step: i32, c: f64, s: f64): void {
  for (let i = 0, at = 0; i < k; i++, at += step) {
    const xi = x[at];
    const yi = y[at];
    x[at] = c * xi - s * yi;
    y[at] = s * xi + c * yi;
  }
}

/** Minimizes over all pairs once; T (k x k) becomes that of the new U and V. */
export function minimizePairs(d: Descent, T: Vector): void {
  const k = d.k;
  const noise = NOISE * d.norm;
  const U = d.U;
  const V = d.V;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) {
      const above = T[i * k + j];
      const below = T[j * k + i];
      const difference = T[j * k + j] - T[i * k + i];
      const sum = T[j * k + j] + T[i * k + i];
      const a = above + below;
      const b = above - below;
      // (what is noise turns nothing: where its squares underflow it would not be a turn)
      const P = abs(a) < noise ? 0 : sqrt(difference * difference + a * a);
      const Q = abs(b) < noise ? 0 : sqrt(sum * sum + b * b);
      if (P == 0 && Q == 0) continue;
      const cp = Half.cosine(difference, P);
      const cq = Half.cosine(sum, Q);
      const sp = Half.sine(difference, a, P, cp);
      const sq = Half.sine(sum, b, Q, cq);
      const cu = cp * cq - sp * sq;
      const su = sp * cq + cp * sq;
      const cv = cp * cq + sp * sq;
      const sv = sp * cq - cp * sq;
      rotate(k, T.from(i), T.from(j), k, cv, sv);
      rotate(k, T.from(i * k), T.from(j * k), 1, cu, su);
      rotate(k, U.from(i), U.from(j), k, cu, su);
      rotate(k, V.from(i), V.from(j), k, cv, sv);
    }
  }
}
