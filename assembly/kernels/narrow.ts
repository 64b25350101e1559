// Loss and gradient for at most four columns, where packing would cost more than multiplying: a row of U, V or
// XᵀX is two vectors and stays in registers, and M is read once.
//
// Where there are fewer columns, the vectors hold entries of the next rows as well (after the last row: of the
// words to spare). Masks clear what is made of them; rows written in order overwrite it.

import { dup, high, multiplyAdd, sum } from './vector';

/** The most columns there can be here. */
export const NARROW: i32 = 4;

// the rows of -I, row i starting at word 3 - i; and four words of ones and zeros for the masks
const minusI = memory.data<f64>([0, 0, 0, -1, 0, 0, 0]);
const ones = memory.data<i64>([-1, -1, -1, -1, 0, 0, 0]);

/** The first or second half of what clears all from column k on. */
// @ts-ignore: decorator
@inline
function mask(k: i32, half: usize): v128 {
  return v128.load(ones + (<usize>(4 - k) << 3) + 16 * half);
}

/**
 * P = R V, Q = Rᵀ U, t = diag(Uᵀ P) for R = w ∘ (U diag(s) Vᵀ - M); returns Σ w (U diag(s) Vᵀ - M)².
 * w is 0 where all weights are 1; scratch: 4 n words, or Q if k is 4.
 */
export function slopes(
  m: i32, n: i32, k: i32, M: usize, w: usize, U: usize, s: usize, V: usize, P: usize, Q: usize, t: usize,
  scratch: usize,
): f64 {
  const mask0 = mask(k, 0), mask1 = mask(k, 1), ld = <usize>k << 3, end = V + <usize>n * ld, toWeights = w - M;
  const s0 = v128.load(s), s1 = v128.load(s, 16);
  let loss = f64x2.splat(0), t0 = loss, t1 = loss;
  // Q is summed up in whole vectors. (memory.fill is a call out of wasm, slower than this loop for small sizes.)
  const sums = k < 4 ? scratch : Q;
  for (let q = sums, last = sums + (<usize>n << 5); q < last; q += 16) v128.store(q, loss);
  for (; m > 0; m--) {
    const u0 = v128.and(v128.load(U), mask0), u1 = v128.and(v128.load(U, 16), mask1);
    const a0 = f64x2.mul(u0, s0), a1 = f64x2.mul(u1, s1);
    let p0 = f64x2.splat(0), p1 = p0;
    for (let v = V, q = sums; v < end; v += ld) {
      const v0 = v128.load(v), v1 = v128.load(v, 16);
      // only the lower lane of r and e is used
      let r = multiplyAdd(f64x2.mul(a0, v0), a1, v1);
      r = f64x2.sub(f64x2.add(r, high(r)), v128.load64_splat(M));
      const e = r;
      if (w) r = f64x2.mul(r, v128.load64_splat(M + toWeights));
      loss = multiplyAdd(loss, e, r);
      r = dup(r);
      p0 = multiplyAdd(p0, r, v0);
      p1 = multiplyAdd(p1, r, v1);
      v128.store(q, multiplyAdd(v128.load(q), r, u0));
      v128.store(q, multiplyAdd(v128.load(q, 16), r, u1), 16);
      M += 8;
      q += 32;
    }
    p0 = v128.and(p0, mask0);
    p1 = v128.and(p1, mask1);
    v128.store(P, p0);
    v128.store(P, p1, 16);
    t0 = multiplyAdd(t0, p0, u0);
    t1 = multiplyAdd(t1, p1, u1);
    U += ld;
    P += ld;
  }
  if (k < 4) for (let q = sums; n > 0; n--) {
    v128.store(Q, v128.load(q));
    v128.store(Q, v128.load(q, 16), 16);
    q += 32;
    Q += ld;
  }
  v128.store(t, t0);
  v128.store(t, t1, 16);
  return f64x2.extract_lane(loss, 0);
}

/** G = XᵀX - I for X (rows x k); returns the sum of its squares. */
export function gram(k: i32, rows: i32, X: usize, G: usize): f64 {
  const mask0 = mask(k, 0), mask1 = mask(k, 1), ld = <usize>k << 3, end = X + <usize>rows * ld;
  let loss = f64x2.splat(0);
  for (let i: usize = 0; i < ld; i += 8) {
    let g0 = v128.load(minusI + 24 - i), g1 = v128.load(minusI + 40 - i);
    for (let x = X; x < end; x += ld) {
      const e = v128.load64_splat(x + i);
      g0 = multiplyAdd(g0, e, v128.load(x));
      g1 = multiplyAdd(g1, e, v128.load(x, 16));
    }
    g0 = v128.and(g0, mask0);
    g1 = v128.and(g1, mask1);
    v128.store(G, g0);
    v128.store(G, g1, 16);
    loss = multiplyAdd(multiplyAdd(loss, g0, g0), g1, g1);
    G += ld;
  }
  return sum(loss);
}

/** dX = c P diag(s) + p X G */
export function combine(
  rows: i32, k: i32, c: f64, P: usize, s: usize, p: f64, X: usize, G: usize, dX: usize,
): void {
  const mask0 = mask(k, 0), mask1 = mask(k, 1), ld = <usize>k << 3, end = G + <usize>k * ld;
  const twice = f64x2.splat(c), penalty = f64x2.splat(p);
  const s0 = f64x2.mul(twice, v128.load(s)), s1 = f64x2.mul(twice, v128.load(s, 16));
  for (; rows > 0; rows--) {
    let d0 = f64x2.mul(s0, v128.load(P)), d1 = f64x2.mul(s1, v128.load(P, 16));
    for (let g = G; g < end; g += ld) {
      const x = f64x2.mul(penalty, v128.load64_splat(X));
      d0 = multiplyAdd(d0, x, v128.load(g));
      d1 = multiplyAdd(d1, x, v128.load(g, 16));
      X += 8;
    }
    v128.store(dX, v128.and(d0, mask0));
    v128.store(dX, v128.and(d1, mask1), 16);
    P += ld;
    dX += ld;
  }
}
