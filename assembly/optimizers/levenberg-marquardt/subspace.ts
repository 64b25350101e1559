// Levenberg-Marquardt where the rank is less than it could be: with V at hand U and S follow, and what is left is the
// loss |M - M V Vᵀ|²/2 of V alone. In place of a step along its gradient, the loss is made least over all gradients so
// far: block Lanczos with thick restart (Golub and Underwood 1977; Wu and Simon 2000), on M itself, so that no digits are
// lost (Golub and Kahan 1965).
//
//     M W = P T        W (n x w) and P (m x w) with orthonormal columns, Q = MᵀP
//     T = X diag(σ) Yᵀ
//     U = P X, V = W Y, s = σ of its first k columns: M V = U S
//     E = MᵀU - V S    what is left of the gradient, outside of W
//
// W and P are bases of krylov/, which grow by blocks of four columns: of E or, from the second block of an iteration on, of Q.
// When W is full, it is made anew from its best combinations. When all stands still a random block joins: is there a larger
// singular value that no gradient shows? (krylov/index.ts has the same descent on MᵀM, for what has no room for P and Q.)

import { Descent } from '../../descent';
import { jacobi } from '../../direct/jacobi';
import { gram } from '../../kernels/matmul';
import { addColumn, combine, dotColumns, rotate, toRows } from '../../kernels/panels';
import { copy, maxAbs, sumOfSquares } from '../../kernels/vector';
import { Basis, orthogonalize } from '../../krylov/basis';
import { evaluate, still, sum } from '../../problems/svd/loss';
import { residual, settle } from '../../problems/svd/residual';
import { Column, Vector } from '../../views';
import {
  at,
  BLOCK,
  begun,
  columnsOf,
  expand,
  filled,
  kept,
  leftBasis,
  leftOf,
  panels,
  randomBlock,
  randomIn,
  rightBasis,
  rightOf,
  slope,
  wide,
  width,
} from './bases';

/** The squares in |M|² - Σ s² below which it loses digits: R itself is formed. */
const EXACT: f64 = 1e-4;
/** A gradient of so much of |M| is noise. */
const NOISE: f64 = 1e-14;
/** Blocks of a look for larger singular values; and where the next one stands still. */
const LOOKS: i32 = 12;
const STANDS: f64 = 1e-8;
/** What Σ S grows by at least where there is one, of |M|. (|S|² would not tell of small ones.) */
const GROWN: f64 = 1e-12;

/** C (`to` panels) = B Y for the columns of a basis */
function ritz(d: Descent, b: Basis, Y: Vector, to: i32, C: Vector): void {
  C.clear(4 * b.n * to);
  combine(b.n, filled(d), to, b.Q, Y, width(d), C);
}

/** Rayleigh and Ritz: theta, σ and E from W, P, Q and T. */
function solve(d: Descent): void {
  const places = at(d);
  const right = rightBasis(d);
  const left = leftBasis(d);
  const n = right.n;
  const k = d.k;
  const w = width(d);
  const p = filled(d);
  const s = places.sigma;
  const X = places.left;
  const Y = places.right;
  const E = places.E;
  const some = (k + 3) >> 2;
  for (let i = 0; i < w; i++) copy(w, places.T.from(i * 4 * panels(d)), places.small.from(i * w));
  jacobi(w, w, places.small, X, s, Y, places.svd);
  // (for columns that are 0)
  X.from(w * w).clear((4 * p - w) * w);
  Y.from(w * w).clear((4 * p - w) * w);
  ritz(d, left, X, some, places.turned);
  toRows(left.n, k, places.turned, leftOf(d));
  ritz(d, right, Y, some, places.turned);
  toRows(n, k, places.turned, rightOf(d));
  copy(k, s, d.d);
  settle(d);

  // E = Q X - W Y diag(σ)
  const less = places.small;
  const e = (wide(d) + 3) >> 2;
  for (let i = 0; i < w; i++) for (let j = 0; j < w; j++) less[i * w + j] = -Y[i * w + j] * s[j];
  less.from(w * w).clear((4 * p - w) * w);
  ritz(d, right, less, e, E);
  combine(n, p, e, places.Q, X, w, E);
  let squares: f64 = 0;
  for (let c = 0; c < k; c++) squares += dotColumns(n, slope(d, c), slope(d, c));
  kept(d).slopes = sqrt(squares);
  d.solved = true;
}

/** X = four orthogonal columns out of the span of E, the longest first; E is destroyed. */
function steepest(d: Descent): void {
  const n = columnsOf(d);
  const e = wide(d);
  for (let j = 0; j < BLOCK; j++) {
    let most: f64 = 0;
    let longest = 0;
    for (let c = 0; c < e; c++) {
      const squares = dotColumns(n, slope(d, c), slope(d, c));
      if (squares > most) {
        most = squares;
        longest = c;
      }
    }
    if (!(most > NOISE * NOISE * d.norm * d.norm)) {
      randomIn(d, j);
      continue;
    }
    const x = Column.of(at(d).X, n, j);
    const along = slope(d, longest);
    const by = 1 / sqrt(most);
    for (let i = 0; i < n; i++) x[i] = by * along[i];
    for (let c = 0; c < e; c++) addColumn(n, -dotColumns(n, x, slope(d, c)), x, slope(d, c));
  }
  d.solved = false;
}

/** Room for the next block in W; false where W is all there is. */
function makeRoom(d: Descent): bool {
  const places = at(d);
  const right = rightBasis(d);
  const left = leftBasis(d);
  const p = filled(d);
  if (width(d) == right.n) return false;
  if (p < panels(d)) return true;
  // (the next block is to leave out what is dropped here, too)
  right.columns = width(d);
  orthogonalize(right, 0, p, places.X);
  if (!d.solved) solve(d);
  const w = width(d);
  const ld = 4 * panels(d);
  const keep = min(p - 1, (d.k + w + 7) >> 3);
  rotate(right.n, p, keep, right.Q, places.right, w, right.rows);
  rotate(left.n, p, keep, left.Q, places.left, w, left.rows);
  rotate(right.n, p, keep, places.Q, places.left, w, right.rows);
  places.T.clear(ld * ld);
  for (let i = 0; i < 4 * keep; i++) places.T[i * (ld + 1)] = places.sigma[i];
  kept(d).width = <f64>(4 * keep);
  d.solved = false;
  return true;
}

/** X holds a block; it and `count - 1` more, each from the Q of the one before, join W. */
function blocks(d: Descent, count: i32): void {
  for (; count > 0 && makeRoom(d); count--) {
    d.solved = false;
    expand(d);
  }
}

/** The first W: some columns of a random V and what follows from them, or all of a V that is known. */
function begin(d: Descent): void {
  const n = columnsOf(d);
  const k = d.k;
  const known = kept(d).cold != 0 ? min(BLOCK, k) : k;
  const V = at(d).turned;
  kept(d).cold = 0;
  at(d).T.clear(16 * panels(d) * panels(d));
  copy(n * k, rightOf(d), V);
  for (let first = 0; first < known && makeRoom(d); first += BLOCK) {
    randomBlock(d);
    for (let c = 0; c < min(BLOCK, k - first); c++) {
      const x = Column.of(at(d).X, n, c);
      for (let i = 0; i < n; i++) x[i] = V[i * k + first + c];
    }
    expand(d);
  }
  while (width(d) < k) blocks(d, 1);
  solve(d);
}

/** One iteration: blocks of as many columns as theta has. */
export function widen(d: Descent): void {
  // (W is all there is, and that is not the end: rounding has piled up in it, and it begins again, with V)
  if (width(d) == columnsOf(d)) kept(d).width = 0;
  if (!begun(d)) return begin(d);
  if (!d.solved) solve(d);
  steepest(d);
  blocks(d, (d.k + 3) >> 2);
  solve(d);
}

/** The loss and its slopes at theta, as `evaluate` has them, without a look at M as long as they are not small. */
export function known(d: Descent): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const now = d.scalars;
  const s = at(d).sigma;
  const norm2 = d.norm * d.norm;
  const size = d.norm;
  if (!begun(d)) return evaluate(d);
  let squares = norm2;
  for (let i = 0; i < k; i++) {
    const di = d.d[i];
    const si = d.squared ? di * di : di;
    d.s[i] = si;
    squares += si * (si - 2 * s[i]);
  }
  const slopes = kept(d).slopes / size;
  const near = 2 * max(d.tolerance, still(d));
  if (slopes <= near) {
    evaluate(d);
    // where rounding has piled up in W it begins again, with V
    if (now.stationarity > 2 * near) kept(d).width = 0;
    return;
  }
  if (!(squares > EXACT * norm2)) squares = residual(d);
  gram(k, m, d.U, d.GU);
  gram(k, n, d.V, d.GV);
  sum(d, squares, sumOfSquares(k * k, d.GU), sumOfSquares(k * k, d.GV));
  now.stationarity = slopes;
  now.orthonormality = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
}

/** Σ |s| */
function total(k: i32, s: Vector): f64 {
  let all: f64 = 0;
  for (let c = 0; c < k; c++) all += abs(s[c]);
  return all;
}

/** Any k singular pairs have slopes of 0. Is there a larger one outside? Then theta has it now. */
export function outgrown(d: Descent): bool {
  const k = d.k;
  const n = columnsOf(d);
  const s = at(d).sigma;
  const before = total(k, d.s) + GROWN * d.norm;
  copy(d.size, d.theta, d.grad);
  if (!begun(d)) begin(d);
  randomBlock(d);
  for (let step = 0; ; step++) {
    // (what comes next is in X)
    blocks(d, 1);
    solve(d);
    if (total(k, s) > before || kept(d).slopes > 2 * still(d) * d.norm) return true;
    if (step == LOOKS || width(d) == n) break;
    if (step < 2 || width(d) <= k) continue;
    const gap = s[k - 1] - s[k];
    const beside = slope(d, k);
    if (sqrt(dotColumns(n, beside, beside)) < max(gap, STANDS * d.norm)) break;
  }
  copy(d.size, d.grad, d.theta);
  return false;
}
