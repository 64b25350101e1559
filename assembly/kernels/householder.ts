// Orthonormal columns by Householder's reflections: H = I - v vᵀ is orthogonal to rounding, so that what is made of
// reflections is orthonormal whatever X is, of full rank or not, graded over any range, or zero.
//
// Matrices are column-major here. Each column has two words ahead, its squared norm (later: its entry in the
// diagonal of R) and its index, and at least three zeros behind, so that loops can go by four from any row. Each
// matrix has three columns of zeros behind, so that columns can be taken in twos or fours.

import { SECOND, SET, SUBTRACT } from '../boundary';
import { Pair, Vector } from '../views';
import { gemm, multiply } from './matmul';
import { maxAbs, scale } from './vector';

export const NORM: i32 = -2;
export const INDEX: i32 = -1;

/** 2^-450: smaller squared norms count as zero, so that products of two don't underflow; entries are near 1. */
export const NULL: f64 = reinterpret<f64>(0x23d0000000000000);

/**
 * What a loop multiplies by passes through here. Of a value that V8 (11.3) has computed itself it moves the
 * computation into the loop, square roots and all: eight times slower.
 */
export const factors = memory.data(32, 16);

/** Bytes from column to column: two words ahead, three zeros behind, an even number of words. */
export function leading(rows: i32): usize {
  return (<usize>((rows + 6) & ~1)) << 3;
}

/** Words of such a matrix. (f64: what comes to more than there is must be seen to.) */
export function wordsOf(rows: i32, columns: i32): f64 {
  return (<f64>(columns + 3) * <f64>leading(rows)) / 8;
}

/** Words of scratch that `orthonormalize` needs. */
export function orthonormalizeScratch(rows: i32, columns: i32): f64 {
  return 2 * wordsOf(rows, columns);
}

/** x0·y0 and x1·y1 */
export function dots(x0: usize, y0: usize, x1: usize, y1: usize, rows: i32): v128 {
  let p0 = f64x2.splat(0),
    p1 = p0,
    q0 = p0,
    q1 = p0;
  for (const end = x0 + ((<usize>rows) << 3); x0 < end; x0 += 32) {
    p0 = p0 + v128.load(x0) * v128.load(y0);
    q0 = q0 + v128.load(x0, 16) * v128.load(y0, 16);
    p1 = p1 + v128.load(x1) * v128.load(y1);
    q1 = q1 + v128.load(x1, 16) * v128.load(y1, 16);
    y0 += 32;
    x1 += 32;
    y1 += 32;
  }
  p0 = p0 + q0;
  p1 = p1 + q1;
  return v128.shuffle<f64>(p0, p1, 0, 2) + v128.shuffle<f64>(p0, p1, 1, 3);
}

/** y <- H y for two columns y, H = I - v vᵀ */
function reflect(v: usize, y0: usize, y1: usize, rows: i32): void {
  v128.store(factors, dots(v, y0, v, y1, rows));
  const g0 = v128.load64_splat(factors),
    g1 = v128.load64_splat(factors, 8);
  for (const end = v + ((<usize>rows) << 3); v < end; v += 16) {
    const x = v128.load(v);
    v128.store(y0, v128.load(y0) - g0 * x);
    v128.store(y1, v128.load(y1) - g1 * x);
    y0 += 16;
    y1 += 16;
  }
}

/** `to` = factor `from`; steps from row to row and from column to column in bytes. */
export function place(
  rows: i32,
  columns: i32,
  from: usize,
  fromRow: usize,
  fromColumn: usize,
  factor: f64,
  to: usize,
  toRow: usize,
  toColumn: usize,
): void {
  for (let i = 0; i < rows; i++, from += fromRow, to += toRow) {
    for (let j = 0, x = from, y = to; j < columns; j++, x += fromColumn, y += toColumn) {
      store<f64>(y, factor * load<f64>(x));
    }
  }
}

/** Swaps columns so that the one of largest norm among k.. comes to k. */
export function pivot(X: usize, ld: usize, n: i32, k: i32): void {
  let x = X + <usize>k * ld,
    y = x,
    most = Vector.at(x)[NORM];
  for (let j = k + 1, z = x + ld; j < n; j++, z += ld) {
    const norm = Vector.at(z)[NORM];
    if (norm > most) {
      most = norm;
      y = z;
    }
  }
  if (y == x) return;
  x -= 16;
  y -= 16;
  for (const end = x + ld; x < end; x += 16, y += 16) {
    const t = v128.load(x);
    v128.store(x, v128.load(y));
    v128.store(y, t);
  }
}

/** Columns of a panel: their reflections are gathered to products of matrices. */
const PANEL: i32 = 32;
/** Columns that they are applied to at once. */
const CHUNK: i32 = 128;
/** Rows up to which nothing is gathered. */
const FEW: i32 = 48;
const triangle = memory.data(PANEL * PANEL * 8, 16);
const factor = memory.data(PANEL * PANEL * 8, 16);
const seen = memory.data(CHUNK * PANEL * 8, 16);
const turned = memory.data(CHUNK * PANEL * 8, 16);

/** Swaps what is above the diagonal of b columns with `triangle`, which is 0: it comes, and goes with the second call. */
function swapTriangle(V: usize, ld: usize, b: i32): void {
  for (let j = 1, to = triangle; j < b; j++) {
    V += ld;
    for (let v = V, end = V + ((<usize>j) << 3); v < end; v += 8, to += 8) {
      const t = load<f64>(v);
      store<f64>(v, load<f64>(to));
      store<f64>(to, t);
    }
  }
}

/**
 * C <- H₁ .. H_b C, or H_b .. H₁ C, for the reflections of b columns of V, their diagonal first, and n columns of C.
 * H₁ .. H_b = I - V T Vᵀ, T⁻¹ = I + the triangle above the diagonal of VᵀV (Schreiber and Van Loan 1989).
 */
function reflectAll(
  backward: bool,
  rows: i32,
  b: i32,
  V: usize,
  ldV: usize,
  n: i32,
  C: usize,
  ldC: usize,
): void {
  const v = <i32>(ldV >> 3),
    c = <i32>(ldC >> 3),
    T = factor;
  swapTriangle(V, ldV, b);
  multiply(false, SET, b, b, rows, Vector.at(V), v, 1, Vector.at(V), 1, v, Vector.at(T), null, b);
  for (let j = 0; j < b; j++) {
    for (let i = 0; i < j; i++) {
      let t: f64 = 0;
      for (let l = i; l < j; l++) t -= Vector.at(T)[i * b + l] * Vector.at(T)[l * b + j];
      Vector.at(T)[i * b + j] = t;
      Vector.at(T)[j * b + i] = 0;
    }
    Vector.at(T)[j * b + j] = 1;
  }
  for (let first = 0; first < n; first += CHUNK, C += CHUNK * ldC) {
    const some = min(n - first, CHUNK);
    // Cᵀ -= (Cᵀ V) Tᵀ Vᵀ, or T
    multiply(false, SET, some, b, rows, Vector.at(C), c, 1, Vector.at(V), 1, v, Vector.at(seen), null, b);
    gemm(backward ? SET : SET + SECOND, some, b, b, Vector.at(seen), Vector.at(T), Vector.at(turned), null);
    multiply(
      false,
      SUBTRACT,
      some,
      rows,
      b,
      Vector.at(turned),
      b,
      1,
      Vector.at(V),
      v,
      1,
      Vector.at(C),
      null,
      c,
    );
  }
  swapTriangle(V, ldV, b);
}

/**
 * QR in place: R above the diagonal, its diagonal in the place of the norms; below and on the diagonal the
 * vectors v of H = I - v vᵀ, |v|² = 2 or v = 0.
 */
export function qr(A: usize, ld: usize, m: i32, n: i32, pivoted: bool): void {
  const width = pivoted || m <= FEW ? n : PANEL,
    zeros = A + <usize>n * ld;
  for (let first = 0; first < n; first += width) {
    const end = min(first + width, n);
    for (let k = first, a = A + <usize>k * ld; k < end; k++, a += ld) {
      if (pivoted) pivot(A, ld, n, k);
      const rows = m - k,
        row = (<usize>k) << 3,
        v = a + row,
        x = load<f64>(v),
        xx = Pair.first(dots(v, v, v, v, rows));
      let r = x,
        factor: f64 = 0;
      if (rows > 1 && xx >= NULL) {
        // v = (x - r e₁) √2/|x - r e₁|, with r = -sign(x₁) |x| nothing cancels
        r = -copysign(sqrt(xx), x);
        factor = 1 / sqrt(xx + abs(x * r));
        store<f64>(v, x - r);
      }
      Vector.at(a)[NORM] = r;
      scale(rows, factor, Vector.at(v));
      for (let j = k + 1, b = a + ld; j < end; j += 2, b += 2 * ld) {
        const y0 = b + row,
          y1 = j + 1 < end ? y0 + ld : zeros + row;
        reflect(v, y0, y1, rows);
        if (pivoted) {
          const norms = dots(y0 + 8, y0 + 8, y1 + 8, y1 + 8, rows - 1);
          v128.store64_lane(b - 16, norms, 0);
          v128.store64_lane(y1 - row - 16, norms, 1);
        }
      }
    }
    const down = (<usize>first) << 3;
    if (end < n) {
      reflectAll(
        true,
        m - first,
        end - first,
        A + <usize>first * ld + down,
        ld,
        n - end,
        A + <usize>end * ld + down,
        ld,
      );
    }
  }
}

/** The n columns of Y <- Q Y, Q from `qr`; if Y is diagonal, what stays zero is left out. */
export function applyQ(A: usize, ld: usize, m: i32, n: i32, Y: usize, ldY: usize, diagonal: bool): void {
  if (m > FEW) {
    for (let first = (n - 1) & -PANEL; first >= 0; first -= PANEL) {
      const down = (<usize>first) << 3,
        skip = diagonal ? first : 0,
        b = min(PANEL, n - first);
      reflectAll(
        false,
        m - first,
        b,
        A + <usize>first * ld + down,
        ld,
        n - skip,
        Y + <usize>skip * ldY + down,
        ldY,
      );
    }
    return;
  }
  for (let j = 0; j < n; j += 2, Y += 2 * ldY) {
    for (let k = diagonal ? min(j + 1, n - 1) : n - 1; k >= 0; k--) {
      const y = Y + ((<usize>k) << 3);
      reflect(A + <usize>k * ld + ((<usize>k) << 3), y, y + ldY, m - k);
    }
  }
}

/** Y (zero so far) = Q with the signs for which R has a positive diagonal, X = Q R (m x n); destroys X. */
export function orthogonalFactor(X: usize, ld: usize, m: i32, n: i32, Y: usize, ldY: usize): void {
  qr(X, ld, m, n, false);
  for (let j = 0, x = X, y = Y; j < n; j++, x += ld, y += ldY + 8)
    store<f64>(y, copysign(1, Vector.at(x)[NORM]));
  applyQ(X, ld, m, n, Y, ldY, true);
}

/** The power of two that brings the largest of n entries near 1. */
export function unitOf(n: i32, x: Vector): f64 {
  const exponent = <i32>(reinterpret<u64>(maxAbs(n, x)) >> 52);
  return reinterpret<f64>((<u64>max(2046 - exponent, 1)) << 52);
}

/** X (rows x k, row-major, rows >= k) becomes Q of X = Q R with the diagonal r of R, r >= 0; scratch: A, then Y. */
export function orthonormalize(rows: i32, k: i32, X: Vector, r: Vector, scratch: Vector): void {
  orthonormalizeTo(rows, k, X, r, scratch, null);
}

/** The same, and L, if there is one, becomes Rᵀ. */
export function orthonormalizeTo(
  rows: i32,
  k: i32,
  X: Vector,
  r: Vector,
  scratch: Vector,
  L: Vector | null,
): void {
  const ld = leading(rows),
    A = scratch.pointer + 16,
    Y = A + ((<usize>wordsOf(rows, k)) << 3),
    row = (<usize>k) << 3;
  const unit = unitOf(rows * k, X);
  scratch.clear(<i32>orthonormalizeScratch(rows, k));
  place(rows, k, X.pointer, row, 8, unit, A, 8, ld);
  orthogonalFactor(A, ld, rows, k, Y, ld);
  if (L) L.clear(k * k);
  for (let j = 0, a = A; j < k; j++, a += ld) {
    const diagonal = Vector.at(a)[NORM];
    r[j] = abs(diagonal) / unit;
    if (!L) continue;
    // the row of R that is next to it has its sign
    place(
      k - j,
      1,
      a + ((<usize>j) << 3),
      ld,
      0,
      copysign(1, diagonal) / unit,
      L.from(j * (k + 1)).pointer,
      row,
      0,
    );
    L[j * (k + 1)] = r[j];
  }
  place(rows, k, Y, 8, ld, 1, X.pointer, row, 8);
}
