// Small least-squares problems: H = Σ w y yᵀ, and H x = b.

import { PAIR, Pair, Pairs, Vector } from '../views';

/** A pivot below this share of its diagonal is rounding: the entries tell nothing of its direction. */
const PIVOT: f64 = 1e-14;

/** H (k x k, its lower triangle) += w y yᵀ. Pairs: one entry above the diagonal comes along, or one to spare. */
export function addOuter(k: i32, w: f64, y: Vector, H: Vector): void {
  for (let c = 0; c < k; c++) {
    const h = H.from(c * k).pairs;
    const wy = Pair.of(w * y[c]);
    const last = Pairs.bytes(c);
    for (let at: usize = 0; at <= last; at += PAIR) h[at] += wy * y.pairs[at];
  }
}

/** x <- H⁻¹x, H overwritten; what the pivots can't tell from rounding is left at 0. */
export function solve(k: i32, H: Vector, x: Vector): void {
  for (let i = 0; i < k; i++) {
    const diagonal = H[i * k + i];
    for (let j = 0; j <= i; j++) {
      let sum = H[i * k + j];
      for (let p = 0; p < j; p++) sum -= H[i * k + p] * H[j * k + p];
      H[i * k + j] = j < i ? sum / H[j * k + j] : sum > PIVOT * diagonal ? sqrt(sum) : Infinity;
    }
    let sum = x[i];
    for (let p = 0; p < i; p++) sum -= H[i * k + p] * x[p];
    x[i] = sum / H[i * k + i];
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = x[i];
    for (let p = i + 1; p < k; p++) sum -= H[p * k + i] * x[p];
    x[i] = sum / H[i * k + i];
  }
}
