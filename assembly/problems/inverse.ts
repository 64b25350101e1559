// The inverse notebook: find X (n x n) with X M = I.
//
//     R = X M - I,   loss = mean(R²),   dX = 2/n² R Mᵀ

import { SET } from '../boundary';
import { Descent } from '../descent';
import { gemm, multiply } from '../kernels/matmul';
import { scale, sumOfSquares } from '../kernels/vector';

/** What rounding leaves of X M beside |X| |M|; each of its sums has n terms, and is off by n eps/2 of them at most. */
const ROUNDING: f64 = 8 * f64.EPSILON;
/** |X M - I| < 1 proves that M has an inverse: what rounding may leave counts only well below. */
const SURE: f64 = 0.125;

export function evaluate(d: Descent): void {
  const n = d.n;
  const X = d.theta;
  const R = d.R;
  const now = d.scalars;
  gemm(SET, n, n, n, X, d.M, R, null);
  for (let i = 0; i < n; i++) R[i * n + i] -= 1;
  now.reconstruction = sumOfSquares(n * n, R) / d.entries;
  now.total = now.reconstruction;
  if (d.tolerance > 0) {
    // what the rounding of X M alone may leave counts as 0 (not where |X| has overflowed)
    const size = sqrt(now.total);
    const share = ROUNDING + 0.5 * f64.EPSILON * <f64>n;
    const rounding = share * sqrt(sumOfSquares(n * n, X)) * d.norm;
    now.stationarity = rounding < SURE && size * <f64>n <= rounding ? 0 : size;
  }
}

export function gradient(d: Descent): void {
  // Summed from the last column on. Which order is a matter of rounding alone, but of the notebook's loss at
  // 1e-15 it decides the ninth digit: in this one it is PyTorch's, whose sums are fused.
  const n = d.n;
  const last = n - 1;
  multiply(false, SET, n, n, n, d.R.from(last), n, -1, d.M.from(last), -1, n, d.grad, null, n);
  scale(n * n, 2 / d.entries, d.grad);
}
