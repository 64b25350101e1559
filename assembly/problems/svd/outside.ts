// What U and V do not see of M when k < min(m, n): N = (I - U Uᵀ) M (I - V Vᵀ) = -(I - U Uᵀ) R (I - V Vᵀ).

import { FIRST, SET, SUBTRACT } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { scale, sumOfSquares } from '../../kernels/vector';
import { uniform } from '../../random';
import { Vector } from '../../views';
import { residual } from './residual';

/** x -= B (Bᵀ x) for B (rows x k); g (k) is scratch. */
function project(rows: i32, k: i32, B: Vector, x: Vector, g: Vector): void {
  gemm(SET + FIRST, k, 1, rows, B, x, g, null);
  gemm(SUBTRACT, rows, 1, k, B, g, x, null);
}

/** Power steps of Nᵀ N that look for the largest singular value. */
const LOOKS: i32 = 40;

/**
 * The largest singular value of N, x and y = -N x, |x| = 1, being in Q and P; with 0 for k that of -R. Overwrites W. (A
 * strong test, not a proof: where two are nearly the same, it may be less.)
 */
export function largestOutside(d: Descent, k: i32): f64 {
  const m = d.m;
  const n = d.n;
  const x = d.Q;
  const y = d.P;
  let sigma: f64 = 0;
  // (other draws in each iteration: where the last look ended a next one would have to begin)
  uniform(314 + <u32>d.scalars.iteration, 0, n, 1, x);
  for (let look = 0; look < LOOKS; look++) {
    project(n, k, d.V, x, d.W);
    const length = sqrt(sumOfSquares(n, x));
    if (length == 0) return 0;
    scale(n, 1 / length, x);
    gemm(SET, m, 1, n, d.R, x, y, null);
    project(m, k, d.U, y, d.W);
    sigma = sqrt(sumOfSquares(m, y));
    if (look < LOOKS - 1) gemm(SET + FIRST, n, 1, m, d.R, y, x, null);
  }
  return sigma;
}

/** The pair with the smallest singular value. */
export function smallest(d: Descent): i32 {
  let least = 0;
  for (let c = 1; c < d.k; c++) if (abs(d.s[c]) < abs(d.s[least])) least = c;
  return least;
}

/** What a singular value outside is larger by, at least, in units of |M|: less is a tie, and stays one. */
const LARGER: f64 = 1e-12;

/**
 * Stationary is not yet least: with k < min(m, n), any k singular pairs have slopes of 0. Looks for a larger
 * singular value outside; if there is one, its pair replaces the smallest, and the descent can go on.
 * Overwrites P, Q, R and W.
 */
export function leaveSaddle(d: Descent): bool {
  const k = d.k;
  const c = smallest(d);
  residual(d);
  const sigma = largestOutside(d, k);
  if (!(sigma > abs(d.s[c]) + LARGER * d.norm)) return false;
  for (let i = 0; i < d.m; i++) d.U[i * k + c] = -d.P[i] / sigma;
  for (let j = 0; j < d.n; j++) d.V[j * k + c] = d.Q[j];
  d.d[c] = d.squared ? sqrt(sigma) : sigma;
  return true;
}
