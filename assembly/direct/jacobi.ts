// Direct SVD by one-sided Jacobi rotations: the yardstick for what is found by descent, which uses it for blocks of few
// columns (blocks.ts).
//
//     A P = Q R            Householder QR with column pivoting; A is M, or Mᵀ if M is wide
//     Rᵀ J = W S           pairs of columns of Rᵀ are rotated until all are orthogonal
//     R W = J S            J, the product of the rotations, is the orthogonal factor of R W
//     A = (Q J) S (P W)ᵀ
//
// Rᵀ needs fewer sweeps than A, on n rows instead of m, and its small singular values come out with small
// relative errors (Drmač and Veselić 2008). J could be rotated along: that would be 3/4 of a sweep more work in
// each sweep; a QR is half a sweep, once, and gives an orthonormal basis whatever the rank of M. Up to 12 rows,
// where the latency of square roots outweighs all else, A itself is rotated, and J along.

import {
  applyQ,
  dots,
  factors,
  INDEX,
  leading,
  NORM,
  NULL,
  orthogonalFactor,
  pivot,
  place,
  qr,
  unitOf,
  wordsOf,
} from '../kernels/householder';
import { maxAbs, scale } from '../kernels/vector';
import { Pair, Vector } from '../views';

/** 2^-500 and back: entries so small have no part in products beside others that are not null. */
const DOWN: f64 = reinterpret<f64>(0x20b0000000000000);
const UP: f64 = reinterpret<f64>(0x5f30000000000000);
/** 2^-52 */
const EPSILON: f64 = reinterpret<f64>(0x3cb0000000000000);
/** Of 270,000 small matrices of all kinds none needed more than 8, 512 x 512 needs 10. */
const MOST_SWEEPS: i32 = 40;
/** Rows up to which A is rotated as it is: 30% faster at 6 x 6, the same at 12 x 12. */
const SMALL: i32 = 12;

/** Norms of the columns, which are sorted by them, descending. */
function sort(X: usize, ld: usize, n: i32, rows: i32): void {
  let sorted = true,
    last = f64.MAX_VALUE;
  for (let j = 0, x = X; j < n; j += 2, x += 2 * ld) {
    const norms = dots(x, x, x + ld, x + ld, rows);
    v128.store64_lane(x - 16, norms, 0);
    v128.store64_lane(x + ld - 16, norms, 1);
    const a = f64x2.extract_lane(norms, 0),
      b = f64x2.extract_lane(norms, 1);
    if (a > last || b > a) sorted = false;
    last = b;
  }
  if (!sorted) for (let j = 0; j < n; j++) pivot(X, ld, n, j);
}

/** The largest square of a cosine between columns and of a rotation's tangent in this sweep. */
let largest: v128 = f64x2.splat(0);

/**
 * Rotates x0 and y0, x1 and y1 (all `rows`) so that their first m rows become orthogonal. A pair in each lane: two
 * chains of square roots run as one.
 */
function rotate(x0: usize, y0: usize, x1: usize, y1: usize, m: i32, rows: i32, tolerance: f64): void {
  const a = Pair.both(Vector.at(x0)[NORM], Vector.at(x1)[NORM]),
    b = Pair.both(Vector.at(y0)[NORM], Vector.at(y1)[NORM]);
  const g = dots(x0, y0, x1, y1, m),
    gg = g * g,
    ab = a * b;
  const wanted = v128.and(
    f64x2.gt(gg, ab * f64x2.splat(tolerance)),
    f64x2.ge(f64x2.pmin(a, b), f64x2.splat(NULL)),
  );
  if (!v128.any_true(wanted)) return;
  // t = tan θ, the smaller root of t² + (b - a)/g t = 1, and cos² θ = (1 + |b - a|/root)/2
  const d = b - a,
    h = g + g,
    half = f64x2.splat(0.5);
  const root = f64x2.sqrt(d * d + h * h);
  const signed = v128.or(root, v128.and(d, f64x2.splat(-0.0)));
  const t = v128.and(h / (d + signed), wanted);
  const cosine = f64x2.sqrt(half + half * (f64x2.abs(d) / root));
  const c = v128.bitselect(cosine, f64x2.splat(1), wanted);
  v128.store(factors, c);
  v128.store(factors, c * t, 16);
  const c0 = v128.load64_splat(factors),
    c1 = v128.load64_splat(factors, 8);
  const s0 = v128.load64_splat(factors, 16),
    s1 = v128.load64_splat(factors, 24);
  const tg = t * g,
    aa = a - tg,
    bb = b + tg;
  v128.store64_lane(x0 - 16, aa, 0);
  v128.store64_lane(x1 - 16, aa, 1);
  v128.store64_lane(y0 - 16, bb, 0);
  v128.store64_lane(y1 - 16, bb, 1);
  largest = f64x2.pmax(largest, f64x2.pmax(v128.and(gg / ab, wanted), t * t));
  for (const end = x0 + ((<usize>rows) << 3); x0 < end; x0 += 32) {
    let a0 = v128.load(x0),
      b0 = v128.load(y0),
      a1 = v128.load(x1),
      b1 = v128.load(y1);
    v128.store(x0, c0 * a0 - s0 * b0);
    v128.store(x1, c1 * a1 - s1 * b1);
    v128.store(y0, s0 * a0 + c0 * b0);
    v128.store(y1, s1 * a1 + c1 * b1);
    a0 = v128.load(x0, 16);
    b0 = v128.load(y0, 16);
    a1 = v128.load(x1, 16);
    b1 = v128.load(y1, 16);
    v128.store(x0, c0 * a0 - s0 * b0, 16);
    v128.store(x1, c1 * a1 - s1 * b1, 16);
    v128.store(y0, s0 * a0 + c0 * b0, 16);
    v128.store(y1, s1 * a1 + c1 * b1, 16);
    y0 += 32;
    x1 += 32;
    y1 += 32;
  }
}

/**
 * Rotates pairs of columns of X until their first m rows are all orthogonal. Returns the number of sweeps, or -1
 * if there were too many. Columns sorted by norm save sweeps (de Rijk 1989).
 */
function orthogonalize(X: usize, ld: usize, n: i32, m: i32, rows: i32): i32 {
  const end = X + <usize>n * ld,
    tolerance = EPSILON * EPSILON * <f64>n;
  for (let sweep = 1; sweep <= MOST_SWEEPS; sweep++) {
    sort(X, ld, n, m);
    largest = f64x2.splat(0);
    for (let x = X; x < end; x += 4 * ld) rotate(x, x + ld, x + 2 * ld, x + 3 * ld, m, rows, tolerance);
    for (let x = X; x < end; x += 2 * ld) {
      for (let y = x + 2 * ld; y < end; y += 2 * ld) {
        rotate(x, y, x + ld, y + ld, m, rows, tolerance);
        rotate(x, y + ld, x + ld, y, m, rows, tolerance);
      }
    }
    // a rotation by t changes other cosines by t cos at most: is what that leaves below rounding?
    const most = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
    if (most * sqrt(<f64>n) <= EPSILON) return sweep;
  }
  return -1;
}

/** S / unit = norms of X's columns, sorted; the columns become orthonormal. False if some are null: these don't. */
function normalize(X: usize, ld: usize, rows: i32, n: i32, S: Vector, unit: f64): boolean {
  sort(X, ld, n, rows);
  let full = true;
  for (let j = 0, x = X; j < n; j++, x += ld) {
    const xx = Vector.at(x)[NORM],
      norm = sqrt(xx);
    S[j] = norm / unit;
    if (xx < NULL) full = false;
    else scale(rows, 1 / norm, Vector.at(x));
  }
  return full;
}

/** Each column of A gets its index. */
function number(n: i32, A: usize, ld: usize): void {
  for (let j = 0, a = A; j < n; j++, a += ld) Vector.at(a)[INDEX] = <f64>j;
}

/** Y = R W = J S, R in the upper triangle of C */
function triangular(n: i32, C: usize, W: usize, Y: usize, ld: usize): void {
  for (let j = 0, y = Y, w = W; j < n; j += 2, y += 2 * ld, w += 2 * ld) {
    for (let i = 0, c = C; i < n; i++, c += ld) {
      const at = (<usize>i) << 3,
        g = dots(c + at, w + at, c + at, w + ld + at, n - i);
      v128.store64_lane(y + at, g, 0);
      v128.store64_lane(y + ld + at, g, 1);
    }
  }
}

// Its matrices: A and C have the shape of M, or of Mᵀ, B and X are square.
let A: usize = 0;
let C: usize = 0;
let B: usize = 0;
let X: usize = 0;

/** Words of scratch so far. */
let end: f64 = 0;

/** The next matrix; its first column has two words ahead. */
function take(scratch: usize, rows: i32, columns: i32): usize {
  const at = scratch + ((<usize>end) << 3) + 16;
  end += wordsOf(rows, columns);
  return at;
}

/** Lays out what an m x n matrix needs, from `scratch` on; returns how many words it is. */
function layOut(m: i32, n: i32, scratch: usize): f64 {
  const rows = max(m, n);
  const columns = min(m, n);
  end = 0;
  A = take(scratch, rows, columns);
  C = take(scratch, rows, columns);
  B = take(scratch, columns, columns);
  X = take(scratch, columns, columns);
  return end;
}

/** Words of scratch that `jacobi` needs for an m x n matrix. */
export function jacobiScratch(m: i32, n: i32): f64 {
  return layOut(m, n, 0);
}

/** From M in A: S, left vectors in C, right ones, of A P, where this returns. */
function throughTriangle(m: i32, n: i32, S: Vector, unit: f64): usize {
  const ldA = leading(m);
  const ldX = leading(n);
  const columns = <usize>(n + 3);
  number(n, A, ldA);
  sort(A, ldA, n, m);
  qr(A, ldA, m, n, true);
  // X = Rᵀ
  for (let j = 0, a = A, x = X; j < n; j++, a += ldA, x += 8) {
    place(j, 1, a, 8, 0, 1, x, ldX, 0);
    store<f64>(X + <usize>j * (ldX + 8), Vector.at(a)[NORM]);
  }
  memory.copy(C - 16, X - 16, columns * ldX);
  sweeps = orthogonalize(X, ldX, n, n, n);
  let W = X;
  let Y = B;
  if (!normalize(X, ldX, n, n, S, unit)) {
    orthogonalFactor(X, ldX, n, n, B, ldX);
    W = B;
    Y = X;
  }
  triangular(n, C, W, Y, ldX);
  memory.fill(C - 16, 0, columns * ldA);
  orthogonalFactor(Y, ldX, n, n, C, ldA);
  applyQ(A, ldA, m, n, C, ldA, false);
  return W;
}

/** Columns of A, rows of X: from `left` and `back` times `right`, U and V, signed by the first of them, or the second if `wide`. */
function write(
  m: i32,
  n: i32,
  wide: bool,
  left: usize,
  ldLeft: usize,
  right: usize,
  ldRight: usize,
  back: f64,
  U: Vector,
  V: Vector,
): void {
  const ldA = leading(m);
  for (let j = 0; j < n; j++, left += ldLeft, right += ldRight) {
    let u = wide ? right : left;
    const largest = maxAbs(wide ? n : m, Vector.at(u));
    // (ends: at the largest)
    while (abs(load<f64>(u)) < largest) u += 8;
    const sign = copysign(1, load<f64>(u));
    place(m, 1, left, 8, 0, sign, U.pointer + ((<usize>j) << 3), (<usize>n) << 3, 0);
    for (let i = 0, a = A; i < n; i++, a += ldA) {
      V[<i32>Vector.at(a)[INDEX] * n + j] = sign * back * Vector.at(right)[i];
    }
  }
}

/** Of the latest call. */
let sweeps = 0;

/**
 * M = U diag(S) Vᵀ, all row-major: M is m x n, U m x k, V n x k, k = min(m, n). S descends and is >= 0, U and V
 * are orthonormal whatever M is, and in each pair of columns the entry of U largest in magnitude is positive.
 * Returns the number of sweeps, or -1 if it did not converge.
 */
export function jacobi(m: i32, n: i32, M: Vector, U: Vector, S: Vector, V: Vector, scratch: Vector): i32 {
  const unit = unitOf(m * n, M);
  const wide = m < n;
  let down = (<usize>n) << 3;
  let right: usize = 8;
  if (wide) {
    const t = m;
    const T = U;
    const s = down;
    m = n;
    n = t;
    U = V;
    V = T;
    down = right;
    right = s;
  }
  const words = layOut(m, n, scratch.pointer);
  const ldA = leading(m);
  // C = [A; J], J from an even row on and scaled down; if A is not of full rank it is done again below
  const below = (m + 1) & ~1;
  let ldC = leading(below + n);
  let ldW = ldC;
  let W = C + ((<usize>below) << 3);
  let back = UP;
  let full = false;
  if (m <= SMALL) {
    number(n, A, ldA);
    memory.fill(C - 16, 0, <usize>(n + 3) * ldC);
    place(m, n, M.pointer, down, right, unit, C, 8, ldC);
    for (let j = 0, w = W; j < n; j++, w += ldC + 8) store<f64>(w, DOWN);
    sweeps = orthogonalize(C, ldC, n, m, below + n);
    full = normalize(C, ldC, m, n, S, unit);
  }
  if (!full) {
    scratch.clear(<i32>words);
    place(m, n, M.pointer, down, right, unit, A, 8, ldA);
    W = throughTriangle(m, n, S, unit);
    ldC = ldA;
    ldW = leading(n);
    back = 1;
  }
  write(m, n, wide, C, ldC, W, ldW, back, U, V);
  return sweeps;
}
