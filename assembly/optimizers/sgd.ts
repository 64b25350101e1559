// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     g = g + momentum b (nesterov) or b
//     θ -= lr g

import { Descent } from '../descent';
import { multiplyAdd } from '../kernels/vector';

export function sgd(d: Descent, lr: f64): void {
  const momentum = d.h(0), nesterov = d.h(2) != 0;
  const keep = f64x2.splat(momentum), decay = f64x2.splat(d.h(3)), rate = f64x2.splat(lr);
  // b starts at 0, so that only the share of g differs at the first step
  const take = f64x2.splat(d.scalars.iteration == 0 ? 1 : 1 - d.h(1));
  let theta = d.theta, grad = d.grad, buffer = d.vector(0);
  for (const end = theta + (<usize>d.size << 3); theta < end; theta += 16) {
    const value = v128.load(theta);
    let g = multiplyAdd(v128.load(grad), decay, value);
    if (momentum != 0) {
      const b = multiplyAdd(f64x2.mul(keep, v128.load(buffer)), take, g);
      v128.store(buffer, b);
      g = nesterov ? multiplyAdd(g, keep, b) : b;
    }
    v128.store(theta, f64x2.sub(value, f64x2.mul(rate, g)));
    grad += 16;
    buffer += 16;
  }
}
