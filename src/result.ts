/** What comes out: factors, with what is known of how they were found. */

import { memory } from './core.js';
import { type Signs, type SvdFactors, sorted } from './factors.js';
import type { Floats } from './matrix.js';
import { checkScale } from './matrix.js';
import type { Loss, Run, Status } from './run.js';

/** Factors with what is known of how they were found. */
export interface SvdResult extends SvdFactors {
  /** The loss before each recorded iteration (see `history`). */
  readonly losses: Floats;
  /** Updates made. */
  readonly iterations: number;
  /** `'running'` only in a {@link Descent.result} taken on the way. */
  readonly status: Status;
  /** The loss of these factors. */
  readonly loss: Loss;
  /** Means of M's columns, with `center: 'columns'`: the factors are those of M minus them. */
  readonly mean?: Floats;
}

/** The result by the option `center`: with `'columns'` the means are there. */
export type Centered<Center> = Center extends 'columns' ? SvdResult & { readonly mean: Floats } : SvdResult;

/** The factors as of now, sorted and signed. */
export function resultOf(run: Run, signs: Signs): SvdResult {
  const { loss, losses, iteration, status, scale, mean } = run;
  const { m, n, k, squared } = run.settings;
  const first = run.expand();
  const theta = memory();
  const s = new Array<number>(k);
  for (let c = 0; c < k; c++) {
    const d = theta[first + m * k + c]!;
    const ofM = (squared ? d * d : d) * scale;
    if (!Number.isFinite(ofM)) checkScale(`S[${c}]`, ofM, false);
    s[c] = ofM;
  }
  const { U, S, V } = sorted(theta, first, s, m, n, signs);
  const result = { U, S, V, losses, iterations: iteration, status, loss };
  return mean ? { ...result, mean: mean.slice() } : result;
}
