// torch.optim.SGD (PyTorch 1.13)
//
//     g += weightDecay θ
//     b = g at the first step, then momentum b + (1 - dampening) g
//     θ -= lr (momentum b + g) (nesterov) or lr b

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  momentum: f64;
  dampening: f64;
  nesterov: f64;
  weightDecay: f64;
}

export function sgd(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const nesterov = is.nesterov != 0;
  const weightDecay = Pair.hold(is.weightDecay);
  const momentum = Pair.hold(is.momentum);
  // b starts at 0, so that only the share of g differs at the first step
  const share = Pair.hold(d.step == 1 || is.momentum == 0 ? 1 : 1 - is.dampening);
  const ofB = Pair.hold(nesterov ? lr * is.momentum : lr);
  const ofG = Pair.hold(nesterov ? lr : 0);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const buffer = d.memory(0);
  for (let at: usize = 0; at < end; at += PAIR) {
    const x = θ[at];
    const g = gradient[at] + weightDecay * x;
    const b = momentum * buffer[at] + share * g;
    buffer[at] = b;
    θ[at] = x - (ofB * b + ofG * g);
  }
}
