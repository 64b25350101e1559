// What the wrapper reads of a run.

import { Krylov } from '../krylov/state';
import { Column, Vector } from '../views';
import {
  CONVERGED,
  COUNT,
  LOCKED,
  MAY_PASS,
  PASSES,
  PHASE,
  PRODUCTS,
  RESIDUALS,
  SIGMA,
  WORST,
  X,
  Z,
} from './boundary';
import { Left } from './left';

// the build ends here where this and the fields drift apart
if (
  offsetof<Krylov>('worst') != 8 * WORST ||
  offsetof<Krylov>('phase') != 4 * PHASE ||
  offsetof<Krylov>('converged') != 4 * CONVERGED ||
  offsetof<Krylov>('count') != 4 * COUNT ||
  offsetof<Krylov>('X') != 4 * X ||
  offsetof<Krylov>('Z') != 4 * Z ||
  offsetof<Krylov>('locked') != 4 * LOCKED ||
  offsetof<Krylov>('passes') != 4 * PASSES ||
  offsetof<Krylov>('products') != 4 * PRODUCTS ||
  offsetof<Krylov>('sigma') != 4 * SIGMA ||
  offsetof<Krylov>('residuals') != 4 * RESIDUALS ||
  offsetof<Krylov>('mayPass') != 4 * MAY_PASS
) {
  ERROR('Krylov is not what boundary.ts says');
}

/** `to` (rows x k) = the first k columns of panels at `from`, times `signs`. */
export function fromPanels(rows: i32, k: i32, from: Vector, signs: Vector, to: Vector): void {
  for (let a = 0; a < k; a++) {
    const x = Column.of(from, rows, a);
    const sign = signs[a];
    for (let i = 0; i < rows; i++) to[i * k + a] = sign * x[i];
  }
}

/** For each of k columns in panels at `from`: the sign of its entry largest in magnitude. */
export function signsOf(rows: i32, k: i32, from: Vector, signs: Vector): void {
  for (let a = 0; a < k; a++) {
    const x = Column.of(from, rows, a);
    let most: f64 = 0;
    for (let i = 0; i < rows; i++) if (abs(x[i]) > abs(most)) most = x[i];
    signs[a] = most < 0 ? -1 : 1;
  }
}

/** Where panel q of U is, or where products go through. */
export function leftAt(l: Left, q: i32): Vector {
  return q < 0 ? l.T : l.panel(q);
}
