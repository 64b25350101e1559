// torch.optim.RAdam (PyTorch 1.13); Liu et al., arXiv:1908.03265
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     ρ∞ = 2/(1 - β₂) - 1,   ρ = ρ∞ - 2 t β₂ᵗ/(1 - β₂ᵗ)
//     ρ > 5: r = sqrt((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ))
//            θ -= lr/(1 - β₁ᵗ) r m sqrt(1 - β₂ᵗ)/(sqrt(v) + eps)
//     else   θ -= lr/(1 - β₁ᵗ) m

import { Descent } from '../descent';
import { Pair } from '../views';
import { corrections, Moments, moments } from './moments';

export function radam(d: Descent, lr: f64): void {
  const is = d.options<Moments>();
  const t = d.step;
  const both = corrections(d);
  const left = Pair.second(both);
  // ρ (1 - β₂ᵗ) in place of ρ: the loop waits for what is computed here
  const most = 2 / (1 - is.β2) - 1;
  const ρ = most * left - 2 * t * (1 - left);
  const rectified = ρ > 5 * left;
  let step = lr / Pair.first(both);
  if (rectified) {
    step *= sqrt(((most / ((most - 4) * (most - 2))) * (ρ - 4 * left) * (ρ - 2 * left)) / ρ);
  }
  moments(d, is.weightDecay, 1, step, 0, rectified ? 1 : 0, rectified ? is.eps : 1, false);
}
