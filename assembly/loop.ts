// The descent loop: look at the loss, stop or record it, improve the guess, again.

import { CONJUGATE_GRADIENTS, CONVERGED, DIVERGED, RUNNING, SVD } from './boundary';
import { Descent } from './descent';
import { copy } from './kernels/vector';
import { floor, look, update } from './optimizers/index';
import { leaveSaddle } from './outside';
import { evaluate } from './problems/index';

// What counts as rounding. The factors themselves are rounded: |XᵀX - I| <= 1e-14 k is what any X of k columns can reach,
// and slopes of 8 eps (k + 1) |M| what any U, S, V. And they are seen through sums. One of L terms that are added up in
// turn is off by at most L u Σ|terms|, u = eps/2 (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), and
// where all terms are the same that bound is nearly reached (a column of ones). XᵀX sums over the rows of X, where
// Σ|terms| <= 1; P = R V and Q = Rᵀ U over columns and rows of R, where the norm of all Σ|terms| is <= |R| <= |M|.
const ROUNDING: f64 = 1e-14;
const STILL: f64 = 8 * f64.EPSILON;
/** u */
const UNIT: f64 = 0.5 * f64.EPSILON;

function status(d: Descent): i32 {
  const at = d.scalars;
  if (!isFinite(at.total)) return DIVERGED;
  const k = <f64>d.k,
    sums = UNIT * <f64>max(d.m, d.n),
    least = max(d.tolerance, floor(d));
  const stationary = max(least, STILL * (k + 1) + sums),
    orthonormal = max(least, ROUNDING * k + sums);
  // (a norm that has overflowed is Infinity or NaN and never small enough)
  return d.tolerance > 0 && at.stationarity <= stationary && at.orthonormality <= orthonormal
    ? CONVERGED
    : RUNNING;
}

/**
 * At most `count` (<= SLICE) iterations, with the learning rates lrs[0 .. rates - 1], then lr.
 * The losses recorded before each update are left in `losses`; the scalars are those of the new theta.
 */
export function step(d: Descent, count: i32, lr: f64, rates: i32): void {
  const at = d.scalars;
  d.recorded = 0;
  // (ends: i comes to count)
  for (let i = 0; ; i++) {
    if (!d.fresh) {
      if (!d.evaluated) evaluate(d);
      d.fresh = true;
      look(d);
      at.status = <f64>status(d);
      if (
        at.status == <f64>CONVERGED &&
        d.problem == SVD &&
        d.optimizer != CONJUGATE_GRADIENTS &&
        d.k < min(d.m, d.n) &&
        leaveSaddle(d)
      ) {
        evaluate(d);
        at.status = <f64>RUNNING;
      }
      if (at.total < at.bestTotal || at.iteration == 0) {
        at.bestTotal = at.total;
        copy(d.size, d.theta, d.best);
      } else if (at.status == <f64>DIVERGED) {
        // nothing is lost: back to the best guess so far
        copy(d.size, d.best, d.theta);
        evaluate(d);
      }
    }
    if (at.status != <f64>RUNNING || i == count) return;
    if (d.history != 0 && <i32>at.iteration % d.history == 0) {
      store<f64>(d.losses + ((<usize>d.recorded) << 3), at.total);
      d.recorded++;
    }
    d.evaluated = false;
    update(d, i < rates ? load<f64>(d.lrs + ((<usize>i) << 3)) : lr);
    // loops by pairs ran over the end; what comes after theta must stay 0 (Adam makes it 0/0 where eps is 0)
    if (d.size & 1) store<f64>(d.theta + ((<usize>d.size) << 3), 0);
    at.iteration += 1;
    d.fresh = false;
  }
}
