/** Converged, diverged or stuck, and why: what a person would conclude from the numbers. */
import type { Status } from 'gradient-svd';
import type { Verdict } from './protocol.js';
import { pretty } from './ui.js';

export interface Facts {
  readonly status: Status;
  readonly iteration: number;
  readonly total: number;
  /** the loss about half as many iterations ago */
  readonly earlier: number;
  /** loss of the guess U = V = 0: what there was to gain */
  readonly scale: number;
  /** largest difference from the direct singular values, by the largest of them; NaN = no direct ones */
  readonly off: number;
  /** how far U and V are from orthonormal: largest entry of UᵀU - I and VᵀV - I */
  readonly skew: number;
  /** norm of the gradient by all parameters; it costs as much as an iteration */
  readonly slope: () => number;
  readonly squared: boolean;
  /** the smallest singular value of the guess, and its direct counterpart */
  readonly smallest: number;
  readonly smallestDirect: number;
  readonly fixedStep: boolean;
}

const number = (x: number) => pretty(Number(x.toPrecision(2)));

export function judge(facts: Facts): { verdict: Verdict; reason: string } {
  const { status, iteration, total, earlier, scale, off, skew, slope } = facts;
  const right = Number.isNaN(off) ? undefined : off < 1e-6 && skew < 1e-5;
  if (status === 'diverged') {
    const reason = `The loss left all bounds after ${iteration.toLocaleString('en')} iterations: the learning rate is too large for this matrix. You see the best guess before that.`;
    return { verdict: 'diverged', reason };
  }
  if (status === 'converged') {
    const reason =
      right === undefined
        ? 'The slopes have come down to nothing: no nudge improves the guess of the known entries.'
        : right
          ? `Singular values equal to the direct ones to ${number(Math.max(off, 1e-16))} of the largest.`
          : `The slopes have come down to nothing, with singular values off by ${number(off)}.`;
    return { verdict: right === false && off > 1e-3 ? 'stuck' : 'converged', reason };
  }
  if (iteration === 0) return { verdict: 'ready', reason: 'The guess is made. Press Run to improve it.' };
  if (right) {
    const reason = `Singular values equal to the direct ones to ${number(Math.max(off, 1e-16))} of the largest; loss ${number(total)}.`;
    return { verdict: 'converged', reason };
  }
  // nothing gained in the second half of its life, though there was something to gain
  const flat = iteration >= 200 && Math.abs(earlier - total) <= 1e-6 * total;
  if (flat && total > 1e-12 * scale) {
    if (right === undefined) {
      return {
        verdict: 'converged',
        reason: `The loss of the known entries no longer falls; slope ${number(slope())}.`,
      };
    }
    const still = `The slope is ${number(slope())}, so nothing moves any more, yet the loss is ${number(total)} and the singular values are off by ${number(off)}.`;
    if (facts.squared && facts.smallest < 1e-6 * facts.smallestDirect) {
      const why = `A diagonal entry d has reached 0. With S = d² its slope has the factor d, so it can never leave 0 again (its direct value is ${number(facts.smallestDirect)}). A signed diagonal can.`;
      return { verdict: 'stuck', reason: `${still} ${why}` };
    }
    return { verdict: 'stuck', reason: still };
  }
  if (status === 'max-iterations') {
    const hint = facts.fixedStep
      ? 'A fixed step keeps it jumping around the bottom, or crawling along it: try another learning rate.'
      : 'Below full rank the last digits come slowly: give it more iterations.';
    const how = Number.isNaN(off) ? '' : `, singular values off by ${number(off)}`;
    return { verdict: 'unfinished', reason: `Out of iterations at loss ${number(total)}${how}. ${hint}` };
  }
  const how = Number.isNaN(off) ? '' : `; singular values off by ${number(off)}`;
  return { verdict: 'running', reason: `Loss ${number(total)}${how}.` };
}
