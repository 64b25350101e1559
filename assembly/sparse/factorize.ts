// Ratings by conjugate gradients: entries v of rows i and columns j, most of them unknown, become
//
//     v ≈ mean + aᵢ·bⱼ,   aᵢ = [uᵢ | row bias | 1],   bⱼ = [vⱼ | 1 | column bias]
//     loss = Σ w e² + Σᵣ λ sᵣ |xᵣ|² + κ |biases|²,   e = mean + aᵢ·bⱼ - v      (xᵣ: uᵢ or vⱼ; the ones are not moved)
//
// s is 1, or, of a row (column) with a share x of the mean weight of a row, x^(3/4): the weighted norm of Srebro and
// Salakhutdinov (2010), which foretells better where some rows have many more entries than others. λ is in units of the
// entries, as |U|² and |V|² are where both are balanced; κ has none: the variance of the noise over that of the biases.
//
// As in assembly/optimizers/conjugate-gradients.ts, but with the diagonal of the Hessian for its blocks, which would cost
// k times as much here: of row i and number c about Σⱼ w times the mean of b²ⱼc, + λ. Along the direction [P | Q] an error
// becomes e + e₁ t + e₂ t², and the loss is a quartic in t. Of the three products of rows in these two are enough:
//
//     e₂ = pᵢ·qⱼ,   τ e₁ = τ (aᵢ·qⱼ + pᵢ·bⱼ) = (aᵢ + τ pᵢ)·(bⱼ + τ qⱼ) - aᵢ·bⱼ - τ² e₂,   aᵢ·bⱼ = e + v - mean
//
// with τ = |x|/|p|, so that no digits are lost. An iteration is two passes over the entries: these products, and aᵢ and bⱼ
// times the new error, which the slopes are made of. No learning rate, no sweep that has to be in order.
//
// Errors are carried from step to step; a bound on what rounding has made of them is carried along (`drift`), and where it
// can be seen in the loss they are found anew.

import { addOuter, solve } from '../kernels/cholesky';
import { addErrors, dots } from '../kernels/entries';
import { along, least, leastFromLevel, line } from '../kernels/quartic';
import { addScaled, copy, dot, scale, sumOfSquares } from '../kernels/vector';
import { uniform } from '../random';
import { PAIR, Pair, Pairs, Vector } from '../views';
import { STOOD, WORSE } from './boundary';
import { Fit, ROUNDING } from './fit';

/** The slopes: those of the errors, and of all penalties, which are returned; what is not moved has none. */
function regularize(f: Fit): f64 {
  const end = Pairs.bytes(f.size);
  const x = f.factors.pairs;
  const errors = f.both.pairs;
  const slopes = f.slopes.pairs;
  const penalty = f.penalty.pairs;
  let all = Pair.of(0);
  for (let at: usize = 0; at < end; at += PAIR) {
    const drawn = penalty[at] * x[at];
    all += drawn * x[at];
    slopes[at] = errors[2 * at + PAIR] + drawn;
  }
  for (let r = 0; r < f.all; r++) f.slopes[r * f.ld + f.oneAt(r)] = 0;
  return Pair.sum(all);
}

/** Root mean square of the errors of the held entries; 0 without. */
function heldOut(f: Fit): f64 {
  let squares: f64 = 0;
  for (let e = 0; e < f.held; e++) {
    const a = f.row(f.factors, f.heldRow[e]);
    const b = f.row(f.factors, f.rows + f.heldColumn[e]);
    const error = min(max(dot(f.ld, a, b) + f.mean, f.low), f.high) - f.heldValue[e];
    squares += error * error;
  }
  return f.held ? sqrt(squares / <f64>f.held) : 0;
}

/** Pair by pair for the kernels (kernels/entries.ts): X + a P and Y, or 0 for Y. */
function interleave(f: Fit, a: f64, P: Vector, Y: Vector | null): void {
  const x = f.factors.pairs;
  const p = P.pairs;
  const both = f.both.pairs;
  const end = Pairs.bytes(f.size);
  const by = Pair.hold(a);
  for (let at: usize = 0; at < end; at += PAIR) {
    both[2 * at] = x[at] + by * p[at];
    both[2 * at + PAIR] = Y ? Y.pairs[at] : Pair.of(0);
  }
}

/** The products of row i with those of its entries. */
function products(f: Fit, i: i32): void {
  const first = f.starts[i];
  const count = f.starts[i + 1] - first;
  dots(
    count,
    f.column.from(first).pointer,
    f.bytes,
    f.pairsOf(i),
    f.pairsOf(f.rows),
    f.change.from(2 * first).pointer,
  );
}

/** What a step of t has made of errors, loss and slopes; and the error over the held entries. */
function look(f: Fit, t: f64): void {
  const error = f.error;
  const pull = f.pull;
  const change = f.change;
  const weight = f.weight;
  interleave(f, 0, f.factors, null);
  let loss: f64 = 0;
  for (let i = 0; i < f.rows; i++) {
    const first = f.starts[i];
    const end = f.starts[i + 1];
    for (let e = first; e < end; e++) {
      const now = error[e] + t * (change[2 * e] + t * change[2 * e + 1]);
      const weighted = weight ? weight[e] * now : now;
      error[e] = now;
      if (weight) pull[e] = weighted;
      loss += now * weighted;
    }
    addErrors(
      end - first,
      f.column.from(first).pointer,
      f.bytes,
      pull.from(first).pointer,
      f.pairsOf(i),
      f.pairsOf(f.rows),
    );
  }
  f.loss = loss + regularize(f);
  f.rmse = heldOut(f);
}

/** The same anew, of the factors as they are. */
function begun(f: Fit): void {
  interleave(f, 0, f.factors, f.factors);
  for (let i = 0; i < f.rows; i++) {
    products(f, i);
    for (let e = f.starts[i]; e < f.starts[i + 1]; e++) {
      f.error[e] = f.mean - f.value[e];
      f.change[2 * e + 1] = 0;
    }
  }
  f.drift = 0;
  look(f, 1);
}

/** Σ w x² / Σ w by number, of the rows from `first` to before `end`. */
function meanSquares(f: Fit, first: i32, end: i32, into: Vector): void {
  const bytes = Pairs.bytes(f.ld);
  const squares = into.pairs;
  into.clear(f.ld);
  for (let r = first; r < end; r++) {
    const x = f.row(f.factors, r).pairs;
    const share = Pair.of(f.weightOf[r] / f.weights);
    for (let at: usize = 0; at < bytes; at += PAIR) squares[at] += share * x[at] * x[at];
  }
}

/** Where h is 0 so is g. */
const LITTLE: f64 = 2.2250738585072014e-308;

/** z = g/H in place of the slopes before; f.gain = g·z; returns β of Hestenes and Stiefel, or 0. */
function precondition(f: Fit): f64 {
  const end = Pairs.bytes(f.ld);
  const little = Pair.of(LITTLE);
  meanSquares(f, 0, f.rows, f.squaresA);
  meanSquares(f, f.rows, f.all, f.squaresB);
  let gain = Pair.of(0);
  let over = gain;
  let under = gain;
  for (let r = 0; r < f.all; r++) {
    const g = f.row(f.slopes, r).pairs;
    const z = f.row(f.before, r).pairs;
    const p = f.row(f.direction, r).pairs;
    const squares = (r < f.rows ? f.squaresB : f.squaresA).pairs;
    const penalty = f.row(f.penalty, r).pairs;
    const w = Pair.of(f.weightOf[r]);
    for (let at: usize = 0; at < end; at += PAIR) {
      const change = g[at] - z[at];
      const h = w * squares[at] + penalty[at];
      const now = g[at] / f64x2.max(h, little);
      gain += g[at] * now;
      over += change * now;
      under += change * p[at];
      z[at] = now;
    }
  }
  f.gain = Pair.sum(gain);
  const above = Pair.sum(over);
  const below = Pair.sum(under);
  return f.gone && above > 0 && below > 0 ? above / below : 0;
}

/** p = -z + β p; returns g·p. */
function aim(f: Fit, beta: f64): f64 {
  const p = f.direction.pairs;
  const z = f.before.pairs;
  const g = f.slopes.pairs;
  const end = Pairs.bytes(f.size);
  const β = Pair.of(beta);
  let slope = Pair.of(0);
  for (let at: usize = 0; at < end; at += PAIR) {
    p[at] = β * p[at] - z[at];
    slope += p[at] * g[at];
  }
  return Pair.sum(slope);
}

/** The penalty's share of what bends the loss along the direction. */
function drawn(f: Fit): f64 {
  const end = Pairs.bytes(f.size);
  const p = f.direction.pairs;
  const penalty = f.penalty.pairs;
  let all = Pair.of(0);
  for (let at: usize = 0; at < end; at += PAIR) all += penalty[at] * p[at] * p[at];
  return Pair.sum(all);
}

/** e₁ and e₂ of each entry, and the coefficients of the quartic, for a direction with this g·p; τ = |x|/|p|. */
function measure(f: Fit, slope: f64, τ: f64): void {
  const error = f.error;
  const change = f.change;
  const value = f.value;
  const weight = f.weight;
  interleave(f, τ, f.direction, f.direction);
  let c2: f64 = 0;
  let c3: f64 = 0;
  let c4: f64 = 0;
  for (let i = 0; i < f.rows; i++) {
    products(f, i);
    for (let e = f.starts[i], end = f.starts[i + 1]; e < end; e++) {
      const now = error[e];
      const ab = now + value[e] - f.mean;
      const e2 = change[2 * e + 1];
      const e1 = (change[2 * e] - ab) / τ - τ * e2;
      change[2 * e] = e1;
      const w = weight ? weight[e] : 1;
      c2 += w * (e1 * e1 + 2 * now * e2);
      c3 += w * e1 * e2;
      c4 += w * e2 * e2;
    }
  }
  line[1] = 2 * slope;
  line[2] = c2 + drawn(f);
  line[3] = 2 * c3;
  line[4] = c4;
}

/** |x|², without the ones. */
function size(f: Fit): f64 {
  let all: f64 = 0;
  for (let r = 0; r < f.all; r++) {
    const x = f.row(f.factors, r);
    const bias = x[f.biasAt(r)];
    all += sumOfSquares(f.k, x) + bias * bias;
  }
  return all;
}

/** The share of the loss's root by which errors may be off. */
const TRUE: f64 = 1e-10;

/**
 * The factors go by t; errors with them, or anew. What rounding adds is counted in weighted norms: of e, v and ab, and of
 * e₂ as it comes in; and of what e was off by before, t/τ comes back with the other sign, as ab is had of it.
 */
function go(f: Fit, t: f64, τ: f64): void {
  const share = t / τ;
  const all = sqrt(f.loss) + sqrt(f.squares);
  f.drift = abs(1 - share) * f.drift + ROUNDING * ((1 + share) * all + t * (t + τ) * sqrt(line[4]));
  addScaled(f.size, t, f.direction, f.factors);
  if (f.drift < TRUE * sqrt(f.loss + along(t))) look(f, t);
  else begun(f);
}

/** One iteration, from what `look` left; false if there is no way down. */
function improve(f: Fit): bool {
  const beta = precondition(f);
  let slope = aim(f, beta);
  if (beta > 0 && !(slope < 0)) slope = aim(f, 0);
  const pp = sumOfSquares(f.size, f.direction);
  const xx = size(f);
  const τ = pp > 0 && xx > 0 ? sqrt(xx) / sqrt(pp) : 1;
  measure(f, slope, τ);
  const t = least(pp, xx);
  f.gone = t > 0;
  // (straight down there may be one yet)
  if (!f.gone) return beta > 0;
  const slopes = f.slopes;
  f.slopes = f.before;
  f.before = slopes;
  go(f, t, τ);
  return true;
}

/** A descent from the factors as they are, with this λ. */
export function begin(f: Fit, lambda: f64): void {
  f.lambda = lambda;
  for (let r = 0; r < f.all; r++) {
    const penalty = f.row(f.penalty, r);
    for (let c = 0; c < f.k; c++) penalty[c] = lambda * f.scale[r];
    penalty[f.biasAt(r)] = f.kappa;
  }
  f.waited = 0;
  f.least = Infinity;
  f.gone = false;
  begun(f);
  remember(f);
}

/** Are these the best factors so far? Then they are kept. */
function remember(f: Fit): void {
  if (!f.held) return;
  f.waited = f.rmse < f.least * (1 - 1e-5) ? 0 : f.waited + 1;
  if (!(f.rmse < f.least)) return;
  f.least = f.rmse;
  copy(f.size, f.factors, f.best);
}

/** What an error brings to the loss is little below this share of what it does on average. */
const LOW: f64 = 1e-4;
/** Passes over the errors to find where they point. */
const PASSES: i32 = 24;

/** v /= s in the rows from `first` to before `end`, then scaled to Σ s v² = 1; returns by what. */
function unit(f: Fit, first: i32, end: i32, v: Vector): f64 {
  let squares: f64 = 0;
  for (let r = first; r < end; r++) {
    const s = f.scale[r];
    const now = s > 0 ? v[r] / s : 0;
    v[r] = now;
    squares += s * now * now;
  }
  const norm = sqrt(squares);
  scale(end - first, 1 / norm, v.from(first));
  return norm;
}

/**
 * The largest singular value of -w ∘ e/sqrt(s sᵀ), or somewhat less, and its vectors/sqrt(s) in v = [y | x]. Errors that are
 * little beside the others have no part: with a large weight it would be rounding that points.
 */
function point(f: Fit, v: Vector): f64 {
  const x = v.from(f.rows);
  const pull = f.pull;
  const little = (LOW * f.loss) / <f64>f.count;
  let σ: f64 = 0;
  uniform(0, 0, f.all, 1, v);
  for (let pass = 0; pass < 2 * PASSES; pass++) {
    const down = (pass & 1) == 1;
    const first = down ? f.rows : 0;
    const end = down ? f.all : f.rows;
    v.from(first).clear(end - first);
    for (let i = 0; i < f.rows; i++) {
      for (let e = f.starts[i]; e < f.starts[i + 1]; e++) {
        const j = f.column[e];
        if (pull[e] * f.error[e] < little) continue;
        if (down) x[j] = x[j] - pull[e] * v[i];
        else v[i] = v[i] - pull[e] * x[j];
      }
    }
    σ = unit(f, first, end, v);
  }
  return σ;
}

/** A vector of k numbers for which |A u|² + |B u|² is least, or nearly so: a step of inverse iteration. */
function emptiest(f: Fit): Vector {
  const k = f.k;
  const H = f.gram;
  const u = H.from(k * k + 1);
  H.clear(k * k);
  for (let r = 0; r < f.all; r++) addOuter(k, 1, f.row(f.factors, r), H);
  let ridge: f64 = 1e-100;
  for (let c = 0; c < k; c++) ridge += 1e-12 * H[c * (k + 1)];
  for (let c = 0; c < k; c++) H[c * (k + 1)] = H[c * (k + 1)] + ridge;
  uniform(1, 0, k, 1, u);
  solve(k, H, u);
  scale(k, 1 / sqrt(sumOfSquares(k, u)), u);
  return u;
}

/** X += a v uᵀ */
function spread(f: Fit, a: f64, v: Vector, u: Vector, X: Vector): void {
  for (let r = 0; r < f.all; r++) addScaled(f.k, a * v[r], u, f.row(X, r));
}

/** The share of the loss that it may cost to take what is nearly empty for empty. */
const EMPTY: f64 = 1e-5;

/**
 * Where factors are empty, A u = B u = 0 for some u, all slopes along u are 0 and no step leaves that; it is a minimum only if
 * σ <= λ for the σ of `point`, and then the least of all. Else P = y uᵀ, Q = x uᵀ lead down, by 2 (σ - λ) t² while t is small;
 * so they may where factors are empty in some rows and columns alone, such as have no entries in common with the others.
 * Returns what has been gained; errors are found anew in any case.
 */
function leave(f: Fit): f64 {
  const k = f.k;
  const P = f.direction;
  const v = f.before;
  const along = v.from(f.all);
  const told = f.loss;
  const u = emptiest(f);
  f.gone = false;
  // (beside what is heavy even a little there would stop the way)
  for (let r = 0; r < f.all; r++) along[r] = dot(k, f.row(f.factors, r), u);
  spread(f, -1, along, u, f.factors);
  begun(f);
  const empty = f.loss <= told * (1 + EMPTY);
  if (!empty) {
    spread(f, 1, along, u, f.factors);
    begun(f);
  }
  const σ = point(f, v);
  // (at a minimum with all factors in use σ is λ)
  if (σ > f.lambda * (empty ? 1 : 1.01) && σ < Infinity) {
    // in the unit of the factors
    const unit = sqrt(sqrt(f.loss / f.weights));
    P.clear(f.size);
    spread(f, unit, v, u, P);
    const slope = empty ? 0 : dot(f.size, f.slopes, P);
    if (slope > 0) scale(f.size, -1, P);
    measure(f, -abs(slope), 1);
    const t = leastFromLevel();
    addScaled(f.size, t, P, f.factors);
    begun(f);
    if (f.loss <= told) return told - f.loss;
    addScaled(f.size, -t, P, f.factors);
  } else if (!empty) return 0;
  if (empty) spread(f, 1, along, u, f.factors);
  begun(f);
  return 0;
}

/**
 * At most `count` (< STOOD) iterations; the loss after each, and the error over the held entries, go to `losses` and
 * `errors`. Returns how many there were, and STOOD or WORSE more where it has ended.
 */
export function descend(
  f: Fit,
  count: i32,
  tolerance: f64,
  patience: i32,
  losses: Vector,
  errors: Vector,
): i32 {
  for (let done = 1; done <= count; done++) {
    const told = f.loss;
    const over = !improve(f) || f.gain <= tolerance * f.loss + f.nothing;
    // (on a line through zeros these may be least)
    const still = over || told - f.loss <= tolerance * f.loss;
    const ended = still && leave(f) <= tolerance * f.loss + f.nothing && over;
    losses[done - 1] = f.loss;
    errors[done - 1] = f.rmse;
    remember(f);
    if (f.held && f.waited >= patience) return done + WORSE;
    if (ended) return done + STOOD;
  }
  return count;
}

/** Back to the factors with the least error over the held entries. */
export function restore(f: Fit): void {
  if (f.rmse == f.least) return;
  copy(f.size, f.best, f.factors);
  begun(f);
}

/**
 * x (size numbers) with the least Σ (y·x - v)² + λ |x|² (κ for the last number, where that is a bias), for `count` rows
 * [y | v] of Y; of several the smallest, within rounding. H is scratch of size² + 1.
 */
export function foldIn(
  count: i32,
  size: i32,
  lambda: f64,
  kappa: f64,
  Y: Vector,
  H: Vector,
  x: Vector,
): void {
  H.clear(size * size);
  x.clear(size);
  for (let e = 0; e < count; e++) {
    const y = Y.from(e * (size + 1));
    addOuter(size, 1, y, H);
    for (let c = 0; c < size; c++) x[c] = x[c] + y[c] * y[size];
  }
  for (let c = 0; c < size; c++) H[c * (size + 1)] = H[c * (size + 1)] + (c < size - 1 ? lambda : kappa);
  solve(size, H, x);
}
