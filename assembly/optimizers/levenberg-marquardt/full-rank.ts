// The step at full rank, where U and V are square (of a tall or wide M, those of its factor: see problems/svd/basis.ts): they
// see all of M, no part of the gradient is outside of them, and what is to vanish is O, all of T = UᵀMV but its diagonal.
//
// - Far from the answer, where O is more than the diagonal, or U and V are not orthonormal: a leap (turn.ts), and that is all.
// - T, s and O as of orthonormal U and V (frame.ts).
// - The loss is minimized exactly within pairs (pairs.ts) or blocks (blocks.ts) of columns, as long as O is not small.
// - U and V turn by E and F, what O asks for (frame.ts), and are made as orthonormal as the next step needs (turn.ts).

import { Descent } from '../../descent';
import { maxAbs, scale, sumOfSquares } from '../../kernels/vector';
import { settle } from '../../problems/svd/residual';
import { expect, isFar, seen } from '../../problems/svd/whole';
import { Vector } from '../../views';
import { minimizeBlocks } from './blocks';
import { frame, NOISE, precondition, split } from './frame';
import { FEW, minimizePairs } from './pairs';
import { CROOKED, LONGEST, leap, spectralNorm, square, straightenBoth, turn } from './turn';

/** Pairs or blocks are minimized while |O|² is more than this of |M|²; after that the steps converge quadratically without. */
const FAR: f64 = 1e-13;
/** Orthonormal to this is orthonormal. */
const ROUNDING: f64 = 1e-15;

export function atFullRank(d: Descent, lr: f64): void {
  const k = d.k;
  const noise = NOISE * d.norm;
  // Q and t are of no more use, nor is P when T = UᵀP is there
  const T = d.Q;
  const Y = d.P;
  const r2 = d.t;

  // how far U and V are from orthonormal
  const crooked = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
  // (t is the diagonal of UᵀMV, and |O|² the rest of |M|², nearly: no product is needed to know that)
  if (isFar(d) && 2 * sumOfSquares(k, d.t) < d.norm * d.norm) return leap(d);
  seen(d, T);
  frame(d, T);
  let g2 = split(d, T, noise, r2);
  expect(d, g2);
  if (!(g2 <= sumOfSquares(k, d.s) && crooked < 0.5)) return leap(d);

  const exact = lr == 1 && g2 > FAR * d.norm * d.norm;
  if (exact) {
    if (k <= FEW) minimizePairs(d, T);
    else minimizeBlocks(d, T, Y);
    g2 = split(d, T, noise, r2);
  }
  // half of G goes with the turn; after pairs or blocks it waits, as it belongs to U and V as they were before (T was right to first
  // order in it)
  turnBoth(d, lr, T, r2, Y, sqrt(g2), crooked, exact ? 0 : 0.5);
  settle(d);
}

/** O becomes E and F, and U and V turn; `share` of G with them. */
function turnBoth(
  d: Descent,
  lr: f64,
  O: Vector,
  r2: Vector,
  Y: Vector,
  g: f64,
  crooked: f64,
  share: f64,
): void {
  const k = d.k;
  const kk = k * k;
  const E = d.grad;
  const F = E.from(kk);
  // (W and R are of no more use)
  const HU = d.W;
  const HV = d.R;
  precondition(d, O, r2, E, F);
  const enough = min(CROOKED, g / d.norm) * (share == 0 ? 0.1 : 1);
  const fine = max(ROUNDING, enough * enough);
  // a short turn is orthonormal enough (to |E|²) as it is
  const most = max(sumOfSquares(kk, E), sumOfSquares(kk, F));
  const short = most <= fine;
  let t = lr;
  let error = share == 0 ? crooked : 0;
  let cubic = false;
  if (!short) {
    square(k, E, HU);
    square(k, F, HV);
    // |E|, or where that takes longer than it is worth its bound: singular values of skew-symmetric matrices are pairs
    const length = sqrt(k <= FEW ? 0.5 * most : max(spectralNorm(k, HU, Y), spectralNorm(k, HV, Y)));
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
  turn(k, d.U, E, short ? null : HU, cubic, share, d.GU, Y);
  turn(k, d.V, F, short ? null : HV, cubic, share, d.GV, Y);
  straightenBoth(d, error, enough, Y);
}
