// What the wrapper reads of a run.

import { Krylov } from '../krylov/index';
import { Vector } from '../views';
import { CONVERGED, COUNT, LOCKED, PASSES, PHASE, PRODUCTS, RESIDUALS, SIGMA, X, Z } from './boundary';
import { Left, leftPanel } from './left';

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
      return <f64>s.X;
    case Z:
      return <f64>s.Z;
    case LOCKED:
      return s.locked;
    case SIGMA:
      return <f64>changetype<usize>(s.sigma);
    case RESIDUALS:
      return <f64>changetype<usize>(s.residuals);
    default:
      return s.worst;
  }
}

/** `to` (rows x k) = the first k columns of panels at `from`, times `signs`. */
export function fromPanels(rows: i32, k: i32, from: usize, signs: Vector, to: Vector): void {
  for (let a = 0; a < k; a++) {
    const panel = Vector.at(from + ((<usize>(a >> 2) * <usize>rows) << 5)), sign = signs[a];
    for (let i = 0; i < rows; i++) to[i * k + a] = sign * panel[4 * i + (a & 3)];
  }
}

/** For each of k columns in panels at `from`: the sign of its entry largest in magnitude. */
export function signsOf(rows: i32, k: i32, from: usize, signs: Vector): void {
  for (let a = 0; a < k; a++) {
    const panel = Vector.at(from + ((<usize>(a >> 2) * <usize>rows) << 5));
    let most: f64 = 0;
    for (let i = 0; i < rows; i++) {
      const x = panel[4 * i + (a & 3)];
      if (abs(x) > abs(most)) most = x;
    }
    signs[a] = most < 0 ? -1 : 1;
  }
}

/** Where panel q of U is, or where products go through. */
export function leftAt(l: Left, q: i32): usize {
  return q < 0 ? l.T : leftPanel(l, q);
}

/** Passes after which it ends, whatever it has. */
export function stopAt(s: Krylov, passes: i32): void {
  s.most = passes;
}
