/** Sparse matrices in: their input forms, checked, and how they come into the core. */

import { ENTRIES, INDICES, VALUES } from '../../assembly/sparse/boundary.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { isArray, isObject, member, reading, refuse, SvdRangeError, SvdTypeError } from '../errors.js';
import { checkShape, isNumeric, lengthOf, type NumericArray, oneByOne, pairOf } from '../matrix.js';
import { integers, sparse } from './core.js';

/** The shape of a matrix: `rows` and `columns`, or `shape: [rows, columns]`. */
export type Shape =
  | { readonly rows: number; readonly columns: number }
  | { readonly shape: readonly number[] };

/**
 * A sparse matrix by rows, as scipy's `csr_matrix`: row i has the entries indptr[i] to indptr[i + 1] - 1 of `indices`
 * (their columns) and `data`.
 */
export type Csr = Shape & {
  readonly data: NumericArray;
  readonly indices: NumericArray;
  /** rows + 1 numbers, from 0 to the number of entries. */
  readonly indptr: NumericArray;
};

/** A sparse matrix as a list of entries, as scipy's `coo_matrix`: data[e] stands in row row[e], column col[e]. */
export type Coo = Shape & {
  readonly data: NumericArray;
  readonly row: NumericArray;
  readonly col: NumericArray;
};

/**
 * Entries of three numbers each, `[i, j, value]`; `rows` and `columns` may stand beside them, or among the options, and are as few as hold all
 * entries otherwise.
 */
export type Triplets = Iterable<NumericArray> & {
  readonly rows?: number;
  readonly columns?: number;
};

/**
 * Anything a sparse matrix can be given as. Rows and columns are counted from 0; entries may come in any order, those of
 * one place add up. It is never changed or kept.
 */
export type SparseInput = Csr | Coo | Triplets;

/** A place in the core's memory, as a view. Growth of the memory detaches it: then it is asked for anew. */
export type Place<T> = () => T;

/**
 * A sparse matrix that was checked, but not copied yet. Reading it may run anybody's code, of getters, Proxies and
 * iterators, which may use the core and make its memory grow.
 */
export interface Entries {
  readonly rows: number;
  readonly columns: number;
  readonly count: number;
  /** Writes them, in the order in which they came; throws on a number that is none, or out of range. */
  copyTo(row: Place<Int32Array>, column: Place<Int32Array>, data: Place<Float64Array>): void;
}

/** The core counts rows, columns and entries in 31 bits. */
const MOST = 2 ** 31 - 2;

/** A list of numbers, one of the `parts` that are asked of while a matrix is read. */
function array(name: string, value: unknown, parts: unknown[]): NumericArray {
  parts.push(value);
  return isNumeric(value)
    ? value
    : refuse(SvdTypeError, 'invalid-matrix', name, value, 'an array of numbers');
}

/** Whole numbers from 0 to `end` - 1. */
function copyIndices(
  name: string,
  from: NumericArray,
  end: number,
  count: number,
  place: Place<Int32Array>,
): void {
  let to = place();
  for (let e = 0; e < count; e++) {
    const i = from[e]!;
    if (!(Number.isInteger(i) && i >= 0 && i < end)) {
      refuse(SvdRangeError, 'invalid-matrix', `${name}[${e}]`, i, `a whole number from 0 to ${end - 1}`);
    }
    if (to.length === 0) to = place();
    to[e] = i;
  }
}

function copyValues(name: string, from: NumericArray, count: number, place: Place<Float64Array>): void {
  let to = place();
  for (let e = 0; e < count; e++) {
    const value = from[e];
    if (!Number.isFinite(value)) {
      const Kind = typeof value === 'number' ? SvdRangeError : SvdTypeError;
      const code = typeof value === 'number' ? 'non-finite-entry' : 'invalid-matrix';
      refuse(Kind, code, `${name}[${e}]`, value, 'a finite number');
    }
    if (to.length === 0) to = place();
    to[e] = value!;
  }
}

/** Where each row starts, read once: from 0 up to the number of entries. */
function startsOf(name: string, from: NumericArray, rows: number, count: number): Int32Array {
  if (from.length !== rows + 1) {
    refuse(SvdRangeError, 'shape-mismatch', `${name}.length`, from.length, `${rows + 1}, one more than rows`);
  }
  const starts = new Int32Array(rows + 1);
  for (let i = 0, last = 0; i <= rows; i++) {
    const start = from[i]!;
    const [least, most] = i === 0 ? [0, 0] : i === rows ? [count, count] : [last, count];
    if (!(Number.isInteger(start) && start >= least && start <= most)) {
      const remedy = least === most ? `${least}` : `a whole number from ${least} to ${most}`;
      refuse(SvdRangeError, 'invalid-matrix', `${name}[${i}]`, start, remedy);
    }
    starts[i] = start;
    last = start;
  }
  return starts;
}

function compressed(name: string, rows: number, columns: number, input: Csr, parts: unknown[]): Entries {
  const data = array(`${name}.data`, input.data, parts);
  const indices = array(`${name}.indices`, input.indices, parts);
  const indptr = array(`${name}.indptr`, input.indptr, parts);
  const count = lengthOf(data, `${name}.data`);
  checkLength(`${name}.indices`, indices, count);
  return {
    rows,
    columns,
    count,
    copyTo(row, column, values) {
      const starts = startsOf(`${name}.indptr`, indptr, rows, count);
      const to = row();
      for (let i = 0; i < rows; i++) to.fill(i, starts[i], starts[i + 1]);
      copyIndices(`${name}.indices`, indices, columns, count, column);
      copyValues(`${name}.data`, data, count, values);
    },
  };
}

function listed(name: string, rows: number, columns: number, input: Coo, parts: unknown[]): Entries {
  const data = array(`${name}.data`, input.data, parts);
  const from = array(`${name}.row`, input.row, parts);
  const to = array(`${name}.col`, input.col, parts);
  const count = lengthOf(data, `${name}.data`);
  checkLength(`${name}.row`, from, count);
  checkLength(`${name}.col`, to, count);
  return {
    rows,
    columns,
    count,
    copyTo(row, column, values) {
      copyIndices(`${name}.row`, from, rows, count, row);
      copyIndices(`${name}.col`, to, columns, count, column);
      copyValues(`${name}.data`, data, count, values);
    },
  };
}

function checkLength(name: string, { length }: NumericArray, count: number): void {
  if (length !== count) {
    refuse(SvdRangeError, 'shape-mismatch', `${name}.length`, length, `${count} as in data`);
  }
}

/** Of an iterable, which can be walked but once. */
function triplets(
  name: string,
  input: Triplets,
  given: Partial<Record<'rows' | 'columns', number>>,
  parts: unknown[],
): Entries {
  const [row, column, data]: [number[], number[], number[]] = [[], [], []];
  let [lastRow, lastColumn] = [-1, -1];
  let e = 0;
  for (const one of oneByOne(input, name)) {
    parts[1] = one;
    if (!isNumeric(one) || one.length !== 3) {
      refuse(SvdTypeError, 'invalid-matrix', `${name}[${e}]`, one, '[row, column, value]');
    }
    // (by index: an iterator may be anybody's code)
    const [i, j, value] = [one[0]!, one[1]!, one[2]!] as const;
    for (const [at, index] of [i, j].entries()) {
      if (!(Number.isInteger(index) && index >= 0 && index <= MOST)) {
        refuse(
          SvdRangeError,
          'invalid-matrix',
          `${name}[${e}][${at}]`,
          index,
          'a whole number >= 0, as in [row, column, value]',
        );
      }
    }
    row.push(i);
    column.push(j);
    data.push(value);
    lastRow = Math.max(lastRow, i);
    lastColumn = Math.max(lastColumn, j);
    e++;
  }
  const { rows: m = lastRow + 1, columns: n = lastColumn + 1 } = given;
  const [rows, columns] = shapeOf(name, { rows: m, columns: n });
  return listed(name, rows, columns, { rows, columns, data, row, col: column }, parts);
}

/** What came as `name`, in any of the forms; `given` are rows and columns from elsewhere. */
export function entriesOf(
  input: SparseInput,
  name: string,
  given: Partial<Record<'rows' | 'columns', number>> = {},
): Entries {
  const parts: unknown[] = [input];
  const entries = reading(name, parts, () => read(input, name, given, parts));
  return { ...entries, copyTo: (...places) => reading(name, parts, () => entries.copyTo(...places)) };
}

function read(
  input: SparseInput,
  name: string,
  given: Partial<Record<'rows' | 'columns', number>>,
  parts: unknown[],
): Entries {
  if (isObject(input)) {
    if ('indptr' in input || 'row' in input) {
      const format = member(input, 'format');
      if (format === 'csc') {
        refuse(SvdTypeError, 'invalid-matrix', `${name}.format`, format, 'csr (csc as csr is the transpose)');
      }
      const [rows, columns] = shapeOf(name, input);
      if ('indptr' in input) return compressed(name, rows, columns, input, parts);
      return listed(name, rows, columns, input as Coo, parts);
    }
    const iterate: unknown = (input as Triplets)[Symbol.iterator];
    if (typeof iterate === 'function') {
      const { rows, columns } = input as Triplets;
      const each = isArray(input) ? input : { [Symbol.iterator]: () => iterate.call(input) };
      return triplets(name, each, { rows, columns, ...given }, parts);
    }
  }
  const forms =
    '{ rows, columns, data, indices, indptr }, { rows, columns, data, row, col } or [row, column, value] one by one';
  refuse(SvdTypeError, 'invalid-matrix', name, input, forms);
}

/** `rows` and `columns`, or `shape`. */
export function shapeOf(name: string, input: Shape): readonly [number, number] {
  const shape = 'shape' in input ? input.shape : [input.rows, input.columns];
  return reading(name, [input, shape], () => {
    const [rows, columns] = pairOf(shape, name);
    checkShape(name, rows, columns);
    if (rows > MOST || columns > MOST) {
      refuse(SvdRangeError, 'too-large', name, { rows, columns }, `at most ${MOST} rows and columns`);
    }
    return [rows, columns];
  });
}

/** A CSR matrix in the core's memory (assembly/sparse/csr.ts), to be released: rows in order, and columns within a row. */
export interface InCore {
  readonly pointer: Pointer;
  readonly rows: number;
  readonly columns: number;
  /** Entries that are left after those of one place were added. */
  readonly count: number;
}

/** The matrix goes into the core, or its transpose if so wanted; what is `release`d later is `pointer`. */
export function toCore(from: Entries, name: string, transposed = false): InCore {
  const { count } = from;
  const [rows, columns] = transposed ? [from.columns, from.rows] : [from.rows, from.columns];
  if (count > MOST) refuse(SvdRangeError, 'too-large', `${name}.data.length`, count, `at most ${MOST}`);
  return withScratch([Math.ceil(count / 2)], name, from.rows, from.columns, (row) => {
    const pointer = room(name, from.rows, from.columns, sparse().csr, rows, columns, count);
    try {
      const field = (which: number) => sparse().csrField(pointer, which) >>> 0;
      const down = () => integers(row >>> 0, count);
      const across = () => integers(field(INDICES), count);
      const values = () => view(field(VALUES), count);
      if (transposed) from.copyTo(across, down, values);
      else from.copyTo(down, across, values);
      room(name, from.rows, from.columns, () => {
        sparse().assemble(pointer, row);
        return pointer;
      });
      return { pointer, rows, columns, count: field(ENTRIES) };
    } catch (error) {
      sparse().release(pointer);
      throw error;
    }
  });
}
