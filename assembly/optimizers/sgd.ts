// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     θ -= lr (momentum b + g) (nesterov) or lr b

import { Descent } from '../descent';
import { Pair, Vector } from '../views';

@unmanaged
class Options {
  momentum: f64;
  dampening: f64;
  nesterov: f64;
  weightDecay: f64;
}

export function sgd(d: Descent, lr: f64): void {
  const is = changetype<Options>(d.hyper);
  const nesterov = is.nesterov != 0;
  const decay = Pair.hold(0, is.weightDecay);
  const momentum = Pair.hold(1, is.momentum);
  // b starts at 0, so that only the share of g differs at the first step
  const share = Pair.hold(2, d.scalars.iteration == 0 || is.momentum == 0 ? 1 : 1 - is.dampening);
  const ofB = Pair.hold(3, nesterov ? lr * is.momentum : lr);
  const ofG = Pair.hold(4, nesterov ? lr : 0);
  const n = d.size;
  const θ = Vector.at(d.theta).pairs;
  const grad = Vector.at(d.grad).pairs;
  const b = Vector.at(d.vector(0)).pairs;
  for (let i = 0; i < n; i += 2) {
    const g = grad[i] + decay * θ[i];
    const next = momentum * b[i] + share * g;
    b[i] = next;
    θ[i] -= ofB * next + ofG * g;
  }
}
