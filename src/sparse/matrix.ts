/** Sparse matrices in: their input forms, checked, and how they come into the core. */

import { ENTRIES, INDICES, VALUES } from '../../assembly/sparse/boundary.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { has, isArray, isObject, member, reading, refuse, SvdRangeError, SvdTypeError } from '../errors.js';
import {
  checkLength,
  checkShape,
  isNumeric,
  lengthOf,
  type NumericArray,
  oneByOne,
  pairOf,
} from '../matrix.js';
import { field, integers, sparse } from './core.js';

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

/** Rows and columns that are known from elsewhere. */
type Given = Partial<Record<'rows' | 'columns', number>>;

/** The core counts rows, columns and entries in 31 bits. */
const MOST = 2 ** 31 - 2;

const isIndex = (i: number, end: number) => Number.isInteger(i) && i >= 0 && i < end;

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
    if (!isIndex(i, end)) {
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

/** Row i is that of the entries `starts[i]` to `starts[i + 1]` - 1: these rise from 0 to the number of entries. */
function copyRows(
  name: string,
  starts: NumericArray,
  rows: number,
  count: number,
  place: Place<Int32Array>,
): void {
  checkLength(starts, name, rows + 1, ', one more than rows');
  let to = place();
  for (let i = 0, last = 0; i <= rows; i++) {
    const start = starts[i]!;
    const [least, most] = [i < rows ? last : count, i > 0 ? count : 0];
    if (!(Number.isInteger(start) && start >= least && start <= most)) {
      const remedy = least === most ? `${least}` : `a whole number from ${least} to ${most}`;
      refuse(SvdRangeError, 'invalid-matrix', `${name}[${i}]`, start, remedy);
    }
    if (to.length === 0) to = place();
    to.fill(i - 1, last, start);
    last = start;
  }
}

/** Lists of values, of the columns they are in, and of their rows (COO) or where each row starts (CSR). */
function listed(name: string, rows: number, columns: number, input: Csr | Coo, parts: unknown[]): Entries {
  const list = (key: string) => {
    const numbers = (input as unknown as Record<string, unknown>)[key];
    parts.push(numbers);
    if (!isNumeric(numbers)) {
      refuse(SvdTypeError, 'invalid-matrix', `${name}.${key}`, numbers, 'an array of numbers');
    }
    return numbers;
  };
  const data = list('data');
  const count = lengthOf(data, `${name}.data`);
  const indices = (key: string, end: number) => {
    const numbers = list(key);
    checkLength(numbers, `${name}.${key}`, count, ' as in data');
    return (place: Place<Int32Array>) => copyIndices(`${name}.${key}`, numbers, end, count, place);
  };
  const byRows = has(input, 'indptr');
  const across = indices(byRows ? 'indices' : 'col', columns);
  const starts = byRows && list('indptr');
  const down = starts
    ? (place: Place<Int32Array>) => copyRows(`${name}.indptr`, starts, rows, count, place)
    : indices('row', rows);
  return {
    rows,
    columns,
    count,
    copyTo(row, column, values) {
      down(row);
      across(column);
      copyValues(`${name}.data`, data, count, values);
    },
  };
}

/** The two or three numbers of what is e-th in a list of such `form`. (By index: an iterator may be anybody's code.) */
export function tuple(one: unknown, name: string, e: number, length: number, form: string) {
  if (!isNumeric(one) || one.length !== length) {
    refuse(SvdTypeError, 'invalid-matrix', `${name}[${e}]`, one, form);
  }
  return [one[0]!, one[1]!, one[2]!] as const;
}

/** Of an iterable, which can be walked but once. */
function triplets(name: string, input: Triplets, given: Given, parts: unknown[]): Entries {
  const [row, col, data]: [number[], number[], number[]] = [[], [], []];
  for (const one of oneByOne(input, name)) {
    const e = data.length;
    parts[1] = one;
    const [i, j, value] = tuple(one, name, e, 3, '[row, column, value]');
    for (const [at, index] of [i, j].entries()) {
      if (!isIndex(index, MOST + 1)) {
        const remedy = 'a whole number >= 0, as in [row, column, value]';
        refuse(SvdRangeError, 'invalid-matrix', `${name}[${e}][${at}]`, index, remedy);
      }
    }
    row.push(i);
    col.push(j);
    data.push(value);
  }
  const past = (list: number[]) => list.reduce((end, i) => Math.max(end, i + 1), 0);
  const [rows, columns] = shapeOf(name, {
    rows: given.rows ?? past(row),
    columns: given.columns ?? past(col),
  });
  return listed(name, rows, columns, { rows, columns, data, row, col }, parts);
}

/** What came as `name`, in any of the forms; `given` are rows and columns from elsewhere. */
export function entriesOf(input: SparseInput, name: string, given: Given = {}): Entries {
  const parts: unknown[] = [input];
  const entries = reading(name, parts, () => read(input, name, given, parts));
  return { ...entries, copyTo: (...places) => reading(name, parts, () => entries.copyTo(...places)) };
}

/** Is it CSR or COO? */
export const isListed = (input: object): input is Csr | Coo => has(input, 'indptr') || has(input, 'row');

function read(input: SparseInput, name: string, given: Given, parts: unknown[]): Entries {
  if (isObject(input)) {
    if (isListed(input)) {
      const format = member(input, 'format');
      if (format === 'csc') {
        refuse(SvdTypeError, 'invalid-matrix', `${name}.format`, format, 'csr (csc as csr is the transpose)');
      }
      const [rows, columns] = shapeOf(name, input);
      return listed(name, rows, columns, input, parts);
    }
    const iterate: unknown = (input as Triplets)[Symbol.iterator];
    if (typeof iterate === 'function') {
      const size = (key: 'rows' | 'columns') => given[key] ?? (member(input, key) as number | undefined);
      const each = isArray(input) ? input : { [Symbol.iterator]: () => iterate.call(input) };
      return triplets(name, each, { rows: size('rows'), columns: size('columns') }, parts);
    }
  }
  const forms =
    '{ rows, columns, data, indices, indptr }, { rows, columns, data, row, col } or [row, column, value] one by one';
  refuse(SvdTypeError, 'invalid-matrix', name, input, forms);
}

/** `rows` and `columns`, or `shape`. */
export function shapeOf(name: string, input: Shape): readonly [number, number] {
  const shape = member(input, 'shape');
  return reading(name, [input, shape], () => {
    const [rows, columns] =
      shape === undefined
        ? [member(input, 'rows') as number, member(input, 'columns') as number]
        : pairOf(shape, `${name}.shape`, '[rows, columns]');
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
      const down = () => integers(row >>> 0, count);
      const across = () => integers(field(pointer, INDICES), count);
      const values = () => view(field(pointer, VALUES), count);
      if (transposed) from.copyTo(across, down, values);
      else from.copyTo(down, across, values);
      room(name, from.rows, from.columns, () => {
        sparse().assemble(pointer, row);
        return pointer;
      });
      return { pointer, rows, columns, count: field(pointer, ENTRIES) };
    } catch (error) {
      sparse().release(pointer);
      throw error;
    }
  });
}
