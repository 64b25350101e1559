/** Matrices in and out: the input forms, and the result type. */

import { SvdRangeError, SvdTypeError, show } from './errors.js';

/** Numbers in a row: an array or a typed array. */
export type NumericArray =
  | readonly number[]
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/**
 * Anything a matrix can be given as:
 * - an array of rows (arrays or typed arrays),
 * - `{ rows, columns, data }`, row-major (`data` may be missing where the object has `get(i, j)`, as
 *   ml-matrix's `Matrix`),
 * - ndarray-like `{ shape: [m, n], data, stride?, offset? }`.
 *
 * It is never changed or kept.
 */
export type MatrixInput =
  | readonly NumericArray[]
  | { readonly rows: number; readonly columns: number; readonly data: NumericArray }
  | {
      readonly rows: number;
      readonly columns: number;
      /** The entry in row i, column j, both counted from 0. */
      get(i: number, j: number): number;
    }
  | {
      readonly shape: readonly number[];
      readonly data: NumericArray;
      readonly stride?: readonly number[];
      readonly offset?: number;
    };

/** A dense matrix of float64 with a copy of its own: `data[i * columns + j]` is the entry in row i, column j. */
export class Matrix {
  /** @internal */
  constructor(
    readonly rows: number,
    readonly columns: number,
    /** Row-major, rows x columns. */
    readonly data: Float64Array,
  ) {}

  /** The entry in row i, column j, both counted from 0. */
  get(i: number, j: number): number {
    if (
      !(i >= 0 && i < this.rows && j >= 0 && j < this.columns && Number.isInteger(i) && Number.isInteger(j))
    ) {
      throw new SvdRangeError(
        'shape-mismatch',
        `get(${show(i)}, ${show(j)}) is outside of a ${this.rows} x ${this.columns} matrix`,
      );
    }
    return this.data[i * this.columns + j]!;
  }

  /** Copied into an array of rows. */
  toArray(): number[][] {
    return Array.from({ length: this.rows }, (_, i) =>
      Array.from(this.data.subarray(i * this.columns, (i + 1) * this.columns)),
    );
  }
}

/** The shape of an input and a way to read it, checked but not copied yet. */
export interface Source {
  readonly rows: number;
  readonly columns: number;
  /** Write all entries, row-major, into `target` from `at` (default 0); throws on an entry that is no number. */
  copyTo(target: Float64Array, at?: number): void;
}

function isNumeric(value: unknown): value is NumericArray {
  // ArrayBuffer.isView and Array.isArray work across realms, instanceof does not
  // a DataView is a view, but has no length
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** Strings, booleans and null would be converted in silence: no entry but a number is taken. */
function put(target: Float64Array, at: number, value: unknown, name: string, i: number, j: number): void {
  if (typeof value !== 'number') {
    throw new SvdTypeError(
      'invalid-matrix',
      `${name}[${i}][${j}] is ${show(value)}; every entry must be a number`,
    );
  }
  target[at] = value;
}

function checkSize(name: string, what: string, size: unknown): void {
  if (!Number.isInteger(size) || (size as number) < 0) {
    throw new SvdTypeError('invalid-matrix', `${name} has ${show(size)} ${what}; expected a whole number`);
  }
}

function checkShape(name: string, rows: unknown, columns: unknown): void {
  checkSize(name, 'rows', rows);
  checkSize(name, 'columns', columns);
  if (rows === 0 || columns === 0) {
    throw new SvdRangeError(
      'empty-matrix',
      `${name} is ${rows} x ${columns}; a matrix needs at least one entry`,
    );
  }
}

/** What came as `name`, in any of the input forms. */
export function source(input: MatrixInput, name: string): Source {
  if (isNumeric(input)) return fromRows(input as readonly NumericArray[], name);
  if (typeof input === 'object' && input !== null) {
    if ('shape' in input) return fromNdarray(input, name);
    if ('rows' in input && 'columns' in input) return fromObject(input, name);
  }
  throw new SvdTypeError(
    'invalid-matrix',
    `${name} is ${show(input)}; give an array of rows, { rows, columns, data } or { shape, data }`,
  );
}

function fromRows(input: readonly NumericArray[], name: string): Source {
  const rows = input.length;
  const first: unknown = input[0];
  if (rows > 0 && !isNumeric(first)) {
    throw new SvdTypeError(
      'invalid-matrix',
      `${name}[0] is ${show(first)}; each row must be an array of numbers`,
    );
  }
  const columns = rows > 0 ? input[0]!.length : 0;
  checkShape(name, rows, columns);
  for (let i = 0; i < rows; i++) {
    const row: unknown = input[i];
    if (!isNumeric(row)) {
      throw new SvdTypeError(
        'invalid-matrix',
        `${name}[${i}] is ${show(row)}; each row must be an array of numbers`,
      );
    }
    if (row.length !== columns) {
      throw new SvdRangeError(
        'ragged-matrix',
        `${name}[${i}] has ${row.length} entries, ${name}[0] has ${columns}; all rows must be of one length`,
      );
    }
  }
  return {
    rows,
    columns,
    copyTo(target, at = 0) {
      for (let i = 0; i < rows; i++) {
        const row = input[i]!;
        for (let j = 0; j < columns; j++) put(target, at++, row[j], name, i, j);
      }
    },
  };
}

function fromObject(input: object, name: string): Source {
  const { rows, columns, data, get } = input as {
    rows: number;
    columns: number;
    data?: unknown;
    get?: (i: number, j: number) => number;
  };
  checkShape(name, rows, columns);
  // ml-matrix keeps an array of rows in `data`
  if (Array.isArray(data) && isNumeric(data[0])) {
    const nested = fromRows(data as NumericArray[], name);
    if (nested.rows !== rows || nested.columns !== columns) {
      throw new SvdRangeError(
        'shape-mismatch',
        `${name} is ${rows} x ${columns}, but its data is ${nested.rows} x ${nested.columns}`,
      );
    }
    return nested;
  }
  if (isNumeric(data)) return strided(data, rows, columns, columns, 1, 0, name, true);
  if (typeof get === 'function') {
    return {
      rows,
      columns,
      copyTo(target, at = 0) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) put(target, at++, get.call(input, i, j), name, i, j);
        }
      },
    };
  }
  throw new SvdTypeError(
    'invalid-matrix',
    `${name}.data is ${show(data)}; give the entries row by row in an array or typed array`,
  );
}

function fromNdarray(input: object, name: string): Source {
  const {
    shape,
    data,
    stride,
    offset = 0,
  } = input as {
    shape: unknown;
    data: unknown;
    stride?: readonly number[];
    offset?: number;
  };
  if (!isNumeric(shape) || shape.length !== 2) {
    throw new SvdTypeError('invalid-matrix', `${name}.shape is ${show(shape)}; expected [rows, columns]`);
  }
  if (!isNumeric(data)) {
    throw new SvdTypeError(
      'invalid-matrix',
      `${name}.data is ${show(data)}; expected an array or typed array`,
    );
  }
  const [rows, columns] = shape as [number, number];
  checkShape(name, rows, columns);
  const [down, right] = (stride ?? [columns, 1]) as [number, number];
  if (![down, right, offset].every(Number.isInteger)) {
    throw new SvdTypeError(
      'invalid-matrix',
      `${name} has stride ${show(stride)}, offset ${show(offset)}; expected whole numbers`,
    );
  }
  return strided(data, rows, columns, down, right, offset, name, false);
}

/** `exact`: data must hold nothing else. */
function strided(
  data: NumericArray,
  rows: number,
  columns: number,
  down: number,
  right: number,
  offset: number,
  name: string,
  exact: boolean,
): Source {
  const first = offset + Math.min(0, down * (rows - 1)) + Math.min(0, right * (columns - 1));
  const last = offset + Math.max(0, down * (rows - 1)) + Math.max(0, right * (columns - 1));
  if (first < 0)
    throw new SvdRangeError('shape-mismatch', `${name}: its stride and offset reach entry ${first}`);
  if (exact ? data.length !== last + 1 : data.length <= last) {
    throw new SvdRangeError(
      'shape-mismatch',
      `${name} is ${rows} x ${columns}, but its data has ${data.length} entries where ${last + 1} are needed`,
    );
  }
  return {
    rows,
    columns,
    copyTo(target, at = 0) {
      if (
        last - offset > 64 &&
        ArrayBuffer.isView(data) &&
        right === 1 &&
        down === columns &&
        typeof data[0] === 'number'
      ) {
        target.set(data.subarray(offset, last + 1), at);
        return;
      }
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) put(target, at++, data[offset + i * down + j * right], name, i, j);
      }
    },
  };
}

/** Throws on the first entry that is not finite, with its position; M is in `data` from `first` to `end`. */
export function checkFinite(
  data: Float64Array,
  columns: number,
  name: string,
  remedy: string,
  first = 0,
  end = data.length,
): void {
  for (let at = first; at < end; at++) {
    if (!Number.isFinite(data[at])) {
      const i = Math.floor((at - first) / columns);
      throw new SvdRangeError(
        'non-finite-entry',
        `${name}[${i}][${at - first - i * columns}] is ${data[at]}; ${remedy}`,
      );
    }
  }
}
