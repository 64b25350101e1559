// What the optimizers' loops share. They go over theta, gradient and state two f64 at a time; every buffer
// has at least one 0 to spare at its end.

import { Descent, Scalars } from '../descent';

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

/** Adam's 1 - β₁ᵗ and 1 - β₂ᵗ, t the number of this step; the betas are the first two hyper-parameters. */
// @ts-ignore: decorator
@inline
export function corrections(d: Descent): v128 {
  const powers = changetype<usize>(d.scalars) + offsetof<Scalars>('a'), betas = v128.load(d.hyper);
  const moved = d.scalars.iteration == 0 ? betas : f64x2.mul(v128.load(powers), betas);
  // powers too small to show are 0: as denormals they would be slow
  v128.store(powers, v128.and(moved, f64x2.gt(moved, f64x2.splat(1e-30))));
  return f64x2.sub(f64x2.splat(1), moved);
}
