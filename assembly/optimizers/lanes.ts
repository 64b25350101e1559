// What the optimizers' loops are made of. They go over theta, gradient and state two f64 at a time; every buffer
// has at least one 0 to spare at its end.

/** A running mean moves on, keep x + take y at `x`; returns it. */
// @ts-ignore: decorator
@inline
export function average(x: usize, keep: v128, take: v128, y: v128): v128 {
  const moved = f64x2.add(f64x2.mul(keep, v128.load(x)), f64x2.mul(take, y));
  v128.store(x, moved);
  return moved;
}

/** θ -= a x */
// @ts-ignore: decorator
@inline
export function descend(theta: usize, a: v128, x: v128): void {
  v128.store(theta, f64x2.sub(v128.load(theta), f64x2.mul(a, x)));
}
