/** Sparse matrices of the tests. */
import { manualSeed } from 'gradient-svd';
import type { Coo } from 'gradient-svd/sparse';

export type Entry = readonly [i: number, j: number, value: number];

export const coo = (
  rows: number,
  columns: number,
  entries: readonly Entry[],
): Coo & { rows: number; columns: number } => ({
  rows,
  columns,
  row: entries.map(([i]) => i),
  col: entries.map(([, j]) => j),
  data: entries.map(([, , value]) => value),
});

export const diagonal = (values: readonly number[], rows = values.length, columns = values.length) =>
  coo(
    rows,
    columns,
    values.map((value, i) => [i, i, value]),
  );

/** Entries in places drawn at random, some of them twice. */
export function scattered(rows: number, columns: number, count: number, seed = 1) {
  const { data } = manualSeed(seed).rand(count, 3);
  const entries = Array.from({ length: count }, (_, e): Entry => {
    const [i, j, value] = data.subarray(3 * e, 3 * e + 3) as unknown as [number, number, number];
    return [Math.floor(i * rows), Math.floor(j * columns), value - 0.3];
  });
  return coo(rows, columns, entries);
}

export function dense({ rows, columns, row, col, data }: ReturnType<typeof coo>): number[][] {
  const M = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (let e = 0; e < data.length; e++) M[row[e]!]![col[e]!]! += data[e]!;
  return M;
}

/** The same by rows, rows and columns in order. */
export function csr(M: ReturnType<typeof coo>) {
  const { rows, columns } = M;
  const full = dense(M);
  const entries = full.flatMap((x, i) => x.flatMap((value, j): Entry[] => (value ? [[i, j, value]] : [])));
  const indptr = [0];
  for (const x of full) indptr.push(indptr.at(-1)! + x.filter((value) => value !== 0).length);
  return {
    rows,
    columns,
    indptr,
    indices: entries.map(([, j]) => j),
    data: entries.map(([, , value]) => value),
  };
}
