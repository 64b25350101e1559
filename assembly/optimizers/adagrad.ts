// torch.optim.Adagrad (PyTorch 1.13); Duchi, Hazan and Singer, JMLR 12 (2011)
//
//     g += weightDecay θ
//     v += g², from initialAccumulatorValue on
//     θ -= lr/(1 + (t - 1) lrDecay) g / (sqrt(v) + eps)

import { Descent } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { descend } from './lanes';

export function adagrad(d: Descent, lr: f64): void {
  const passed = d.scalars.iteration;
  const step = hold(0, lr / (1 + passed * d.h(0))), initial = hold(1, passed == 0 ? d.h(2) : 0);
  const decay = hold(2, d.h(1)), eps = hold(3, d.h(3));
  const theta = d.theta, grad = d.grad, sum = d.vector(0);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const g = multiplyAdd(v128.load(grad + at), decay, v128.load(theta + at));
    const v = multiplyAdd(f64x2.add(v128.load(sum + at), initial), g, g);
    v128.store(sum + at, v);
    descend(theta + at, step, f64x2.div(g, f64x2.add(f64x2.sqrt(v), eps)));
  }
}
