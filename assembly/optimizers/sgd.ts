// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     g = g + momentum b (nesterov) or b
//     θ -= lr g

import { Descent } from '../descent';

export function sgd(d: Descent, lr: f64): void {
  const momentum = d.h(0), dampening = d.h(1), nesterov = d.h(2) != 0, weightDecay = d.h(3);
  const first = d.scalars.iteration == 0;
  const buffer = d.vector(0);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 8) {
    const value = load<f64>(d.theta + at);
    let g = load<f64>(d.grad + at) + weightDecay * value;
    if (momentum != 0) {
      const b = first ? g : momentum * load<f64>(buffer + at) + (1 - dampening) * g;
      store<f64>(buffer + at, b);
      g = nesterov ? g + momentum * b : b;
    }
    store<f64>(d.theta + at, value - lr * g);
  }
}
