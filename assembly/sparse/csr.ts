// A sparse matrix by rows (CSR): row i has the entries starts[i] .. starts[i + 1] - 1, in order of their columns.

import { Layout } from '../layout';
import { release } from '../memory';
import { Integers, Vector } from '../views';
import { ENTRIES, INDICES, VALUES } from './boundary';

/** With its arrays behind it in one block, which `release` frees. */
@unmanaged
export class Csr {
  rows: i32;
  columns: i32;
  entries: i32;
  /** rows + 1 of them */
  starts: Integers;
  /** the column of each entry */
  indices: Integers;
  data: Vector;
}

function place(a: Csr): void {
  a.data = Layout.take(<f64>a.entries);
  a.indices = Layout.integers(<f64>a.entries);
  a.starts = Layout.integers(<f64>a.rows + 1);
}

/** Room for it, of any content. */
export function csr(rows: i32, columns: i32, entries: i32): Csr {
  const a = Layout.draft<Csr>();
  a.rows = rows;
  a.columns = columns;
  a.entries = entries;
  return Layout.block<Csr>(a, place);
}

// the build ends here where this and the fields drift apart
if (
  offsetof<Csr>('entries') != 4 * ENTRIES ||
  offsetof<Csr>('indices') != 4 * INDICES ||
  offsetof<Csr>('data') != 4 * VALUES
) {
  ERROR('Csr is not what boundary.ts says');
}

/** starts[b + 1] = how many keys are <= b, starts[0] = 0 */
function countUp(count: i32, keys: Integers, buckets: i32, starts: Integers): void {
  starts.clear(buckets + 1);
  for (let e = 0; e < count; e++) starts[keys[e] + 1] += 1;
  for (let b = 0; b < buckets; b++) starts[b + 1] += starts[b];
}

/** The place of the next entry with this key. */
export function placeOf(key: i32, starts: Integers): i32 {
  const at = starts[key];
  starts[key] = at + 1;
  return at;
}

/** A second copy of the entries while they are sorted. */
@unmanaged
class Sorting {
  count: i32;
  buckets: i32;
  rows: Integers;
  columns: Integers;
  data: Vector;
  /** where the next entry of each row or column goes */
  starts: Integers;
}

function placeSorting(s: Sorting): void {
  s.rows = Layout.integers(<f64>s.count);
  s.columns = Layout.integers(<f64>s.count);
  s.data = Layout.take(<f64>s.count);
  s.starts = Layout.integers(<f64>s.buckets + 1);
}

/** Counting sort: entries in the order of their keys, those of one key in the order they had. */
function sortBy(
  count: i32,
  buckets: i32,
  starts: Integers,
  keys: Integers,
  others: Integers,
  data: Vector,
  toKeys: Integers,
  toOthers: Integers,
  toData: Vector,
): void {
  countUp(count, keys, buckets, starts);
  for (let e = 0; e < count; e++) {
    const to = placeOf(keys[e], starts);
    toKeys[to] = keys[e];
    toOthers[to] = others[e];
    toData[to] = data[e];
  }
}

/** By columns, then by rows. */
function sort(a: Csr, row: Integers): void {
  const count = a.entries;
  const size = Layout.draft<Sorting>();
  size.count = count;
  size.buckets = max(a.rows, a.columns);
  const s = Layout.block<Sorting>(size, placeSorting);
  sortBy(count, a.columns, s.starts, a.indices, row, a.data, s.columns, s.rows, s.data);
  sortBy(count, a.rows, s.starts, s.rows, s.columns, s.data, row, a.indices, a.data);
  release(changetype<usize>(s));
}

/** Entries of one place, which are neighbours, are added. */
function merge(a: Csr, row: Integers): void {
  const column = a.indices;
  const data = a.data;
  let last = -1;
  for (let e = 0; e < a.entries; e++) {
    if (last >= 0 && row[e] == row[last] && column[e] == column[last]) {
      data[last] += data[e];
      continue;
    }
    last++;
    row[last] = row[e];
    column[last] = column[e];
    data[last] = data[e];
  }
  a.entries = last + 1;
}

/**
 * From entries in any order to CSR: `a` has their columns and values, `row` their rows. Entries of one place are added, in
 * the order in which they came.
 */
export function assemble(a: Csr, row: Integers): void {
  let sorted = true;
  for (let e = 1; e < a.entries && sorted; e++) {
    const down = row[e] - row[e - 1];
    sorted = down > 0 || (down == 0 && a.indices[e] > a.indices[e - 1]);
  }
  if (!sorted) {
    sort(a, row);
    merge(a, row);
  }
  countUp(a.entries, row, a.rows, a.starts);
}
