/** Matrices in and out: the input forms, and the result type. */

import {
  has,
  isArray,
  isObject,
  member,
  readable,
  refuse,
  SvdRangeError,
  SvdTypeError,
  unread,
} from './errors.js';

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

/** The same with gaps: `null` or `undefined`, where entries may be missing (`missing: 'nan'`). */
type Entries = NumericArray | readonly (number | null | undefined)[];

/** What a `Float64Array` on memory of its own is to TypeScript: since 5.7 it is generic, before it was not. */
export type Floats = ReturnType<Float64ArrayConstructor['of']>;

/**
 * Anything a matrix can be given as:
 * - an array of rows (arrays or typed arrays),
 * - `{ rows, columns, data }`, row-major (`data` may be missing where the object has `get(i, j)`, as
 *   ml-matrix's `Matrix`),
 * - ndarray-like `{ shape: [m, n], data, stride?, offset? }` (or `strides`): entry (i, j) is data[offset + i stride[0] + j stride[1]].
 *
 * Entries are numbers; null (or nothing) is one that is missing, where `missing: 'nan'` allows that. It is never changed
 * or kept.
 */
export type MatrixInput =
  | readonly Entries[]
  | { readonly rows: number; readonly columns: number; readonly data: Entries }
  | {
      readonly rows: number;
      readonly columns: number;
      /** The entry in row i, column j, both counted from 0. */
      get(i: number, j: number): number;
    }
  | {
      readonly shape: readonly number[];
      readonly data: Entries;
      readonly stride?: readonly number[];
      readonly strides?: readonly number[];
      readonly offset?: number;
    };

/** What Node's console asks an object for; a symbol that needs no import. */
const inspect = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom');

/** Rows and columns that `toString` shows. */
const SHOWN = 8;

/** A dense matrix of float64 with a copy of its own: `data[i * columns + j]` is the entry in row i, column j. */
export class Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    /** Row-major, rows x columns. */
    readonly data: Floats,
  ) {}

  /** The entry in row i, column j, both counted from 0. */
  get(i: number, j: number): number {
    const whole = Number.isInteger(i) && Number.isInteger(j);
    const entry = whole && j >= 0 && j < this.columns ? this.data[i * this.columns + j] : undefined;
    if (entry === undefined) {
      const remedy = `an entry of a ${this.rows} x ${this.columns} matrix`;
      refuse(SvdRangeError, 'shape-mismatch', '[i, j]', [i, j], remedy);
    }
    return entry;
  }

  /** A new matrix with rows and columns exchanged. */
  transpose(): Matrix {
    const { rows, columns, data } = this;
    return new Matrix(
      columns,
      rows,
      data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!),
    );
  }

  /** Its rows from first to last, each a view: what is written into one is in the matrix. */
  *[Symbol.iterator](): Generator<Floats, void, undefined> {
    for (let i = 0; i < this.rows; i++) yield this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /** Copied into an array of rows. */
  toArray(): number[][] {
    return Array.from(this, (row) => Array.from(row));
  }

  /** What `JSON.stringify` makes of it, `{ rows, columns, data }`; {@link matrix} brings it back. */
  toJSON(): { rows: number; columns: number; data: number[] } {
    return { rows: this.rows, columns: this.columns, data: Array.from(this.data) };
  }

  /** A small table, to four digits; of large matrices the first 8 rows and columns. */
  toString(): string {
    const { rows, columns } = this;
    const lines = Array.from({ length: Math.min(rows, SHOWN) }, (_, i) =>
      Array.from({ length: Math.min(columns, SHOWN) }, (_, j) => `${+this.get(i, j).toPrecision(4)}`),
    );
    const width = Math.max(...lines.flat().map((cell) => cell.length)) + 2;
    const more = (count: number) => (count > SHOWN ? '  ...' : '');
    const table = lines.map((cells) => cells.map((cell) => cell.padStart(width)).join('') + more(columns));
    return [`Matrix ${rows} x ${columns}`, ...table, more(rows)].join('\n').trimEnd();
  }

  /** @internal What console.log shows in Node. */
  [inspect](): string {
    return this.toString();
  }
}

/**
 * A {@link Matrix} of any input form: to read rows and entries of it, to print it, to transpose it, and to bring back
 * what `postMessage`, `structuredClone` or JSON left of one.
 *
 * @param input in any {@link MatrixInput} form; never changed. `null` becomes NaN (as JSON writes that as `null`)
 * @throws SvdTypeError, SvdRangeError for a bad matrix, with the `code`s of {@link ErrorCode}
 * @example
 * ```ts
 * matrix([[1, 2, 3], [4, 5, 6]]).transpose().toArray(); // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export function matrix(input: MatrixInput): Matrix {
  return copied(input, 'input');
}

/** Room for so many numbers, for a matrix `name` of this shape. */
export function floats(length: number, name: string, shape: { rows: number; columns: number }): Floats {
  try {
    return new Float64Array(length);
  } catch {
    refuse(SvdRangeError, 'too-large', name, shape, 'a smaller one: there is no memory for it');
  }
}

/** A copy of what came as `name`, of `m` rows and `n` columns, where these are given. */
export function copied(input: MatrixInput, name: string, m?: number, n?: number): Matrix {
  const from = source(input, name, m, n);
  const { rows, columns } = from;
  const data = floats(rows * columns, name, from);
  copyTo(() => data, from, 0, true);
  return new Matrix(rows, columns, data);
}

/** Rows and columns of X, from its entry `offset` on. */
export const part = (
  { columns: width, data }: { columns: number; data: Float64Array },
  rows: number,
  columns: number,
  offset = 0,
): Matrix => matrix({ shape: [rows, columns], data, stride: [width, 1], offset });

/** The shape of an input and where its entries are, checked but not copied yet: {@link copyTo} reads them. */
export interface Source {
  readonly rows: number;
  readonly columns: number;
  readonly name: string;
  /** What the rows are asked of. */
  readonly of: unknown;
  /** Entry (i, j) is the one at offset + i down + j right of `row(of, i)`. */
  readonly row: (of: never, i: number) => Entries;
  readonly down: number;
  readonly right: number;
  readonly offset: number;
}

/** How libraries call what makes an array of rows: TensorFlow.js, then math.js and many others. */
const WAYS = ['arraySync', 'toArray'] as const;

export function isNumeric(value: unknown): value is NumericArray {
  // ArrayBuffer.isView and isArray work across realms, instanceof does not
  // a DataView is a view, but has no length
  return isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** What came as `name`, in any of the input forms; of `m` rows and `n` columns, where these are given. */
export function source(input: MatrixInput, name: string, m?: number, n?: number): Source {
  // (the second is the data, as a rule: an array that grows takes room for 16 more)
  const parts: unknown[] = [input, 0];
  try {
    const from = read(input, name, parts);
    checkLike(from, name, m, n);
    return from;
  } catch (error) {
    unread(error, name, parts);
  }
}

/** A shape is to be `m` x `n`, where these are given. */
export function checkLike(
  from: { rows: number; columns: number },
  name: string,
  m?: number,
  n?: number,
): void {
  const { rows, columns } = from;
  if (rows !== (m ?? rows) || columns !== (n ?? columns)) {
    refuse(SvdRangeError, 'shape-mismatch', name, from, `${m ?? rows} x ${n ?? columns} to fit the rest`);
  }
}

function read(input: MatrixInput, name: string, parts: unknown[]): Source {
  if (isNumeric(input)) return nested(input as readonly Entries[], name);
  if (isObject(input)) {
    if (has(input, 'shape') && !has(input, WAYS[0])) {
      const shape = member(input, 'shape');
      const data = member(input, 'data');
      const stride = member(input, 'stride') ?? member(input, 'strides');
      parts.push(shape, data, stride);
      const [rows, columns] = pairOf(shape, `${name}.shape`, '[rows, columns]');
      return strided(name, rows, columns, data, stride ?? [columns, 1], member(input, 'offset') as number);
    }
    if (has(input, 'rows')) {
      const { rows } = input as { rows: number };
      const columns = member(input, 'columns') as number;
      const data = member(input, 'data');
      parts[1] = data;
      if (columns === undefined && has(input, 'cols')) {
        refuse(
          SvdTypeError,
          'invalid-matrix',
          `${name}.columns`,
          columns,
          'columns, as cols are called here',
        );
      }
      checkShape(name, rows, columns);
      // ml-matrix keeps an array of rows in `data`
      if (isArray(data) && isNumeric(data[0]))
        return source(data as unknown as NumericArray[], name, rows, columns);
      const get = isNumeric(data) || member(input, 'get');
      if (typeof get !== 'function') return strided(name, rows, columns, data);
      return sourceOf(name, input, rows, columns, (_, i) =>
        Array.from({ length: columns }, (_, j) => get.call(input, i, j)),
      );
    }
  }
  const way = WAYS.find((way) => isObject(input) && has(input, way));
  const forms = 'an array of rows, { rows, columns, data } or { shape, data }';
  refuse(SvdTypeError, 'invalid-matrix', name, input, way ? `${name}.${way}()` : forms);
}

/** The two whole numbers `[down, right]` of a shape or a stride. */
export function pairOf(pair: unknown, name: string, remedy: string): readonly [number, number] {
  // (by index: an iterator may be anybody's code)
  const [down, right] = isNumeric(pair) && pair.length === 2 ? [pair[0], pair[1]] : [];
  if (!(Number.isSafeInteger(down) && Number.isSafeInteger(right))) {
    refuse(SvdTypeError, 'invalid-matrix', name, pair, remedy);
  }
  return [down!, right!];
}

export function checkShape(name: string, rows: number, columns: number): void {
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 0 && columns >= 0)) {
    refuse(SvdTypeError, 'invalid-matrix', name, { rows, columns }, 'whole numbers of rows and columns');
  }
  if (rows === 0 || columns === 0) {
    refuse(SvdRangeError, 'empty-matrix', name, { rows, columns }, 'at least one entry');
  }
}

/** WebAssembly has 4 GiB, each entry takes eight bytes. */
const MOST = 2 ** 29;

function checkSize(name: string, rows: number, columns: number): void {
  if (rows * columns > MOST) {
    const remedy = 'a smaller one: WebAssembly memory is full at 4 GiB';
    refuse(SvdRangeError, 'too-large', name, { rows, columns }, remedy);
  }
}

/** How many numbers are in a list. (A Proxy may say anything.) */
export function lengthOf({ length }: ArrayLike<unknown>, name: string): number {
  if (!(Number.isInteger(length) && length >= 0 && length <= MOST)) {
    refuse(SvdRangeError, 'invalid-matrix', `${name}.length`, length, `a whole number from 0 to ${MOST}`);
  }
  return length;
}

/** A list is to be of so many numbers; `why` they are so many. */
export function checkLength({ length }: ArrayLike<unknown>, name: string, wanted: number, why = ''): void {
  if (length !== wanted) {
    refuse(SvdRangeError, 'shape-mismatch', `${name}.length`, length, `${wanted}${why}`);
  }
}

/** One by one: of an array by index, as what a Proxy calls its length may be anything. */
export function* oneByOne<T>(list: Iterable<T>, name: string): Generator<T, void, undefined> {
  if (isArray(list)) {
    const length = lengthOf(list, name);
    for (let e = 0; e < length; e++) yield list[e] as T;
    return;
  }
  const iterator: unknown = list[Symbol.iterator]();
  const next = isObject(iterator) ? member(iterator, 'next') : undefined;
  if (typeof next !== 'function') {
    refuse(SvdTypeError, 'invalid-matrix', `${name}[Symbol.iterator]()`, iterator, 'an iterator');
  }
  let done = true;
  try {
    for (;;) {
      const step = next.call(iterator);
      if (!isObject(step)) refuse(SvdTypeError, 'invalid-matrix', `${name}: next()`, step, '{ done, value }');
      done = Boolean((step as IteratorResult<T>).done);
      if (done) return;
      yield (step as IteratorResult<T>).value;
      done = true;
    }
  } finally {
    if (!done) (iterator as Iterator<T>).return?.();
  }
}

/** The i-th row, if it is one. (It is asked for again when it is copied: a getter may give another.) */
function rowOf(row: unknown, name: string, i: number): Entries {
  if (!isNumeric(row)) {
    const remedy = 'an array of numbers, or flat data as { rows, columns, data }';
    refuse(SvdTypeError, 'invalid-matrix', `${name}[${i}]`, row, remedy);
  }
  return row;
}

const rowAt: Source['row'] = (rows: readonly Entries[], i) => rows[i]!;
const whole: Source['row'] = (data: Entries) => data;

function nested(input: readonly Entries[], name: string): Source {
  const rows = lengthOf(input, name);
  let columns = 0;
  for (let i = 0; i < rows; i++) {
    const row = rowOf(input[i], name, i);
    if (i > 0 && row.length === columns) continue;
    const length = lengthOf(row, `${name}[${i}]`);
    if (i > 0) {
      refuse(SvdRangeError, 'ragged-matrix', `${name}[${i}].length`, length, `${columns} as in ${name}[0]`);
    }
    columns = length;
    checkSize(name, rows, columns);
  }
  checkShape(name, rows, columns);
  return sourceOf(name, input, rows, columns, rowAt);
}

/** Where `stride` is given, `data` may hold more than the matrix. */
function strided(
  name: string,
  rows: number,
  columns: number,
  data: unknown,
  stride?: unknown,
  offset = 0,
): Source {
  checkShape(name, rows, columns);
  if (!isNumeric(data)) refuse(SvdTypeError, 'invalid-matrix', `${name}.data`, data, 'an array of numbers');
  const [down, right] =
    stride === undefined
      ? [columns, 1]
      : pairOf(stride, `${name}.stride`, 'two whole numbers, [down, right]');
  if (!Number.isSafeInteger(offset)) {
    refuse(SvdTypeError, 'invalid-matrix', `${name}.offset`, offset, 'a whole number');
  }
  const y = down * (rows - 1);
  const x = right * (columns - 1);
  const first = offset + Math.min(0, y) + Math.min(0, x);
  const length = offset + Math.max(0, y) + Math.max(0, x) + 1;
  if (first < 0)
    refuse(SvdRangeError, 'shape-mismatch', `${name}.offset`, offset, `at least ${offset - first}`);
  const given = lengthOf(data, `${name}.data`);
  if (!(stride ? given >= length : given === length)) {
    const remedy = `${length} for this shape${stride ? ', stride and offset' : ''}`;
    refuse(SvdRangeError, 'shape-mismatch', `${name}.data.length`, given, remedy);
  }
  return sourceOf(name, data, rows, columns, whole, down, right, offset);
}

function sourceOf(
  name: string,
  of: unknown,
  rows: number,
  columns: number,
  row: Source['row'],
  down = 0,
  right = 1,
  offset = 0,
): Source {
  checkSize(name, rows, columns);
  return { rows, columns, name, of, row, down, right, offset };
}

/**
 * Write all entries of `from`, row-major, into `target()` from `at` on; throws on an entry that is no number.
 * (A `get` may be anybody's code: should it make the core's memory grow, the target is asked for anew.)
 * With `gaps`, null, undefined and holes are NaN.
 */
export function copyTo(target: () => Float64Array, from: Source, at = 0, gaps = false): void {
  const { rows, columns, name, of, row, down, right, offset } = from;
  let cells = target();
  let i = 0;
  let entries: Entries = [];
  try {
    for (; i < rows; i++) {
      entries = rowOf(row(of as never, i), name, i);
      const start = offset + i * down;
      for (let j = 0; j < columns; j++) {
        const entry = entries[start + j * right];
        // strings, booleans and null would be converted in silence
        if (typeof entry !== 'number' && !(gaps && (entry === null || entry === undefined))) {
          const remedy = `a number${entry === null ? " (a gap: null with missing: 'nan')" : ''}`;
          refuse(SvdTypeError, 'invalid-matrix', `${name}[${i}][${j}]`, entry, remedy);
        }
        // each entry may be a getter, and that may make the core's memory grow
        if (cells.length === 0) cells = target();
        cells[at++] = entry ?? Number.NaN;
      }
    }
  } catch (error) {
    readable(of, name);
    readable(entries, `${name}[${i}]`);
    throw error;
  }
}

/** Throws on the first entry that is not finite, with its position; M is in `data` from `first` to `end`. */
export function checkFinite(
  data: Float64Array,
  columns: number,
  name: string,
  remedy = 'a finite number',
  first = 0,
  end = data.length,
): void {
  for (let at = first; at < end; at++) {
    if (!Number.isFinite(data[at])) {
      refuse(SvdRangeError, 'non-finite-entry', entry(name, at - first, columns), data[at], remedy);
    }
  }
}

/** How the entry at `at`, row-major, is called in a message. */
export const entry = (name: string, at: number, columns: number) =>
  `${name}[${Math.floor(at / columns)}][${at % columns}]`;

/** What to give where a number of the answer has left the range of float64. */
export const NEAR_1 = 'M in units that bring it near to 1';

/** Throws where a number of the answer, or of the guess in the core's scale, has left the range of float64. */
export function checkScale(what: string, came: number, ok: boolean, remedy = NEAR_1): void {
  if (!ok) refuse(SvdRangeError, 'non-finite-entry', what, came, remedy);
}

/** Throws where the norm of M, or its square, has left the range of float64. */
export function checkNorm(norm: number, ok = Number.isFinite(norm)): void {
  checkScale('the norm of M', norm, ok);
}
