// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';
import { corrections, moments } from './moments';

export function adam(d: Descent, lr: f64): void {
  decayed(d, lr, d.h(3), 1);
}

/** Adam's step with a penalty of `weightDecay`, from θ shrunk to `remain` θ. */
export function decayed(d: Descent, lr: f64, weightDecay: f64, remain: f64): void {
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const correction = corrections(d),
    root = sqrt(f64x2.extract_lane(correction, 1));
  moments(
    d,
    weightDecay,
    remain,
    (lr * root) / f64x2.extract_lane(correction, 0),
    0,
    1,
    d.h(2) * root,
    d.h(4) != 0,
  );
}
