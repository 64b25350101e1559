// torch.optim.Adamax (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980, section 7.1
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   u = max(β₂ u, |g| + eps)
//     θ -= lr/(1 - β₁ᵗ) m / u

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';
import { corrections, Moments } from './moments';

export function adamax(d: Descent, lr: f64): void {
  const is = d.options<Moments>();
  const β1 = Pair.hold(is.β1);
  const rest1 = Pair.hold(1 - is.β1);
  const β2 = Pair.hold(is.β2);
  const rate = Pair.hold(lr / Pair.first(corrections(d)));
  const eps = Pair.hold(is.eps);
  const weightDecay = Pair.hold(is.weightDecay);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const mean = d.memory(0);
  const most = d.memory(1);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at] + weightDecay * θ[at];
    const m = β1 * mean[at] + rest1 * g;
    const u = f64x2.pmax(β2 * most[at], f64x2.abs(g) + eps);
    mean[at] = m;
    most[at] = u;
    θ[at] -= rate * (m / u);
  }
}
