// The largest singular values of a matrix by rows in memory: products for the run of krylov/, and U at its end.

import { forwardProduct, gramProduct, transposedProduct } from '../kernels/csr';
import { unitOf } from '../kernels/householder';
import { maxAbs } from '../kernels/vector';
import { advance, Krylov } from '../krylov/index';
import { release } from '../memory';
import { Vector } from '../views';
import { DONE, FINAL, PRODUCT, READY } from './boundary';
import { Csr } from './csr';
import { deflate, judge, Left, left, leftGram, leftPanel, lookAtMended, mendLeft, turnLeft } from './left';

/** The power of two that brings the largest of n numbers near 1, so that no square leaves the range; 0 if one is not finite, 1 if all are 0. */
export function unitFor(n: i32, x: Vector): f64 {
  const most = maxAbs(n, x);
  return most == 0 ? 1 : most < Infinity ? unitOf(n, x) : 0;
}

/** x *= a */
export function scaleBy(n: i32, a: f64, x: Vector): void {
  for (let i = 0; i < n; i++) x[i] = x[i] * a;
}

/** Z = MᵀM X, T = M X, for panels. */
function product(a: Csr, X: usize, T: usize, Z: usize): void {
  memory.fill(Z, 0, <usize>a.columns << 5);
  gramProduct(a.rows, a.starts, a.indices, a.data, X, T, Z);
}

function back(a: Csr, T: usize, Z: usize): void {
  memory.fill(Z, 0, <usize>a.columns << 5);
  transposedProduct(a.rows, a.starts, a.indices, a.data, T, Z);
}

/** What was asked for. */
function serve(a: Csr, s: Krylov, l: Left): void {
  if (s.phase == PRODUCT) {
    product(a, s.X, s.locked ? l.T : 0, s.Z);
    if (s.locked) {
      deflate(l, s.locked);
      back(a, l.T, s.Z);
    }
  } else {
    const step = <usize>s.n << 5;
    for (let q = 0; q < s.count; q++) product(a, s.X + <usize>q * step, leftPanel(l, q), s.Z + <usize>q * step);
    leftGram(l, s);
  }
}

/** Small columns of U are mended, and their residuals looked at. */
function complete(a: Csr, s: Krylov, l: Left): void {
  for (let q = 0; q < l.panels; q++) {
    if (!mendLeft(l, s, q)) continue;
    back(a, leftPanel(l, q), s.Z);
    lookAtMended(s, q);
  }
  judge(s);
}

/** The part of a matrix that is in `a`: what it adds to what was asked for. Traps if there is no room. */
export function addBlock(a: Csr, s: Krylov): void {
  const step = <usize>s.n << 5, l = left(a.rows, s.k);
  for (let q = 0; q < s.count; q++) {
    gramProduct(a.rows, a.starts, a.indices, a.data, s.X + <usize>q * step, leftPanel(l, q), s.Z + <usize>q * step);
  }
  if (s.phase == FINAL) leftGram(l, s);
  release(changetype<usize>(l));
}

/** Z = 0, before the first block. */
export function clear(s: Krylov): void {
  memory.fill(s.Z, 0, (<usize>s.count * <usize>s.n) << 5);
}

/** U (rows x k) = M V diag(by), V (columns x k) row by row; by way of X (columns x 4) and T (rows x 4). */
export function multiply(a: Csr, k: i32, V: Vector, by: Vector, X: Vector, T: Vector, U: Vector): void {
  for (let c = 0; c < k; c += 4) {
    const width = min(4, k - c);
    for (let j = 0; j < a.columns; j++) {
      for (let b = 0; b < 4; b++) X[4 * j + b] = b < width ? V[j * k + c + b] * by[c + b] : 0;
    }
    forwardProduct(a.rows, a.starts, a.indices, a.data, changetype<usize>(X), changetype<usize>(T));
    for (let i = 0; i < a.rows; i++) {
      for (let b = 0; b < width; b++) U[i * k + c + b] = T[4 * i + b];
    }
  }
}

/** At most so many passes; returns what is asked for then, DONE at the end. */
export function run(a: Csr, s: Krylov, l: Left, passes: i32): i32 {
  for (; passes > 0 && s.phase != DONE; passes--) {
    const final = s.phase == FINAL;
    if (s.phase != READY) serve(a, s, l);
    advance(s);
    if (final) turnLeft(l, s, s.phase == DONE ? s.k : s.locked);
    if (s.phase == DONE) complete(a, s, l);
  }
  return s.phase;
}
