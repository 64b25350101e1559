// What U and V do not see of M when k < min(m, n): N = (I - U Uᵀ) M (I - V Vᵀ) = -(I - U Uᵀ) R (I - V Vᵀ).

import { ADD, FIRST, SET, SUBTRACT } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { addScaled, scale, sumOfSquares } from '../../kernels/vector';
import { uniform } from '../../random';
import { Vector } from '../../views';
import { residual } from './residual';

/** x -= B (Bᵀ x) for B (rows x k); g (k) is scratch. */
function project(rows: i32, k: i32, B: Vector, x: Vector, g: Vector): void {
  gemm(SET + FIRST, k, 1, rows, B, x, g, null);
  gemm(SUBTRACT, rows, 1, k, B, g, x, null);
}

/** Products with NᵀN; an even number, so that the last x is in Q. Of a polynomial so many at first, of nothing else the rest. */
const LOOKS: i32 = 100;
const BENT: i32 = 60;

/**
 * A singular value of N that is above `known`, if there is one (less otherwise), x and y = -N x, |x| = 1, being in Q and P; with
 * 0 for k that of -R. x is p(NᵀN) of a random vector, p the Chebyshev polynomial of [0, known²]: what is in there stays small,
 * what is above grows, by exp(√(8 δ)) a product where it is above by a share of δ. Powers of NᵀN then take away what is far
 * below. Overwrites t and W. (A strong test, not a proof: what is hardly above may not be seen.)
 *
 *     p₊ = (NᵀN - c) p - c²/4 p₋ (at first c²/2),   c = known²/2
 */
export function largestOutside(d: Descent, k: i32, known: f64): f64 {
  const m = d.m;
  const n = d.n;
  const y = d.P;
  const g = d.t;
  let c = 0.5 * known * known;
  let x = d.W;
  let next = d.Q;
  let sigma: f64 = 0;
  // (other draws in each iteration: where the last look ended a next one would have to begin)
  uniform(314 + <u32>d.scalars.iteration, 0, n, 1, x);
  next.clear(n);
  for (let look = 1; look <= LOOKS; look++) {
    project(n, k, d.V, x, g);
    const length = sqrt(sumOfSquares(n, x));
    if (length == 0) return 0;
    scale(n, 1 / length, x);
    gemm(SET, m, 1, n, d.R, x, y, null);
    project(m, k, d.U, y, g);
    sigma = sqrt(sumOfSquares(m, y));
    if (look == BENT) c = 0;
    scale(n, ((look == 2 ? -0.5 : -0.25) * c * c) / length, next);
    gemm(ADD + FIRST, n, 1, m, d.R, y, next, null);
    addScaled(n, -c, x, next);
    const before = x;
    x = next;
    next = before;
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
 * Overwrites P, Q, R, t and W.
 */
export function leaveSaddle(d: Descent): bool {
  const k = d.k;
  const c = smallest(d);
  residual(d);
  const sigma = largestOutside(d, k, abs(d.s[c]));
  if (!(sigma > abs(d.s[c]) + LARGER * d.norm)) return false;
  for (let i = 0; i < d.m; i++) d.U[i * k + c] = -d.P[i] / sigma;
  for (let j = 0; j < d.n; j++) d.V[j * k + c] = d.Q[j];
  d.d[c] = d.squared ? sqrt(sigma) : sigma;
  return true;
}
