// torch.optim.AdamW (PyTorch 1.13); Loshchilov and Hutter, arXiv:1711.05101
//
//     θ -= lr weightDecay θ, then Adam's step without a penalty

import { Descent } from '../descent';
import { decayed } from './adam';
import { Moments } from './moments';

export function adamW(d: Descent, lr: f64): void {
  decayed(d, lr, 0, 1 - lr * d.options<Moments>().weightDecay);
}
