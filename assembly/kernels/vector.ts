// Loops over flat vectors of f64.

/** c + a b, both lanes. Not fused: two roundings, the same bits everywhere. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(c: v128, a: v128, b: v128): v128 {
  return f64x2.add(c, f64x2.mul(a, b));
}

/** Σ xᵢ² */
export function sumOfSquares(n: i32, x: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const value = load<f64>(x + (<usize>i << 3));
    sum += value * value;
  }
  return sum;
}

/** max |xᵢ| */
export function maxAbs(n: i32, x: usize): f64 {
  let most: f64 = 0;
  for (let i = 0; i < n; i++) most = max(most, abs(load<f64>(x + (<usize>i << 3))));
  return most;
}

/** x *= a */
export function scale(n: i32, a: f64, x: usize): void {
  for (let i = 0; i < n; i++) {
    const at = x + (<usize>i << 3);
    store<f64>(at, a * load<f64>(at));
  }
}

/** y = x */
export function copy(n: i32, x: usize, y: usize): void {
  for (let at: usize = 0, end = <usize>n << 3; at < end; at += 8) store<f64>(y + at, load<f64>(x + at));
}
