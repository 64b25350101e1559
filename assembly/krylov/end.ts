// The end is made with M itself: B = M V, nearly orthogonal columns, gives Z = MᵀB and G = BᵀB, from which small singular
// values come out as precise as large ones (gram.ts). Where a residual of what is small is left, all before it is locked:
// the run goes on with (I - U Uᵀ) M, of which it is the largest.

import { distance, rotate } from '../kernels/panels';
import { DONE, FINAL, PRODUCT } from '../sparse/boundary';
import { Column } from '../views';
import { orthogonalize, randomColumn, TINY } from './basis';
import { singular } from './gram';
import { CLUSTER, hold, keep, NOISE, theta } from './ritz';
import { Krylov, rightColumn } from './state';

/** Below this share of the largest, singular values may have lost digits in MᵀM. */
export const SMALL: f64 = 1e-3;

/** Below this share θ differ by rounding where σ are alike. */
const BLURRED: f64 = 1e-4;

/** Below this share of the largest that is not locked θ are but rounding. */
const UNSEEN: f64 = 4e-8;

/** Asks for the products of what is best. */
export function finish(s: Krylov): i32 {
  // (more than asked for does no harm, but within a cluster, where rounding turns them into each other: they have not converged)
  const all = min(4 * panelsOfV(s), s.columns);
  keep(s, all > s.k && theta(s, s.k) * (1 + s.steep * CLUSTER) < theta(s, s.k - 1) ? all : min(s.k, all));
  return ask(s);
}

function panelsOfV(s: Krylov): i32 {
  return (s.k + 3) >> 2;
}

function ask(s: Krylov): i32 {
  const panels = panelsOfV(s);
  s.count = panels;
  s.X = s.Q;
  s.Z = s.panel(s.panels - panels);
  s.G.clear(16 * panels * panels);
  return FINAL;
}

/**
 * Asks for them once more, of random columns in the place of those of V from `first` on: of what is too small for MᵀM there is no
 * more in V than in what it started with, which may be without it. No random one is.
 */
function askAgain(s: Krylov, first: i32): i32 {
  for (let q = first >> 2; q < panelsOfV(s); q++) {
    const W = s.panel(q);
    for (let c = max(first - 4 * q, 0); c < 4; c++) randomColumn(s, s.n, W, c);
    s.columns = 4 * q;
    orthogonalize(s, 0, q, W);
  }
  s.columns += s.live;
  return ask(s);
}

/** What a residual may be at the end. */
export function allowed(s: Krylov): f64 {
  return max(s.tolerance, NOISE) * s.sigma[0];
}

/** 1/σ of column a, by which M v becomes u; 0 where its square would leave the range. */
export function inverse(s: Krylov, a: i32): f64 {
  const σ = s.sigma[a];
  return σ > TINY ? 1 / σ : 0;
}

/** Are four values alike, and too small for θ to have shown that there may be more of them (ritz.clustered)? */
function isClusterUnseen(s: Krylov, a: i32): bool {
  const sigma = s.sigma;
  const one = sigma[a];
  const alike = max(CLUSTER * one, allowed(s));
  return one < BLURRED * sigma[s.locked] && sigma[a - 3] - one <= alike && one - sigma[s.k - 1] > alike;
}

/** From V, Z and G: singular values, V and Z turned, residuals |Mᵀu - σ v|. What is asked for next: PRODUCT of a random block. */
export function end(s: Krylov): i32 {
  s.passes++;
  s.products += 8 * s.count;
  const panels = s.count;
  const width = 4 * panels;
  const sigma = s.sigma;
  for (let a = s.columns; a < width; a++) s.G[a * (width + 1)] = -1;
  singular(width, s.G, sigma, s.W, s.work, s.theta, s.order);
  rotate(s.n, panels, panels, s.Q, s.W, width, s.rows);
  rotate(s.n, panels, panels, s.Z, s.W, width, s.rows);
  let done = s.k;
  let small = s.k;
  for (let a = s.k - 1; a >= 0; a--) {
    s.residuals[a] = distance(s.n, inverse(s, a), Column.of(s.Z, s.n, a), sigma[a], rightColumn(s, a));
    if (sigma[a] <= UNSEEN * sigma[s.locked]) small = a;
    if (a >= s.locked + 3 && isClusterUnseen(s, a)) done = a - 3;
    if (s.residuals[a] <= allowed(s)) continue;
    // (where M has nothing, U is mended and looked at later; without U, u counts as 0, and |M v| is left)
    if (sigma[a] > NOISE * sigma[0]) done = a;
    else if (!s.canLock) s.residuals[a] = sigma[a];
  }
  const given = s.given;
  s.given = false;
  if (given && small < s.k) {
    if (s.passes <= s.mayPass) return askAgain(s, small);
    s.open = true;
  }
  s.converged = done == s.k && !s.open ? 1 : 0;
  return done < s.k && lock(s, min(done, small)) ? PRODUCT : DONE;
}

/** Locks the first `done` columns; false if that brings nothing. */
function lock(s: Krylov, done: i32): bool {
  const mayGoOn = s.canLock && s.passes < s.mayPass && done > s.locked && s.hasRoom(done);
  if (!mayGoOn || s.sigma[done] > SMALL * s.sigma[0]) return false;
  s.locked = done;
  s.done = done;
  s.degree = 1;
  s.steep = 1;
  s.verifying = false;
  s.beyond = 0;
  s.worst = Infinity;
  for (let a = 0; a < done; a++) s.S[a] = s.sigma[a] * s.sigma[a];
  hold(s, done);
  return true;
}
