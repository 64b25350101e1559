// A sparse matrix by rows (CSR): row i has the entries starts[i] .. starts[i + 1] - 1, in order of their columns.

import { alloc, release } from '../memory';

/** With its arrays behind it in one block, which `release` frees. */
@unmanaged
export class Csr {
  rows: i32;
  columns: i32;
  entries: i32;
  /** i32, rows + 1 of them */
  starts: usize;
  /** i32: the column of each entry */
  indices: usize;
  /** f64 */
  data: usize;
}

const HEAD: usize = 32;

/** Room for it, of any content. */
export function csr(rows: i32, columns: i32, entries: i32): Csr {
  const a = changetype<Csr>(alloc(<f64>HEAD / 8 + <f64>entries + Math.ceil(<f64>entries / 2) + Math.ceil((<f64>rows + 1) / 2)));
  a.rows = rows;
  a.columns = columns;
  a.entries = entries;
  a.data = changetype<usize>(a) + HEAD;
  a.indices = a.data + (<usize>entries << 3);
  a.starts = a.indices + (<usize>((entries + 1) & ~1) << 2);
  return a;
}

/** The fields of `Csr`, in their order. */
export function csrField(a: Csr, which: i32): usize {
  return load<u32>(changetype<usize>(a) + (<usize>which << 2));
}

function get(x: usize, i: i32): i32 {
  return load<i32>(x + (<usize>i << 2));
}

function set(x: usize, i: i32, value: i32): void {
  store<i32>(x + (<usize>i << 2), value);
}

/** starts[b + 1] = how many keys are <= b, starts[0] = 0 */
function countUp(count: i32, keys: usize, buckets: i32, starts: usize): void {
  memory.fill(starts, 0, <usize>(buckets + 1) << 2);
  for (let e = 0; e < count; e++) {
    const b = get(keys, e) + 1;
    set(starts, b, get(starts, b) + 1);
  }
  for (let b = 0; b < buckets; b++) set(starts, b + 1, get(starts, b + 1) + get(starts, b));
}

/** Counting sort: entries in the order of their keys, those of one key in the order they had. */
function sortBy(
  count: i32, buckets: i32, starts: usize,
  keys: usize, others: usize, data: usize, toKeys: usize, toOthers: usize, toData: usize,
): void {
  countUp(count, keys, buckets, starts);
  for (let e = 0; e < count; e++) {
    const key = get(keys, e), to = get(starts, key);
    set(starts, key, to + 1);
    set(toKeys, to, key);
    set(toOthers, to, get(others, e));
    store<f64>(toData + (<usize>to << 3), load<f64>(data + (<usize>e << 3)));
  }
}

/**
 * From entries in any order to CSR: `a` has their columns and values, `row` (i32) their rows. Entries of one place are
 * added, in the order in which they came.
 */
export function assemble(a: Csr, row: usize): void {
  const indices = a.indices, data = a.data;
  let sorted = true;
  for (let e = 1; e < a.entries && sorted; e++) {
    const down = get(row, e) - get(row, e - 1);
    sorted = down > 0 || (down == 0 && get(indices, e) > get(indices, e - 1));
  }
  if (!sorted) {
    // by columns, then by rows
    const count = a.entries, words = 2 * <f64>count + <f64>(max(a.rows, a.columns) + 2);
    const values = alloc(words), rows = values + (<usize>count << 3), columns = rows + (<usize>count << 2);
    const starts = columns + (<usize>count << 2);
    sortBy(count, a.columns, starts, indices, row, data, columns, rows, values);
    sortBy(count, a.rows, starts, rows, columns, values, row, indices, data);
    release(values);
    let last = -1;
    for (let e = 0; e < count; e++) {
      const i = get(row, e), j = get(indices, e), value = load<f64>(data + (<usize>e << 3));
      const at = data + (<usize>last << 3);
      if (last >= 0 && i == get(row, last) && j == get(indices, last)) {
        store<f64>(at, load<f64>(at) + value);
      } else {
        last++;
        set(row, last, i);
        set(indices, last, j);
        store<f64>(at + 8, value);
      }
    }
    a.entries = last + 1;
  }
  countUp(a.entries, row, a.rows, a.starts);
}

/** Mᵀ by rows: M by columns. */
export function transpose(a: Csr): Csr {
  const t = csr(a.columns, a.rows, a.entries);
  countUp(a.entries, a.indices, t.rows, t.starts);
  for (let i = 0; i < a.rows; i++) {
    for (let e = get(a.starts, i), end = get(a.starts, i + 1); e < end; e++) {
      const j = get(a.indices, e), to = get(t.starts, j);
      set(t.starts, j, to + 1);
      set(t.indices, to, i);
      store<f64>(t.data + (<usize>to << 3), load<f64>(a.data + (<usize>e << 3)));
    }
  }
  // each start has become the next one's
  for (let j = t.rows; j > 0; j--) set(t.starts, j, get(t.starts, j - 1));
  set(t.starts, 0, 0);
  return t;
}
