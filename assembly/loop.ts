// The descent loop: look at the loss, stop or record it, improve the guess, again.

import { CONVERGED, DIVERGED, RUNNING, SVD } from './boundary';
import { Descent } from './descent';
import { copy } from './kernels/vector';
import { conjugateGradients } from './optimizers/boundary';
import * as factored from './optimizers/conjugate-gradients';
import { floor, look, update } from './optimizers/index';
import { outgrown } from './optimizers/levenberg-marquardt/subspace';
import { evaluate } from './problems/index';
import { still, sums } from './problems/svd/loss';
import { leaveSaddle } from './problems/svd/outside';

/** What rounding of the factors alone leaves of XᵀX - I, by columns. */
const ROUNDING: f64 = 1e-14;

function status(d: Descent): i32 {
  const now = d.scalars;
  if (!isFinite(now.total)) return DIVERGED;
  if (d.tolerance == 0) return RUNNING;
  const least = max(d.tolerance, floor(d));
  const stationary = now.stationarity <= max(least, still(d));
  const orthonormal = now.orthonormality <= max(least, ROUNDING * <f64>d.k + sums(d));
  // (a norm that has overflowed is Infinity or NaN and never small enough)
  return stationary && orthonormal ? CONVERGED : RUNNING;
}

/** Stationary, but at a saddle? Then off it. */
function moveOn(d: Descent): bool {
  if (d.problem != SVD) return false;
  if (d.optimizer == conjugateGradients) return factored.leaveSaddle(d) || factored.losesSight(d);
  return d.k < min(d.m, d.n) && (d.room ? outgrown(d) : leaveSaddle(d));
}

/** The loss at theta: is it the end, is it the best so far? */
function judge(d: Descent): void {
  const now = d.scalars;
  if (!d.evaluated) evaluate(d);
  d.fresh = true;
  look(d);
  now.status = <f64>status(d);
  if (now.status == <f64>CONVERGED && moveOn(d)) {
    evaluate(d);
    look(d);
    now.status = <f64>RUNNING;
  }
  if (now.total < now.bestTotal || now.iteration == 0) {
    now.bestTotal = now.total;
    copy(d.size, d.theta, d.best);
  } else if (now.status == <f64>DIVERGED) {
    // nothing is lost: back to the best guess so far
    copy(d.size, d.best, d.theta);
    evaluate(d);
  }
}

/**
 * At most `count` (<= SLICE) iterations, with the learning rates rates[0 .. given - 1], then lr. The losses recorded
 * before each update are left in `losses`; the scalars are those of the new theta.
 */
export function step(d: Descent, count: i32, lr: f64, given: i32): void {
  const now = d.scalars;
  d.recorded = 0;
  // (ends: i comes to count)
  for (let i = 0; ; i++) {
    if (!d.fresh) judge(d);
    if (now.status != <f64>RUNNING || i == count) return;
    if (d.history != 0 && <i32>now.iteration % d.history == 0) {
      d.losses[d.recorded] = now.total;
      d.recorded++;
    }
    d.evaluated = false;
    update(d, i < given ? d.rates[i] : lr);
    // loops by pairs ran over the end; what comes after theta must stay 0 (Adam makes it 0/0 where eps is 0)
    if (d.size & 1) d.theta.from(d.size).clear(1);
    now.iteration += 1;
    d.fresh = false;
  }
}
