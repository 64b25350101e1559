// Orthonormal columns Q = [Q₀ Q₁ ..] in panels of four, which grow by a block at a time: for any W (n x 4)
//
//     W = Q C + W' R        W' the next panel, R a triangle
//
// by Gram and Schmidt, as often as it takes. Columns of which nothing is left become random while there are directions left,
// 0 afterwards.

import { addColumn, combine, dotColumns, project, ROTATED, scaleColumn } from '../kernels/panels';
import { copy } from '../kernels/vector';
import { Layout } from '../layout';
import { uniform } from '../random';
import { Column, Vector } from '../views';

/** What is left of a column once orthogonalized, at least; less is orthogonalized again, ... */
const LOST: f64 = 0.25;
/** ... and less than this is nothing. */
const NOTHING: f64 = 64 * f64.EPSILON;
const MOST_ROUNDS: i32 = 12;
/** Shorter than this is nothing as well (M is near 1): squares would leave the range. */
export const TINY: f64 = 1e-140;

@unmanaged
export class Basis {
  /** Length of its columns, and how many there can be. */
  n: i32;
  most: i32;
  /** Columns of Q that are not 0 to fill a panel. */
  columns: i32;
  /** Columns of the latest block that are not 0: its first ones. */
  live: i32;
  /** State of the generator of random columns. */
  draw: u32;
  Q: Vector;
  /** C, 4 x 4 by panel. */
  C: Vector;
  R: Vector;
  // scratch: C of one round, rows of Q to be turned
  H: Vector;
  rows: Vector;

  /** Panel q of Q. */
  panel(q: i32): Vector {
    return Column.panel(this.Q, this.n, q);
  }
}

/** R of one round. */
const R1 = Vector.at(memory.data(128, 16));
/** What R has been, or is of no use. */
const other = Vector.at(memory.data(128, 16));
/** Squared lengths of the columns of W as they were, and of what has been taken from them in this round. */
const whole = Vector.at(memory.data(32, 16));
const taken = Vector.at(memory.data(32, 16));

/** Lays out all but Q. */
export function placeBasis(b: Basis, panels: i32): void {
  b.C = Layout.take(<f64>(16 * panels));
  b.H = Layout.take(<f64>(16 * panels));
  b.R = Layout.take(16);
  b.rows = Layout.take(<f64>(4 * ROTATED * panels));
}

/** Column c of the panel W, of `rows` rows, becomes random. */
export function randomColumn(b: Basis, rows: i32, W: Vector, c: i32): void {
  b.draw = uniform(b.draw, c, 4 * rows, 4, W);
}

/** C += H R for a triangle R */
function accumulate(rows: i32, H: Vector, R: Vector, C: Vector): void {
  for (let i = 0; i < 4 * rows; i += 4) {
    for (let c = 0; c < 4; c++) {
      for (let l = 0; l <= c; l++) C[i + c] += H[i + l] * R[4 * l + c];
    }
  }
}

/** Column c of W loses what it has of those before it, which goes to r; returns the length of what is left. */
function straighten(n: i32, W: Vector, c: i32, r: Vector): f64 {
  const w = Column.of(W, n, c);
  for (let a = 0; a < c; a++) {
    const x = Column.of(W, n, a);
    const dot = dotColumns(n, x, w);
    addColumn(n, -dot, x, w);
    r[4 * a + c] = dot;
  }
  return sqrt(dotColumns(n, w, w));
}

/**
 * W = W' R1 with orthonormal W', which takes its place; R = R1 R. Returns whether a column is short beside what it was, or
 * beside what has just been taken from it: then what rounding left in it of Q, or of other columns, is no longer small.
 */
function normalize(b: Basis, W: Vector): bool {
  const n = b.n;
  const most = min(4, b.most - b.columns);
  let again: bool = false;
  R1.clear(16);
  for (let c = 0; c < 4; c++) {
    const w = Column.of(W, n, c);
    const before = sqrt(max(taken[c], dotColumns(n, w, w)));
    let length = straighten(n, W, c, R1);
    // (what there is no room for is a combination of the others once these are orthogonal to Q, and not before: what is left
    // of it then is what Q and they lack of orthogonality, however much)
    const nothing = c < most || again ? max(NOTHING * sqrt(whole[c]), TINY) : Infinity;
    if (length > nothing) R1[5 * c] = length;
    else if (c < most) {
      randomColumn(b, n, W, c);
      length = straighten(n, W, c, other);
    } else length = 0;
    if (c < most && R1[5 * c] <= LOST * before) again = true;
    scaleColumn(n, length > 0 ? 1 / length : 0, w);
  }
  b.live = most;
  copy(16, b.R, other);
  b.R.clear(16);
  accumulate(4, R1, other, b.R);
  return again;
}

/** W -= Q H, H = QᵀW, for panels `first` to `end` - 1 of Q; C += H R, and `taken` what it was. */
export function takeAway(b: Basis, first: i32, end: i32, W: Vector): void {
  const H = b.H;
  const count = end - first;
  project(b.n, count, b.panel(first), W, H);
  accumulate(4 * count, H, b.R, b.C.from(16 * first));
  taken.clear(4);
  for (let i = 0; i < 16 * count; i++) {
    taken[i & 3] += H[i] * H[i];
    H[i] = -H[i];
  }
  combine(b.n, count, 1, b.panel(first), H, 4, W);
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
  for (let c = 0; c < 4; c++) {
    const w = Column.of(W, b.n, c);
    whole[c] = taken[c] + dotColumns(b.n, w, w);
  }
  let again: bool = true;
  for (let round = 1; again && round < MOST_ROUNDS; round++) {
    takeAway(b, 0, panels, W);
    again = normalize(b, W);
    for (let c = 0; c < 4; c++) whole[c] = 1;
  }
}

/** A random block for panel q, orthogonal to those before. */
export function randomPanel(b: Basis, q: i32): void {
  const W = b.panel(q);
  for (let c = 0; c < 4; c++) randomColumn(b, b.n, W, c);
  orthogonalize(b, 0, q, W);
}
