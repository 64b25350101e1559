// Products of matrices over row and column strides, so that one function serves A B, Aᵀ B and A Bᵀ: blocks of B and rows of A are packed, and one microkernel multiplies what is packed.

import { FIRST, MINUS, SECOND, SET, SUBTRACT } from '../boundary';
import { Pair, Vector } from '../views';

// Four packed rows of A (16 kB) stay in a first-level cache of 32 kB while the block of B (256 kB) passes
// by from the second. Both are static, so that no product can run out of memory.
const DEPTH: i32 = 256;
const WIDTH: i32 = 128;
const rowsOfA = memory.data(DEPTH * 64, 16);
const blockOfB = memory.data(DEPTH * WIDTH * 8, 16);
const tile = memory.data(128, 16);

/** C (m x n) from A (m x k) and B (k x n), all row-major, as `mode` says; D only if it says so. */
export function gemm(
  mode: i32,
  m: i32,
  n: i32,
  k: i32,
  A: Vector,
  B: Vector,
  C: Vector,
  D: Vector | null,
): void {
  let ars = k,
    acs = 1,
    brs = n,
    bcs = 1;
  if (mode & FIRST) {
    ars = 1;
    acs = m;
  }
  if (mode & SECOND) {
    brs = 1;
    bcs = k;
  }
  multiply(false, mode & 3, m, n, k, A, ars, acs, B, brs, bcs, C, D, n);
}

/** G = Xᵀ X - I for X (rows x k, row-major): how far the columns of X are from orthonormal. */
export function gram(k: i32, rows: i32, X: Vector, G: Vector): void {
  multiply(true, SET, k, k, rows, X, 1, k, X, k, 1, G, null, k);
  for (let i = 0; i < k; i++) G[i * (k + 1)] = G[i * (k + 1)] - 1;
  mirror(k, G, 1);
}

/** The upper triangle of G (k x k) from the lower: `sign` times its mirror image. */
export function mirror(k: i32, G: Vector, sign: f64): void {
  const g = G.pointer,
    ld = (<usize>k) << 3;
  // eight rows at a time: what is written then fills whole cache lines
  for (let first = 0; first < k; first += 8) {
    const end = min(first + 8, k);
    for (let j = 0; j < end; j++) {
      const i = max(first, j + 1);
      let from = g + <usize>i * ld + ((<usize>j) << 3),
        to = g + <usize>j * ld + ((<usize>i) << 3);
      for (const last = g + <usize>j * ld + ((<usize>end) << 3); to < last; to += 8) {
        store<f64>(to, sign * load<f64>(from));
        from += ld;
      }
    }
  }
}

/** The same over strides, in elements (`ldc`: from row to row of C and D); with `lower`, only the 4 x 4 tiles of C on and below the diagonal. */
export function multiply(
  lower: bool,
  mode: i32,
  m: i32,
  n: i32,
  k: i32,
  A: Vector,
  ars: usize,
  acs: usize,
  B: Vector,
  brs: usize,
  bcs: usize,
  C: Vector,
  D: Vector | null,
  ldc: usize,
): void {
  // C = alpha A B + beta D; alpha is 1 where beta is 0
  const alpha: f64 = mode == SUBTRACT ? -1 : 1;
  let beta: f64 = mode == SET ? 0 : mode == MINUS ? -1 : 1;
  const a = A.pointer,
    b = B.pointer,
    c = C.pointer;
  let d = mode == MINUS ? changetype<usize>(D) : c;
  ldc <<= 3;
  ars <<= 3;
  acs <<= 3;
  brs <<= 3;
  bcs <<= 3;
  for (let l = 0; l < k; l += DEPTH) {
    const depth = min(k - l, DEPTH);
    for (let j = 0; j < n; j += WIDTH) {
      const width = min(n - j, WIDTH);
      for (let q = 0; q < width; q += 4) {
        const from = b + <usize>l * brs + <usize>(j + q) * bcs;
        packColumns(depth, width - q, from, brs, bcs, blockOfB + <usize>((q * depth) << 3));
      }
      for (let i = lower ? j : 0; i < m; i += 4) {
        const rows = min(m - i, 4),
          wanted = lower ? min(width, i - j + 4) : width;
        packRows(depth, rows, a + <usize>i * ars + <usize>l * acs, ars, acs, rowsOfA);
        let at = <usize>i * ldc + ((<usize>j) << 3),
          columns = blockOfB;
        for (let q = 0; q < wanted; q += 4) {
          if (rows == 4 && width - q >= 4) {
            microkernel(depth, rowsOfA, columns, c + at, ldc, d + at, alpha, beta);
          } else {
            microkernel(depth, rowsOfA, columns, tile, 32, tile, 1, 0);
            store4x4(rows, min(width - q, 4), c + at, ldc, d + at, alpha, beta);
          }
          columns += (<usize>depth) << 5;
          at += 32;
        }
      }
    }
    // the rest of the depth adds to what is there
    d = c;
    beta = 1;
  }
}

/**
 * C = A B, or alpha A B + beta D where beta isn't 0, for a 4 x 4 tile; A and B packed, strides in bytes.
 *
 * A is packed with each entry twice: a plain load of the pair is 4% (V8 11.3) or 10% (13.6) faster than a load that
 * splats, whose constant offset V8 does not fold into the address. Four steps a round, with a way out after each:
 * that leaves a quarter of the cost of the loop (V8 checks for interrupts in each round) and 15% of the time, takes any
 * depth, and keeps V8 from mixing the steps, for which there are not enough registers (30% slower than no unrolling).
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a micro-kernel, unrolled by hand
function microkernel(
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  ldc: usize,
  d: usize,
  alpha: f64,
  beta: f64,
): void {
  let c00 = f64x2.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  // the last round ends after one, two, three or all of its steps (computed inside the loop: 6% slower in V8 13.6)
  const end = b + ((<usize>depth) << 5),
    one = end - 32,
    two = end - 64,
    three = end - 96;
  do {
    let b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let t = v128.load(a);
    c00 = c00 + t * b0;
    c01 = c01 + t * b1;
    t = v128.load(a, 16);
    c10 = c10 + t * b0;
    c11 = c11 + t * b1;
    t = v128.load(a, 32);
    c20 = c20 + t * b0;
    c21 = c21 + t * b1;
    t = v128.load(a, 48);
    c30 = c30 + t * b0;
    c31 = c31 + t * b1;
    if (b >= one) break;
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    t = v128.load(a, 64);
    c00 = c00 + t * b0;
    c01 = c01 + t * b1;
    t = v128.load(a, 80);
    c10 = c10 + t * b0;
    c11 = c11 + t * b1;
    t = v128.load(a, 96);
    c20 = c20 + t * b0;
    c21 = c21 + t * b1;
    t = v128.load(a, 112);
    c30 = c30 + t * b0;
    c31 = c31 + t * b1;
    if (b >= two) break;
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    t = v128.load(a, 128);
    c00 = c00 + t * b0;
    c01 = c01 + t * b1;
    t = v128.load(a, 144);
    c10 = c10 + t * b0;
    c11 = c11 + t * b1;
    t = v128.load(a, 160);
    c20 = c20 + t * b0;
    c21 = c21 + t * b1;
    t = v128.load(a, 176);
    c30 = c30 + t * b0;
    c31 = c31 + t * b1;
    if (b >= three) break;
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    t = v128.load(a, 192);
    c00 = c00 + t * b0;
    c01 = c01 + t * b1;
    t = v128.load(a, 208);
    c10 = c10 + t * b0;
    c11 = c11 + t * b1;
    t = v128.load(a, 224);
    c20 = c20 + t * b0;
    c21 = c21 + t * b1;
    t = v128.load(a, 240);
    c30 = c30 + t * b0;
    c31 = c31 + t * b1;
    a += 256;
    b += 128;
  } while (b < end);
  if (beta != 0) {
    c00 = Tile.blend(c00, d, alpha, beta);
    c01 = Tile.blend(c01, d + 16, alpha, beta);
    d += ldc;
    c10 = Tile.blend(c10, d, alpha, beta);
    c11 = Tile.blend(c11, d + 16, alpha, beta);
    d += ldc;
    c20 = Tile.blend(c20, d, alpha, beta);
    c21 = Tile.blend(c21, d + 16, alpha, beta);
    d += ldc;
    c30 = Tile.blend(c30, d, alpha, beta);
    c31 = Tile.blend(c31, d + 16, alpha, beta);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

class Tile {
  /** alpha x + beta D */
  @inline
  static blend(x: v128, d: usize, alpha: f64, beta: f64): v128 {
    return Pair.of(alpha) * x + Pair.of(beta) * v128.load(d);
  }
}

/** C = alpha tile + beta D, as the microkernel, where a tile hangs over the edge of C. */
function store4x4(rows: i32, columns: i32, c: usize, ldc: usize, d: usize, alpha: f64, beta: f64): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = <usize>i * ldc + ((<usize>j) << 3);
      const value = load<f64>(tile + ((<usize>(4 * i + j)) << 3));
      store<f64>(c + at, beta == 0 ? value : alpha * value + beta * load<f64>(d + at));
    }
  }
}

/** Four rows of A, each entry twice. What is missing of four is a copy: it is multiplied but never stored. */
function packRows(depth: i32, rows: i32, a: usize, ars: usize, acs: usize, to: usize): void {
  let a1 = rows > 1 ? a + ars : a,
    a2 = rows > 2 ? a1 + ars : a1,
    a3 = rows > 3 ? a2 + ars : a2;
  for (const end = to + ((<usize>depth) << 6); to < end; to += 64) {
    v128.store(to, v128.load64_splat(a));
    v128.store(to, v128.load64_splat(a1), 16);
    v128.store(to, v128.load64_splat(a2), 32);
    v128.store(to, v128.load64_splat(a3), 48);
    a += acs;
    a1 += acs;
    a2 += acs;
    a3 += acs;
  }
}

/** Four columns of B. */
function packColumns(depth: i32, columns: i32, b: usize, brs: usize, bcs: usize, to: usize): void {
  const end = to + ((<usize>depth) << 5);
  if (bcs == 8 && columns >= 4) {
    for (; to < end; to += 32) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      b += brs;
    }
    return;
  }
  let b1 = columns > 1 ? b + bcs : b,
    b2 = columns > 2 ? b1 + bcs : b1,
    b3 = columns > 3 ? b2 + bcs : b2;
  for (; to < end; to += 32) {
    store<f64>(to, load<f64>(b));
    store<f64>(to, load<f64>(b1), 8);
    store<f64>(to, load<f64>(b2), 16);
    store<f64>(to, load<f64>(b3), 24);
    b += brs;
    b1 += brs;
    b2 += brs;
    b3 += brs;
  }
}
