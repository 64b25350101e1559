// Products of a sparse matrix by rows (CSR) with panels of four columns. Each entry costs its index and value, and 32
// bytes of X and of Z, wherever its column leads.

import { multiplyAdd } from './vector';

/** Z (columns x 4) += Mᵀ (M X), in one pass over M; T (rows x 4) = M X on the way, unless it is 0. */
export function gramProduct(
  rows: i32, starts: usize, indices: usize, data: usize, X: usize, T: usize, Z: usize,
): void {
  let j = indices, value = data;
  for (const last = starts + (<usize>rows << 2); starts < last; starts += 4) {
    const end = indices + (<usize>load<i32>(starts, 4) << 2), first = j, firstValue = value;
    let t0 = f64x2.splat(0), t1 = t0, u0 = t0, u1 = t0;
    for (; j + 4 < end; j += 8) {
      let x = X + (<usize>load<u32>(j) << 5), a = v128.load64_splat(value);
      t0 = multiplyAdd(t0, a, v128.load(x)); t1 = multiplyAdd(t1, a, v128.load(x, 16));
      x = X + (<usize>load<u32>(j, 4) << 5); a = v128.load64_splat(value, 8);
      u0 = multiplyAdd(u0, a, v128.load(x)); u1 = multiplyAdd(u1, a, v128.load(x, 16));
      value += 16;
    }
    if (j < end) {
      const x = X + (<usize>load<u32>(j) << 5), a = v128.load64_splat(value);
      t0 = multiplyAdd(t0, a, v128.load(x)); t1 = multiplyAdd(t1, a, v128.load(x, 16));
    }
    t0 = f64x2.add(t0, u0);
    t1 = f64x2.add(t1, u1);
    if (T) {
      v128.store(T, t0);
      v128.store(T, t1, 16);
      T += 32;
    }
    j = first;
    value = firstValue;
    for (; j < end; j += 4) {
      const z = Z + (<usize>load<u32>(j) << 5), a = v128.load64_splat(value);
      v128.store(z, multiplyAdd(v128.load(z), a, t0));
      v128.store(z, multiplyAdd(v128.load(z, 16), a, t1), 16);
      value += 8;
    }
  }
}

/** Z (columns x 4) += Mᵀ T for T (rows x 4) */
export function transposedProduct(
  rows: i32, starts: usize, indices: usize, data: usize, T: usize, Z: usize,
): void {
  let j = indices;
  for (const last = starts + (<usize>rows << 2); starts < last; starts += 4) {
    const t0 = v128.load(T), t1 = v128.load(T, 16), end = indices + (<usize>load<i32>(starts, 4) << 2);
    for (; j < end; j += 4) {
      const z = Z + (<usize>load<u32>(j) << 5), a = v128.load64_splat(data);
      v128.store(z, multiplyAdd(v128.load(z), a, t0));
      v128.store(z, multiplyAdd(v128.load(z, 16), a, t1), 16);
      data += 8;
    }
    T += 32;
  }
}

/** T (rows x 4) = M X */
export function forwardProduct(rows: i32, starts: usize, indices: usize, data: usize, X: usize, T: usize): void {
  let j = indices;
  for (const last = starts + (<usize>rows << 2); starts < last; starts += 4) {
    const end = indices + (<usize>load<i32>(starts, 4) << 2);
    let t0 = f64x2.splat(0), t1 = t0;
    for (; j < end; j += 4) {
      const x = X + (<usize>load<u32>(j) << 5), a = v128.load64_splat(data);
      t0 = multiplyAdd(t0, a, v128.load(x));
      t1 = multiplyAdd(t1, a, v128.load(x, 16));
      data += 8;
    }
    v128.store(T, t0);
    v128.store(T, t1, 16);
    T += 32;
  }
}
