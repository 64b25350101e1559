// The loss of a guess U, S, V and its gradient, for weights w (1 unless given):
//
//     R = w ∘ (U diag(s) Vᵀ - M),   s = d² or d
//     loss = Σ w (U diag(s) Vᵀ - M)² / Σ w + penaltyU mean((UᵀU - I)²) + penaltyV mean((VᵀV - I)²)
//     dU = 2/Σw R V diag(s)  + 4 penaltyU/k² U (UᵀU - I)
//     dV = 2/Σw Rᵀ U diag(s) + 4 penaltyV/k² V (VᵀV - I)
//     ds = 2/Σw diag(Uᵀ R V),   dd = 2 d ds or ds
//
// For square V, mean((V Vᵀ - I)²) and mean((VᵀV - I)²) and their gradients are equal, so this one
// formula is the notebooks' as well.

import { Descent } from '../descent';
import { MINUS, SET, gemm, gram } from '../kernels/matmul';
import { maxAbs, sumOfSquares } from '../kernels/vector';

/** S and diag(s) Vᵀ (k x n). */
function spread(d: Descent): void {
  const n = d.n, k = d.k, V = d.V;
  for (let c = 0; c < k; c++) {
    const value = load<f64>(d.d + (<usize>c << 3));
    const s = d.squared ? value * value : value;
    store<f64>(d.s + (<usize>c << 3), s);
    let at = d.W + (<usize>(c * n) << 3);
    for (let j = 0; j < n; j++) {
      store<f64>(at, s * load<f64>(V + (<usize>(j * k + c) << 3)));
      at += 8;
    }
  }
}

/** R *= w; returns Σ w R² */
function weigh(n: i32, w: usize, r: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    const value = load<f64>(r + at);
    const weighted = load<f64>(w + at) * value;
    store<f64>(r + at, weighted);
    sum += weighted * value;
  }
  return sum;
}

/** The loss and its terms at theta, and the slopes P = R V and Q = Rᵀ U. */
export function evaluate(d: Descent): void {
  const m = d.m, n = d.n, k = d.k, U = d.U, V = d.V, kk = k * k;
  const at = d.scalars;
  spread(d);
  gemm(MINUS, m, n, k, U, k, 1, d.W, n, 1, d.R, n, d.M);
  const squares = d.weights ? weigh(m * n, d.weights, d.R) : sumOfSquares(m * n, d.R);
  gram(k, m, U, d.GU);
  gram(k, n, V, d.GV);
  at.reconstruction = squares / d.entries;
  at.orthonormalityU = sumOfSquares(kk, d.GU) / <f64>kk;
  at.orthonormalityV = sumOfSquares(kk, d.GV) / <f64>kk;
  at.total = at.reconstruction + d.penaltyU * at.orthonormalityU + d.penaltyV * at.orthonormalityV;
  gemm(SET, m, k, n, d.R, n, 1, V, k, 1, d.P, k);
  gemm(SET, n, k, m, d.R, 1, n, U, k, 1, d.Q, k);
  if (d.tolerance > 0) {
    at.stationarity = sqrt(sumOfSquares(m * k, d.P) + sumOfSquares(n * k, d.Q)) / d.norm;
    at.orthonormality = max(maxAbs(kk, d.GU), maxAbs(kk, d.GV));
  }
}

/** dX = 2/Σw slopes diag(s) + 4 penalty/k² X (XᵀX - I) for X (rows x k), G = XᵀX - I */
function factorGradient(d: Descent, rows: i32, X: usize, slopes: usize, G: usize, penalty: f64, dX: usize): void {
  const k = d.k, c = 2 / d.entries, p = (4 * penalty) / <f64>(k * k);
  gemm(SET, rows, k, k, X, k, 1, G, k, 1, dX, k);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < k; l++) {
      const at = <usize>(i * k + l) << 3;
      store<f64>(dX + at, p * load<f64>(dX + at) + c * load<f64>(slopes + at) * load<f64>(d.s + (<usize>l << 3)));
    }
  }
}

/** The gradient at theta, from what `evaluate` left in the workspace. */
export function gradient(d: Descent): void {
  const m = d.m, n = d.n, k = d.k, c = 2 / d.entries;
  const dd = d.grad + (<usize>(m * k) << 3);
  for (let l = 0; l < k; l++) {
    let sum: f64 = 0;
    for (let i = 0; i < m; i++) {
      const at = <usize>(i * k + l) << 3;
      sum += load<f64>(d.U + at) * load<f64>(d.P + at);
    }
    const at = <usize>l << 3;
    store<f64>(dd + at, c * sum * (d.squared ? 2 * load<f64>(d.d + at) : 1));
  }
  factorGradient(d, m, d.U, d.P, d.GU, d.penaltyU, d.grad);
  factorGradient(d, n, d.V, d.Q, d.GV, d.penaltyV, dd + (<usize>k << 3));
}
