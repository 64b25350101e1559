// Tall matrices by panels of four columns: a panel is rows x 4, row by row, 32 bytes a row.

import { Column, Vector } from '../views';

/** H (4 x 4, its rows `ld` bytes apart) += Xᵀ W for panels X and W */
export function addDots(rows: i32, x: usize, w: usize, h: usize, ld: usize): void {
  const g1 = h + ld, g2 = g1 + ld, g3 = g2 + ld;
  let h00 = v128.load(h), h01 = v128.load(h, 16), h10 = v128.load(g1), h11 = v128.load(g1, 16);
  let h20 = v128.load(g2), h21 = v128.load(g2, 16), h30 = v128.load(g3), h31 = v128.load(g3, 16);
  for (const end = x + (<usize>rows << 5); x < end; x += 32) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
    const x0 = v128.load64_splat(x), x1 = v128.load64_splat(x, 8);
    h00 = h00 + x0 * w0; h01 = h01 + x0 * w1;
    h10 = h10 + x1 * w0; h11 = h11 + x1 * w1;
    const x2 = v128.load64_splat(x, 16), x3 = v128.load64_splat(x, 24);
    h20 = h20 + x2 * w0; h21 = h21 + x2 * w1;
    h30 = h30 + x3 * w0; h31 = h31 + x3 * w1;
    w += 32;
  }
  v128.store(h, h00); v128.store(h, h01, 16); v128.store(g1, h10); v128.store(g1, h11, 16);
  v128.store(g2, h20); v128.store(g2, h21, 16); v128.store(g3, h30); v128.store(g3, h31, 16);
}

/** W += X H for panels W and X, H 4 x 4 with its rows `ld` bytes apart */
export function addProduct(rows: i32, x: usize, h: usize, ld: usize, w: usize): void {
  const g1 = h + ld, g2 = g1 + ld, g3 = g2 + ld;
  const h00 = v128.load(h), h01 = v128.load(h, 16), h10 = v128.load(g1), h11 = v128.load(g1, 16);
  const h20 = v128.load(g2), h21 = v128.load(g2, 16), h30 = v128.load(g3), h31 = v128.load(g3, 16);
  for (const end = x + (<usize>rows << 5); x < end; x += 32) {
    const x0 = v128.load64_splat(x), x1 = v128.load64_splat(x, 8);
    const x2 = v128.load64_splat(x, 16), x3 = v128.load64_splat(x, 24);
    v128.store(w, v128.load(w) + x0 * h00 + x1 * h10 + x2 * h20 + x3 * h30);
    v128.store(w, v128.load(w, 16) + x0 * h01 + x1 * h11 + x2 * h21 + x3 * h31, 16);
    w += 32;
  }
}

/** t (4) += the squared lengths of the columns of W */
export function addSquares(rows: i32, W: Vector, t: Vector): void {
  let w = W.pointer, t0 = v128.load(t.pointer), t1 = v128.load(t.pointer, 16);
  for (const end = w + (<usize>rows << 5); w < end; w += 32) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
    t0 = t0 + w0 * w0;
    t1 = t1 + w1 * w1;
  }
  v128.store(t.pointer, t0);
  v128.store(t.pointer, t1, 16);
}

/** Rows that are worked on at a time, so that those of W (16 kB) stay in the first-level cache. */
const CHUNK: i32 = 512;

/** H (4 panels x 4) = Qᵀ W for the panels of Q, one behind the other */
export function project(rows: i32, panels: i32, Q: Vector, W: Vector, H: Vector): void {
  const step = <usize>rows << 5;
  H.clear(16 * panels);
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), at = <usize>i << 5;
    for (let q = 0, x = Q.pointer + at, h = H.pointer; q < panels; q++, x += step, h += 128) {
      addDots(some, x, W.pointer + at, h, 32);
    }
  }
}

/** W += Q H */
export function expand(rows: i32, panels: i32, Q: Vector, H: Vector, W: Vector): void {
  const step = <usize>rows << 5;
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), at = <usize>i << 5;
    for (let q = 0, x = Q.pointer + at, h = H.pointer; q < panels; q++, x += step, h += 128) {
      addProduct(some, x, h, 32, W.pointer + at);
    }
  }
}

/** Rows that `rotate` holds at a time. */
export const ROTATED: i32 = 64;

/** The first `to` panels of Q = Q Y, from its `panels` first; Y has rows of `ld` numbers; scratch: ROTATED x 4 panels. */
export function rotate(rows: i32, panels: i32, to: i32, Q: Vector, Y: Vector, ld: i32, scratch: Vector): void {
  const step = <usize>rows << 5, ldY = <usize>ld << 3, held = scratch.pointer;
  for (let i = 0; i < rows; i += ROTATED) {
    const some = min(ROTATED, rows - i), bytes = <usize>some << 5, first = Q.pointer + (<usize>i << 5);
    for (let q = 0; q < panels; q++) memory.copy(held + <usize>q * bytes, first + <usize>q * step, bytes);
    for (let o = 0; o < to; o++) {
      const w = first + <usize>o * step, y = Y.pointer + (<usize>o << 5);
      memory.fill(w, 0, bytes);
      for (let q = 0; q < panels; q++) addProduct(some, held + <usize>q * bytes, y + <usize>(4 * q) * ldY, ldY, w);
    }
  }
}

/** G (its rows `ld` numbers) += Bᵀ B on and above the diagonal, for panels of B */
export function addGram(rows: i32, panels: i32, B: Vector, G: Vector, ld: i32): void {
  const step = <usize>rows << 5, ldG = <usize>ld << 3;
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), first = B.pointer + (<usize>i << 5);
    for (let q = 0; q < panels; q++) {
      for (let o = q; o < panels; o++) {
        const g = G.pointer + <usize>(4 * q) * ldG + (<usize>o << 5);
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
