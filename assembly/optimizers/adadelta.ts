// torch.optim.Adadelta (PyTorch 1.13); Zeiler, arXiv:1212.5701
//
//     g += weightDecay θ
//     v = ρ v + (1 - ρ) g²
//     Δ = sqrt(u + eps)/sqrt(v + eps) g
//     u = ρ u + (1 - ρ) Δ²
//     θ -= lr Δ

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, descend } from './lanes';

export function adadelta(d: Descent, lr: f64): void {
  const keep = hold(0, d.h(0)),
    take = hold(1, 1 - d.h(0));
  const rate = hold(2, lr),
    eps = hold(3, d.h(1)),
    decay = hold(4, d.h(2));
  const theta = d.theta,
    grad = d.grad,
    square = d.vector(0),
    change = d.vector(1);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    const g = multiplyAdd(v128.load(grad + at), decay, v128.load(theta + at));
    const v = f64x2.add(average(square + at, keep, take, f64x2.mul(g, g)), eps);
    const u = f64x2.add(v128.load(change + at), eps);
    // (one root of the quotient, not a quotient of two: a third of the time, the same but for rounding)
    const delta = f64x2.mul(f64x2.sqrt(f64x2.div(u, v)), g);
    average(change + at, keep, take, f64x2.mul(delta, delta));
    descend(theta + at, rate, delta);
  }
}
