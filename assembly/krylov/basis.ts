// Orthonormal columns Q = [Q₀ Q₁ ..] in panels of four, which grow by a block at a time: for any W (n x 4)
//
//     W = Q C + W' R        W' the next panel, R a triangle
//
// by Cholesky's QR of what Gram and Schmidt leave, as often as it takes. Columns of which nothing is left become random
// while there are directions left, 0 afterwards.

import { addDots, addSquares, expand, project, ROTATED, rotate } from '../kernels/panels';
import { Layout } from '../layout';
import { uniform } from '../random';
import { Column, Vector } from '../views';

/** What is left of a column once orthogonalized, at least; less is orthogonalized again, ... */
const LOST: f64 = 0.03;
/** ... and less than this is nothing. */
const NOTHING: f64 = 64 * f64.EPSILON;
const MOST_ROUNDS: i32 = 8;

@unmanaged
export class Basis {
  /** Length of its columns. */
  n: i32;
  /** Columns of Q that are not 0 to fill a panel. */
  columns: i32;
  /** Which columns of the latest block are not 0, a bit each. */
  live: i32;
  /** State of the generator of random columns. */
  draw: u32;
  Q: Vector;
  /** C, 4 x 4 by panel. */
  C: Vector;
  R: Vector;
  // scratch: C and R of one round, WᵀW, R⁻¹, ...
  H: Vector;
  R1: Vector;
  gram: Vector;
  inverse: Vector;
  /** ... squared lengths of the columns of W and of what is taken away from them, rows of Q to be turned. */
  whole: Vector;
  taken: Vector;
  rows: Vector;

  panel(q: i32): Vector {
    return Column.panel(this.Q, this.n, q);
  }
}

/** Lays out all but Q. */
export function placeBasis(b: Basis, panels: i32): void {
  b.C = Layout.take(<f64>(16 * panels));
  b.H = Layout.take(<f64>(16 * panels));
  b.R = Layout.take(16);
  b.R1 = Layout.take(16);
  b.gram = Layout.take(16);
  b.inverse = Layout.take(16);
  b.whole = Layout.take(4);
  b.taken = Layout.take(4);
  b.rows = Layout.take(<f64>(4 * ROTATED * panels));
}

/** Column c of the panel W, of `rows` rows, becomes random. */
export function randomColumn(b: Basis, rows: i32, W: Vector, c: i32): void {
  b.draw = uniform(b.draw, c, 4 * rows, 4, W);
}

/**
 * R (upper triangle) with RᵀR = G (4 x 4). A column that depends on those before it, as far as G can tell, is left as
 * short as it becomes: the next round sees what it is. Columns of which nothing is left of `whole`, and those beyond the
 * `most` that there can be, have rows of 0. Returns the others, a bit each.
 */
function triangle(G: Vector, whole: Vector, most: i32, R: Vector): i32 {
  let live = 0;
  R.clear(16);
  for (let c = 0; c < 4; c++) {
    const g = G[5 * c];
    let rest = g;
    for (let i = 0; i < c; i++) {
      let sum = G[4 * i + c];
      for (let j = 0; j < i; j++) sum -= R[4 * j + i] * R[4 * j + c];
      const r = R[5 * i] > 0 ? sum / R[5 * i] : 0;
      R[4 * i + c] = r;
      rest -= r * r;
    }
    if (popcnt(live) == most || !(g > NOTHING * NOTHING * whole[c])) continue;
    R[5 * c] = sqrt(rest > 1e-8 * g ? rest : g);
    live |= 1 << c;
  }
  return live;
}

/** X = R⁻¹ for a triangle (4 x 4), column by column; those of rows of 0 are 0. */
function invert(R: Vector, X: Vector): void {
  X.clear(16);
  for (let c = 0; c < 4; c++) {
    if (R[5 * c] == 0) continue;
    const by = 1 / R[5 * c];
    X[5 * c] = by;
    for (let i = 0; i < c; i++) {
      let sum: f64 = 0;
      for (let j = i; j < c; j++) sum += X[4 * i + j] * R[4 * j + c];
      X[4 * i + c] = -sum * by;
    }
  }
}

/** C += H R in the rows of panels `first` to `end` - 1 */
function accumulate(b: Basis, first: i32, end: i32): void {
  const C = b.C;
  const H = b.H;
  const R = b.R;
  for (let i = 16 * first; i < 16 * end; i += 4) {
    for (let c = 0; c < 4; c++) {
      let sum: f64 = 0;
      for (let l = 0; l <= c; l++) sum += H[i + l] * R[4 * l + c];
      C[i + c] += sum;
    }
  }
}

/** R = R1 R for triangles. */
function follow(R1: Vector, R: Vector): void {
  for (let i = 0; i < 4; i++) {
    for (let c = i; c < 4; c++) {
      let sum: f64 = 0;
      for (let l = i; l <= c; l++) sum += R1[4 * i + l] * R[4 * l + c];
      R[4 * i + c] = sum;
    }
  }
}

/**
 * W = W' R1 with orthonormal W', which takes its place; R = R1 R. Returns whether a column is short beside what it was, or
 * beside what has just been taken from it: then what rounding left in it of Q, or of other columns, is no longer small.
 */
function normalize(b: Basis, W: Vector): bool {
  const n = b.n;
  const G = b.gram;
  const R1 = b.R1;
  G.clear(16);
  addDots(n, W.pointer, W.pointer, G.pointer, 32);
  b.live = triangle(G, b.whole, n - b.columns, R1);
  invert(R1, b.inverse);
  follow(R1, b.R);
  rotate(n, 1, 1, W, b.inverse, 4, b.rows);
  let again: bool = false;
  for (let c = 0; c < 4; c++) {
    const r = R1[5 * c];
    if (b.live & (1 << c)) {
      if (r * r < LOST * LOST * max(b.taken[c], G[5 * c])) again = true;
    } else if (b.columns + popcnt(b.live) < n) {
      randomColumn(b, n, W, c);
      b.live |= 1 << c;
      again = true;
    }
  }
  return again;
}

/** W -= Q H, H = QᵀW, for panels `first` to `end` - 1 of Q; C += H R, and `taken` what it was. */
function takeAway(b: Basis, first: i32, end: i32, W: Vector): void {
  const H = b.H.from(16 * first);
  project(b.n, end - first, b.panel(first), W, H);
  accumulate(b, first, end);
  b.taken.clear(4);
  for (let i = 0; i < 16 * (end - first); i++) {
    b.taken[i & 3] += H[i] * H[i];
    H[i] = -H[i];
  }
  expand(b.n, end - first, b.panel(first), H, W);
}

/**
 * W = Q C + W' R for the first `panels` panels of Q, W' in the place of W. First the panels from `first` on are looked at,
 * of which it is known that they are all there is but for rounding; then all.
 */
export function orthogonalize(b: Basis, first: i32, panels: i32, W: Vector): void {
  const R = b.R;
  b.C.clear(16 * panels);
  R.clear(16);
  for (let c = 0; c < 4; c++) R[5 * c] = 1;
  takeAway(b, first, panels, W);
  for (let c = 0; c < 4; c++) b.whole[c] = b.taken[c];
  addSquares(b.n, W, b.whole);
  let again: bool = true;
  for (let round = 1; again && round < MOST_ROUNDS; round++) {
    if (round > 1 || panels > 0) takeAway(b, 0, panels, W);
    again = normalize(b, W);
    for (let c = 0; c < 4; c++) {
      b.whole[c] = 1;
      b.taken[c] = 1;
    }
    if (!again) again = normalize(b, W);
  }
}

/** A random block for panel q, orthogonal to those before. */
export function randomPanel(b: Basis, q: i32): void {
  const W = b.panel(q);
  for (let c = 0; c < 4; c++) randomColumn(b, b.n, W, c);
  orthogonalize(b, 0, q, W);
}
