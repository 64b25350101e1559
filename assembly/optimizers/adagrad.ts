// torch.optim.Adagrad (PyTorch 1.13); Duchi, Hazan and Singer, JMLR 12 (2011)
//
//     g += weightDecay θ
//     v += g², from initialAccumulatorValue on
//     θ -= lr/(1 + (t - 1) lrDecay) g / (sqrt(v) + eps)

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';
import { scaled } from './rmsprop';

@unmanaged
class Options {
  lrDecay: f64;
  weightDecay: f64;
  initialAccumulatorValue: f64;
  eps: f64;
}

export function adagrad(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const t = d.step;
  const sum = d.memory(0);
  if (t == 1) for (let at: usize = 0; at < d.end; at += PAIR) sum[at] = Pair.of(is.initialAccumulatorValue);
  scaled(d, 1, 1, lr / (1 + (t - 1) * is.lrDecay), is.eps, is.weightDecay, 0, false);
}
