// The step at full rank, where U and V are square (of a tall or wide M, those of its factor: see problems/svd/basis.ts): they
// see all of M, no part of the gradient is outside of them, and what is to vanish is O, all of T = UᵀMV but its diagonal.
//
// - Far from the answer, where O is more than the diagonal, or U and V are not orthonormal: leaps (turn.ts) until that is no more so.
// - T, s and O as of orthonormal U and V (frame.ts): all of M, seen from U and V.
// - The loss is minimized exactly within pairs (pairs.ts) or blocks (blocks.ts) of columns, as long as O is not small.
// - U and V turn by E and F, what O asks for (frame.ts, turn.ts), T along with them, and the last two are done once more before M
//   is looked at anew.

import { Descent } from '../../descent';
import { gram } from '../../kernels/matmul';
import { maxAbs, scale, sumOfSquares } from '../../kernels/vector';
import { settle } from '../../problems/svd/residual';
import { expect, isFar, seen } from '../../problems/svd/whole';
import { Vector } from '../../views';
import { minimizeBlocks } from './blocks';
import { frame, precondition, split } from './frame';
import { FEW, minimizePairs } from './pairs';
import {
  LONG,
  LONGEST,
  leap,
  SHORT,
  SHORTEST,
  spectralNorm,
  square,
  straightenBoth,
  turn,
  turnAlong,
} from './turn';

/** Pairs or blocks are minimized while |O|² is more than this of |M|²; after that the steps converge quadratically without. */
const FAR: f64 = 1e-13;
/** Once turned, only while it is more than this. */
const NEAR: f64 = 1e-9;
/** Turns from one look at M to the next. */
const TURNS: i32 = 2;
/** Of few columns there is one, and pairs are minimized so often before it. */
const SWEEPS: i32 = 2;
/** Orthonormal to this is orthonormal. */
const ROUNDING: f64 = 1e-15;
/** What is seen of M is right to first order in XᵀX - I: what comes after needs it to be no more than this. */
const CROOKED: f64 = 1e-7;

export function atFullRank(d: Descent, lr: f64): void {
  const k = d.k;
  const most = d.norm * d.norm;
  // Q and t are of no more use, nor is P when T = UᵀP is there
  const T = d.Q;
  const Y = d.P;
  const r2 = d.t;

  let crooked = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
  let g2 = crooked < 0.5 ? slopes(d, T, r2) : Infinity;
  if (!(g2 <= sumOfSquares(k, d.s))) {
    leap(d, T);
    crooked = 0;
    g2 = split(d, T, r2);
  }
  expect(d, g2);
  if (lr == 1 && g2 > FAR * most) {
    if (crooked > CROOKED) straightenBoth(d, Y);
    const turns = k <= FEW ? 1 : TURNS;
    for (let turned = 0; turned < turns; turned++) {
      if (turned > 0) {
        turnAlong(k, T, d.GU, d.GV, Y);
        g2 = split(d, T, r2);
      }
      if (turned == 0 || g2 > NEAR * most) {
        minimize(d, T, Y);
        split(d, T, r2);
      }
      turnBoth(d, lr, T, r2, Y, 0);
    }
  } else {
    // half of G goes with the turn (T was right to first order in it)
    if (turnBoth(d, lr, T, r2, Y, 0.5) == LONG) {
      gram(k, k, d.U, d.GU);
      gram(k, k, d.V, d.GV);
      straightenBoth(d, Y);
    }
  }
  settle(d);
}

/** |O|², with T as U and V are; infinite where it is not worth a look. */
function slopes(d: Descent, T: Vector, r2: Vector): f64 {
  // (t is the diagonal of T, nearly, and |O|² the rest of |M|²)
  if (isFar(d) && 2 * sumOfSquares(d.k, d.t) < d.norm * d.norm) return Infinity;
  seen(d, T);
  frame(d, T);
  return split(d, T, r2);
}

/** Exactly, within pairs or blocks. */
function minimize(d: Descent, T: Vector, Y: Vector): void {
  if (d.k > FEW) minimizeBlocks(d, T, Y);
  else for (let sweep = 0; sweep < SWEEPS; sweep++) minimizePairs(d, T);
}

/** O becomes E and F, and U and V turn, `share` of G with them; returns how long that was. */
function turnBoth(d: Descent, lr: f64, O: Vector, r2: Vector, Y: Vector, share: f64): i32 {
  const k = d.k;
  const kk = k * k;
  const E = d.grad;
  const F = E.from(kk);
  // (W and R are of no more use)
  const HU = d.W;
  const HV = d.R;
  precondition(d, O, r2, E, F);
  const most = max(sumOfSquares(kk, E), sumOfSquares(kk, F));
  let length = SHORTEST;
  let t = lr;
  if (most > ROUNDING) {
    square(k, E, HU);
    square(k, F, HV);
    // |E|, or where that takes longer than it is worth its bound: singular values of skew-symmetric matrices are pairs
    const norm = sqrt(k <= FEW ? 0.5 * most : max(spectralNorm(k, HU, Y), spectralNorm(k, HV, Y)));
    t = min(t, LONGEST / norm);
    const h = t * t * norm * norm;
    length = 0.25 * h * h > ROUNDING ? LONG : SHORT;
    scale(kk, t * t, HU);
    scale(kk, t * t, HV);
  }
  if (t != 1) {
    scale(kk, t, E);
    scale(kk, t, F);
  }
  turn(k, d.U, E, HU, length, share, d.GU, Y);
  turn(k, d.V, F, HV, length, share, d.GV, Y);
  return length;
}
