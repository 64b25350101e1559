// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     g = g + momentum b (nesterov) or b
//     θ -= lr g

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';

export function sgd(d: Descent, lr: f64): void {
  const momentum = d.h(0), nesterov = d.h(2) != 0;
  const decay = hold(0, d.h(3)), keep = hold(1, momentum);
  // b starts at 0, so that only the share of g differs at the first step
  const share = hold(2, d.scalars.iteration == 0 || momentum == 0 ? 1 : 1 - d.h(1));
  const byBuffer = hold(3, nesterov ? lr * momentum : lr), byGradient = hold(4, nesterov ? lr : 0);
  const theta = d.theta, grad = d.grad, buffer = d.vector(0);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    const g = multiplyAdd(v128.load(grad + at), decay, value);
    const b = multiplyAdd(f64x2.mul(keep, v128.load(buffer + at)), share, g);
    v128.store(buffer + at, b);
    v128.store(theta + at, f64x2.sub(value, multiplyAdd(f64x2.mul(byBuffer, b), byGradient, g)));
  }
}
