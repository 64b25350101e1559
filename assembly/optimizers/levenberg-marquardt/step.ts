// The matrices of a step, each by its name: where they are, and which take the place of what is of no more use.

import { Layout } from '../../layout';
import { Vector } from '../../views';

@unmanaged
export class Step {
  /** T = UᵀMV, then O: what is off its diagonal; k x k */
  T: Vector;
  /** how U and V turn within what they see; k x k, antisymmetric */
  E: Vector;
  F: Vector;
  /** the slopes outside of that, then how U and V turn there; m x k and n x k, null where U or V is square */
  KU: Vector | null;
  KV: Vector | null;
  /** KᵀK */
  JU: Vector;
  JV: Vector;
  /** E² - JU and F² - JV */
  HU: Vector;
  HV: Vector;
  /** the share of each pair of columns in |O|² + |KU|² + |KV|², k */
  r2: Vector;
  /** products on their way into U or V */
  Y: Vector;
  /** scratch of outside.ts, the pairs' vectors: n x k and m x k in turns, */
  y: Vector;
  res: Vector;
  Ndir: Vector;
  dir: Vector;
  b: Vector;
  /** and ten numbers to each pair */
  numbers: Vector;
}

/** The one under way. */
export const step = changetype<Step>(memory.data(offsetof<Step>(), 8));

/** Room for what shares none with anything else; where it begins. */
export function takeScratch(m: f64, n: f64, k: f64): Vector {
  step.T = Layout.take(k * k);
  step.JU = Layout.take(k * k);
  step.JV = Layout.take(k * k);
  step.r2 = Layout.take(k);
  step.Y = Layout.take(max(m, n) * k);
  if (k < m && k < n) {
    step.y = Layout.take(m * k);
    step.res = Layout.take(n * k);
    step.Ndir = Layout.take(m * k);
    step.dir = Layout.take(n * k);
    step.b = Layout.take(n * k);
    step.numbers = Layout.take(10 * k);
  }
  return step.T;
}
