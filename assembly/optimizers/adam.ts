// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';

export function adam(d: Descent, lr: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), scalars = d.scalars, first = scalars.iteration == 0;
  // β₁ᵗ, β₂ᵗ: kept, as they would cost as much as half of the rest on 5 x 4
  scalars.a = first ? beta1 : scalars.a * beta1;
  scalars.b = first ? beta2 : scalars.b * beta2;
  const keep1 = hold(0, beta1), share1 = hold(1, 1 - beta1), keep2 = hold(2, beta2), share2 = hold(3, 1 - beta2);
  const step = hold(4, lr / (1 - scalars.a)), correction = hold(5, 1 / sqrt(1 - scalars.b));
  const eps = hold(6, d.h(2)), decay = hold(7, d.h(3));
  const theta = d.theta, grad = d.grad, average = d.vector(0), square = d.vector(1);
  const most = d.h(4) != 0 ? d.vector(2) : 0;
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    const g = multiplyAdd(v128.load(grad + at), decay, value);
    const m = multiplyAdd(f64x2.mul(keep1, v128.load(average + at)), share1, g);
    let v = multiplyAdd(f64x2.mul(keep2, v128.load(square + at)), f64x2.mul(share2, g), g);
    v128.store(average + at, m);
    v128.store(square + at, v);
    if (most) {
      v = f64x2.max(v128.load(most + at), v);
      v128.store(most + at, v);
    }
    const root = f64x2.add(f64x2.mul(f64x2.sqrt(v), correction), eps);
    v128.store(theta + at, f64x2.sub(value, f64x2.div(f64x2.mul(step, m), root)));
  }
}
