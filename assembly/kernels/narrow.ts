// Loss and gradient for at most eight columns, where packing would cost more than multiplying: a row of
// U, V or XᵀX is at most four vectors and stays in registers, and M is read once. The number of vectors in
// a row is known at compile time: T is the row itself, and offsetof<T>() its length in bytes.
//
// Where k is odd, the last vector of a row of U or V holds the first entry of the next row as well (after
// the last row: a word of slack, 0). `mask` clears what is made of it; rows written in order overwrite it.

import { dup, high, multiplyAdd, sum } from './vector';

@unmanaged
class Row2 { a: v128; }
@unmanaged
class Row4 extends Row2 { b: v128; }
@unmanaged
class Row6 extends Row4 { c: v128; }
@unmanaged
class Row8 extends Row6 { d: v128; }

/** The most columns there can be here. */
export const NARROW: i32 = 8;

// the rows of -I, row i starting at word 7 - i
const minusI = memory.data<f64>([0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0]);

// @ts-ignore: decorator
@inline
function maskOf(k: i32): v128 {
  return k & 1 ? i64x2(-1, 0) : i64x2(-1, -1);
}

/**
 * P = R V, Q = Rᵀ U, t = diag(Uᵀ P) for R = w ∘ (U diag(s) Vᵀ - M); returns Σ w (U diag(s) Vᵀ - M)².
 * w is 0 where all weights are 1; scratch: n (k + 1) words.
 */
export function slopes(
  m: i32, n: i32, k: i32, M: usize, w: usize, U: usize, s: usize, V: usize, P: usize, Q: usize, t: usize,
  scratch: usize,
): f64 {
  if (k <= 2) return slopesOf<Row2>(m, n, k, M, w, U, s, V, P, Q, t, scratch);
  if (k <= 4) return slopesOf<Row4>(m, n, k, M, w, U, s, V, P, Q, t, scratch);
  if (k <= 6) return slopesOf<Row6>(m, n, k, M, w, U, s, V, P, Q, t, scratch);
  return slopesOf<Row8>(m, n, k, M, w, U, s, V, P, Q, t, scratch);
}

/** G = XᵀX - I for X (rows x k); returns the sum of its squares. */
export function gram(k: i32, rows: i32, X: usize, G: usize): f64 {
  if (k <= 2) return gramOf<Row2>(k, rows, X, G);
  if (k <= 4) return gramOf<Row4>(k, rows, X, G);
  if (k <= 6) return gramOf<Row6>(k, rows, X, G);
  return gramOf<Row8>(k, rows, X, G);
}

/** dX = c P diag(s) + p X G */
export function combine(
  rows: i32, k: i32, c: f64, P: usize, s: usize, p: f64, X: usize, G: usize, dX: usize,
): void {
  if (k <= 2) combineOf<Row2>(rows, k, c, P, s, p, X, G, dX);
  else if (k <= 4) combineOf<Row4>(rows, k, c, P, s, p, X, G, dX);
  else if (k <= 6) combineOf<Row6>(rows, k, c, P, s, p, X, G, dX);
  else combineOf<Row8>(rows, k, c, P, s, p, X, G, dX);
}

function slopesOf<T>(
  m: i32, n: i32, k: i32, M: usize, w: usize, U: usize, s: usize, V: usize, P: usize, Q: usize, t: usize,
  scratch: usize,
): f64 {
  const ROW = offsetof<T>();
  const mask = maskOf(k), ld = <usize>k << 3, end = V + <usize>n * ld, toWeights = w - M;
  let s0 = v128.load(s), s1 = s0, s2 = s0, s3 = s0;
  if (ROW > 16) s1 = v128.load(s, 16);
  if (ROW > 32) s2 = v128.load(s, 32);
  if (ROW > 48) s3 = v128.load(s, 48);
  let loss = f64x2.splat(0), t0 = loss, t1 = loss, t2 = loss, t3 = loss;
  // Q is summed up in whole vectors. (memory.fill is a call out of wasm, slower than this loop for small sizes.)
  const sums = k & 1 ? scratch : Q;
  for (let q = sums, last = sums + <usize>n * ROW; q < last; q += 16) v128.store(q, loss);
  for (; m > 0; m--) {
    let u0 = v128.load(U), u1 = u0, u2 = u0, u3 = u0;
    if (ROW > 16) u1 = v128.load(U, 16);
    if (ROW > 32) u2 = v128.load(U, 32);
    if (ROW > 48) u3 = v128.load(U, 48);
    if (ROW == 16) u0 = v128.and(u0, mask);
    if (ROW == 32) u1 = v128.and(u1, mask);
    if (ROW == 48) u2 = v128.and(u2, mask);
    if (ROW == 64) u3 = v128.and(u3, mask);
    const a0 = f64x2.mul(u0, s0), a1 = f64x2.mul(u1, s1), a2 = f64x2.mul(u2, s2), a3 = f64x2.mul(u3, s3);
    let p0 = f64x2.splat(0), p1 = p0, p2 = p0, p3 = p0;
    for (let v = V, q = sums; v < end; v += ld) {
      let v0 = v128.load(v), v1 = v0, v2 = v0, v3 = v0;
      if (ROW > 16) v1 = v128.load(v, 16);
      if (ROW > 32) v2 = v128.load(v, 32);
      if (ROW > 48) v3 = v128.load(v, 48);
      // only the lower lane of r and e is used
      let r = f64x2.mul(a0, v0);
      if (ROW > 16) r = multiplyAdd(r, a1, v1);
      if (ROW > 32) r = multiplyAdd(r, a2, v2);
      if (ROW > 48) r = multiplyAdd(r, a3, v3);
      r = f64x2.sub(f64x2.add(r, high(r)), v128.load64_splat(M));
      const e = r;
      if (w) r = f64x2.mul(r, v128.load64_splat(M + toWeights));
      loss = multiplyAdd(loss, e, r);
      r = dup(r);
      p0 = multiplyAdd(p0, r, v0);
      if (ROW > 16) p1 = multiplyAdd(p1, r, v1);
      if (ROW > 32) p2 = multiplyAdd(p2, r, v2);
      if (ROW > 48) p3 = multiplyAdd(p3, r, v3);
      v128.store(q, multiplyAdd(v128.load(q), r, u0));
      if (ROW > 16) v128.store(q, multiplyAdd(v128.load(q, 16), r, u1), 16);
      if (ROW > 32) v128.store(q, multiplyAdd(v128.load(q, 32), r, u2), 32);
      if (ROW > 48) v128.store(q, multiplyAdd(v128.load(q, 48), r, u3), 48);
      M += 8;
      q += ROW;
    }
    if (ROW == 16) p0 = v128.and(p0, mask);
    if (ROW == 32) p1 = v128.and(p1, mask);
    if (ROW == 48) p2 = v128.and(p2, mask);
    if (ROW == 64) p3 = v128.and(p3, mask);
    v128.store(P, p0); t0 = multiplyAdd(t0, p0, u0);
    if (ROW > 16) { v128.store(P, p1, 16); t1 = multiplyAdd(t1, p1, u1); }
    if (ROW > 32) { v128.store(P, p2, 32); t2 = multiplyAdd(t2, p2, u2); }
    if (ROW > 48) { v128.store(P, p3, 48); t3 = multiplyAdd(t3, p3, u3); }
    U += ld;
    P += ld;
  }
  if (k & 1) for (let q = sums; n > 0; n--) {
    v128.store(Q, v128.load(q));
    if (ROW > 16) v128.store(Q, v128.load(q, 16), 16);
    if (ROW > 32) v128.store(Q, v128.load(q, 32), 32);
    if (ROW > 48) v128.store(Q, v128.load(q, 48), 48);
    q += ROW;
    Q += ld;
  }
  v128.store(t, t0);
  if (ROW > 16) v128.store(t, t1, 16);
  if (ROW > 32) v128.store(t, t2, 32);
  if (ROW > 48) v128.store(t, t3, 48);
  return f64x2.extract_lane(loss, 0);
}

function gramOf<T>(k: i32, rows: i32, X: usize, G: usize): f64 {
  const ROW = offsetof<T>();
  const mask = maskOf(k), ld = <usize>k << 3, end = X + <usize>rows * ld;
  let loss = f64x2.splat(0);
  for (let i: usize = 0; i < ld; i += 8) {
    const start = minusI + 56 - i;
    let g0 = v128.load(start), g1 = g0, g2 = g0, g3 = g0;
    if (ROW > 16) g1 = v128.load(start, 16);
    if (ROW > 32) g2 = v128.load(start, 32);
    if (ROW > 48) g3 = v128.load(start, 48);
    for (let x = X; x < end; x += ld) {
      const e = v128.load64_splat(x + i);
      g0 = multiplyAdd(g0, e, v128.load(x));
      if (ROW > 16) g1 = multiplyAdd(g1, e, v128.load(x, 16));
      if (ROW > 32) g2 = multiplyAdd(g2, e, v128.load(x, 32));
      if (ROW > 48) g3 = multiplyAdd(g3, e, v128.load(x, 48));
    }
    if (ROW == 16) g0 = v128.and(g0, mask);
    if (ROW == 32) g1 = v128.and(g1, mask);
    if (ROW == 48) g2 = v128.and(g2, mask);
    if (ROW == 64) g3 = v128.and(g3, mask);
    v128.store(G, g0); loss = multiplyAdd(loss, g0, g0);
    if (ROW > 16) { v128.store(G, g1, 16); loss = multiplyAdd(loss, g1, g1); }
    if (ROW > 32) { v128.store(G, g2, 32); loss = multiplyAdd(loss, g2, g2); }
    if (ROW > 48) { v128.store(G, g3, 48); loss = multiplyAdd(loss, g3, g3); }
    G += ld;
  }
  return sum(loss);
}

function combineOf<T>(
  rows: i32, k: i32, c: f64, P: usize, s: usize, p: f64, X: usize, G: usize, dX: usize,
): void {
  const ROW = offsetof<T>();
  const mask = maskOf(k), ld = <usize>k << 3, end = G + <usize>k * ld, twice = f64x2.splat(c), penalty = f64x2.splat(p);
  let s0 = f64x2.mul(twice, v128.load(s)), s1 = s0, s2 = s0, s3 = s0;
  if (ROW > 16) s1 = f64x2.mul(twice, v128.load(s, 16));
  if (ROW > 32) s2 = f64x2.mul(twice, v128.load(s, 32));
  if (ROW > 48) s3 = f64x2.mul(twice, v128.load(s, 48));
  for (; rows > 0; rows--) {
    let d0 = f64x2.mul(s0, v128.load(P)), d1 = d0, d2 = d0, d3 = d0;
    if (ROW > 16) d1 = f64x2.mul(s1, v128.load(P, 16));
    if (ROW > 32) d2 = f64x2.mul(s2, v128.load(P, 32));
    if (ROW > 48) d3 = f64x2.mul(s3, v128.load(P, 48));
    for (let g = G; g < end; g += ld) {
      const x = f64x2.mul(penalty, v128.load64_splat(X));
      d0 = multiplyAdd(d0, x, v128.load(g));
      if (ROW > 16) d1 = multiplyAdd(d1, x, v128.load(g, 16));
      if (ROW > 32) d2 = multiplyAdd(d2, x, v128.load(g, 32));
      if (ROW > 48) d3 = multiplyAdd(d3, x, v128.load(g, 48));
      X += 8;
    }
    if (ROW == 16) d0 = v128.and(d0, mask);
    if (ROW == 32) d1 = v128.and(d1, mask);
    if (ROW == 48) d2 = v128.and(d2, mask);
    if (ROW == 64) d3 = v128.and(d3, mask);
    v128.store(dX, d0);
    if (ROW > 16) v128.store(dX, d1, 16);
    if (ROW > 32) v128.store(dX, d2, 32);
    if (ROW > 48) v128.store(dX, d3, 48);
    P += ld;
    dX += ld;
  }
}
