// The largest singular values of a matrix by rows in memory: products for the run of krylov/, and U at its end.

import { product } from '../kernels/csr';
import { unitOf } from '../kernels/householder';
import { maxAbs, scale } from '../kernels/vector';
import { advance } from '../krylov/index';
import { Krylov } from '../krylov/state';
import { release } from '../memory';
import { Column, Vector } from '../views';
import { DONE, FINAL, READY } from './boundary';
import { Csr } from './csr';
import { deflate, judge, Left, left, leftGram, lookAtMended, mendLeft, turnLeft } from './left';

/** What is scaled has to stay below this, its fourth power within float64: squares of MᵀM V are summed. */
const FAR: f64 = 1.7668470647783843e72; // 2²⁴⁰

/**
 * Scales n numbers by the power of two `unit`, or if that is 0 by the one that brings the largest near 1, so that no square
 * leaves the range. Returns which one that is, 0 while all are 0; -1 if they are too large for it.
 */
export function scaleTo(unit: f64, n: i32, x: Vector): f64 {
  const most = maxAbs(n, x);
  if (most == 0) return unit;
  if (unit == 0) unit = unitOf(n, x);
  scale(n, unit, x);
  return unit * most < FAR ? unit : -1;
}

function times(a: Csr, X: Vector | null, T: Vector | null, Z: Vector | null): void {
  product(a.rows, a.starts, a.indices, a.data, X, T, Z);
}

/** Z = 0, before the first product or block. */
export function clear(s: Krylov): void {
  for (let q = 0; q < s.count; q++) Column.panel(s.Z, s.n, q).clear(4 * s.n);
}

/** Z += MᵀM X for all panels that are asked for, B = M X into the panels of l. */
function addProducts(a: Csr, s: Krylov, l: Left): void {
  for (let q = 0; q < s.count; q++) {
    times(a, Column.panel(s.X, s.n, q), l.panel(q), Column.panel(s.Z, s.n, q));
  }
  if (s.phase == FINAL) leftGram(l, s);
}

/** What was asked for. */
function serve(a: Csr, s: Krylov, l: Left): void {
  clear(s);
  if (s.phase == FINAL) addProducts(a, s, l);
  else if (!s.locked) times(a, s.X, null, s.Z);
  else {
    times(a, s.X, l.T, null);
    deflate(l, s.locked);
    times(a, null, l.T, s.Z);
  }
}

/** Small columns of U are mended, and their residuals looked at. */
function complete(a: Csr, s: Krylov, l: Left): void {
  s.count = 1;
  for (let q = 0; q < l.panels; q++) {
    if (!mendLeft(l, s, q)) continue;
    clear(s);
    times(a, null, l.panel(q), s.Z);
    lookAtMended(s, q);
  }
  judge(s);
}

/** The part of a matrix that is in `a`: what it adds to what was asked for. Traps if there is no room. */
export function addBlock(a: Csr, s: Krylov): void {
  const l = left(a.rows, s.k);
  addProducts(a, s, l);
  release(changetype<usize>(l));
}

/** U (rows x k) = M V diag(by), V (columns x k) row by row; by way of X (columns x 4) and T (rows x 4). */
export function multiply(a: Csr, k: i32, V: Vector, by: Vector, X: Vector, T: Vector, U: Vector): void {
  for (let c = 0; c < k; c += 4) {
    const width = min(4, k - c);
    for (let j = 0; j < a.columns; j++) {
      for (let b = 0; b < 4; b++) X[4 * j + b] = b < width ? V[j * k + c + b] * by[c + b] : 0;
    }
    times(a, X, T, null);
    for (let i = 0; i < a.rows; i++) {
      for (let b = 0; b < width; b++) U[i * k + c + b] = T[4 * i + b];
    }
  }
}

/** Goes on with what was asked for; B of the end becomes U, where it is kept. Returns what is asked for next. */
export function proceed(s: Krylov, l: Left | null): i32 {
  const final = s.phase == FINAL;
  const next = advance(s);
  if (final && l) turnLeft(l, s, next == DONE ? s.k : s.locked);
  return next;
}

/** At most so many passes; returns what is asked for then, DONE at the end. */
export function run(a: Csr, s: Krylov, l: Left, passes: i32): i32 {
  for (; passes > 0 && s.phase != DONE; passes--) {
    if (s.phase != READY) serve(a, s, l);
    if (proceed(s, l) == DONE) complete(a, s, l);
  }
  return s.phase;
}
