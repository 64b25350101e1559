// What the loop knows of optimizers. Each is a file of its own, which exports its update, `function NAME(d: Descent, lr: f64): void`;
// the build gives it a number (boundary.ts) and calls it by that (table.ts, made by tools/optimizers.js).

import { Descent } from '../descent';
import { gradient } from '../problems/index';
import { conjugateGradients, lbfgs, levenbergMarquardt } from './boundary';
import { look as lookOf, noise } from './conjugate-gradients';
import { slopesFloor } from './lbfgs';
import { call } from './table';

/** What an optimizer has to see of a new guess before it is known whether that is the last. */
export function look(d: Descent): void {
  if (d.optimizer == conjugateGradients) lookOf(d);
}

/** Slopes that the optimizer can't tell from 0 any more. */
export function floor(d: Descent): f64 {
  return d.optimizer == lbfgs ? slopesFloor(d) : d.optimizer == conjugateGradients ? noise(d) : 0;
}

/** One update of theta from the gradient there (or, by two of them, from what they know better). */
export function update(d: Descent, lr: f64): void {
  if (d.optimizer != levenbergMarquardt && d.optimizer != conjugateGradients) gradient(d);
  call(d, lr);
}
