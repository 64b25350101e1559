// torch.optim.Adagrad (PyTorch 1.13); Duchi, Hazan and Singer, JMLR 12 (2011)
//
//     g += weightDecay θ
//     v += g², from initialAccumulatorValue on
//     θ -= lr/(1 + (t - 1) lrDecay) g / (sqrt(v) + eps)

import { Descent } from '../descent';
import { scaled } from './rmsprop';

export function adagrad(d: Descent, lr: f64): void {
  const passed = d.scalars.iteration,
    sum = d.vector(0);
  if (passed == 0) for (let i = 0; i < d.size; i++) store<f64>(sum + ((<usize>i) << 3), d.h(2));
  scaled(d, 1, 1, lr / (1 + passed * d.h(0)), d.h(3), d.h(1), 0, false);
}
