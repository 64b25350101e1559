/** U, S, V: how they leave the core, and what can be done with them. */

import { FIRST, MINUS, SECOND } from '../assembly/boundary.js';
import { any, checked, nonNegative, valid, whole } from './check.js';
import { view, wasm, withScratch } from './core.js';
import { has, isObject, member, reading, refuse, SvdRangeError, SvdTypeError } from './errors.js';
import {
  checkFinite,
  checkLength,
  copied,
  copyTo,
  type Floats,
  isNumeric,
  lengthOf,
  Matrix,
  type MatrixInput,
  type NumericArray,
  source,
} from './matrix.js';

/** A singular value decomposition, M = U diag(S) Vᵀ. */
export interface SvdFactors {
  /** Left singular vectors in its columns, m x k. */
  readonly U: Matrix;
  /** Singular values, k, descending, >= 0. */
  readonly S: Floats;
  /** Right singular vectors in its columns, n x k. */
  readonly V: Matrix;
}

/** Factors as they are given: U and V in any input form. What JSON or `structuredClone` left of a result is good. */
export interface SvdFactorsInput {
  readonly U: MatrixInput;
  readonly S: ArrayLike<number>;
  readonly V: MatrixInput;
  /** Means of M's columns, if the factors are those of M minus them (`center: 'columns'`). */
  readonly mean?: ArrayLike<number>;
}

/** How signs of column pairs are chosen; see `signs` in {@link SvdOptions}. */
export type Signs = 'positive' | 'raw';

/**
 * Theta = [U | d | V], which begins with theta[first], sorted and signed: the diagonal s descending and >= 0 (a negative
 * entry's sign moves into U), and with `positive` the entry of U largest in magnitude positive in each
 * column pair. `s` is not what it was then.
 */
export function sorted(
  theta: Float64Array,
  first: number,
  s: number[],
  m: number,
  n: number,
  signs: Signs,
): SvdFactors {
  const k = s.length;
  // by insertion: Array.sort with its comparator is 3% of the time of a 5 x 4, and so is what arrays take that grow
  const order = new Array<number>(k);
  // (and all else row by row: the entries of a column are far apart in memory)
  const most = new Array<number>(k);
  for (let c = 0; c < k; c++) {
    let at = c;
    for (; at > 0 && Math.abs(s[order[at - 1]!]!) < Math.abs(s[c]!); at--) order[at] = order[at - 1]!;
    order[at] = c;
    most[c] = theta[first + c]!;
  }
  for (let at = first + k; at < first + m * k; at += k) {
    for (let c = 0; c < k; c++) {
      const u = theta[at + c]!;
      if (Math.abs(u) > Math.abs(most[c]!)) most[c] = u;
    }
  }
  const S = new Float64Array(k);
  // (what is known of a column then makes room for its signs)
  const ofU = most;
  const ofV = s;
  for (let c = 0; c < k; c++) {
    const from = order[c]!;
    const sign = s[from]! < 0 ? -1 : 1;
    const flip = signs === 'positive' && sign * most[from]! < 0 ? -1 : 1;
    S[c] = sign * s[from]!;
    ofU[from] = flip * sign;
    ofV[from] = flip;
  }
  return {
    U: columns(theta, first, m, order, ofU),
    S,
    V: columns(theta, first + (m + 1) * k, n, order, ofV),
  };
}

/** Columns of what begins with theta[at], in this order and with these signs. */
function columns(
  theta: Float64Array,
  at: number,
  rows: number,
  order: readonly number[],
  signs: readonly number[],
): Matrix {
  const k = order.length;
  const X = new Float64Array(rows * k);
  for (let to = 0; to < X.length; at += k) {
    for (let c = 0; c < k; c++) X[to++] = signs[order[c]!]! * theta[at + order[c]!]!;
  }
  return new Matrix(rows, k, X);
}

/** Factors, copied: views on the rows of U, the one of S and those of V in one (m + 1 + n) x k matrix, theta. */
interface Copied {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly theta: Float64Array;
  readonly U: Float64Array;
  readonly S: Float64Array;
  readonly V: Float64Array;
  readonly mean: Float64Array | undefined;
}

/** A copy of numbers in an array, or in what JSON leaves of a typed array, `{ 0: .., 1: .. }`; each of them finite. */
export function readNumbers(given: unknown, name: string): Floats {
  return reading(name, [given], () => {
    if (!isObject(given)) refuse(SvdTypeError, 'invalid-matrix', name, given, 'an array of numbers');
    const list = has(given, 'length') ? (given as ArrayLike<unknown>) : Object.values(given);
    const length = lengthOf(list, name);
    // (by index: an iterator may be anybody's code)
    const numbers: number[] = [];
    for (let at = 0; at < length; at++) {
      const x = list[at];
      if (!Number.isFinite(x)) {
        refuse(SvdRangeError, 'non-finite-entry', `${name}[${at}]`, x, 'a finite number');
      }
      numbers.push(x as number);
    }
    return Float64Array.from(numbers);
  });
}

/** Copies of factors in any input form, their shapes checked against each other, and those of `like`. */
export function readFactors(
  factors: SvdFactorsInput,
  name: string,
  like?: Pick<Copied, 'm' | 'n' | 'k'>,
): Copied {
  const [U, S, V, given] = reading(name, [factors], () => {
    if (!isObject(factors) || !(has(factors, 'U') && has(factors, 'S') && has(factors, 'V'))) {
      refuse(
        SvdTypeError,
        'invalid-matrix',
        name,
        factors,
        'factors { U, S, V }, as svd and directSvd return',
      );
    }
    return [factors.U, factors.S, factors.V, member(factors, 'mean')] as const;
  });
  const s = readNumbers(S, `${name}.S`);
  const k = like?.k ?? s.length;
  const u = source(U, `${name}.U`, like?.m, k);
  const v = source(V, `${name}.V`, like?.n, k);
  checkLength(s, `${name}.S`, k);
  const [m, n] = [u.rows, v.rows];
  const mean = given ? readNumbers(given, `${name}.mean`) : undefined;
  if (mean) checkLength(mean, `${name}.mean`, n);
  const theta = new Float64Array((m + 1 + n) * k);
  const atS = m * k;
  const rowsOfU = theta.subarray(0, atS);
  const rowsOfV = theta.subarray(atS + k);
  copyTo(() => rowsOfU, u);
  theta.set(s, atS);
  copyTo(() => rowsOfV, v);
  checkFinite(rowsOfU, k, `${name}.U`);
  checkFinite(rowsOfV, k, `${name}.V`);
  return { m, n, k, theta, U: rowsOfU, S: theta.subarray(atS, atS + k), V: rowsOfV, mean };
}

/** C (m x n) = A B, for A with k columns and B with k rows, of which one may be given transposed; minus `D` (m x n). */
function product(
  mode: number,
  m: number,
  n: number,
  k: number,
  A: Float64Array,
  B: Float64Array,
  D?: Float64Array,
): Floats {
  return withScratch([m * k, n * k, m * n, D ? m * n : 0], 'the product', m, n, (a, b, c, d) => {
    view(a, m * k).set(A);
    view(b, n * k).set(B);
    if (D) view(d, m * n).set(D);
    wasm().gemm(D ? mode + MINUS : mode, m, n, k, a, b, c, d);
    return view(c, m * n).slice();
  });
}

/** U diag(S) Vᵀ + 1 meanᵀ - M */
function difference({ m, n, k, U, S, V, mean }: Copied, M?: Float64Array): Floats {
  const minus = mean ? (M ?? new Float64Array(m * n)).map((x, at) => x - mean[at % n]!) : M;
  return product(
    SECOND,
    m,
    n,
    k,
    U.map((x, at) => x * S[at % k]!),
    V,
    minus,
  );
}

/** A result, as long as it is one: where its numbers have left the range of float64 that is an error, not an Infinity. */
function inRange(what: string, rows: number, columns: number, data: Floats): Matrix {
  checkFinite(data, columns, what, 'what it is made of in units that bring it near to 1');
  return new Matrix(rows, columns, data);
}

/** Which of all pairs are meant. */
export interface RankOptions {
  /** How many pairs of columns of U and V, from the first one on, 1 .. k; default: all k that there are. */
  rank?: number;
}

const RANK = { rank: any() };

/** How many of k pairs are asked for. */
export function firstOf(k: number, options: RankOptions): number {
  const { rank = k } = checked<RankOptions>('', RANK, options);
  return valid('rank', rank, whole(null, 1, k), 'invalid-rank');
}

/**
 * U diag(S) Vᵀ, m x n; plus the mean of each column, where the factors have a `mean`. Of the first `rank` pairs alone, it is
 * the nearest matrix of that rank.
 *
 * @throws SvdRangeError `shape-mismatch` if the factors do not fit together, `invalid-rank`, `non-finite-entry` where the
 *   product overflows
 * @example
 * ```ts
 * const factors = svd([[3, 0], [4, 5]]);
 * reconstruct(factors).toArray(); // [[3, 0], [4, 5]] to rounding
 * reconstruct(factors, { rank: 1 }).toArray(); // [[1.5, 1.5], [4.5, 4.5]]
 * ```
 */
export function reconstruct(factors: SvdFactorsInput, options: RankOptions = {}): Matrix {
  const read = readFactors(factors, 'factors');
  read.S.fill(0, firstOf(read.k, options));
  return inRange('the product', read.m, read.n, difference(read));
}

/** Largest absolute entries of what should be zero. */
export interface Residuals {
  /** of U diag(S) Vᵀ - M */
  readonly reconstruction: number;
  /** of UᵀU - I */
  readonly orthonormalityU: number;
  /** of VᵀV - I */
  readonly orthonormalityV: number;
}

function largest(data: Float64Array): number {
  let most = 0;
  for (const value of data) most = Math.max(most, Math.abs(value));
  return most;
}

function offOrthonormal(X: Float64Array, rows: number, k: number): number {
  const identity = new Float64Array(k * k).map((_, at) => Number(at % (k + 1) === 0));
  return largest(product(FIRST, k, k, rows, X, X, identity));
}

/**
 * How far factors are from being the decomposition of M: the largest absolute entries of
 * U diag(S) Vᵀ - M, UᵀU - I and VᵀV - I. NaN where M has NaN. (For factors with a `mean`, M is compared with
 * {@link reconstruct} of them.)
 *
 * @throws SvdRangeError `shape-mismatch` if M and the factors do not fit together
 * @example
 * ```ts
 * residuals(M, svd(M)); // { reconstruction: 4.4e-16, orthonormalityU: 2.2e-16, ... }
 * ```
 */
export function residuals(M: MatrixInput, factors: SvdFactorsInput): Residuals {
  const read = readFactors(factors, 'factors');
  const { m, n, k, U, V } = read;
  const { data } = copied(M, 'M', m, n);
  return {
    reconstruction: largest(difference(read, data)),
    orthonormalityU: offOrthonormal(U, m, k),
    orthonormalityV: offOrthonormal(V, n, k),
  };
}

/** Largest absolute differences between two decompositions. */
export interface Comparison {
  readonly U: number;
  readonly S: number;
  readonly V: number;
}

/**
 * Largest absolute differences between two decompositions after matching the signs of column pairs
 * (each pair of b is flipped where that brings it nearer to a's). Where singular values coincide,
 * their vectors are not determined, and U and V may differ at will.
 *
 * @throws SvdRangeError `shape-mismatch` if a and b have different shapes
 * @example
 * ```ts
 * compare(svd(M), directSvd(M)); // { U: 1e-15, S: 4e-16, V: 1e-15 }
 * ```
 */
export function compare(a: SvdFactorsInput, b: SvdFactorsInput): Comparison {
  const x = readFactors(a, 'a');
  const y = readFactors(b, 'b', x);
  const dots = new Float64Array(x.k);
  const column = (at: number) => at % x.k;
  for (const of of ['U', 'V'] as const) x[of].forEach((u, at) => (dots[column(at)]! += u * y[of][at]!));
  const apart = (of: 'U' | 'S' | 'V') =>
    largest(x[of].map((u, at) => (of !== 'S' && dots[column(at)]! < 0 ? u + y[of][at]! : u - y[of][at]!)));
  return { U: apart('U'), S: apart('S'), V: apart('V') };
}

/** Singular values of at most so much count as zero. */
function limitOf({ m, n, S }: Copied, tolerance: number | undefined): number {
  if (tolerance !== undefined) valid('tolerance', tolerance, nonNegative(null));
  return tolerance ?? Math.max(m, n) * Number.EPSILON * largest(S);
}

/** Factors of M itself: a mean beside them would be left out of account. */
function uncentered(factors: SvdFactorsInput): Copied {
  const read = readFactors(factors, 'factors');
  if (read.mean) {
    refuse(SvdTypeError, 'invalid-matrix', 'factors.mean', read.mean, "factors of M itself (center: 'none')");
  }
  return read;
}

/** X diag(1/S) or diag(1/S) X, as `column` says; (x / s, not x (1/s): that is in range wherever the result is). */
function divided(
  X: Floats,
  of: Copied,
  tolerance: number | undefined,
  column: (at: number) => number,
): Floats {
  const limit = limitOf(of, tolerance);
  return X.map((x, at) => {
    const s = of.S[column(at)]!;
    return s > limit ? x / s : 0;
  });
}

/**
 * The Moore-Penrose inverse V diag(1/S) Uᵀ, n x m; singular values of at most `tolerance` count as zero.
 * To solve equations or least squares, {@link solve} is the shorter and the more accurate way.
 *
 * @param tolerance default: max(m, n) x 2^-52 x the largest singular value, as numpy and MATLAB do
 * @throws SvdRangeError `shape-mismatch` if the factors do not fit together, `invalid-option` for a
 *   negative tolerance, `non-finite-entry` where the inverse overflows
 * @example
 * ```ts
 * pseudoInverse(svd([[2, 0], [0, 0]])).toArray(); // [[0.5, 0], [0, 0]]
 * ```
 */
export function pseudoInverse(factors: SvdFactorsInput, tolerance?: number): Matrix {
  const read = uncentered(factors);
  const { m, n, k, U, S, V } = read;
  const limit = limitOf(read, tolerance);
  const inverse = S.map((s) => (s > limit ? 1 / s : 0));
  const scaled = V.map((x, at) => x * inverse[at % k]!);
  return inRange('the inverse', n, m, product(SECOND, n, m, k, scaled, U));
}

/**
 * The rank of M: how many singular values are above `tolerance`.
 *
 * @param tolerance default: max(m, n) x 2^-52 x the largest singular value, as numpy and MATLAB do
 * @throws SvdRangeError `invalid-option` for a negative tolerance
 * @example
 * ```ts
 * rank(svd([[1, 2], [2, 4]])); // 1
 * ```
 */
export function rank(factors: SvdFactorsInput, tolerance?: number): number {
  const read = readFactors(factors, 'factors');
  const limit = limitOf(read, tolerance);
  return read.S.filter((s) => s > limit).length;
}

/**
 * The condition number of M, its largest singular value over its smallest: by how much relative errors can grow when
 * equations are solved with M. Infinity if M is singular. (Of factors of rank k: of the best approximation of rank k.)
 *
 * @example
 * ```ts
 * condition(svd([[4, 0], [0, 0.5]])); // 8
 * ```
 */
export function condition(factors: SvdFactorsInput): number {
  const { S } = readFactors(factors, 'factors');
  const least = S.reduce((a, b) => Math.min(a, b));
  return least > 0 ? largest(S) / least : Infinity;
}

/**
 * X that brings M X as near to `b` as can be (least squares), and of all such the smallest: V diag(1/S) Uᵀ b.
 * Singular values of at most `tolerance` count as zero.
 *
 * @param factors of M, m x n (not of M minus its means: for a fit with a constant term give M a column of ones)
 * @param b m numbers, or a matrix of m rows, each column of which is solved for
 * @param tolerance default: max(m, n) x 2^-52 x the largest singular value, as numpy and MATLAB do
 * @returns n numbers for m numbers, an n x p matrix for an m x p matrix
 * @throws SvdRangeError `shape-mismatch` if b and the factors do not fit together, `invalid-option` for a
 *   negative tolerance, `non-finite-entry` where the solution overflows
 * @example
 * ```ts
 * // a + b x through the points (0, 1), (1, 3), (2, 5)
 * solve(svd([[1, 0], [1, 1], [1, 2]]), [1, 3, 5]); // [1.00, 2.00]
 * ```
 */
export function solve(factors: SvdFactorsInput, b: NumericArray, tolerance?: number): Floats;
/** The same for each column of a matrix b. */
export function solve(factors: SvdFactorsInput, b: MatrixInput, tolerance?: number): Matrix;
export function solve(
  factors: SvdFactorsInput,
  b: MatrixInput | NumericArray,
  tolerance?: number,
): Matrix | Floats {
  const read = uncentered(factors);
  const { m, n, k, U, V } = read;
  const vector = isNumeric(b) && typeof b[0] === 'number';
  const given = vector ? { rows: b.length, columns: 1, data: b } : (b as MatrixInput);
  const { columns: p, data } = copied(given, 'b', m);
  checkFinite(data, p, 'b');
  const along = divided(product(FIRST, k, p, m, U, data), read, tolerance, (at) => Math.floor(at / p));
  const X = inRange('the solution', n, p, product(0, n, p, k, V, along));
  return vector ? X.data : X;
}

/**
 * New rows in the coordinates of U, without a new decomposition: rows V diag(1/S), "folding in". A row of M gives its
 * row of U. Coordinates of singular values that count as zero are 0.
 *
 * @param rows p x n, in any {@link MatrixInput} form; where the factors have a `mean`, it is subtracted
 * @returns p x k; times S, and with V, it is the nearest point to each row in the space of the factors
 * @throws SvdRangeError `shape-mismatch` if the rows and the factors do not fit together
 * @example
 * ```ts
 * const factors = svd([[3, 0], [4, 5]]);
 * project([[4, 5]], factors).toArray(); // [[0.95, -0.32]], the second row of U to two digits
 * ```
 */
export function project(rows: MatrixInput, factors: SvdFactorsInput): Matrix {
  const read = readFactors(factors, 'factors');
  const { n, k, V, mean } = read;
  const { rows: p, data } = copied(rows, 'rows', undefined, n);
  checkFinite(data, n, 'rows');
  if (mean) data.forEach((_, at) => (data[at]! -= mean[at % n]!));
  const along = divided(product(0, p, k, n, data, V), read, undefined, (at) => at % k);
  return inRange('the projection', p, k, along);
}

/** Columns of X (rows x k), which are orthonormal, and as many more as make a square orthogonal matrix of them. */
function completed(X: Float64Array, rows: number, k: number): Matrix {
  const { orthonormalize, jacobiScratch } = wasm();
  const lengths = [rows * rows, rows, jacobiScratch(rows, rows)];
  return withScratch(lengths, 'the square matrix', rows, rows, (q, r, scratch) => {
    const square = view(q, rows * rows);
    square.fill(0);
    for (let i = 0; i < rows; i++) square.set(X.subarray(i * k, (i + 1) * k), i * rows);
    orthonormalize(rows, rows, q, r, scratch);
    return new Matrix(rows, rows, square.slice());
  });
}

/**
 * U and V completed to square orthogonal matrices, as numpy's `full_matrices=True`. Columns of V from {@link rank} on
 * span the null space of M (M x = 0), those of U that of Mᵀ.
 *
 * @param factors whose columns are orthonormal, as those of every converged descent are
 * @returns U m x m, V n x n, S as it was
 * @throws SvdRangeError `shape-mismatch` if the factors do not fit together, `too-large`
 * @example
 * ```ts
 * // the second column of V solves 3 x + 4 y = 0
 * full(directSvd([[3, 4]])).V.toArray(); // [[0.60, -0.80], [0.80, 0.60]]
 * ```
 */
export function full(factors: SvdFactorsInput): SvdFactors {
  const { m, n, k, U, S, V } = readFactors(factors, 'factors');
  return { U: completed(U, m, k), S: S.slice(), V: completed(V, n, k) };
}
