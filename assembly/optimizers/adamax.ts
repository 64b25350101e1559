// torch.optim.Adamax (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980, section 7.1
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   u = max(β₂ u, |g| + eps)
//     θ -= lr/(1 - β₁ᵗ) m / u

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, descend } from './lanes';
import { corrections } from './moments';

export function adamax(d: Descent, lr: f64): void {
  const beta1 = d.h(0);
  const keep = hold(0, beta1),
    take = hold(1, 1 - beta1),
    fade = hold(2, d.h(1));
  const step = hold(3, lr / f64x2.extract_lane(corrections(d), 0));
  const eps = hold(4, d.h(2)),
    decay = hold(5, d.h(3));
  const theta = d.theta,
    grad = d.grad,
    mean = d.vector(0),
    most = d.vector(1);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    const g = multiplyAdd(v128.load(grad + at), decay, v128.load(theta + at));
    const m = average(mean + at, keep, take, g);
    const u = f64x2.pmax(f64x2.mul(fade, v128.load(most + at)), f64x2.add(f64x2.abs(g), eps));
    v128.store(most + at, u);
    descend(theta + at, step, f64x2.div(m, u));
  }
}
