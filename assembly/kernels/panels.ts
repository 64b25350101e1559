// Tall matrices by panels of four columns: a panel is rows x 4, row by row, 32 bytes a row.
//
// The first two products are alike, with H in registers all the way: one sums up H, the other reads it and writes W.

import { Column, Vector } from '../views';

/** H (4 x 4, its rows `ld` bytes apart) += Xᵀ W for panels X and W */
export function addDots(rows: i32, x: usize, w: usize, h: usize, ld: usize): void {
  const g1 = h + ld,
    g2 = g1 + ld,
    g3 = g2 + ld;
  let h00 = v128.load(h),
    h01 = v128.load(h, 16),
    h10 = v128.load(g1),
    h11 = v128.load(g1, 16);
  let h20 = v128.load(g2),
    h21 = v128.load(g2, 16),
    h30 = v128.load(g3),
    h31 = v128.load(g3, 16);
  for (const end = x + ((<usize>rows) << 5); x < end; x += 32) {
    const w0 = v128.load(w),
      w1 = v128.load(w, 16);
    const x0 = v128.load64_splat(x),
      x1 = v128.load64_splat(x, 8);
    h00 = h00 + x0 * w0;
    h01 = h01 + x0 * w1;
    h10 = h10 + x1 * w0;
    h11 = h11 + x1 * w1;
    const x2 = v128.load64_splat(x, 16),
      x3 = v128.load64_splat(x, 24);
    h20 = h20 + x2 * w0;
    h21 = h21 + x2 * w1;
    h30 = h30 + x3 * w0;
    h31 = h31 + x3 * w1;
    w += 32;
  }
  v128.store(h, h00);
  v128.store(h, h01, 16);
  v128.store(g1, h10);
  v128.store(g1, h11, 16);
  v128.store(g2, h20);
  v128.store(g2, h21, 16);
  v128.store(g3, h30);
  v128.store(g3, h31, 16);
}

/** W += X H for panels W and X, H 4 x 4 with its rows `ld` bytes apart */
export function addProduct(rows: i32, x: usize, h: usize, ld: usize, w: usize): void {
  const g1 = h + ld,
    g2 = g1 + ld,
    g3 = g2 + ld;
  const h00 = v128.load(h),
    h01 = v128.load(h, 16),
    h10 = v128.load(g1),
    h11 = v128.load(g1, 16);
  const h20 = v128.load(g2),
    h21 = v128.load(g2, 16),
    h30 = v128.load(g3),
    h31 = v128.load(g3, 16);
  for (const end = x + ((<usize>rows) << 5); x < end; x += 32) {
    const x0 = v128.load64_splat(x),
      x1 = v128.load64_splat(x, 8);
    const x2 = v128.load64_splat(x, 16),
      x3 = v128.load64_splat(x, 24);
    v128.store(w, v128.load(w) + x0 * h00 + x1 * h10 + x2 * h20 + x3 * h30);
    v128.store(w, v128.load(w, 16) + x0 * h01 + x1 * h11 + x2 * h21 + x3 * h31, 16);
    w += 32;
  }
}

/** Rows that are worked on at a time, so that those of W (16 kB) stay in the first-level cache. */
const CHUNK: i32 = 512;

/** H (4 panels x 4) = Qᵀ W for the panels of Q, one behind the other */
export function project(rows: i32, panels: i32, Q: Vector, W: Vector, H: Vector): void {
  const step = (<usize>rows) << 5;
  H.clear(16 * panels);
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i),
      at = (<usize>i) << 5;
    for (let q = 0, x = Q.pointer + at, h = H.pointer; q < panels; q++, x += step, h += 128) {
      addDots(some, x, W.pointer + at, h, 32);
    }
  }
}

/** W += Q Y for rows of panels that lie `stepQ` and `stepW` bytes apart; Y has rows of `ldY` bytes */
function addCombinations(
  rows: i32,
  panels: i32,
  to: i32,
  Q: usize,
  stepQ: usize,
  Y: usize,
  ldY: usize,
  W: usize,
  stepW: usize,
): void {
  for (; to > 0; to--, W += stepW, Y += 32) {
    for (let q = 0, x = Q, y = Y; q < panels; q++, x += stepQ, y += 4 * ldY) addProduct(rows, x, y, ldY, W);
  }
}

/** Rows that are combined at a time. */
export const ROTATED: i32 = 64;

/** The first `to` panels of Q = Q Y, from its `panels` first; Y has rows of `ld` numbers; scratch: ROTATED x 4 panels. */
export function rotate(
  rows: i32,
  panels: i32,
  to: i32,
  Q: Vector,
  Y: Vector,
  ld: i32,
  scratch: Vector,
): void {
  const step = (<usize>rows) << 5,
    held = scratch.pointer;
  for (let i = 0, x = Q.pointer; i < rows; i += ROTATED, x += ROTATED << 5) {
    const some = min(ROTATED, rows - i),
      bytes = (<usize>some) << 5;
    for (let q = 0; q < panels; q++) memory.copy(held + <usize>q * bytes, x + <usize>q * step, bytes);
    for (let q = 0; q < to; q++) memory.fill(x + <usize>q * step, 0, bytes);
    addCombinations(some, panels, to, held, bytes, Y.pointer, (<usize>ld) << 3, x, step);
  }
}

/** W (`to` panels) += Q Y for `panels` of Q; Y has rows of `ld` numbers. */
export function combine(rows: i32, panels: i32, to: i32, Q: Vector, Y: Vector, ld: i32, W: Vector): void {
  const step = (<usize>rows) << 5;
  for (
    let i = 0, x = Q.pointer, w = W.pointer;
    i < rows;
    i += ROTATED, x += ROTATED << 5, w += ROTATED << 5
  ) {
    addCombinations(min(ROTATED, rows - i), panels, to, x, step, Y.pointer, (<usize>ld) << 3, w, step);
  }
}

/** G (its rows `ld` numbers) += Bᵀ B on and above the diagonal, for panels of B */
export function addGram(rows: i32, panels: i32, B: Vector, G: Vector, ld: i32): void {
  const step = (<usize>rows) << 5,
    ldG = (<usize>ld) << 3;
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i),
      first = B.pointer + ((<usize>i) << 5);
    for (let q = 0; q < panels; q++) {
      for (let o = q; o < panels; o++) {
        const g = G.pointer + <usize>(4 * q) * ldG + ((<usize>o) << 5);
        addDots(some, first + <usize>q * step, first + <usize>o * step, g, ldG);
      }
    }
  }
}

/** |a x - b y| for columns of n numbers */
export function distance(n: i32, a: f64, x: Column, b: f64, y: Column): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const one = a * x[i] - b * y[i];
    sum += one * one;
  }
  return sqrt(sum);
}

/** x·y */
export function dotColumns(n: i32, x: Column, y: Column): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/** x *= a */
export function scaleColumn(n: i32, a: f64, x: Column): void {
  for (let i = 0; i < n; i++) x[i] *= a;
}

/** y += a x */
export function addColumn(n: i32, a: f64, x: Column, y: Column): void {
  for (let i = 0; i < n; i++) y[i] += a * x[i];
}

/** `to` (rows x k, row by row) = the first k columns of panels */
export function toRows(rows: i32, k: i32, panels: Vector, to: Vector): void {
  for (let a = 0; a < k; a++) {
    const x = Column.of(panels, rows, a);
    for (let i = 0; i < rows; i++) to[i * k + a] = x[i];
  }
}
