// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';
import { multiplyAdd, power } from '../kernels/vector';

export function adam(d: Descent, lr: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), amsgrad = d.h(4) != 0;
  const keep1 = f64x2.splat(beta1), take1 = f64x2.splat(1 - beta1);
  const keep2 = f64x2.splat(beta2), take2 = f64x2.splat(1 - beta2);
  const corrections = f64x2.sub(f64x2.splat(1), power(f64x2(beta1, beta2), <i32>d.scalars.iteration + 1));
  const step = f64x2.splat(lr / f64x2.extract_lane(corrections, 0));
  const root = f64x2.splat(sqrt(f64x2.extract_lane(corrections, 1)));
  const eps = f64x2.splat(d.h(2)), decay = f64x2.splat(d.h(3));
  let theta = d.theta, grad = d.grad, average = d.vector(0), square = d.vector(1), most = d.vector(2);
  for (const end = theta + (<usize>d.size << 3); theta < end; theta += 16) {
    const value = v128.load(theta);
    const g = multiplyAdd(v128.load(grad), decay, value);
    const m = multiplyAdd(f64x2.mul(keep1, v128.load(average)), take1, g);
    let v = multiplyAdd(f64x2.mul(keep2, v128.load(square)), f64x2.mul(take2, g), g);
    v128.store(average, m);
    v128.store(square, v);
    if (amsgrad) {
      v = f64x2.max(v128.load(most), v);
      v128.store(most, v);
    }
    const size = f64x2.add(f64x2.div(f64x2.sqrt(v), root), eps);
    v128.store(theta, f64x2.sub(value, f64x2.div(f64x2.mul(step, m), size)));
    grad += 16;
    average += 16;
    square += 16;
    most += 16;
  }
}
