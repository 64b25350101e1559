// The inverse notebook: find X (n x n) with X M = I.
//
//     R = X M - I,   loss = mean(R²),   dX = 2/n² R Mᵀ

import { Descent } from '../descent';
import { SET, gemm } from '../kernels/matmul';
import { scale, sumOfSquares } from '../kernels/vector';

export function evaluate(d: Descent): void {
  const n = d.n, at = d.scalars;
  gemm(SET, n, n, n, d.theta, n, 1, d.M, n, 1, d.R, n);
  for (let i = 0; i < n; i++) {
    const diagonal = d.R + (<usize>(i * n + i) << 3);
    store<f64>(diagonal, load<f64>(diagonal) - 1);
  }
  at.reconstruction = sumOfSquares(n * n, d.R) / d.entries;
  at.total = at.reconstruction;
  // the largest loss that still means X M = I to `tolerance`
  at.stationarity = sqrt(at.total);
}

export function gradient(d: Descent): void {
  const n = d.n;
  gemm(SET, n, n, n, d.R, n, 1, d.M, 1, n, d.grad, n);
  scale(n * n, 2 / d.entries, d.grad);
}
