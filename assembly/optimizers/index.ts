// The table of optimizers, in the order of the wrapper's table (src/optimizers.ts).

import { Descent } from '../descent';
import { gradient } from '../problems/index';
import { adadelta } from './adadelta';
import { adagrad } from './adagrad';
import { adam } from './adam';
import { adamax } from './adamax';
import { adamW } from './adamw';
import { asgd } from './asgd';
import { lbfgs, slopesFloor } from './lbfgs';
import { levenbergMarquardt, ridge as ridgeOf } from './levenberg-marquardt';
import { nadam } from './nadam';
import { radam } from './radam';
import { rmsprop } from './rmsprop';
import { rprop } from './rprop';
import { sgd } from './sgd';

/** The one that takes the slopes as they are, and has a stop rule for its weight decay. */
export const LEVENBERG_MARQUARDT: i32 = 2;
/** The one that goes by losses. */
const LBFGS: i32 = 12;

/** An L2 penalty on S that the descent converges to; the others' weight decay has no stop rule. */
export function ridge(d: Descent): f64 {
  return d.optimizer == LEVENBERG_MARQUARDT ? ridgeOf(d) : 0;
}

/** Slopes that the optimizer can't tell from 0 any more. */
export function floor(d: Descent): f64 {
  return d.optimizer == LBFGS ? slopesFloor(d) : 0;
}

/** One update of theta from the gradient there. */
export function update(d: Descent, lr: f64): void {
  if (d.optimizer == LEVENBERG_MARQUARDT) return levenbergMarquardt(d, lr);
  gradient(d);
  switch (d.optimizer) {
    case 0: return sgd(d, lr);
    case 1: return adam(d, lr);
    case 3: return adamW(d, lr);
    case 4: return nadam(d, lr);
    case 5: return radam(d, lr);
    case 6: return adamax(d, lr);
    case 7: return adagrad(d, lr);
    case 8: return adadelta(d, lr);
    case 9: return rmsprop(d, lr);
    case 10: return rprop(d, lr);
    case 11: return asgd(d, lr);
    case LBFGS: return lbfgs(d, lr);
  }
}
