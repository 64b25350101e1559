// What U and V do not see of M when k < min(m, n): N = (I - U Uᵀ) M (I - V Vᵀ) = -(I - U Uᵀ) R (I - V Vᵀ).

import { FIRST, SET, SUBTRACT } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { scale, sumOfSquares } from '../../kernels/vector';
import { uniform } from '../../random';
import { Vector } from '../../views';
import { residual } from './loss';

/** A share of s itself, so that a tie at sₖ stays one. */
const TIE: f64 = 1e-9;

/** X -= B (Bᵀ X) for X (rows x c), B (rows x k); G (k x c) is scratch. */
function project(rows: i32, k: i32, c: i32, B: Vector, X: Vector, G: Vector): void {
  gemm(SET + FIRST, k, c, rows, B, X, G, null);
  gemm(SUBTRACT, rows, c, k, B, G, X, null);
}

/** Y (m x c) = -N X for X (n x c) orthogonal to V */
function apply(d: Descent, c: i32, X: Vector, Y: Vector, G: Vector): void {
  gemm(SET, d.m, c, d.n, d.R, X, Y, null);
  project(d.m, d.k, c, d.U, Y, G);
}

/** X (n x c) = -Nᵀ Y for Y (m x c) orthogonal to U */
function applyTransposed(d: Descent, c: i32, Y: Vector, X: Vector, G: Vector): void {
  gemm(SET + FIRST, d.n, c, d.m, d.R, Y, X, null);
  project(d.n, d.k, c, d.V, X, G);
}

/** Power steps of Nᵀ N that look for a larger singular value outside. */
const LOOKS: i32 = 40;
/** What it is larger by, at least, in units of |M|. */
const LARGER: f64 = 1e-12;

/**
 * Stationary is not yet least: with k < min(m, n), any k singular pairs have slopes of 0. Looks for a larger
 * singular value outside; if there is one, its pair replaces the smallest, and the descent can go on.
 * Overwrites P, Q, R and W. (A strong test, not a proof: a gap too small for the power steps passes.)
 */
export function leaveSaddle(d: Descent): bool {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const x = d.Q;
  const y = d.P;
  const G = d.W;
  residual(d);
  uniform(314, 0, n, 1, x);
  project(n, k, 1, d.V, x, G);
  let sigma: f64 = 0;
  for (let look = 0; look < LOOKS; look++) {
    const length = sqrt(sumOfSquares(n, x));
    if (length == 0) return false;
    scale(n, 1 / length, x);
    apply(d, 1, x, y, G);
    sigma = sqrt(sumOfSquares(m, y));
    if (look < LOOKS - 1) applyTransposed(d, 1, y, x, G);
  }
  let least = 0;
  for (let c = 1; c < k; c++) if (abs(d.s[c]) < abs(d.s[least])) least = c;
  if (!(sigma > abs(d.s[least]) * (1 + TIE) + LARGER * d.norm)) return false;
  // y = -N x: the pair is (-y/sigma, x)
  for (let i = 0; i < m; i++) d.U[i * k + least] = -y[i] / sigma;
  for (let j = 0; j < n; j++) d.V[j * k + least] = x[j];
  d.d[least] = d.squared ? sqrt(sigma) : sigma;
  return true;
}
