// Lion; Chen et al., arXiv:2302.06675, algorithm 2
//
//     c = β₁ m + (1 - β₁) g
//     m = β₂ m + (1 - β₂) g
//     θ -= lr (sign(c) + weightDecay θ)

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  β1: f64;
  β2: f64;
  weightDecay: f64;
}

export function lion(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const β1 = Pair.hold(is.β1);
  const rest1 = Pair.hold(1 - is.β1);
  const β2 = Pair.hold(is.β2);
  const rest2 = Pair.hold(1 - is.β2);
  const rate = Pair.hold(lr);
  const weightDecay = Pair.hold(is.weightDecay);
  const one = Pair.of(1);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const mean = d.memory(0);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at];
    const m = mean[at];
    const c = β1 * m + rest1 * g;
    mean[at] = β2 * m + rest2 * g;
    θ[at] -= rate * (Pair.signed(one, c) + weightDecay * θ[at]);
  }
}
