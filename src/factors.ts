/** U, S, V: how they leave the core, and what can be done with them. */

import { view, wasm, withScratch } from './core.js';
import { SvdRangeError, SvdTypeError, show } from './errors.js';
import { Matrix, type MatrixInput, source } from './matrix.js';

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
 * Theta = [U | d | V] at `data[theta]`, sorted and signed: the diagonal s descending and >= 0 (a negative
 * entry's sign moves into U), and with `positive` the entry of U largest in magnitude positive in each
 * column pair.
 */
export function sorted(
  data: Float64Array,
  theta: number,
  s: readonly number[],
  m: number,
  n: number,
  signs: Signs,
): SvdFactors {
  const k = s.length;
  const order = Array.from(s, (_, c) => c).sort((a, b) => Math.abs(s[b]!) - Math.abs(s[a]!) || a - b);
  const U = new Float64Array(m * k);
  const S = new Float64Array(k);
  const V = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    const from = order[c]!;
    let sign = s[from]! < 0 ? -1 : 1;
    S[c] = sign * s[from]!;
    let most = 0;
    for (let to = c, at = theta + from; to < m * k; to += k, at += k) {
      const value = sign * data[at]!;
      U[to] = value;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
    sign = 1;
    if (signs === 'positive' && most < 0) {
      sign = -1;
      for (let to = c; to < m * k; to += k) U[to] = -U[to]!;
    }
    for (let to = c, at = theta + (m + 1) * k + from; to < n * k; to += k, at += k) V[to] = sign * data[at]!;
  }
  return { U: new Matrix(m, k, U), S, V: new Matrix(n, k, V) };
}

/** Copies of factors in any input form, their shapes checked against each other. */
export function readFactors(
  factors: SvdFactorsInput,
  name: string,
): { m: number; n: number; k: number; U: Float64Array; S: Float64Array; V: Float64Array } {
  if (
    typeof factors !== 'object' ||
    factors === null ||
    !('U' in factors && 'S' in factors && 'V' in factors)
  ) {
    throw new SvdTypeError('invalid-matrix', `${name} is ${show(factors)}; give factors { U, S, V }`);
  }
  const u = source(factors.U, `${name}.U`);
  const v = source(factors.V, `${name}.V`);
  const S = Float64Array.from(factors.S);
  const k = S.length;
  if (u.columns !== k || v.columns !== k) {
    throw new SvdRangeError(
      'shape-mismatch',
      `${name}: U is ${u.rows} x ${u.columns}, S has ${k} entries, V is ${v.rows} x ${v.columns}; U and V need a column for each entry of S`,
    );
  }
  const U = new Float64Array(u.rows * k);
  const V = new Float64Array(v.rows * k);
  u.copyTo(U);
  v.copyTo(V);
  return { m: u.rows, n: v.rows, k, U, S, V };
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
    const scaled = view(a, m * k);
    for (let i = 0, at = 0; i < m; i++) {
      for (let l = 0; l < k; l++, at++) scaled[at] = A[at]! * (s ? s[l]! : 1);
    }
    view(b, n * k).set(B);
    if (minus) view(d, m * n).set(minus);
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
  const transposed = new Float64Array(k * rows);
  for (let i = 0; i < rows; i++) for (let c = 0; c < k; c++) transposed[c * rows + i] = X[i * k + c]!;
  const identity = new Float64Array(k * k);
  for (let c = 0; c < k; c++) identity[c * k + c] = 1;
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
  const target = source(M, 'M');
  const { m, n, k, U, S, V } = readFactors(factors, 'factors');
  if (target.rows !== m || target.columns !== n) {
    throw new SvdRangeError(
      'shape-mismatch',
      `M is ${target.rows} x ${target.columns}, the factors are those of a ${m} x ${n} matrix`,
    );
  }
  const data = new Float64Array(m * n);
  target.copyTo(data);
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
  const y = readFactors(b, 'b');
  if (x.m !== y.m || x.n !== y.n || x.k !== y.k) {
    throw new SvdRangeError(
      'shape-mismatch',
      `a is of a ${x.m} x ${x.n} matrix with ${x.k} singular values, b of ${y.m} x ${y.n} with ${y.k}`,
    );
  }
  const { m, n, k } = x;
  const most = { U: 0, S: 0, V: 0 };
  for (let c = 0; c < k; c++) {
    let dot = 0;
    for (let i = 0; i < m; i++) dot += x.U[i * k + c]! * y.U[i * k + c]!;
    for (let j = 0; j < n; j++) dot += x.V[j * k + c]! * y.V[j * k + c]!;
    const sign = dot < 0 ? -1 : 1;
    most.S = Math.max(most.S, Math.abs(x.S[c]! - y.S[c]!));
    for (let i = 0; i < m; i++) most.U = Math.max(most.U, Math.abs(x.U[i * k + c]! - sign * y.U[i * k + c]!));
    for (let j = 0; j < n; j++) most.V = Math.max(most.V, Math.abs(x.V[j * k + c]! - sign * y.V[j * k + c]!));
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
  const limit = tolerance ?? Math.max(m, n) * Number.EPSILON * largest(S);
  if (!(limit >= 0)) {
    throw new SvdRangeError('invalid-option', `tolerance is ${show(tolerance)}; give a number >= 0`);
  }
  const inverse = S.map((s) => (s > limit ? 1 / s : 0));
  return new Matrix(n, m, product(V, inverse, U, n, m, k));
}
