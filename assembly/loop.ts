// The descent loop: look at the loss, stop or record it, improve the guess, again.

import { CONJUGATE_GRADIENTS, CONVERGED, DIVERGED, RUNNING, SVD } from './boundary';
import { Descent } from './descent';
import { copy } from './kernels/vector';
import { floor, look, update } from './optimizers/index';
import { evaluate } from './problems/index';
import { leaveSaddle } from './problems/svd/outside';

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
  const now = d.scalars;
  if (!isFinite(now.total)) return DIVERGED;
  const k = <f64>d.k;
  const sums = UNIT * <f64>max(d.m, d.n);
  const least = max(d.tolerance, floor(d));
  const stationary = now.stationarity <= max(least, STILL * (k + 1) + sums);
  const orthonormal = now.orthonormality <= max(least, ROUNDING * k + sums);
  // (a norm that has overflowed is Infinity or NaN and never small enough)
  return d.tolerance > 0 && stationary && orthonormal ? CONVERGED : RUNNING;
}

/** Stationary, but at a saddle? Then off it. */
function moveOn(d: Descent): bool {
  if (d.problem != SVD || d.optimizer == CONJUGATE_GRADIENTS) return false;
  return d.k < min(d.m, d.n) && leaveSaddle(d);
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
