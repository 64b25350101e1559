// Of one row of a matrix of which few entries are known: `count` entries, at `columns` (i32) the rows of a table that they
// lead to. Each row of the table, and of what goes with the row of the matrix, has two vectors, x and y, pair by pair:
// x₀ x₁ y₀ y₁ x₂ x₃ y₂ y₃ .., in so many `bytes`, a multiple of 64. An entry costs what it takes to fetch its row, so each
// is fetched once a pass, and whole.

import { Pair } from '../views';

/** Two numbers an entry into `to`: the dot product of its x with that of `row`, and of its y with that of `row`. */
export function dots(count: i32, columns: usize, bytes: usize, row: usize, table: usize, to: usize): void {
  const last = row + bytes;
  for (const end = columns + ((<usize>count) << 2); columns < end; columns += 4) {
    let Z = table + <usize>load<u32>(columns) * bytes,
      x0 = f64x2.splat(0),
      x1 = x0,
      y0 = x0,
      y1 = x0;
    for (let z = row; z < last; z += 64) {
      x0 = x0 + v128.load(z) * v128.load(Z);
      y0 = y0 + v128.load(z, 16) * v128.load(Z, 16);
      x1 = x1 + v128.load(z, 32) * v128.load(Z, 32);
      y1 = y1 + v128.load(z, 48) * v128.load(Z, 48);
      Z += 64;
    }
    store<f64>(to, Pair.sum(x0 + x1));
    store<f64>(to, Pair.sum(y0 + y1), 8);
    to += 16;
  }
}

/** y of `row` += e x of each entry's, and y of these += e x of `row`, for the entries' errors e. */
export function addErrors(
  count: i32,
  columns: usize,
  bytes: usize,
  errors: usize,
  row: usize,
  table: usize,
): void {
  const end = columns + ((<usize>count) << 2);
  let at: usize = 0;
  // what belongs to `row` stays in registers: eight numbers of both vectors at a time, ...
  for (; at + 128 <= bytes; at += 128) {
    const x0 = v128.load(row),
      x1 = v128.load(row, 32),
      x2 = v128.load(row, 64),
      x3 = v128.load(row, 96);
    let y0 = v128.load(row, 16),
      y1 = v128.load(row, 48),
      y2 = v128.load(row, 80),
      y3 = v128.load(row, 112);
    for (let j = columns, error = errors; j < end; j += 4) {
      const Z = table + <usize>load<u32>(j) * bytes,
        e = v128.load64_splat(error);
      y0 = y0 + e * v128.load(Z);
      y1 = y1 + e * v128.load(Z, 32);
      y2 = y2 + e * v128.load(Z, 64);
      y3 = y3 + e * v128.load(Z, 96);
      v128.store(Z, v128.load(Z, 16) + e * x0, 16);
      v128.store(Z, v128.load(Z, 48) + e * x1, 48);
      v128.store(Z, v128.load(Z, 80) + e * x2, 80);
      v128.store(Z, v128.load(Z, 112) + e * x3, 112);
      error += 8;
    }
    v128.store(row, y0, 16);
    v128.store(row, y1, 48);
    v128.store(row, y2, 80);
    v128.store(row, y3, 112);
    row += 128;
    table += 128;
  }
  if (at == bytes) return;
  // ... or the last four
  const x0 = v128.load(row),
    x1 = v128.load(row, 32);
  let y0 = v128.load(row, 16),
    y1 = v128.load(row, 48);
  for (let j = columns, error = errors; j < end; j += 4) {
    const Z = table + <usize>load<u32>(j) * bytes,
      e = v128.load64_splat(error);
    y0 = y0 + e * v128.load(Z);
    y1 = y1 + e * v128.load(Z, 32);
    v128.store(Z, v128.load(Z, 16) + e * x0, 16);
    v128.store(Z, v128.load(Z, 48) + e * x1, 48);
    error += 8;
  }
  v128.store(row, y0, 16);
  v128.store(row, y1, 48);
}
