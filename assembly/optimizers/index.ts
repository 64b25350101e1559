// The table of optimizers, in the order of the wrapper's table (src/optimizers.ts).

import { Descent } from '../descent';
import { gradient } from '../problems/index';
import { adam } from './adam';
import { levenbergMarquardt, ridge as ridgeOf } from './levenberg-marquardt';
import { sgd } from './sgd';

/** An L2 penalty on S that the descent converges to; the others' weight decay has no stop rule. */
export function ridge(d: Descent): f64 {
  return d.optimizer == 2 ? ridgeOf(d) : 0;
}

/** One update of theta from the gradient there. */
export function update(d: Descent, lr: f64): void {
  if (d.optimizer == 2) return levenbergMarquardt(d, lr);
  gradient(d);
  switch (d.optimizer) {
    case 0: return sgd(d, lr);
    case 1: return adam(d, lr);
  }
}
