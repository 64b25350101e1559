// What a descent over all gradients so far keeps (subspace.ts): M W = P T and Q = MᵀP, W and P bases of krylov/. A wide M is
// seen as Mᵀ, so that W is on the shorter side.

import { FIRST, SET } from '../../boundary';
import { Descent, PLACES } from '../../descent';
import { jacobiScratch } from '../../direct/jacobi';
import { gemm } from '../../kernels/matmul';
import { copy } from '../../kernels/vector';
import { Basis, orthogonalize, placeBasis, randomColumn } from '../../krylov/basis';
import { Layout } from '../../layout';
import { Column, Vector } from '../../views';

/** Columns of a block: in M X they cost little more than one. */
export const BLOCK: i32 = 4;

/** What is kept besides theta and the state: numbers. */
@unmanaged
class Kept {
  /** columns of W and P */
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

/** Columns that W has room for, in whole panels where there are as many. Here and below m >= n. */
export function room(n: i32, k: i32): i32 {
  return min((2 * k + 43) & ~3, n);
}

/** Where its buffers are; behind them two bases. */
@unmanaged
class Places {
  // the state
  sigma: Vector;
  T: Vector;
  Q: Vector;
  // scratch: a block, E, U before it is in theta, T and its singular vectors, and what their SVD takes
  X: Vector;
  E: Vector;
  turned: Vector;
  small: Vector;
  left: Vector;
  right: Vector;
  svd: Vector;
}

// the build ends here where there is no room for them
if (offsetof<Places>() + 2 * offsetof<Basis>() > PLACES) ERROR('Places are more than PLACES');

export function at(d: Descent): Places {
  return d.places<Places>();
}

function basis(d: Descent, which: usize): Basis {
  return changetype<Basis>(changetype<usize>(at(d)) + offsetof<Places>() + which * offsetof<Basis>());
}
/** W */
export function rightBasis(d: Descent): Basis {
  return basis(d, 0);
}
/** P */
export function leftBasis(d: Descent): Basis {
  return basis(d, 1);
}

/** Panels that W has room for. */
export function panels(d: Descent): i32 {
  return (d.room + 3) >> 2;
}
/** Panels that it has. */
export function filled(d: Descent): i32 {
  return (width(d) + 3) >> 2;
}

/** Lays out the state: σ, T (b x b), W (n x b), P (m x b), Q (n x b), b columns in whole panels. */
export function placeState(d: Descent): Vector {
  const m = <f64>rowsOf(d);
  const n = <f64>columnsOf(d);
  const b = <f64>(4 * panels(d));
  const places = at(d);
  places.sigma = Layout.take(b);
  places.T = Layout.take(b * b);
  rightBasis(d).Q = Layout.take(n * b);
  leftBasis(d).Q = Layout.take(m * b);
  places.Q = Layout.take(n * b);
  return places.sigma;
}

/** Lays out the scratch. */
export function placeScratch(d: Descent): void {
  const m = rowsOf(d);
  const n = columnsOf(d);
  const b = <f64>(4 * panels(d));
  const places = at(d);
  const right = rightBasis(d);
  const left = leftBasis(d);
  right.n = right.most = left.most = n;
  left.n = m;
  placeBasis(right, panels(d));
  placeBasis(left, panels(d));
  places.X = Layout.take(<f64>n * BLOCK);
  places.E = Layout.take(<f64>n * <f64>(4 * panelsOfE(d)));
  places.turned = Layout.take(<f64>m * <f64>(d.k + 3));
  places.small = Layout.take(b * b);
  places.left = Layout.take(b * b);
  places.right = Layout.take(b * b);
  places.svd = Layout.take(jacobiScratch(d.room, d.room));
}

export function kept(d: Descent): Kept {
  return d.kept<Kept>();
}
export function width(d: Descent): i32 {
  return <i32>kept(d).width;
}

// a wide M is seen as Mᵀ
function rowsOf(d: Descent): i32 {
  return max(d.m, d.n);
}
export function columnsOf(d: Descent): i32 {
  return min(d.m, d.n);
}
export function leftOf(d: Descent): Vector {
  return d.m < d.n ? d.V : d.U;
}
export function rightOf(d: Descent): Vector {
  return d.m < d.n ? d.U : d.V;
}

/** Panels of E: one column more than theta has, at least. */
function panelsOfE(d: Descent): i32 {
  return (d.k + 4) >> 2;
}
/** Columns of E that there are. */
export function wide(d: Descent): i32 {
  return min(4 * panelsOfE(d), width(d));
}

/** E's column c. */
export function slope(d: Descent, c: i32): Column {
  return Column.of(at(d).E, columnsOf(d), c);
}

export function randomBlock(d: Descent): void {
  for (let c = 0; c < BLOCK; c++) randomIn(d, c);
}

/** Column c of the next block becomes random. */
export function randomIn(d: Descent, c: i32): void {
  const right = rightBasis(d);
  right.draw = <u32>kept(d).draw;
  randomColumn(right, right.n, at(d).X, c);
  kept(d).draw = <f64>right.draw;
}

/** What is in the next panel of b joins its columns. */
function join(d: Descent, b: Basis): void {
  const q = filled(d);
  b.draw = <u32>kept(d).draw;
  b.columns = width(d);
  orthogonalize(b, 0, q, b.panel(q));
  kept(d).draw = <f64>b.draw;
}

/** X joins W, its image P, and T and Q; X = what comes next in Q. */
export function expand(d: Descent): void {
  const places = at(d);
  const right = rightBasis(d);
  const left = leftBasis(d);
  const m = left.n;
  const n = right.n;
  const q = filled(d);
  const ld = 4 * panels(d);
  const X = right.panel(q);
  const Y = left.panel(q);
  const Q = Column.panel(places.Q, n, q);
  const tall = d.m >= d.n;

  copy(BLOCK * n, places.X, X);
  join(d, right);
  gemm(SET + (tall ? 0 : FIRST), m, BLOCK, n, d.M, X, Y, null);
  join(d, left);
  // M X = P C + Y R
  const T = places.T.from(4 * q);
  for (let i = 0; i < 4 * q + 4; i++)
    copy(BLOCK, i < 4 * q ? left.C.from(4 * i) : left.R.from(4 * (i - 4 * q)), T.from(i * ld));
  gemm(SET + (tall ? FIRST : 0), n, BLOCK, m, d.M, Y, Q, null);
  copy(BLOCK * n, Q, places.X);
  kept(d).width += <f64>right.live;
}

/** Is there a subspace? (Not one of a width that can't be, from a save that was edited.) */
export function begun(d: Descent): bool {
  const w = kept(d).width;
  if (w >= <f64>d.k && w <= <f64>d.room) return true;
  kept(d).width = 0;
  return false;
}
