// torch.optim.LBFGS with line_search_fn 'strong_wolfe' (PyTorch 1.13); Nocedal and Wright, Numerical
// Optimization (2006), algorithms 7.4 (two loops), 3.5 and 3.6 (line search). One iteration is one line search.
//
//     p = -H g, H from the last historySize pairs s = Δθ, y = Δg
//     θ += t p, t from lr on (at first from lr min(1, 1/Σ|g|)), so that
//     loss(t) <= loss(0) + c₁ t gᵀp and |slope(t)| <= c₂ |gᵀp|
//
// Where torch compares with lengths (a bracket of 1e-9, yᵀs of 1e-10), this compares with their own scale, as
// it is to go on down to rounding.

import { Descent } from '../descent';
import { addScaled, copy, dot, scale } from '../kernels/vector';
import { evaluate, gradient } from '../problems/index';
import { Vector } from '../views';

@unmanaged
class Options {
  historySize: f64;
}

@unmanaged
class Kept {
  /** pairs there were so far */
  pairs: f64;
  /** line searches in a row that found no smaller loss */
  still: f64;
}

const C1: f64 = 1e-4;
const C2: f64 = 0.9;
/** Most evaluations in a line search. */
const MOST: i32 = 25;
/** A bracket this narrow, of its own position, is a point. */
const NARROW: f64 = 1e-9;

/** The i-th pair from the newest on, scaled to yᵀs = 1: s, and y in the next vector. */
function pair(d: Descent, i: i32): i32 {
  // (unsigned: whatever a saved descent may hold, this stays within the state)
  return 3 + 2 * <i32>(<u32>(<i32>d.kept<Kept>().pairs - 1 - i) % <u32>d.options<Options>().historySize);
}

/** r = H r by the two loops: down the pairs on the way into the recursion, up on the way out. */
function multiply(d: Descent, i: i32, pairs: i32, r: Vector): void {
  if (i == pairs) {
    const y = d.vector(pair(d, 0) + 1);
    return scale(d.size, 1 / dot(d.size, y, y), r);
  }
  const at = pair(d, i);
  const s = d.vector(at);
  const y = d.vector(at + 1);
  const a = dot(d.size, s, r);
  addScaled(d.size, -a, y, r);
  multiply(d, i + 1, pairs, r);
  addScaled(d.size, a - dot(d.size, y, r), s, r);
}

/** A point on the line: t, the loss and the slope there. */
@unmanaged
class Point {
  t: f64;
  loss: f64;
  slope: f64;
}

const low = changetype<Point>(memory.data(offsetof<Point>(), 8));
const high = changetype<Point>(memory.data(offsetof<Point>(), 8));
const trial = changetype<Point>(memory.data(offsetof<Point>(), 8));

function move(from: Point, to: Point): void {
  to.t = from.t;
  to.loss = from.loss;
  to.slope = from.slope;
}

/** θ = x + t p, and what is there. */
function look(d: Descent, t: f64): void {
  copy(d.size, d.vector(1), d.theta);
  addScaled(d.size, t, d.vector(0), d.theta);
  evaluate(d);
  gradient(d);
  trial.t = t;
  trial.loss = d.scalars.total;
  trial.slope = dot(d.size, d.grad, d.vector(0));
}

/** The minimum of the cubic through a and b, held within [least, most]; their middle if there is none. */
function cubic(a: Point, b: Point, least: f64, most: f64): f64 {
  const first = a.t <= b.t ? a : b;
  const last = a.t <= b.t ? b : a;
  const width = last.t - first.t;
  const d1 = first.slope + last.slope - (3 * (last.loss - first.loss)) / width;
  const d2 = sqrt(d1 * d1 - first.slope * last.slope);
  const t = last.t - (width * (last.slope + d2 - d1)) / (last.slope - first.slope + 2 * d2);
  return isFinite(t) ? min(max(t, least), most) : (least + most) / 2;
}

/** Leaves in `low` a point that satisfies the strong Wolfe conditions, or the lowest one met. */
function search(d: Descent, t: f64, loss: f64, slope: f64): void {
  let tries = 0;
  low.t = 0;
  low.loss = loss;
  low.slope = slope;
  // on until there is a bracket; low is the point before
  // (ends: at MOST tries, whatever losses are)
  for (; ; tries++) {
    look(d, t);
    if (!(trial.loss <= loss + C1 * t * slope) || (tries > 1 && trial.loss >= low.loss)) {
      move(trial, high);
      break;
    }
    if (abs(trial.slope) <= -C2 * slope || tries == MOST) return move(trial, low);
    if (trial.slope >= 0) {
      move(low, high);
      move(trial, low);
      break;
    }
    const next = cubic(low, trial, t + 0.01 * (t - low.t), 10 * t);
    move(trial, low);
    t = next;
  }
  // into the bracket
  for (let slow = false; tries < MOST; tries++) {
    const left = min(low.t, high.t);
    const right = max(low.t, high.t);
    const margin = 0.1 * (right - left);
    if (right - left <= NARROW * right) return;
    t = cubic(low, high, left, right);
    const near = min(right - t, t - left) < margin;
    if (near && (slow || t >= right || t <= left)) {
      // twice too near to an end: off it
      t = right - t < t - left ? right - margin : left + margin;
      slow = false;
    } else slow = near;
    look(d, t);
    if (!(trial.loss <= loss + C1 * t * slope) || trial.loss >= low.loss) move(trial, high);
    else {
      if (abs(trial.slope) <= -C2 * slope) return move(trial, low);
      if (trial.slope * (high.t - low.t) >= 0) move(low, high);
      move(trial, low);
    }
  }
}

/** So often in turn the loss has stood still. */
const STILL: f64 = 20;
/** What rounding leaves of a loss, in units of its last digit. */
const DIGITS: f64 = 256;

/**
 * A line search compares losses. Slopes p (of R by V and U) that are still there promise |p|²/Σw less; where that is
 * below the rounding of the loss, and the loss stands still, they can't be told from 0.
 */
export function slopesFloor(d: Descent): f64 {
  const now = d.scalars;
  return d.kept<Kept>().still < STILL
    ? 0
    : min(1e-6, sqrt(DIGITS * f64.EPSILON * now.total * d.entries) / d.norm);
}

export function lbfgs(d: Descent, lr: f64): void {
  if (lr == 0) return;
  const n = d.size;
  const now = d.scalars;
  const kept = d.kept<Kept>();
  const θ = d.theta;
  const p = d.vector(0);
  const x = d.vector(1);
  const g = d.vector(2);
  copy(n, θ, x);
  copy(n, d.grad, g);
  copy(n, g, p);
  scale(n, -1, p);
  const pairs = min(<i32>kept.pairs, <i32>d.options<Options>().historySize);
  let t = lr;
  if (pairs > 0) multiply(d, 0, pairs, p);
  else {
    let sum: f64 = 0;
    for (let i = 0; i < n; i++) sum += abs(g[i]);
    t *= min(1, 1 / sum);
  }
  const slope = dot(n, g, p);
  if (slope < 0) search(d, t, now.total, slope);
  else {
    low.t = 0;
    low.loss = now.total;
  }
  kept.still = low.loss < now.bestTotal * (1 - 4 * f64.EPSILON) ? 0 : kept.still + 1;
  if (low.t == 0) {
    // no way down: forget what the direction came from
    kept.pairs = 0;
    copy(n, x, θ);
    return;
  }
  if (trial.t != low.t) look(d, low.t);
  d.evaluated = true;
  remember(d);
}

/** The newest pair: p becomes s = t p, and g becomes -y. */
function remember(d: Descent): void {
  const n = d.size;
  const p = d.vector(0);
  const g = d.vector(2);
  scale(n, low.t, p);
  addScaled(n, -1, d.grad, g);
  const ys = -dot(n, g, p);
  if (!(ys > 1e-10 * sqrt(dot(n, g, g) * dot(n, p, p)))) return;
  scale(n, 1 / sqrt(ys), p);
  scale(n, -1 / sqrt(ys), g);
  d.kept<Kept>().pairs += 1;
  const at = pair(d, 0);
  copy(n, p, d.vector(at));
  copy(n, g, d.vector(at + 1));
}
