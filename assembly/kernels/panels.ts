// Tall matrices by panels of four columns: a panel is rows x 4, row by row, 32 bytes a row.

import { multiplyAdd } from './vector';

/** H (4 x 4, its rows `ld` bytes apart) += Xᵀ W for panels X and W */
export function addDots(rows: i32, x: usize, w: usize, h: usize, ld: usize): void {
  const g1 = h + ld, g2 = g1 + ld, g3 = g2 + ld;
  let h00 = v128.load(h), h01 = v128.load(h, 16), h10 = v128.load(g1), h11 = v128.load(g1, 16);
  let h20 = v128.load(g2), h21 = v128.load(g2, 16), h30 = v128.load(g3), h31 = v128.load(g3, 16);
  for (const end = x + (<usize>rows << 5); x < end; x += 32) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
    let t = v128.load64_splat(x);
    h00 = multiplyAdd(h00, t, w0); h01 = multiplyAdd(h01, t, w1);
    t = v128.load64_splat(x, 8);
    h10 = multiplyAdd(h10, t, w0); h11 = multiplyAdd(h11, t, w1);
    t = v128.load64_splat(x, 16);
    h20 = multiplyAdd(h20, t, w0); h21 = multiplyAdd(h21, t, w1);
    t = v128.load64_splat(x, 24);
    h30 = multiplyAdd(h30, t, w0); h31 = multiplyAdd(h31, t, w1);
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
    let w0 = v128.load(w), w1 = v128.load(w, 16);
    let t = v128.load64_splat(x);
    w0 = multiplyAdd(w0, t, h00); w1 = multiplyAdd(w1, t, h01);
    t = v128.load64_splat(x, 8);
    w0 = multiplyAdd(w0, t, h10); w1 = multiplyAdd(w1, t, h11);
    t = v128.load64_splat(x, 16);
    w0 = multiplyAdd(w0, t, h20); w1 = multiplyAdd(w1, t, h21);
    t = v128.load64_splat(x, 24);
    w0 = multiplyAdd(w0, t, h30); w1 = multiplyAdd(w1, t, h31);
    v128.store(w, w0); v128.store(w, w1, 16);
    w += 32;
  }
}

/** Rows that are worked on at a time, so that those of W (16 kB) stay in the first-level cache. */
const CHUNK: i32 = 512;

/** H (4 panels x 4) = Qᵀ W for the panels of Q, one behind the other */
export function project(rows: i32, panels: i32, Q: usize, W: usize, H: usize): void {
  memory.fill(H, 0, <usize>panels << 7);
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), at = <usize>i << 5;
    for (let q = 0; q < panels; q++) {
      addDots(some, Q + (<usize>q * <usize>rows << 5) + at, W + at, H + (<usize>q << 7), 32);
    }
  }
}

/** W += Q H */
export function expand(rows: i32, panels: i32, Q: usize, H: usize, W: usize): void {
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), at = <usize>i << 5;
    for (let q = 0; q < panels; q++) {
      addProduct(some, Q + (<usize>q * <usize>rows << 5) + at, H + (<usize>q << 7), 32, W + at);
    }
  }
}

/** Rows that `rotate` holds at a time. */
export const ROTATED: i32 = 64;

/** The first `to` panels of Q = Q Y, from its `panels` first; Y has rows of `ld` numbers; scratch: ROTATED x 4 panels. */
export function rotate(rows: i32, panels: i32, to: i32, Q: usize, Y: usize, ld: i32, scratch: usize): void {
  const step = <usize>rows << 5, ldY = <usize>ld << 3;
  for (let i = 0; i < rows; i += ROTATED) {
    const some = min(ROTATED, rows - i), bytes = <usize>some << 5, first = Q + (<usize>i << 5);
    for (let q = 0; q < panels; q++) memory.copy(scratch + <usize>q * bytes, first + <usize>q * step, bytes);
    for (let o = 0; o < to; o++) {
      const w = first + <usize>o * step, y = Y + (<usize>o << 5);
      memory.fill(w, 0, bytes);
      for (let q = 0; q < panels; q++) addProduct(some, scratch + <usize>q * bytes, y + <usize>(4 * q) * ldY, ldY, w);
    }
  }
}

/** G (its rows `ld` numbers) += Bᵀ B on and above the diagonal, for panels of B */
export function addGram(rows: i32, panels: i32, B: usize, G: usize, ld: i32): void {
  const step = <usize>rows << 5, ldG = <usize>ld << 3;
  for (let i = 0; i < rows; i += CHUNK) {
    const some = min(CHUNK, rows - i), first = B + (<usize>i << 5);
    for (let q = 0; q < panels; q++) {
      for (let o = q; o < panels; o++) {
        const g = G + <usize>(4 * q) * ldG + (<usize>o << 5);
        addDots(some, first + <usize>q * step, first + <usize>o * step, g, ldG);
      }
    }
  }
}
