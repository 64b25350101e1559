// Products of a sparse matrix by rows (CSR) with panels of four columns. Each entry costs its index and value, and 32
// bytes of X and of Z, wherever its column leads.

import { Integers, Vector } from '../views';

/**
 * In one pass over M: T (rows x 4) = M X, unless there is no X: then T is given; Z (columns x 4) += Mᵀ T, unless there is
 * no Z. With both X and Z, T need not be kept anywhere.
 */
export function product(
  rows: i32,
  starts: Integers,
  indices: Integers,
  data: Vector,
  X: Vector | null,
  T: Vector | null,
  Z: Vector | null,
): void {
  const x = changetype<usize>(X),
    z = changetype<usize>(Z);
  let t = changetype<usize>(T),
    start = starts.pointer,
    j = indices.pointer,
    value = data.pointer;
  for (const last = start + ((<usize>rows) << 2); start < last; start += 4) {
    const end = indices.pointer + ((<usize>load<i32>(start, 4)) << 2),
      first = j,
      firstValue = value;
    let t0 = f64x2.splat(0),
      t1 = t0;
    if (x) {
      let u0 = t0,
        u1 = t0;
      for (; j + 4 < end; j += 8) {
        let from = x + ((<usize>load<u32>(j)) << 5),
          a = v128.load64_splat(value);
        t0 = t0 + a * v128.load(from);
        t1 = t1 + a * v128.load(from, 16);
        from = x + ((<usize>load<u32>(j, 4)) << 5);
        a = v128.load64_splat(value, 8);
        u0 = u0 + a * v128.load(from);
        u1 = u1 + a * v128.load(from, 16);
        value += 16;
      }
      if (j < end) {
        const from = x + ((<usize>load<u32>(j)) << 5),
          a = v128.load64_splat(value);
        t0 = t0 + a * v128.load(from);
        t1 = t1 + a * v128.load(from, 16);
        value += 8;
        j += 4;
      }
      t0 = t0 + u0;
      t1 = t1 + u1;
      if (t) {
        v128.store(t, t0);
        v128.store(t, t1, 16);
        t += 32;
      }
    } else {
      t0 = v128.load(t);
      t1 = v128.load(t, 16);
      t += 32;
    }
    if (!z) continue;
    j = first;
    value = firstValue;
    for (; j < end; j += 4) {
      const to = z + ((<usize>load<u32>(j)) << 5),
        a = v128.load64_splat(value);
      v128.store(to, v128.load(to) + a * t0);
      v128.store(to, v128.load(to, 16) + a * t1, 16);
      value += 8;
    }
  }
}
