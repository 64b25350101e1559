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
// Four columns of E or, from the second block of an iteration on, of Q, join W. When W is full, it is made anew from its
// best combinations. When all stands still a random block joins: is there a larger singular value that no gradient shows?

import { FIRST, SET, SUBTRACT } from '../../boundary';
import { Descent } from '../../descent';
import { jacobi } from '../../direct/jacobi';
import { orthonormalize } from '../../kernels/householder';
import { gemm, gram, multiply } from '../../kernels/matmul';
import { copy, maxAbs, sumOfSquares } from '../../kernels/vector';
import { Layout, PLACES } from '../../layout';
import { evaluate, residual, settle, still } from '../../problems/svd/loss';
import { uniform } from '../../random';
import { Vector } from '../../views';

/** Columns of a block: in M X they cost little more than one. */
const BLOCK: i32 = 4;
/** The squares in |M|² - Σ s² below which it loses digits: R itself is formed. */
const EXACT: f64 = 1e-4;
/** A column of which this share is left beside W (squared) is noise, as is a gradient of so much of |M|. */
const NOTHING: f64 = 1e-20;
const NOISE: f64 = 1e-14;
/** Blocks of a look for larger singular values; and where the next one stands still. */
const LOOKS: i32 = 12;
const STANDS: f64 = 1e-8;
/** What |S|² grows by at least where there is one, of |M|². */
const GROWN: f64 = 1e-13;

/** What is kept besides theta and the state: numbers. */
@unmanaged
class Kept {
  width: f64;
  draw: f64;
  /** |E| of the k columns of theta */
  slopes: f64;
  /** the start is a random one */
  cold: f64;
}

/** The start is a random one. */
export function cold(d: Descent): void {
  kept(d).cold = 1;
}

/** Columns that W has room for. Here and below m >= n. */
export function room(n: i32, k: i32): i32 {
  return min(2 * k + 40, n);
}

/** Where its buffers are, with room for b = d.room columns. */
@unmanaged
class Places {
  // the state
  sigma: Vector;
  T: Vector;
  W: Vector;
  P: Vector;
  Q: Vector;
  // scratch: blocks, ...
  X: Vector;
  Y: Vector;
  Z: Vector;
  H: Vector;
  // ... E, a matrix to turn, and what an SVD of T needs
  E: Vector;
  turned: Vector;
  small: Vector;
  left: Vector;
  right: Vector;
}

// the build ends here where there is no room for them
if (offsetof<Places>() > PLACES * sizeof<usize>()) ERROR('Places are more than PLACES');

function at(d: Descent): Places {
  return d.places<Places>();
}

/** Lays out the state: σ (b), T (b x b), W (n x b), P (m x b), Q (n x b). */
export function placeState(d: Descent): Vector {
  const m = <f64>rowsOf(d);
  const n = <f64>columnsOf(d);
  const b = <f64>d.room;
  const places = at(d);
  places.sigma = Layout.take(b);
  places.T = Layout.take(b * b);
  places.W = Layout.take(n * b);
  places.P = Layout.take(m * b);
  places.Q = Layout.take(n * b);
  return places.sigma;
}

/** Lays out the scratch; E is n x (k + 1), at least n x 4. */
export function placeScratch(d: Descent): void {
  const m = <f64>rowsOf(d);
  const n = <f64>columnsOf(d);
  const b = <f64>d.room;
  const places = at(d);
  places.X = Layout.take(n * BLOCK);
  places.Y = Layout.take(m * BLOCK);
  places.Z = Layout.take(m * BLOCK);
  places.H = Layout.take(b * BLOCK);
  places.E = Layout.take(n * <f64>max(d.k + 1, BLOCK));
  places.turned = Layout.take(m * b);
  places.small = Layout.take(b * b);
  places.left = Layout.take(b * b);
  places.right = Layout.take(b * b);
}

function kept(d: Descent): Kept {
  return d.kept<Kept>();
}
function width(d: Descent): i32 {
  return <i32>kept(d).width;
}

// a wide M is seen as Mᵀ
function rowsOf(d: Descent): i32 {
  return max(d.m, d.n);
}
function columnsOf(d: Descent): i32 {
  return min(d.m, d.n);
}
function leftOf(d: Descent): Vector {
  return d.m < d.n ? d.V : d.U;
}
function rightOf(d: Descent): Vector {
  return d.m < d.n ? d.U : d.V;
}

/** Columns of E. */
function wide(d: Descent): i32 {
  return min(max(d.k + 1, BLOCK), width(d));
}

/** C (rows x c) = B Z, or C -= B Z, for the first w columns of B, of d.room, and the first c of Z, of ldz */
function combine(
  mode: i32,
  d: Descent,
  rows: i32,
  w: i32,
  c: i32,
  B: Vector,
  Z: Vector,
  ldz: i32,
  C: Vector,
): void {
  multiply(false, mode, rows, c, w, B, d.room, 1, Z, ldz, 1, C, null, c);
}

/** H = BᵀX for X (rows x c) */
function seen(d: Descent, rows: i32, w: i32, c: i32, B: Vector, X: Vector, H: Vector, ldh: i32): void {
  multiply(false, SET, w, c, rows, B, 1, d.room, X, c, 1, H, null, ldh);
}

function project(d: Descent, rows: i32, w: i32, c: i32, B: Vector, X: Vector): void {
  if (w == 0) return;
  seen(d, rows, w, c, B, X, at(d).H, c);
  combine(SUBTRACT, d, rows, w, c, B, at(d).H, c, X);
}

function randomColumn(d: Descent, rows: i32, c: i32, j: i32, X: Vector): void {
  kept(d).draw = <f64>uniform(<u32>kept(d).draw, j, rows * c, c, X);
}

function squaresOf(rows: i32, c: i32, j: i32, X: Vector): f64 {
  let sum: f64 = 0;
  for (let i = j; i < rows * c; i += c) sum += X[i] * X[i];
  return sum;
}

function append(rows: i32, b: i32, w: i32, c: i32, B: Vector, X: Vector): void {
  for (let i = 0; i < rows; i++) copy(c, X.from(i * c), B.from(i * b + w));
}

/** Rounds of orthogonalization: the second sees what the first left. */
const ROUNDS: i32 = 3;
/** Most of them, however often something becomes random. */
const MOST_ROUNDS: i32 = 12;

/**
 * The columns of X become orthonormal, and so beside those of B; they join them. What B has already becomes random, and has
 * all its rounds from there on. (Columns that depend on each other become what a QR makes of them: B may have that, too.)
 */
function join(d: Descent, rows: i32, c: i32, B: Vector, X: Vector): void {
  const w = width(d);
  const x = X;
  const before = d.t;
  let last = ROUNDS;
  for (let round = 0; round < last; round++) {
    for (let j = 0; j < c; j++) before[j] = squaresOf(rows, c, j, x);
    project(d, rows, w, c, B, X);
    for (let j = 0; j < c; j++) {
      if (squaresOf(rows, c, j, x) > NOTHING * before[j]) continue;
      randomColumn(d, rows, c, j, x);
      last = min(MOST_ROUNDS, round + ROUNDS);
    }
    orthonormalize(rows, c, X, d.t, d.columns);
  }
  append(rows, d.room, w, c, B, X);
}

/** c columns of X join W, their images P, and T and Q. */
function expand(d: Descent, c: i32): void {
  const m = rowsOf(d);
  const n = columnsOf(d);
  const b = d.room;
  const w = width(d);
  const X = at(d).X;
  const Y = at(d).Y;
  const Z = at(d).Z;
  const T = at(d).T;
  join(d, n, c, at(d).W, X);

  gemm(SET + (d.m < d.n ? FIRST : 0), m, c, n, d.M, X, Y, null);
  copy(m * c, Y, Z);
  join(d, m, c, at(d).P, Z);
  for (let i = w; i < w + c; i++) for (let j = 0; j < w; j++) T[i * b + j] = 0;
  seen(d, m, w + c, c, at(d).P, Y, T.from(w), b);
  gemm(SET + (d.m < d.n ? 0 : FIRST), n, c, m, d.M, Z, X, null);
  append(n, b, w, c, at(d).Q, X);
  kept(d).width = <f64>(w + c);
}

/** Rayleigh and Ritz: theta, σ and E from W, P, Q and T. */
function solve(d: Descent): void {
  const m = rowsOf(d);
  const n = columnsOf(d);
  const k = d.k;
  const b = d.room;
  const w = width(d);
  const T = at(d).T;
  const A = at(d).small;
  const s = at(d).sigma;
  for (let i = 0; i < w; i++) copy(w, T.from(i * b), A.from(i * w));
  jacobi(w, w, at(d).small, at(d).left, at(d).sigma, at(d).right, d.columns);
  combine(SET, d, m, w, k, at(d).P, at(d).left, w, leftOf(d));
  combine(SET, d, n, w, k, at(d).W, at(d).right, w, rightOf(d));
  for (let i = 0; i < k; i++) d.d[i] = s[i];
  settle(d);
  const e = wide(d);
  const E = at(d).E;
  const Y = at(d).right;
  for (let i = 0; i < w; i++) for (let j = 0; j < e; j++) A[i * e + j] = Y[i * w + j] * s[j];
  combine(SET, d, n, w, e, at(d).Q, at(d).left, w, E);
  combine(SUBTRACT, d, n, w, e, at(d).W, at(d).small, e, E);
  let squares: f64 = 0;
  for (let j = 0; j < k; j++) squares += squaresOf(n, e, j, E);
  kept(d).slopes = sqrt(squares);
  d.solved = true;
}

/** X = four orthogonal columns out of the span of E, the longest first; E is destroyed. */
function steepest(d: Descent): void {
  const n = columnsOf(d);
  const e = wide(d);
  const E = at(d).E;
  const X = at(d).X;
  const h = at(d).H;
  for (let j = 0; j < BLOCK; j++) {
    let most: f64 = 0;
    let longest = 0;
    for (let c = 0; c < e; c++) {
      const squares = squaresOf(n, e, c, E);
      if (squares > most) {
        most = squares;
        longest = c;
      }
    }
    if (!(most > NOISE * NOISE * d.norm * d.norm)) {
      randomColumn(d, n, BLOCK, j, X);
      continue;
    }
    const by = 1 / sqrt(most);
    for (let i = 0; i < n; i++) X[i * BLOCK + j] = by * E[i * e + longest];
    for (let c = 0; c < e; c++) {
      let dot: f64 = 0;
      for (let i = 0; i < n; i++) dot += X[i * BLOCK + j] * E[i * e + c];
      h[c] = dot;
    }
    for (let i = 0; i < n; i++)
      for (let c = 0; c < e; c++) E[i * e + c] = E[i * e + c] - X[i * BLOCK + j] * h[c];
  }
  d.solved = false;
}

function turn(d: Descent, rows: i32, w: i32, keep: i32, B: Vector, Z: Vector): void {
  combine(SET, d, rows, w, keep, B, Z, w, at(d).turned);
  append(rows, d.room, 0, keep, B, at(d).turned);
}

/** Columns of the next block, for which there is room in W, then; 0 where W is all there is. */
function makeRoom(d: Descent): i32 {
  const b = d.room;
  const w = width(d);
  const n = columnsOf(d);
  if (w + BLOCK <= b || b == n) return min(BLOCK, b - w);
  // (the next block is to leave out what is dropped here, too)
  project(d, n, w, BLOCK, at(d).W, at(d).X);
  if (!d.solved) solve(d);
  const keep = min(b - BLOCK, (d.k + b) >> 1);
  const T = at(d).T;
  turn(d, n, w, keep, at(d).W, at(d).right);
  turn(d, rowsOf(d), w, keep, at(d).P, at(d).left);
  turn(d, n, w, keep, at(d).Q, at(d).left);
  for (let i = 0; i < keep; i++) for (let j = 0; j < keep; j++) T[i * b + j] = i == j ? at(d).sigma[i] : 0;
  kept(d).width = <f64>keep;
  d.solved = false;
  return BLOCK;
}

/** X (n x 4) holds a block; it and `count - 1` more, each from the Q of the one before, join W. */
function blocks(d: Descent, count: i32): void {
  for (; count > 0; count--) {
    const c = makeRoom(d);
    if (c < BLOCK) {
      if (c <= 0) return;
      // the last columns there are
      for (let i = 0; i < columnsOf(d); i++)
        for (let j = 0; j < c; j++) {
          at(d).X[i * c + j] = at(d).X[i * BLOCK + j];
        }
    }
    d.solved = false;
    expand(d, c);
  }
}

/** The first W: some columns of a random V and what follows from them, or all of a V that is known. */
function begin(d: Descent): void {
  const n = columnsOf(d);
  const k = d.k;
  const X = at(d).X;
  const known = kept(d).cold != 0 ? min(BLOCK, d.room) : k;
  kept(d).cold = 0;
  copy(n * k, rightOf(d), at(d).turned);
  for (let first = 0; first < known; first += BLOCK) {
    const c = min(BLOCK, d.room - first);
    for (let j = 0; j < c; j++) {
      if (first + j >= k) randomColumn(d, n, c, j, X);
      else for (let i = 0; i < n; i++) X[i * c + j] = at(d).turned[i * k + first + j];
    }
    expand(d, c);
  }
  while (width(d) < k) blocks(d, 1);
  solve(d);
}

/** Is there a subspace? (Not one of a width that can't be, from a save that was edited.) */
function begun(d: Descent): bool {
  const w = kept(d).width;
  if (w >= <f64>d.k && w <= <f64>d.room) return true;
  kept(d).width = 0;
  return false;
}

/** One iteration: blocks of as many columns as theta has. */
export function widen(d: Descent): void {
  // (W is all there is, and that is not the end: rounding has piled up in it, and it begins again, with V)
  if (width(d) == columnsOf(d)) kept(d).width = 0;
  if (!begun(d)) return begin(d);
  if (!d.solved) solve(d);
  steepest(d);
  blocks(d, (d.k + BLOCK - 1) / BLOCK);
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
  now.reconstruction = squares / d.entries;
  now.orthonormalityU = sumOfSquares(k * k, d.GU) / <f64>(k * k);
  now.orthonormalityV = sumOfSquares(k * k, d.GV) / <f64>(k * k);
  now.total = now.reconstruction + d.penaltyU * now.orthonormalityU + d.penaltyV * now.orthonormalityV;
  now.stationarity = slopes;
  now.orthonormality = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
}

/** Any k singular pairs have slopes of 0. Is there a larger one outside? Then theta has it now. */
export function outgrown(d: Descent): bool {
  const k = d.k;
  const n = columnsOf(d);
  const s = at(d).sigma;
  const before = sumOfSquares(k, d.s) + GROWN * d.norm * d.norm;
  copy(d.size, d.theta, d.grad);
  if (!begun(d)) begin(d);
  for (let j = 0; j < BLOCK; j++) randomColumn(d, n, BLOCK, j, at(d).X);
  for (let step = 0; ; step++) {
    // (what comes next is in X)
    blocks(d, 1);
    solve(d);
    if (sumOfSquares(k, at(d).sigma) > before || kept(d).slopes > 2 * still(d) * d.norm) return true;
    if (step == LOOKS || width(d) == n) break;
    if (step < 2 || width(d) <= k) continue;
    const gap = s[k - 1] - s[k];
    const slope = sqrt(squaresOf(n, wide(d), k, at(d).E));
    if (slope < max(gap, STANDS * d.norm)) break;
  }
  copy(d.size, d.grad, d.theta);
  return false;
}
