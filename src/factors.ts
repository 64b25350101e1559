/** U, S, V: how they leave the core, and what can be done with them. */

import { nonNegative, valid } from './check.js';
import { view, wasm, withScratch } from './core.js';
import { isObject, refuse, SvdRangeError, SvdTypeError } from './errors.js';
import { checkFinite, isNumeric, Matrix, type MatrixInput, source } from './matrix.js';

/** A singular value decomposition, M = U diag(S) Vᵀ. */
export interface SvdFactors {
  /** Left singular vectors in its columns, m x k. */
  readonly U: Matrix;
  /** Singular values, k, descending, >= 0. */
  readonly S: Float64Array;
  /** Right singular vectors in its columns, n x k. */
  readonly V: Matrix;
}

/** Factors as they are given: U and V in any input form. */
export interface SvdFactorsInput {
  readonly U: MatrixInput;
  readonly S: ArrayLike<number>;
  readonly V: MatrixInput;
}

/** How signs of column pairs are chosen; see `signs` in {@link SvdOptions}. */
export type Signs = 'positive' | 'raw';

/**
 * Theta = [U | d | V], sorted and signed: the diagonal s descending and >= 0 (a negative
 * entry's sign moves into U), and with `positive` the entry of U largest in magnitude positive in each
 * column pair.
 */
export function sorted(
  theta: Float64Array,
  s: readonly number[],
  m: number,
  n: number,
  signs: Signs,
): SvdFactors {
  const k = s.length;
  // by insertion: Array.sort with its comparator is 3% of the time of a 5 x 4
  const order: number[] = [];
  for (let c = 0; c < k; c++) {
    let at = c;
    for (; at > 0 && Math.abs(s[order[at - 1]!]!) < Math.abs(s[c]!); at--) order[at] = order[at - 1]!;
    order[at] = c;
  }
  const U = new Float64Array(m * k);
  const S = new Float64Array(k);
  const V = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    const from = order[c]!;
    const sign = s[from]! < 0 ? -1 : 1;
    S[c] = sign * s[from]!;
    let most = 0;
    for (let i = 0; i < m; i++) {
      const value = sign * theta[i * k + from]!;
      U[i * k + c] = value;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
    const flip = signs === 'positive' && most < 0 ? -1 : 1;
    if (flip < 0) for (let i = 0; i < m; i++) U[i * k + c]! *= flip;
    for (let j = 0; j < n; j++) V[j * k + c] = flip * theta[(m + 1 + j) * k + from]!;
  }
  return { U: new Matrix(m, k, U), S, V: new Matrix(n, k, V) };
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
}

/** Copies of factors in any input form, their shapes checked against each other, and those of `like`. */
export function readFactors(
  factors: SvdFactorsInput,
  name: string,
  like?: Pick<Copied, 'm' | 'n' | 'k'>,
): Copied {
  if (!isObject(factors) || !('U' in factors && 'S' in factors && 'V' in factors)) {
    refuse(SvdTypeError, 'invalid-matrix', name, factors, 'factors { U, S, V }');
  }
  if (!isNumeric(factors.S)) {
    refuse(SvdTypeError, 'invalid-matrix', `${name}.S`, factors.S, 'an array of numbers');
  }
  factors.S.forEach((x: number, at: number) => {
    if (!Number.isFinite(x))
      refuse(SvdRangeError, 'non-finite-entry', `${name}.S[${at}]`, x, 'a finite number');
  });
  const s = Float64Array.from(factors.S);
  const k = like?.k ?? s.length;
  const u = source(factors.U, `${name}.U`, like?.m, k);
  const v = source(factors.V, `${name}.V`, like?.n, k);
  if (s.length !== k) refuse(SvdRangeError, 'shape-mismatch', `${name}.S.length`, s.length, `${k}`);
  const [m, n] = [u.rows, v.rows];
  const theta = new Float64Array((m + 1 + n) * k);
  const [atS, atV] = [m * k, (m + 1) * k];
  u.copyTo(() => theta);
  theta.set(s, atS);
  v.copyTo(() => theta, atV);
  checkFinite(theta, k, `${name}.U`, undefined, 0, atS);
  checkFinite(theta, k, `${name}.V`, undefined, atV);
  return { m, n, k, theta, U: theta.subarray(0, atS), S: theta.subarray(atS, atV), V: theta.subarray(atV) };
}

/** C (m x n) = A diag(s) Bᵀ, for A (m x k) and B (n x k); `minus` (m x n) is subtracted. */
function product(
  A: Float64Array,
  s: Float64Array | undefined,
  B: Float64Array,
  m: number,
  n: number,
  k: number,
  minus?: Float64Array,
): Float64Array {
  return withScratch([m * k, n * k, m * n, m * n], 'the product', m, n, (a, b, c, d) => {
    view(a, m * k).set(s ? A.map((x, at) => x * s[at % k]!) : A);
    view(b, n * k).set(B);
    if (minus) view(d, m * n).set(minus);
    // SECOND, or MINUS + SECOND: see assembly/kernels/matmul.ts
    wasm().gemm(minus ? 11 : 8, m, n, k, a, b, c, d);
    return view(c, m * n).slice();
  });
}

/**
 * U diag(S) Vᵀ, m x n.
 *
 * @throws SvdRangeError `shape-mismatch` if the factors do not fit together
 * @example
 * ```ts
 * reconstruct(svd([[3, 0], [4, 5]])).toArray(); // [[3, 0], [4, 5]] to rounding
 * ```
 */
export function reconstruct(factors: SvdFactorsInput): Matrix {
  const { m, n, k, U, S, V } = readFactors(factors, 'factors');
  return new Matrix(m, n, product(U, S, V, m, n, k));
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
  const transposed = X.map((_, at) => X[(at % rows) * k + Math.floor(at / rows)]!);
  const identity = new Float64Array(k * k).map((_, at) => Number(at % (k + 1) === 0));
  return largest(product(transposed, undefined, transposed, k, k, rows, identity));
}

/**
 * How far factors are from being the decomposition of M: the largest absolute entries of
 * U diag(S) Vᵀ - M, UᵀU - I and VᵀV - I. NaN where M has NaN.
 *
 * @throws SvdRangeError `shape-mismatch` if M and the factors do not fit together
 * @example
 * ```ts
 * residuals(M, svd(M)); // { reconstruction: 4.4e-16, orthonormalityU: 2.2e-16, ... }
 * ```
 */
export function residuals(M: MatrixInput, factors: SvdFactorsInput): Residuals {
  const { m, n, k, U, S, V } = readFactors(factors, 'factors');
  const data = new Float64Array(m * n);
  source(M, 'M', m, n).copyTo(() => data);
  return {
    reconstruction: largest(product(U, S, V, m, n, k, data)),
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
  const { m, k, theta } = x;
  const other = readFactors(b, 'b', x).theta;
  const most = { U: 0, S: 0, V: 0 };
  for (let c = 0; c < k; c++) {
    let dot = 0;
    for (let at = c; at < theta.length; at += k) if (at !== m * k + c) dot += theta[at]! * other[at]!;
    for (let at = c; at < theta.length; at += k) {
      const which = at < m * k ? 'U' : at < (m + 1) * k ? 'S' : 'V';
      const sign = dot < 0 && which !== 'S' ? -1 : 1;
      most[which] = Math.max(most[which], Math.abs(theta[at]! - sign * other[at]!));
    }
  }
  return most;
}

/**
 * The Moore-Penrose inverse V diag(1/S) Uᵀ, n x m; singular values of at most `tolerance` count as zero.
 *
 * @param tolerance default: max(m, n) x 2^-52 x the largest singular value, as numpy and MATLAB do
 * @throws SvdRangeError `shape-mismatch` if the factors do not fit together, `invalid-option` for a
 *   negative tolerance
 * @example
 * ```ts
 * pseudoInverse(svd([[2, 0], [0, 0]])).toArray(); // [[0.5, 0], [0, 0]]
 * ```
 */
export function pseudoInverse(factors: SvdFactorsInput, tolerance?: number): Matrix {
  const { m, n, k, U, S, V } = readFactors(factors, 'factors');
  if (tolerance !== undefined) valid('tolerance', tolerance, nonNegative(null));
  const limit = tolerance ?? Math.max(m, n) * Number.EPSILON * largest(S);
  const inverse = S.map((s) => (s > limit ? 1 / s : 0));
  return new Matrix(n, m, product(V, inverse, U, n, m, k));
}
