// torch.optim.RMSprop (PyTorch 1.13); Hinton, lecture 6 of Neural Networks for Machine Learning (2012);
// centered: Graves, arXiv:1308.0850
//
//     g += weightDecay θ
//     v = α v + (1 - α) g²
//     centered: m = α m + (1 - α) g,   v̂ = v - m², else v̂ = v
//     b = momentum b + g/(sqrt(v̂) + eps)
//     θ -= lr b

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  α: f64;
  eps: f64;
  weightDecay: f64;
  momentum: f64;
  centered: f64;
}

export function rmsprop(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  scaled(d, is.α, 1 - is.α, lr, is.eps, is.weightDecay, is.momentum, is.centered != 0);
}

/** The formulas above, v = keep v + take g². */
export function scaled(
  d: Descent,
  keep: f64,
  take: f64,
  lr: f64,
  eps: f64,
  weightDecay: f64,
  momentum: f64,
  centered: bool,
): void {
  const α = Pair.hold(keep);
  const rest = Pair.hold(take);
  const μ = Pair.hold(momentum);
  const rate = Pair.hold(lr);
  const ε = Pair.hold(eps);
  const λ = Pair.hold(weightDecay);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const square = d.memory(0);
  const buffer = d.memory(1);
  const mean = d.memory(2);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at] + λ * θ[at];
    let v = α * square[at] + rest * (g * g);
    square[at] = v;
    if (centered) {
      const m = α * mean[at] + rest * g;
      mean[at] = m;
      v = v - m * m;
    }
    let b = g / (f64x2.sqrt(v) + ε);
    if (momentum != 0) {
      b = b + μ * buffer[at];
      buffer[at] = b;
    }
    θ[at] -= rate * b;
  }
}
