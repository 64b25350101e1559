// Loops over flat vectors of f64, two at a time.

import { PAIR, Pair, Pairs, Vector } from '../views';

/** c + a b, both lanes. Not fused: two roundings, the same bits everywhere. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(c: v128, a: v128, b: v128): v128 {
  return f64x2.add(c, f64x2.mul(a, b));
}

/** The upper lane, twice. */
// @ts-ignore: decorator
@inline
export function high(a: v128): v128 {
  return v128.shuffle<f64>(a, a, 1, 3);
}

/** The lower lane, twice. */
// @ts-ignore: decorator
@inline
export function dup(a: v128): v128 {
  return v128.shuffle<f64>(a, a, 0, 2);
}

// @ts-ignore: decorator
@inline
export function sum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** The n-th (odd) entry of x, by itself. */
// @ts-ignore: decorator
@inline
function rest(n: i32, x: usize): v128 {
  return n & 1 ? v128.load64_zero(x + (<usize>(n - 1) << 3)) : f64x2.splat(0);
}

/** Σ xᵢ yᵢ */
export function dot(n: i32, X: Vector, Y: Vector): f64 {
  let x = X.pointer, y = Y.pointer;
  // four sums: one addition every fourth of its latency
  let a = f64x2.mul(rest(n, x), rest(n, y)), b = f64x2.splat(0), c = b, d = b;
  const pairs = x + (<usize>(n & ~1) << 3), end = x + (<usize>(n & ~7) << 3);
  for (; x < end; x += 64) {
    a = multiplyAdd(a, v128.load(x), v128.load(y));
    b = multiplyAdd(b, v128.load(x, 16), v128.load(y, 16));
    c = multiplyAdd(c, v128.load(x, 32), v128.load(y, 32));
    d = multiplyAdd(d, v128.load(x, 48), v128.load(y, 48));
    y += 64;
  }
  for (; x < pairs; x += 16) {
    a = multiplyAdd(a, v128.load(x), v128.load(y));
    y += 16;
  }
  return sum(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
}

/** Σ xᵢ² */
export function sumOfSquares(n: i32, x: Vector): f64 {
  return dot(n, x, x);
}

/** max |xᵢ| */
export function maxAbs(n: i32, X: Vector): f64 {
  let x = X.pointer, most = f64x2.abs(rest(n, x));
  for (const end = x + (<usize>(n & ~1) << 3); x < end; x += 16) most = f64x2.pmax(most, f64x2.abs(v128.load(x)));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/** x *= a */
export function scale(n: i32, a: f64, X: Vector): void {
  if (n & 1) X[n - 1] = a * X[n - 1];
  const factor = Pair.hold(a);
  let x = X.pointer;
  for (const end = x + (<usize>(n & ~1) << 3); x < end; x += 16) v128.store(x, f64x2.mul(v128.load(x), factor));
}

/** y += a x; a number past the end of y, if n is odd, is to be 0 in x */
export function addScaled(n: i32, a: f64, X: Vector, Y: Vector): void {
  const factor = Pair.hold(a);
  let x = X.pointer, y = Y.pointer;
  for (const end = x + (<usize>n << 3); x < end; x += 16) {
    v128.store(y, multiplyAdd(v128.load(y), factor, v128.load(x)));
    y += 16;
  }
}

/** y = x */
export function copy(n: i32, X: Vector, Y: Vector): void {
  if (n & 1) Y[n - 1] = X[n - 1];
  let x = X.pointer, y = Y.pointer;
  for (const end = x + (<usize>(n & ~1) << 3); x < end; x += 16) {
    v128.store(y, v128.load(x));
    y += 16;
  }
}

/** y += a x */
export function addTo(n: i32, a: f64, X: Vector, Y: Vector): void {
  if (n & 1) Y[n - 1] = Y[n - 1] + a * X[n - 1];
  const factor = Pair.hold(a), x = X.pairs, y = Y.pairs, end = Pairs.bytes(n & ~1);
  for (let i: usize = 0; i < end; i += PAIR) y[i] = y[i] + factor * x[i];
}

/** x, y = c x - s y, s x + c y */
export function turn(n: i32, c: f64, s: f64, X: Vector, Y: Vector): void {
  const cc = Pair.hold(c), ss = Pair.hold(s), x = X.pairs, y = Y.pairs, end = Pairs.bytes(n & ~1);
  for (let i: usize = 0; i < end; i += PAIR) {
    const a = x[i], b = y[i];
    x[i] = cc * a - ss * b;
    y[i] = ss * a + cc * b;
  }
  if (n & 1) {
    const a = X[n - 1], b = Y[n - 1];
    X[n - 1] = c * a - s * b;
    Y[n - 1] = s * a + c * b;
  }
}
