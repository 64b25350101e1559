// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, corrections } from './lanes';

export function adam(d: Descent, lr: f64): void {
  moments(d, lr, d.h(3), 1);
}

/** Adam's step, from θ shrunk to remain θ. */
export function moments(d: Descent, lr: f64, weightDecay: f64, remain: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), amsgrad = d.h(4) != 0;
  const keep1 = hold(0, beta1), take1 = hold(1, 1 - beta1);
  const keep2 = hold(2, beta2), take2 = hold(3, 1 - beta2);
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const correction = corrections(d), root = sqrt(f64x2.extract_lane(correction, 1));
  const step = hold(4, (lr * root) / f64x2.extract_lane(correction, 0)), eps = hold(5, d.h(2) * root);
  const decay = hold(6, weightDecay), shrink = hold(7, remain);
  const theta = d.theta, grad = d.grad, mean = d.vector(0), square = d.vector(1), most = d.vector(2);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    const g = multiplyAdd(v128.load(grad + at), decay, value);
    const m = average(mean + at, keep1, take1, g);
    let v = average(square + at, keep2, take2, f64x2.mul(g, g));
    if (amsgrad) {
      v = f64x2.pmax(v128.load(most + at), v);
      v128.store(most + at, v);
    }
    const change = f64x2.div(f64x2.mul(step, m), f64x2.add(f64x2.sqrt(v), eps));
    v128.store(theta + at, f64x2.sub(f64x2.mul(shrink, value), change));
  }
}
