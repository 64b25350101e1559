// Singular values of B from G = BᵀB, small ones too, where the columns of B are nearly orthogonal whatever their
// lengths: G = L Lᵀ keeps each entry to rounding relative to those lengths, and one-sided Jacobi rotations of the rows
// of L (Demmel and Veselić 1992) lose nothing of that.

import { dot, turn } from '../kernels/vector';
import { Integers, Vector } from '../views';
import { descending } from './eigen';

/** A squared length that counts as zero; the largest is near 1. */
const LEAST: f64 = 1e-200;
const MOST_SWEEPS: i32 = 30;

/** G = L Lᵀ, L below and on the diagonal of rows of `ld` numbers; columns that depend on others are 0. */
function cholesky(n: i32, G: Vector, L: Vector, ld: i32): void {
  for (let i = 0; i < n; i++) {
    const x = L.from(i * ld),
      g = G[i * n + i];
    for (let j = 0; j < i; j++) {
      const y = L.from(j * ld),
        pivot = y[j];
      x[j] = pivot > 0 ? (G[j * n + i] - dot(j, x, y)) / pivot : 0;
    }
    const rest = g - dot(i, x, x);
    x[i] = rest > max(4 * f64.EPSILON * g, LEAST) ? sqrt(rest) : 0;
  }
}

/** Rotates rows x and y so that their first n numbers become orthogonal; false if they are. */
function rotated(n: i32, length: i32, x: Vector, y: Vector): bool {
  const a = dot(n, x, x),
    b = dot(n, y, y),
    g = dot(n, x, y);
  if (!(abs(g) > f64.EPSILON * sqrt(a) * sqrt(b))) return false;
  // t = tan θ, the smaller root of t² + 2 ζ t = 1
  const zeta = (b - a) / (2 * g),
    t = copysign(1, zeta) / (abs(zeta) + sqrt(1 + zeta * zeta));
  const c = 1 / sqrt(1 + t * t),
    s = c * t;
  turn(length, c, s, x, y);
  return true;
}

/**
 * B W = U diag(S) with orthonormal U, from G = BᵀB (n x n, on and above its diagonal): S descending, W (n x n).
 * Scratch: 2 n² numbers of X, n lengths and their order.
 */
export function singular(
  n: i32,
  G: Vector,
  S: Vector,
  W: Vector,
  X: Vector,
  lengths: Vector,
  order: Integers,
): void {
  const ld = 2 * n;
  X.clear(n * ld);
  // rows [L | I]: what turns L is kept beside it
  cholesky(n, G, X, ld);
  for (let i = 0; i < n; i++) X[i * ld + n + i] = 1;
  for (let sweep = 0, turning = true; sweep < MOST_SWEEPS && turning; sweep++) {
    turning = false;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) if (rotated(n, ld, X.from(i * ld), X.from(j * ld))) turning = true;
    }
  }
  for (let i = 0; i < n; i++) {
    const x = X.from(i * ld);
    lengths[i] = sqrt(dot(n, x, x));
  }
  descending(n, lengths, order);
  for (let i = 0; i < n; i++) {
    S[i] = lengths[order[i]];
    for (let j = 0; j < n; j++) W[j * n + i] = X[order[i] * ld + n + j];
  }
}
