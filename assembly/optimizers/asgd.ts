// torch.optim.ASGD (PyTorch 1.13); Polyak and Juditsky, SIAM J. Control Optim. 30 (1992)
//
//     g += weightDecay θ
//     θ = (1 - lambd η) θ - η g,   ā += μ (θ - ā)
//     then η = lr/(1 + lambd lr t)^alpha,   μ = 1/max(1, t - t0)     (lr and 1 before the first step)

import { Descent } from '../descent';
import { pow } from '../kernels/elementary';
import { hold, multiplyAdd } from '../kernels/vector';

export function asgd(d: Descent, lr: f64): void {
  const lambd = d.h(0),
    now = d.scalars,
    t = now.iteration + 1;
  // torch 1.13 keeps both in float32
  const eta: f64 = t == 1 ? <f32>lr : now.a,
    mu = hold(0, t == 1 ? 1 : now.b);
  const step = hold(1, eta),
    remain = hold(2, 1 - lambd * eta),
    decay = hold(3, d.h(3));
  const theta = d.theta,
    grad = d.grad,
    mean = d.vector(0);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    const value = v128.load(theta + at),
      old = v128.load(mean + at);
    const g = multiplyAdd(v128.load(grad + at), decay, value);
    const moved = f64x2.sub(f64x2.mul(remain, value), f64x2.mul(step, g));
    v128.store(theta + at, moved);
    v128.store(mean + at, multiplyAdd(old, mu, f64x2.sub(moved, old)));
  }
  now.a = <f32>(lr / pow(1 + lambd * lr * t, d.h(1)));
  now.b = <f32>(1 / max(1, t - d.h(2)));
}
