// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     g = g + momentum b (nesterov) or b
//     θ -= lr g

import { Descent } from '../descent';
import { multiplyAdd } from '../kernels/vector';

export function sgd(d: Descent, lr: f64): void {
  const momentum = d.h(0), remembers = momentum != 0, nesterov = d.h(2) != 0;
  const keep = f64x2.splat(momentum), decay = f64x2.splat(d.h(3)), rate = f64x2.splat(lr);
  // b starts at 0, so that only the share of g differs at the first step
  const take = f64x2.splat(d.scalars.iteration == 0 ? 1 : 1 - d.h(1));
  const theta = d.theta, grad = d.grad, buffer = d.vector(0);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    let g = multiplyAdd(v128.load(grad + at), decay, value);
    if (remembers) {
      const b = multiplyAdd(f64x2.mul(keep, v128.load(buffer + at)), take, g);
      v128.store(buffer + at, b);
      g = nesterov ? multiplyAdd(g, keep, b) : b;
    }
    v128.store(theta + at, f64x2.sub(value, f64x2.mul(rate, g)));
  }
}
