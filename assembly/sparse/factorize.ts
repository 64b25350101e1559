// Ratings by conjugate gradients: entries v of rows i and columns j, most of them unknown, become
//
//     v ≈ mean + aᵢ·bⱼ,   aᵢ = [uᵢ | row bias | 1],   bⱼ = [vⱼ | 1 | column bias]
//     loss = Σ w (aᵢ·bⱼ + mean - v)² + λ (Σ sᵢ|uᵢ|² + Σ sⱼ|vⱼ|²) + κ |biases|²      (the ones are not moved)
//
// s is 1, or, of a row (column) with a share x of the mean weight of a row, x^(3/4): the weighted norm of Srebro and
// Salakhutdinov (2010), which foretells better where some rows have many more entries than others. (λ is in units of the entries, as |U|² and |V|² are where both are balanced; κ has none: the variance of the noise over
// that of the biases.) As in assembly/optimizers/conjugate-gradients.ts, but with the diagonal of the Hessian for its blocks, which would cost
// k times as much here: of row i and number c about Σⱼ w times the mean of b²ⱼc, + λ. An iteration is two passes over the
// entries. Along p the loss is a quartic in t; its coefficients are sums of e₁ = aᵢ·qⱼ + pᵢ·bⱼ and e₂ = pᵢ·qⱼ. Then the
// new errors and what is added to the slopes, aᵢ and bⱼ times the error. No learning rate, no sweep that has to be in order.

import { addOuter, solve } from '../kernels/cholesky';
import { least, line } from '../kernels/quartic';
import { alloc } from '../memory';
import { draw, GOLDEN } from '../random';
import { Vector } from '../views';

/** Behind it, in one block, all of its arrays; `release` frees them. */
@unmanaged
export class Fit {
  // what the wrapper reads, f64 by f64
  lambda: f64;
  kappa: f64;
  mean: f64;
  /** what is descended on */
  loss: f64;
  /** g·z: about what is left to gain */
  gain: f64;
  /** root mean square of the errors of the entries that are held out */
  rmse: f64;
  /** predictions are held within these */
  low: f64;
  high: f64;
  /** the least `rmse` since `begin`, of the factors that `best` has, and iterations since */
  least: f64;
  waited: f64;
  /** Σ w */
  weights: f64;
  /** 1; 0 = neither biases nor ones */
  biases: f64;
  /** 1: rows count by what they weigh in the penalty */
  weighted: f64;

  rows: i32;
  columns: i32;
  k: i32;
  /** numbers in a row of A or B: k, the bias and the one, rounded up to fours */
  ld: i32;
  /** entries that are fitted, and those that are held out */
  count: i32;
  held: i32;
  /** is p a direction that has been gone? */
  gone: i32;
  /** length of what has the layout of the factors, [A | B] */
  size: i32;

  /** i32, where each row's entries start, and the column of each entry */
  starts: usize;
  column: usize;
  value: usize;
  /** 0 where all are 1 */
  weight: usize;
  /** of each entry, times its weight */
  error: usize;
  heldRow: usize;
  heldColumn: usize;
  heldValue: usize;
  factors: usize;
  slopes: usize;
  /** of the step before */
  before: usize;
  direction: usize;
  best: usize;
  /** Σ w of each row and column */
  rowWeight: usize;
  columnWeight: usize;
  /** s of each row, then of each column */
  scale: usize;
}

class At {
  @inline
  static integer(x: usize, i: i32): i32 {
    return load<i32>(x + ((<usize>i) << 2));
  }

  @inline
  static set(x: usize, i: i32, value: i32): void {
    store<i32>(x + ((<usize>i) << 2), value);
  }

  @inline
  static weight(f: Fit, e: i32): f64 {
    return f.weight ? Vector.at(f.weight)[e] : 1;
  }

  /** Row i of A in x, which is laid out as the factors. */
  @inline
  static a(f: Fit, x: usize, i: i32): usize {
    return x + ((<usize>i * f.ld) << 3);
  }

  /** Row j of B. */
  @inline
  static b(f: Fit, x: usize, j: i32): usize {
    return x + (((<usize>f.rows + j) * f.ld) << 3);
  }
}

let cursor: usize = 0;

/** An even number of words. */
function take(words: f64): usize {
  const at = cursor;
  cursor += <usize>((<i64>words + 1) & ~1) << 3;
  return at;
}

/** Room for so many entries and held ones; all but these is 0. */
export function createFit(rows: i32, columns: i32, k: i32, count: i32, held: i32, weights: bool, biases: bool, weighted: bool): Fit {
  const head = Math.ceil(<f64>offsetof<Fit>() / 16) * 2, ld = (k + 2 + 3) & ~3, m = <f64>rows, n = <f64>columns;
  const size = (m + n) * <f64>ld, small = head + 5 * size + 2 * (m + n) + 24;
  const words = small + <f64>count * (weights ? 3 : 2) + <f64>count / 2 + 2 * <f64>held + m / 2 + 16;
  const f = changetype<Fit>(alloc(words));
  memory.fill(changetype<usize>(f), 0, <usize>small << 3);
  cursor = changetype<usize>(f);
  take(head);
  f.rows = rows;
  f.columns = columns;
  f.k = k;
  f.ld = ld;
  f.count = count;
  f.held = held;
  f.size = <i32>size;
  f.biases = biases ? 1 : 0;
  f.weighted = weighted ? 1 : 0;
  f.low = -Infinity;
  f.high = Infinity;
  f.factors = take(size);
  f.slopes = take(size);
  f.before = take(size);
  f.direction = take(size);
  f.best = take(size);
  f.rowWeight = take(m);
  f.columnWeight = take(n);
  f.scale = take(m + n);
  f.starts = take((m + 2) / 2);
  f.column = take(<f64>(count + 1) / 2);
  f.value = take(count);
  f.error = take(count);
  if (weights) f.weight = take(count);
  f.heldRow = take(<f64>(held + 1) / 2);
  f.heldColumn = take(<f64>(held + 1) / 2);
  f.heldValue = take(held);
  return f;
}

/** Where its arrays are, in their order. */
export function fitField(f: Fit, which: i32): usize {
  return load<usize>(changetype<usize>(f) + offsetof<Fit>('starts') + ((<usize>which) << 2));
}

/**
 * Of `count` entries in any order those that the draws (share of 2^32) choose are held out, the rest sorted by rows; the
 * wrapper has counted before. Weights of 0 are no entries and must not come.
 */
export function arrange(f: Fit, count: i32, row: usize, column: usize, value: usize, weight: usize, seed: u32, share: f64): void {
  const most = share * 4294967296, rows = f.rows;
  memory.fill(f.starts, 0, (<usize>rows + 1) << 2);
  let held = 0;
  for (let e = 0; e < count; e++) {
    if (<f64>draw(seed + <u32>e * GOLDEN) < most) {
      At.set(f.heldRow, held, At.integer(row, e));
      At.set(f.heldColumn, held, At.integer(column, e));
      Vector.at(f.heldValue)[held] = Vector.at(value)[e];
      held++;
    } else {
      const i = At.integer(row, e) + 1;
      At.set(f.starts, i, At.integer(f.starts, i) + 1);
    }
  }
  for (let i = 0; i < rows; i++) At.set(f.starts, i + 1, At.integer(f.starts, i) + At.integer(f.starts, i + 1));
  const rowWeight = Vector.at(f.rowWeight), columnWeight = Vector.at(f.columnWeight);
  let sum: f64 = 0, all: f64 = 0;
  for (let e = 0; e < count; e++) {
    if (<f64>draw(seed + <u32>e * GOLDEN) < most) continue;
    const i = At.integer(row, e), j = At.integer(column, e), to = At.integer(f.starts, i);
    const w = weight ? Vector.at(weight)[e] : 1, v = Vector.at(value)[e];
    At.set(f.starts, i, to + 1);
    At.set(f.column, to, j);
    Vector.at(f.value)[to] = v;
    if (weight) Vector.at(f.weight)[to] = w;
    rowWeight[i] = rowWeight[i] + w;
    columnWeight[j] = columnWeight[j] + w;
    sum += w * v;
    all += w;
  }
  for (let i = rows; i > 0; i--) At.set(f.starts, i, At.integer(f.starts, i - 1));
  At.set(f.starts, 0, 0);
  f.weights = all;
  for (let r = 0; r < rows + f.columns; r++) {
    const share = r < rows ? (rowWeight[r] * <f64>rows) / all : (columnWeight[r - rows] * <f64>f.columns) / all;
    Vector.at(f.scale)[r] = f.weighted > 0 ? sqrt(share) * sqrt(sqrt(share)) : 1;
  }
  f.mean = f.biases > 0 ? sum / all : 0;
}

/** How many of the draws would hold an entry out. */
export function countHeld(count: i32, seed: u32, share: f64): i32 {
  let held = 0;
  for (let e = 0; e < count; e++) if (<f64>draw(seed + <u32>e * GOLDEN) < share * 4294967296) held++;
  return held;
}

/**
 * A start: no biases, and factors drawn so that their products have a root mean square of about `size`. The ones stand where
 * a bias is on the other side.
 */
export function scatter(f: Fit, seed: u32, size: f64): void {
  // (uniform draws in [-1/2, 1/2) have a variance of 1/12)
  const k = f.k, root = sqrt((12 * size) / sqrt(<f64>k));
  for (let r = 0; r < f.rows + f.columns; r++) {
    const x = Vector.at(f.factors).from(r * f.ld), one = r < f.rows ? k + 1 : k;
    // (what has no entries is 0)
    const any = (r < f.rows ? Vector.at(f.rowWeight)[r] : Vector.at(f.columnWeight)[r - f.rows]) > 0 ? root : 0;
    for (let c = 0; c < k; c++) x[c] = any * (<f64>draw(seed * 747796405 + <u32>(r * k + c)) / 4294967296 - 0.5);
    x[k] = 0;
    x[k + 1] = 0;
    x[one] = f.biases;
  }
}

/** x·y, both a row of the factors */
function dot(ld: i32, x: usize, y: usize): f64 {
  let p = f64x2.splat(0), q = p;
  for (const end = x + ((<usize>ld) << 3); x < end; x += 32) {
    p = f64x2.add(p, f64x2.mul(v128.load(x), v128.load(y)));
    q = f64x2.add(q, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    y += 32;
  }
  p = f64x2.add(p, q);
  return f64x2.extract_lane(p, 0) + f64x2.extract_lane(p, 1);
}

/** The penalty on number c of row r. */
// @ts-ignore: decorator
@inline
function penalty(f: Fit, r: i32, c: i32): f64 {
  return c < f.k ? f.lambda * Vector.at(f.scale)[r] : f.kappa;
}

/** All penalties, their slopes added to those of the errors; what is not moved has none. */
function regularize(f: Fit): f64 {
  const ld = f.ld, k = f.k;
  let all: f64 = 0;
  for (let r = 0; r < f.rows + f.columns; r++) {
    const x = Vector.at(f.factors).from(r * ld), g = Vector.at(f.slopes).from(r * ld), fixed = r < f.rows ? k + 1 : k;
    g[fixed] = 0;
    for (let c = 0; c < k + 2; c++) {
      if (c == fixed) continue;
      const drawn = penalty(f, r, c) * x[c];
      all += drawn * x[c];
      g[c] = g[c] + drawn;
    }
  }
  return all;
}

/** Root mean square of the errors of the held entries; 0 without. */
function heldOut(f: Fit): f64 {
  let squares: f64 = 0;
  for (let e = 0; e < f.held; e++) {
    const a = At.a(f, f.factors, At.integer(f.heldRow, e)), b = At.b(f, f.factors, At.integer(f.heldColumn, e));
    const guess = min(max(dot(f.ld, a, b) + f.mean, f.low), f.high), error = guess - Vector.at(f.heldValue)[e];
    squares += error * error;
  }
  return f.held ? sqrt(squares / <f64>f.held) : 0;
}

/** Errors, loss and slopes at the factors, and the error over the held entries. */
export function look(f: Fit): void {
  const ld = f.ld, bytes = (<usize>ld) << 3;
  memory.fill(f.slopes, 0, (<usize>f.size) << 3);
  let loss: f64 = 0;
  for (let i = 0; i < f.rows; i++) {
    const a = At.a(f, f.factors, i), ga = At.a(f, f.slopes, i);
    for (let e = At.integer(f.starts, i), end = At.integer(f.starts, i + 1); e < end; e++) {
      const j = At.integer(f.column, e), b = At.b(f, f.factors, j), gb = At.b(f, f.slopes, j);
      const error = dot(ld, a, b) + f.mean - Vector.at(f.value)[e], weighted = At.weight(f, e) * error;
      Vector.at(f.error)[e] = weighted;
      loss += error * weighted;
      const factor = f64x2.splat(weighted);
      for (let c: usize = 0; c < bytes; c += 32) {
        v128.store(ga + c, f64x2.add(v128.load(ga + c), f64x2.mul(factor, v128.load(b + c))));
        v128.store(ga + c, f64x2.add(v128.load(ga + c, 16), f64x2.mul(factor, v128.load(b + c, 16))), 16);
        v128.store(gb + c, f64x2.add(v128.load(gb + c), f64x2.mul(factor, v128.load(a + c))));
        v128.store(gb + c, f64x2.add(v128.load(gb + c, 16), f64x2.mul(factor, v128.load(a + c, 16))), 16);
      }
    }
  }
  f.loss = loss + regularize(f);
  f.rmse = heldOut(f);
}

const NUMBERS: i32 = 1024;
/** Weighted means of the squares of A and of B, by number. */
const squaresA = Vector.at(memory.data(NUMBERS * 8, 16));
const squaresB = Vector.at(memory.data(NUMBERS * 8, 16));

function meanSquares(f: Fit, rows: i32, X: usize, weight: Vector, into: Vector): void {
  const ld = f.ld;
  for (let c = 0; c < ld; c++) into[c] = 0;
  for (let r = 0; r < rows; r++) {
    const x = Vector.at(X).from(r * ld), share = weight[r] / f.weights;
    for (let c = 0; c < ld; c++) into[c] = into[c] + share * x[c] * x[c];
  }
}

/** p = -z + β p, z = g/H, β of Hestenes and Stiefel; leaves g·z in f.gain and returns g·p. */
function aim(f: Fit): f64 {
  const ld = f.ld, count = f.rows + f.columns, used = f.k + 2;
  const rowWeight = Vector.at(f.rowWeight), columnWeight = Vector.at(f.columnWeight);
  meanSquares(f, f.rows, f.factors, rowWeight, squaresA);
  meanSquares(f, f.columns, At.b(f, f.factors, 0), columnWeight, squaresB);
  let gain: f64 = 0, over: f64 = 0, under: f64 = 0, slope: f64 = 0;
  for (let pass = 0; pass < 2; pass++) {
    const beta = f.gone && over > 0 && under > 0 ? over / under : 0;
    slope = 0;
    for (let r = 0; r < count; r++) {
      const g = Vector.at(f.slopes).from(r * ld), p = Vector.at(f.direction).from(r * ld), old = Vector.at(f.before).from(r * ld);
      const own = r < f.rows, w = own ? rowWeight[r] : columnWeight[r - f.rows], squares = own ? squaresB : squaresA;
      for (let c = 0; c < used; c++) {
        const h = w * squares[c] + penalty(f, r, c), z = h > 0 ? g[c] / h : 0;
        if (pass == 0) {
          const change = g[c] - old[c];
          gain += g[c] * z;
          over += change * z;
          under += change * p[c];
        } else {
          p[c] = beta * p[c] - z;
          slope += p[c] * g[c];
        }
      }
    }
  }
  f.gain = gain;
  return slope;
}

/** The coefficients of the quartic along p. */
function measure(f: Fit, slope: f64): void {
  const ld = f.ld, bytes = (<usize>ld) << 3;
  let c2: f64 = 0, c3: f64 = 0, c4: f64 = 0;
  for (let i = 0; i < f.rows; i++) {
    const first = At.a(f, f.factors, i), toDirection = f.direction - f.factors;
    for (let e = At.integer(f.starts, i), end = At.integer(f.starts, i + 1); e < end; e++) {
      let s1 = f64x2.splat(0), t1 = s1, s2 = s1, t2 = s1;
      for (let a = first, b = At.b(f, f.factors, At.integer(f.column, e)), last = a + bytes; a < last; a += 32, b += 32) {
        const p = a + toDirection, q = b + toDirection, p0 = v128.load(p), p1 = v128.load(p, 16), q0 = v128.load(q), q1 = v128.load(q, 16);
        s1 = f64x2.add(s1, f64x2.add(f64x2.mul(v128.load(a), q0), f64x2.mul(p0, v128.load(b))));
        t1 = f64x2.add(t1, f64x2.add(f64x2.mul(v128.load(a, 16), q1), f64x2.mul(p1, v128.load(b, 16))));
        s2 = f64x2.add(s2, f64x2.mul(p0, q0));
        t2 = f64x2.add(t2, f64x2.mul(p1, q1));
      }
      s1 = f64x2.add(s1, t1);
      s2 = f64x2.add(s2, t2);
      const e1 = f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1), e2 = f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1);
      const w = At.weight(f, e);
      c2 += w * e1 * e1 + 2 * Vector.at(f.error)[e] * e2;
      c3 += w * e1 * e2;
      c4 += w * e2 * e2;
    }
  }
  let drawn: f64 = 0;
  for (let r = 0; r < f.rows + f.columns; r++) {
    const p = Vector.at(f.direction).from(r * ld);
    for (let c = 0; c < f.k + 2; c++) drawn += penalty(f, r, c) * p[c] * p[c];
  }
  line[1] = 2 * slope;
  line[2] = c2 + drawn;
  line[3] = 2 * c3;
  line[4] = c4;
}

/** One iteration, from what `look` left; false if there is no way down. */
export function improve(f: Fit): bool {
  const words = (<usize>f.size) << 3;
  let slope = aim(f);
  if (f.gone && !(slope < 0)) {
    f.gone = 0;
    slope = aim(f);
  }
  measure(f, slope);
  let pp: f64 = 0, xx: f64 = 0;
  for (let at = 0; at < f.size; at++) {
    const p = Vector.at(f.direction)[at], x = Vector.at(f.factors)[at];
    pp += p * p;
    xx += x * x;
  }
  const t = least(pp, xx);
  memory.copy(f.before, f.slopes, words);
  f.gone = t > 0 ? 1 : 0;
  for (let at: usize = 0; at < words; at += 16) {
    const x = f.factors + at;
    v128.store(x, f64x2.add(v128.load(x), f64x2.mul(f64x2.splat(t), v128.load(f.direction + at))));
  }
  look(f);
  return t > 0;
}

/** A descent from the factors as they are, with this λ. */
export function begin(f: Fit, lambda: f64): void {
  f.lambda = lambda;
  f.gone = 0;
  f.waited = 0;
  look(f);
  f.least = Infinity;
  remember(f);
}

/** Are these the best factors so far? Then they are kept. */
function remember(f: Fit): void {
  if (!f.held) return;
  f.waited = f.rmse < f.least * (1 - 1e-5) ? 0 : f.waited + 1;
  if (!(f.rmse < f.least)) return;
  f.least = f.rmse;
  memory.copy(f.best, f.factors, (<usize>f.size) << 3);
}

/** Why a descent ended. */
const CONVERGED: i32 = 1000;
const WORSE: i32 = 2000;

/**
 * At most `count` (< 1000) iterations; the loss after each, and the error over the held entries, go to `losses` and `errors`.
 * Returns how many there were; 1000 more where g·z came down to `tolerance` of the loss, or 2000 where the held entries
 * have not been foretold better for `patience` iterations.
 */
export function descend(f: Fit, count: i32, tolerance: f64, patience: i32, losses: usize, errors: usize): i32 {
  for (let done = 1; done <= count; done++) {
    const moved = improve(f);
    Vector.at(losses)[done - 1] = f.loss;
    Vector.at(errors)[done - 1] = f.rmse;
    remember(f);
    if (f.held && f.waited >= <f64>patience) return done + WORSE;
    if (!moved || f.gain <= tolerance * f.loss) return done + CONVERGED;
  }
  return count;
}

/** Back to the factors with the least error over the held entries. */
export function restore(f: Fit): void {
  memory.copy(f.factors, f.best, (<usize>f.size) << 3);
  f.gone = 0;
  look(f);
}

/**
 * x (size numbers) with the least Σ (y·x - v)² + λ |x|² (κ for the last number, where that is a bias), for `count` rows
 * [y | v] of Y; of several the smallest, within rounding. H is scratch of size² + 1.
 */
export function foldIn(count: i32, size: i32, lambda: f64, kappa: f64, Y: usize, H: usize, x: usize): void {
  memory.fill(H, 0, (<usize>size * size) << 3);
  memory.fill(x, 0, (<usize>size) << 3);
  for (let e = 0; e < count; e++) {
    const y = Vector.at(Y).from(e * (size + 1));
    addOuter(size, 1, y, Vector.at(H));
    for (let c = 0; c < size; c++) Vector.at(x)[c] = Vector.at(x)[c] + y[c] * y[size];
  }
  for (let c = 0; c < size; c++) {
    const cc = c * (size + 1);
    Vector.at(H)[cc] = Vector.at(H)[cc] + (c < size - 1 ? lambda : kappa);
  }
  solve(size, Vector.at(H), Vector.at(x));
}
