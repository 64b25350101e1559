// torch.optim.Rprop (PyTorch 1.13); Riedmiller and Braun, IEEE ICNN (1993)
//
//     η = etas[1] where g has the sign it had before, etas[0] where it changed, 1 where either is 0
//     Δ = η Δ (lr before the first step), held within stepSizes
//     g = 0 where the sign changed
//     θ -= sign(g) Δ

import { Descent } from '../descent';
import { hold } from '../kernels/vector';

export function rprop(d: Descent, lr: f64): void {
  const down = hold(0, d.h(0)),
    up = hold(1, d.h(1)),
    least = hold(2, d.h(2)),
    most = hold(3, d.h(3));
  const zero = f64x2.splat(0),
    one = f64x2.splat(1),
    signBit = f64x2.splat(-0.0);
  const first = d.scalars.iteration == 0;
  const theta = d.theta,
    grad = d.grad,
    last = d.vector(0),
    steps = d.vector(1);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    let g = v128.load(grad + at);
    const product = f64x2.mul(g, v128.load(last + at));
    const changed = f64x2.lt(product, zero);
    const eta = v128.bitselect(up, v128.bitselect(down, one, changed), f64x2.gt(product, zero));
    let step = f64x2.mul(eta, first ? f64x2.splat(lr) : v128.load(steps + at));
    step = f64x2.pmin(f64x2.pmax(step, least), most);
    g = v128.andnot(g, changed);
    v128.store(last + at, g);
    v128.store(steps + at, step);
    const moved = v128.or(v128.and(f64x2.ne(g, zero), step), v128.and(g, signBit));
    v128.store(theta + at, f64x2.sub(v128.load(theta + at), moved));
  }
}
