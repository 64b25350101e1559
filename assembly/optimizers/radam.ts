// torch.optim.RAdam (PyTorch 1.13); Liu et al., arXiv:1908.03265
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     ρ∞ = 2/(1 - β₂) - 1,   ρ = ρ∞ - 2 t β₂ᵗ/(1 - β₂ᵗ)
//     ρ > 5: r = sqrt((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ))
//            θ -= lr/(1 - β₁ᵗ) r m sqrt(1 - β₂ᵗ)/(sqrt(v) + eps)
//     else   θ -= lr/(1 - β₁ᵗ) m

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, corrections, descend } from './lanes';

export function radam(d: Descent, lr: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), t = d.scalars.iteration + 1;
  const correction = corrections(d), left = f64x2.extract_lane(correction, 1);
  // ρ (1 - β₂ᵗ) in place of ρ: the loop waits for what is computed here
  const most = 2 / (1 - beta2) - 1, rho = most * left - 2 * t * (1 - left), rectified = rho > 5 * left;
  let step = lr / f64x2.extract_lane(correction, 0);
  if (rectified) step *= sqrt((most / ((most - 4) * (most - 2))) * (rho - 4 * left) * (rho - 2 * left) / rho);
  const keep1 = hold(0, beta1), take1 = hold(1, 1 - beta1);
  const keep2 = hold(2, beta2), take2 = hold(3, 1 - beta2);
  const rate = hold(4, step), eps = hold(5, d.h(2)), decay = hold(6, d.h(3));
  const theta = d.theta, grad = d.grad, mean = d.vector(0), square = d.vector(1);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const g = multiplyAdd(v128.load(grad + at), decay, v128.load(theta + at));
    const m = average(mean + at, keep1, take1, g);
    const v = average(square + at, keep2, take2, f64x2.mul(g, g));
    descend(theta + at, rate, rectified ? f64x2.div(m, f64x2.add(f64x2.sqrt(v), eps)) : m);
  }
}
