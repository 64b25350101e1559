// What is descended on: `evaluate` leaves the loss at theta in the scalars (and what the gradient
// needs in the workspace), `gradient` fills d.grad.

import { SVD } from '../boundary';
import { Descent } from '../descent';
import { known } from '../optimizers/levenberg-marquardt/subspace';
import * as inverse from './inverse';
import * as svd from './svd/loss';

export function evaluate(d: Descent): void {
  // (of rank k: what its bases know, mostly without a look at M)
  if (d.room) known(d);
  else if (d.problem == SVD) svd.evaluate(d);
  else inverse.evaluate(d);
}

export function gradient(d: Descent): void {
  if (d.problem == SVD) svd.gradient(d);
  else inverse.gradient(d);
}
