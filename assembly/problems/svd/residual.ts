// R = w ∘ (U diag(s) Vᵀ - M), and what it is made of; s = d² ('squared') or s = d ('signed').

import { MINUS, SECOND } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { sumOfSquares } from '../../kernels/vector';
import { PAIR, Pair, Pairs } from '../../views';

/** s = d² or d */
export function diagonal(d: Descent): void {
  const root = d.d.pairs;
  const s = d.s.pairs;
  const squared = d.squared;
  const end = Pairs.bytes(d.k);
  for (let c: usize = 0; c < end; c += PAIR) s[c] = squared ? root[c] * root[c] : root[c];
}

/** d holds s; make it d. s = d² can't be negative: the sign goes into U. */
export function settle(d: Descent): void {
  if (!d.squared) return;
  const k = d.k;
  const U = d.U;
  const diagonal = d.d;
  for (let c = 0; c < k; c++) {
    const s = diagonal[c];
    if (s < 0) for (let i = 0; i < d.m; i++) U[i * k + c] = -U[i * k + c];
    diagonal[c] = sqrt(abs(s));
  }
}

/** W = V diag(s) */
function spread(d: Descent): void {
  const k = Pairs.bytes(d.k);
  const end = Pairs.bytes(d.n * d.k);
  const V = d.V.pairs;
  const W = d.W.pairs;
  const s = d.s.pairs;
  // (where k is odd, each row runs over into the next, which follows)
  for (let row: usize = 0; row < end; row += k) {
    for (let c: usize = 0; c < k; c += PAIR) W[row + c] = V[row + c] * s[c];
  }
}

/** R *= w; returns Σ w R² of R as it was */
export function weigh(n: i32, w: Pairs, R: Pairs): f64 {
  let loss = Pair.of(0);
  const end = Pairs.bytes(n);
  for (let ij: usize = 0; ij < end; ij += PAIR) {
    const e = R[ij];
    const weighted = e * w[ij];
    R[ij] = weighted;
    loss = loss + weighted * e;
  }
  return Pair.sum(loss);
}

/** R = w ∘ (U diag(s) Vᵀ - M), m x n; returns its share of the loss, times Σ w. */
export function residual(d: Descent): f64 {
  const mn = d.m * d.n;
  const weights = d.weights;
  spread(d);
  gemm(MINUS + SECOND, d.m, d.n, d.k, d.U, d.W, d.R, d.M);
  return weights ? weigh(mn, weights.pairs, d.R.pairs) : sumOfSquares(mn, d.R);
}

/** t = diag(Xᵀ P) */
export function columnDots(rows: i32, k: i32, X: Pairs, P: Pairs, t: Pairs): void {
  const width = Pairs.bytes(k);
  const end = Pairs.bytes(rows * k);
  for (let c: usize = 0; c < width; c += PAIR) t[c] = Pair.of(0);
  for (let row: usize = 0; row < end; row += width) {
    for (let c: usize = 0; c < width; c += PAIR) t[c] += X[row + c] * P[row + c];
  }
}
