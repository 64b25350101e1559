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
  lengthOf,
  SHORTEST,
  spectralNorm,
  square,
  straightenBoth,
  turn,
  turnAlong,
} from './turn';

/** While |O|² is more than this of |M|², pairs are minimized, and there are TURNS; after that one converges quadratically. */
const FAR: f64 = 1e-13;
/** Blocks are minimized before turns with an |E|² (Frobenius) of more than this: shorter ones get there without. */
const FLAT: f64 = 0.1;
/** Turns from one look at M to the next, but for few columns. */
const TURNS: i32 = 2;
/** Of few columns there is one, and pairs are minimized so often before it. */
const SWEEPS: i32 = 2;
/** Orthonormal to this is orthonormal. */
const ROUNDING: f64 = 1e-15;
/** Where another look at M follows, which takes it into account, this is enough. */
const SLACK: f64 = 1e-10;
/** What is seen of M is right to first order in XᵀX - I: where more comes of it than one turn it is to be no more than this. */
const CROOKED: f64 = 1e-7;

export function atFullRank(d: Descent, lr: f64): void {
  const k = d.k;
  const far = FAR * d.norm * d.norm;
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
  const many = lr == 1 && g2 > far;
  const turns = many && k > FEW ? TURNS : 1;
  for (let turned = 0; turned < turns; turned++) {
    if (turned > 0) {
      turnAlong(k, T, d.GU, d.GV, Y);
      g2 = split(d, T, r2);
      crooked = 0;
    }
    // (of few columns pairs are minimized in any case)
    let E2 = many && k <= FEW ? Infinity : precondition(d, T, r2);
    // half of G goes with a turn of its own (T is right to first order in it), where G E is rounding
    const straight = many ? crooked > CROOKED : crooked * crooked * E2 > ROUNDING * ROUNDING;
    if (straight) straightenBoth(d, Y);
    if (many && g2 > far && E2 > FLAT) {
      minimize(d, T, Y);
      split(d, T, r2);
      E2 = precondition(d, T, r2);
    }
    const length = turnBoth(d, lr, E2, Y, many || straight ? 0 : 0.5, g2 > far ? SLACK : ROUNDING);
    if (length == LONG && !many) {
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

/**
 * U and V turn by E and F, E2 the larger of |E|² and |F|², `share` of G with them, and stay orthonormal to `left`; returns how long
 * that was.
 */
function turnBoth(d: Descent, lr: f64, E2: f64, Y: Vector, share: f64, left: f64): i32 {
  const k = d.k;
  const kk = k * k;
  const E = d.grad;
  const F = E.from(kk);
  // (W and R are of no more use)
  const HU = d.W;
  const HV = d.R;
  let length = SHORTEST;
  let t = lr;
  if (E2 > left) {
    square(k, E, HU);
    square(k, F, HV);
    // |E|, or where that takes longer than it is worth its bound: singular values of skew-symmetric matrices are pairs
    const norm = sqrt(k <= FEW ? 0.5 * E2 : max(spectralNorm(k, HU, Y), spectralNorm(k, HV, Y)));
    t = min(t, LONGEST / norm);
    length = lengthOf(t * t * norm * norm, left);
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
