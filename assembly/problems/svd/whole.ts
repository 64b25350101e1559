// The loss where U and V are square and see all of M. |R V| is |R| then, and far from the answer R itself is not needed:
//
//     |R|² = |M|² - 2 Σ sᵢ tᵢ + Σ sᵢ sⱼ (UᵀU)ᵢⱼ (VᵀV)ᵢⱼ,   t = diag(UᵀMV)
//
// loses digits where |R| is small beside |M|, but it takes M V alone, which UᵀMV takes anyway: a product less.

import { FIRST, SET } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { NARROW } from '../../kernels/narrow';
import { sumOfSquares } from '../../kernels/vector';
import { Vector } from '../../views';
import { columnDots, residual } from './residual';

/** |R|² of no less than this, of |M|², has 11 digits so. */
const NEAR: f64 = 1e-4;
/** A step from less than this leads below that. */
const NEARER: f64 = 0.1;

@unmanaged
class Kept {
  /** is P = M V, not R V? Then 1, or 2 where P and t are there already. (saved: the bits depend on it) */
  far: f64;
}

export function isFar(d: Descent): bool {
  return d.kept<Kept>().far != 0;
}

/** After a step from |R|² = `squares`: is the next one to be had from M V (far)? */
export function expect(d: Descent, squares: f64): void {
  d.kept<Kept>().far = d.k > NARROW && squares > NEARER * d.norm * d.norm ? 1 : 0;
}

/** P = M V and t are there: they need not be computed. */
export function ready(d: Descent): void {
  if (isFar(d)) d.kept<Kept>().far = 2;
}

/** |R|²; leaves P = M V and t where that is far, and R where it is near. GU and GV are there. */
export function squaresOfWhole(d: Descent): f64 {
  if (isFar(d)) {
    const k = d.k;
    const kept = d.kept<Kept>();
    if (kept.far == 1) {
      gemm(SET, k, k, k, d.M, d.V, d.P, null);
      columnDots(k, k, d.U.pairs, d.P.pairs, d.t.pairs);
    }
    kept.far = 1;
    // (not d.norm, which is 1 where M is 0)
    const all = sumOfSquares(k * k, d.M);
    const squares = all + fromDiagonal(d);
    if (squares > NEAR * all) return squares;
    kept.far = 0;
  }
  return residual(d);
}

/** |U diag(s) Vᵀ|² - 2 Σ sᵢ tᵢ */
function fromDiagonal(d: Descent): f64 {
  const k = d.k;
  const s = d.s;
  let all: f64 = 0;
  for (let i = 0; i < k; i++) {
    let row: f64 = s[i] - 2 * d.t[i];
    for (let j = 0; j < k; j++) {
      const gu = d.GU[i * k + j];
      const gv = d.GV[i * k + j];
      row += s[j] * (i == j ? gu + gv + gu * gv : gu * gv);
    }
    all += s[i] * row;
  }
  return all;
}

/** A = UᵀP, of what `squaresOfWhole` left (or kernels/narrow.ts). */
export function seen(d: Descent, A: Vector): void {
  const k = d.k;
  if (!isFar(d) && k > NARROW) gemm(SET, k, k, k, d.R, d.V, d.P, null);
  gemm(SET + FIRST, k, k, k, d.U, d.P, A, null);
}
