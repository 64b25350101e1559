// What the wrapper reads of a run.

import { Krylov } from '../krylov/state';
import { Column, Vector } from '../views';
import { CONVERGED, COUNT, LOCKED, PASSES, PHASE, PRODUCTS, RESIDUALS, SIGMA, X, Z } from './boundary';
import { Left } from './left';

export function state(s: Krylov, which: i32): f64 {
  switch (which) {
    case PHASE:
      return s.phase;
    case CONVERGED:
      return <f64>s.converged;
    case PASSES:
      return s.passes;
    case PRODUCTS:
      return s.products;
    case COUNT:
      return s.count;
    case X:
      return <f64>s.X.pointer;
    case Z:
      return <f64>s.Z.pointer;
    case LOCKED:
      return s.locked;
    case SIGMA:
      return <f64>s.sigma.pointer;
    case RESIDUALS:
      return <f64>s.residuals.pointer;
    default:
      return s.worst;
  }
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

/** Passes after which it ends, whatever it has. */
export function stopAt(s: Krylov, passes: i32): void {
  s.mayPass = passes;
}
