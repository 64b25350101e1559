// Loss and gradient for at most four columns, where packing would cost more than multiplying: a row of U, V or
// XᵀX is two vectors and stays in registers, and M is read once.
//
// Where there are fewer columns, the vectors hold entries of the next rows as well (after the last row: of the
// words to spare). Masks clear what is made of them; rows written in order overwrite it.

import { Pair, Vector } from '../views';

/** The most columns there can be here. */
export const NARROW: i32 = 4;

// the rows of -I, row i starting at word 3 - i; and four words of ones and zeros for the masks
const minusI = memory.data<f64>([0, 0, 0, -1, 0, 0, 0]);
const ones = memory.data<i64>([-1, -1, -1, -1, 0, 0, 0]);

class Mask {
  /** The first or second half of what clears all from column k on. */
  @inline
  static of(k: i32, half: usize): v128 {
    return v128.load(ones + ((<usize>(4 - k)) << 3) + 16 * half);
  }
}

/**
 * P = R V, Q = Rᵀ U, t = diag(Uᵀ P) for R = w ∘ (U diag(s) Vᵀ - M); returns Σ w (U diag(s) Vᵀ - M)².
 * w is 0 where all weights are 1; scratch: 4 n words, or Q if k is 4.
 */
export function slopes(
  m: i32,
  n: i32,
  k: i32,
  M: Vector,
  w: Vector | null,
  U: Vector,
  s: Vector,
  V: Vector,
  P: Vector,
  Q: Vector,
  t: Vector,
  scratch: Vector,
): f64 {
  let ij = M.pointer,
    u = U.pointer,
    p = P.pointer,
    qj = Q.pointer;
  const mask0 = Mask.of(k, 0),
    mask1 = Mask.of(k, 1),
    ld = (<usize>k) << 3,
    end = V.pointer + <usize>n * ld,
    toWeights = changetype<usize>(w) - ij;
  const s0 = v128.load(s.pointer),
    s1 = v128.load(s.pointer, 16);
  let loss = f64x2.splat(0),
    t0 = loss,
    t1 = loss;
  // qj is summed up in whole vectors. (memory.fill is a call out of wasm, slower than this loop for small sizes.)
  const sums = k < 4 ? scratch.pointer : qj;
  for (let q = sums, last = sums + ((<usize>n) << 5); q < last; q += 16) v128.store(q, loss);
  for (; m > 0; m--) {
    const u0 = v128.and(v128.load(u), mask0),
      u1 = v128.and(v128.load(u, 16), mask1);
    const a0 = u0 * s0,
      a1 = u1 * s1;
    let p0 = f64x2.splat(0),
      p1 = p0;
    for (let v = V.pointer, q = sums; v < end; v += ld) {
      const v0 = v128.load(v),
        v1 = v128.load(v, 16);
      // only the lower lane of r and e is used
      let r = a0 * v0 + a1 * v1;
      r = r + Pair.seconds(r) - v128.load64_splat(ij);
      const e = r;
      if (w) r = r * v128.load64_splat(ij + toWeights);
      loss = loss + e * r;
      r = Pair.firsts(r);
      p0 = p0 + r * v0;
      p1 = p1 + r * v1;
      v128.store(q, v128.load(q) + r * u0);
      v128.store(q, v128.load(q, 16) + r * u1, 16);
      ij += 8;
      q += 32;
    }
    p0 = v128.and(p0, mask0);
    p1 = v128.and(p1, mask1);
    v128.store(p, p0);
    v128.store(p, p1, 16);
    t0 = t0 + p0 * u0;
    t1 = t1 + p1 * u1;
    u += ld;
    p += ld;
  }
  if (k < 4)
    for (let q = sums; n > 0; n--) {
      v128.store(qj, v128.load(q));
      v128.store(qj, v128.load(q, 16), 16);
      q += 32;
      qj += ld;
    }
  v128.store(t.pointer, t0);
  v128.store(t.pointer, t1, 16);
  return f64x2.extract_lane(loss, 0);
}

/** G = XᵀX - I for X (rows x k); returns the sum of its squares. */
export function gram(k: i32, rows: i32, X: Vector, G: Vector): f64 {
  let g = G.pointer;
  const mask0 = Mask.of(k, 0),
    mask1 = Mask.of(k, 1),
    ld = (<usize>k) << 3,
    end = X.pointer + <usize>rows * ld;
  let loss = f64x2.splat(0);
  for (let i: usize = 0; i < ld; i += 8) {
    let g0 = v128.load(minusI + 24 - i),
      g1 = v128.load(minusI + 40 - i);
    for (let x = X.pointer; x < end; x += ld) {
      const e = v128.load64_splat(x + i);
      g0 = g0 + e * v128.load(x);
      g1 = g1 + e * v128.load(x, 16);
    }
    g0 = v128.and(g0, mask0);
    g1 = v128.and(g1, mask1);
    v128.store(g, g0);
    v128.store(g, g1, 16);
    loss = loss + g0 * g0 + g1 * g1;
    g += ld;
  }
  return Pair.sum(loss);
}

/** dX = c P diag(s) + penalty X G */
export function combine(
  rows: i32,
  k: i32,
  c: f64,
  P: Vector,
  s: Vector,
  penalty: f64,
  X: Vector,
  G: Vector,
  dX: Vector,
): void {
  let p = P.pointer,
    x = X.pointer,
    dx = dX.pointer;
  const mask0 = Mask.of(k, 0),
    mask1 = Mask.of(k, 1),
    ld = (<usize>k) << 3,
    end = G.pointer + <usize>k * ld;
  const twice = f64x2.splat(c),
    share = f64x2.splat(penalty);
  const s0 = twice * v128.load(s.pointer),
    s1 = twice * v128.load(s.pointer, 16);
  for (; rows > 0; rows--) {
    let d0 = s0 * v128.load(p),
      d1 = s1 * v128.load(p, 16);
    for (let g = G.pointer; g < end; g += ld) {
      const xg = share * v128.load64_splat(x);
      d0 = d0 + xg * v128.load(g);
      d1 = d1 + xg * v128.load(g, 16);
      x += 8;
    }
    v128.store(dx, v128.and(d0, mask0));
    v128.store(dx, v128.and(d1, mask1), 16);
    p += ld;
    dx += ld;
  }
}
