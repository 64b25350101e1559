// torch.optim.RMSprop (PyTorch 1.13); Hinton, lecture 6 of Neural Networks for Machine Learning (2012);
// centered: Graves, arXiv:1308.0850
//
//     g += weightDecay θ
//     v = α v + (1 - α) g²
//     centered: m = α m + (1 - α) g,   v̂ = v - m², else v̂ = v
//     b = momentum b + g/(sqrt(v̂) + eps)
//     θ -= lr b

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, descend } from './lanes';

export function rmsprop(d: Descent, lr: f64): void {
  const alpha = d.h(0);
  scaled(d, alpha, 1 - alpha, lr, d.h(1), d.h(2), d.h(3), d.h(4) != 0);
}

/** The formulas above, v = keep v + take g². */
export function scaled(
  d: Descent,
  toKeep: f64,
  toTake: f64,
  lr: f64,
  epsilon: f64,
  weightDecay: f64,
  momentum: f64,
  centered: bool,
): void {
  const keep = hold(0, toKeep),
    take = hold(1, toTake),
    roll = hold(2, momentum);
  const rate = hold(3, lr),
    eps = hold(4, epsilon),
    decay = hold(5, weightDecay);
  const theta = d.theta,
    grad = d.grad,
    square = d.vector(0),
    buffer = d.vector(1),
    mean = d.vector(2);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    const g = multiplyAdd(v128.load(grad + at), decay, v128.load(theta + at));
    let v = average(square + at, keep, take, f64x2.mul(g, g));
    if (centered) {
      const m = average(mean + at, keep, take, g);
      v = f64x2.sub(v, f64x2.mul(m, m));
    }
    let b = f64x2.div(g, f64x2.add(f64x2.sqrt(v), eps));
    if (momentum != 0) {
      b = multiplyAdd(b, roll, v128.load(buffer + at));
      v128.store(buffer + at, b);
    }
    descend(theta + at, rate, b);
  }
}
