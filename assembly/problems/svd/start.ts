// The start of a descent: scale M, and turn uniform draws into an orthonormal guess.

import { SET } from '../../boundary';
import { Descent } from '../../descent';
import { orthonormalize } from '../../kernels/householder';
import { gemm } from '../../kernels/matmul';
import { copy, maxAbs, sumOfSquares } from '../../kernels/vector';
import { conjugateGradients } from '../../optimizers/boundary';
import { filledStart } from '../../optimizers/conjugate-gradients';
import { cold } from '../../optimizers/levenberg-marquardt/bases';
import { PAIR, Pair, Pairs, Vector } from '../../views';
import { factorize } from './basis';
import { columnDots, settle } from './residual';
import { expect, ready } from './whole';

/** Fourth powers of the norm of M, and what is rounding beside them, are to stay in the range of float64. */
const FAR: f64 = 3.402823669209385e38; // 2^128

/** The largest power of two that is not above x > 0. */
function powerOfTwo(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0x7ff0000000000000);
}

/**
 * Scale weights to at most 1, and M to unit Frobenius norm if `wanted`, and factorize it; entries of weight 0 become 0 first. Returns what S has
 * to be multiplied by at the end: infinite if the norm overflows, or its square where M is not scaled, 0 if that
 * underflows, and not finite where an entry of M is not. (M that is not scaled is so all the same where its norm is far from 1: by a power of two, which rounds nothing.)
 * `regularization` is in the units of what is given.
 */
export function normalize(d: Descent, wanted: bool, regularization: f64): f64 {
  const weights = d.weights;
  const heaviest = weights ? maxAbs(d.cells, weights) : 1;
  if (weights) weigh(d, weights, heaviest);
  else d.scalars.entries = <f64>d.cells;
  const scale = unitNorm(d, wanted);
  d.scalars.lambda = regularization / scale / heaviest;
  factorize(d);
  return scale;
}

/** Only the ratios of weights matter. */
function weigh(d: Descent, weights: Vector, heaviest: f64): void {
  const M = d.given;
  let entries: f64 = 0;
  divide(d.cells, heaviest, weights);
  for (let ij = 0; ij < d.cells; ij++) {
    entries += weights[ij];
    if (weights[ij] == 0) M[ij] = 0;
  }
  d.scalars.entries = entries;
}

function unitNorm(d: Descent, wanted: bool): f64 {
  const mn = d.cells;
  const M = d.given;
  const now = d.scalars;
  // (of a NaN nothing may be to be seen before its square)
  const most = maxAbs(mn, M);
  if (!(most < Infinity)) return most;
  // first by the largest entry, so that no square over- or underflows
  if (wanted && most > 0) divide(mn, most, M);
  const squares = sumOfSquares(mn, M);
  if (!(squares < Infinity)) return squares;
  now.norm = 1;
  if (most == 0) return 1;
  const norm = sqrt(squares);
  if (wanted) {
    divide(mn, norm, M);
    return most * norm;
  }
  if (squares < f64.MIN_NORMAL_VALUE / f64.EPSILON) return 0;
  const by = norm > FAR || norm < 1 / FAR ? powerOfTwo(norm) : 1;
  divide(mn, by, M);
  now.norm = norm / by;
  return by;
}

function divide(n: i32, by: f64, x: Vector): void {
  const b = Pair.hold(by);
  const end = Pairs.bytes(n);
  for (let i: usize = 0; i < end; i += PAIR) x.pairs[i] = x.pairs[i] / b;
}

/**
 * Uniform draws in [0, 1) become an orthonormal X (rows x k). Rows without any entry of M are 0 and stay so:
 * nothing pulls at them, and that is the answer of smallest norm.
 */
function guess(d: Descent, rows: i32, X: Vector, columns: i32, down: i32, right: i32): void {
  const k = d.k;
  const weights = d.weights;
  for (let i = 0; i < rows * k; i++) X[i] -= 0.5;
  if (weights) {
    for (let i = 0; i < rows; i++) {
      let any = false;
      for (let j = 0; j < columns && !any; j++) any = weights[i * down + j * right] > 0;
      if (!any) X.from(i * k).clear(k);
    }
  }
  orthonormalize(rows, k, X, d.s, d.columns);
}

/** X (k x k) = I - 2 v vᵀ/|v|², v = k uniform draws - 1/2: orthonormal, and no entry is special. */
function reflection(k: i32, v: Vector, X: Vector): void {
  for (let i = 0; i < k; i++) v[i] -= 0.5;
  const squares = sumOfSquares(k, v);
  const factor = squares > 0 ? 2 / squares : 0;
  for (let i = 0; i < k; i++) {
    const vi = factor * v[i];
    for (let j = 0; j < k; j++) X[i * k + j] = (i == j ? 1 : 0) - vi * v[j];
  }
}

/** theta holds uniform draws; make U and V orthonormal and d the diagonal of Uᵀ M V. */
export function orthonormal(d: Descent): void {
  if (d.room) cold(d);
  const m = d.m;
  const n = d.n;
  const k = d.k;
  if (d.square) {
    // (2 k draws are enough; W is not there yet)
    const draws = d.W;
    copy(2 * k, d.U, draws);
    reflection(k, draws, d.U);
    reflection(k, draws.from(k), d.V);
    expect(d, Infinity);
    ready(d);
  } else {
    guess(d, m, d.U, n, n, 1);
    guess(d, n, d.V, m, 1, n);
    if (d.optimizer == conjugateGradients) return filledStart(d);
  }
  // (the product that a descent which is resumed here takes, bit for bit)
  gemm(SET, m, k, n, d.M, d.V, d.P, null);
  columnDots(m, k, d.U.pairs, d.P.pairs, d.t.pairs);
  copy(k, d.t, d.d);
  settle(d);
}
