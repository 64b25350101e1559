// Loops over flat vectors of f64, two at a time.

import { PAIR, Pair, Pairs, Vector } from '../views';

class Odd {
  /** The n-th (odd) entry of x, by itself. */
  @inline
  static rest(n: i32, x: usize): v128 {
    return n & 1 ? v128.load64_zero(x + ((<usize>(n - 1)) << 3)) : f64x2.splat(0);
  }
}

/** Σ xᵢ yᵢ */
export function dot(n: i32, X: Vector, Y: Vector): f64 {
  let x = X.pointer,
    y = Y.pointer;
  // four sums: one addition every fourth of its latency
  let a = Odd.rest(n, x) * Odd.rest(n, y),
    b = f64x2.splat(0),
    c = b,
    d = b;
  const pairs = x + ((<usize>(n & ~1)) << 3),
    end = x + ((<usize>(n & ~7)) << 3);
  for (; x < end; x += 64) {
    a = a + v128.load(x) * v128.load(y);
    b = b + v128.load(x, 16) * v128.load(y, 16);
    c = c + v128.load(x, 32) * v128.load(y, 32);
    d = d + v128.load(x, 48) * v128.load(y, 48);
    y += 64;
  }
  for (; x < pairs; x += 16) {
    a = a + v128.load(x) * v128.load(y);
    y += 16;
  }
  return Pair.sum(a + b + (c + d));
}

/** Σ xᵢ² */
export function sumOfSquares(n: i32, x: Vector): f64 {
  return dot(n, x, x);
}

/** max |xᵢ| */
export function maxAbs(n: i32, X: Vector): f64 {
  let x = X.pointer,
    most = f64x2.abs(Odd.rest(n, x));
  for (const end = x + ((<usize>(n & ~1)) << 3); x < end; x += 16)
    most = f64x2.pmax(most, f64x2.abs(v128.load(x)));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/** x *= a */
export function scale(n: i32, a: f64, X: Vector): void {
  if (n & 1) X[n - 1] = a * X[n - 1];
  const factor = Pair.hold(a);
  let x = X.pointer;
  for (const end = x + ((<usize>(n & ~1)) << 3); x < end; x += 16) v128.store(x, v128.load(x) * factor);
}

/** y = x */
export function copy(n: i32, X: Vector, Y: Vector): void {
  if (n & 1) Y[n - 1] = X[n - 1];
  let x = X.pointer,
    y = Y.pointer;
  for (const end = x + ((<usize>(n & ~1)) << 3); x < end; x += 16) {
    v128.store(y, v128.load(x));
    y += 16;
  }
}

/** y += a x */
export function addScaled(n: i32, a: f64, X: Vector, Y: Vector): void {
  if (n & 1) Y[n - 1] = Y[n - 1] + a * X[n - 1];
  const factor = Pair.hold(a),
    x = X.pairs,
    y = Y.pairs,
    end = Pairs.bytes(n & ~1);
  for (let i: usize = 0; i < end; i += PAIR) y[i] = y[i] + factor * x[i];
}

/** x, y = c x - s y, s x + c y; n is even */
export function turn(n: i32, c: f64, s: f64, X: Vector, Y: Vector): void {
  const cc = Pair.hold(c),
    ss = Pair.hold(s),
    x = X.pairs,
    y = Y.pairs,
    end = Pairs.bytes(n & ~1);
  for (let i: usize = 0; i < end; i += PAIR) {
    const a = x[i],
      b = y[i];
    x[i] = cc * a - ss * b;
    y[i] = ss * a + cc * b;
  }
}
