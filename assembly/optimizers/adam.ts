// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';
import { Pair } from '../views';
import { corrections, Moments, moments } from './moments';

@unmanaged
class Options extends Moments {
  amsgrad: f64;
}

export function adam(d: Descent, lr: f64): void {
  decayed(d, lr, d.options<Options>().weightDecay, 1);
}

/** Adam's step with a penalty of `weightDecay`, from θ shrunk to `remain` θ. */
export function decayed(d: Descent, lr: f64, weightDecay: f64, remain: f64): void {
  const is = d.options<Options>();
  const left = corrections(d);
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const root = sqrt(Pair.second(left));
  moments(d, weightDecay, remain, (lr * root) / Pair.first(left), 0, 1, is.eps * root, is.amsgrad != 0);
}
