// torch.optim.RAdam (PyTorch 1.13); Liu et al., arXiv:1908.03265
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     ρ∞ = 2/(1 - β₂) - 1,   ρ = ρ∞ - 2 t β₂ᵗ/(1 - β₂ᵗ)
//     ρ > 5: r = sqrt((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ))
//            θ -= lr/(1 - β₁ᵗ) r m sqrt(1 - β₂ᵗ)/(sqrt(v) + eps)
//     else   θ -= lr/(1 - β₁ᵗ) m

import { Descent } from '../descent';
import { corrections, moments } from './moments';

export function radam(d: Descent, lr: f64): void {
  const t = d.scalars.iteration + 1,
    correction = corrections(d),
    left = f64x2.extract_lane(correction, 1);
  // ρ (1 - β₂ᵗ) in place of ρ: the loop waits for what is computed here
  const most = 2 / (1 - d.h(1)) - 1,
    rho = most * left - 2 * t * (1 - left),
    rectified = rho > 5 * left;
  let step = lr / f64x2.extract_lane(correction, 0);
  if (rectified)
    step *= sqrt(((most / ((most - 4) * (most - 2))) * (rho - 4 * left) * (rho - 2 * left)) / rho);
  moments(d, d.h(3), 1, step, 0, rectified ? 1 : 0, rectified ? d.h(2) : 1, false);
}
