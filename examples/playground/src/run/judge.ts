/** Converged, diverged or stuck, and why: what a person would conclude from the numbers, and do next. */
import type { Status } from 'gradient-svd';
import { count, pretty } from '../model/numbers.js';
import type { Remedy, Verdict } from '../model/protocol.js';

export interface Facts {
  readonly status: Status;
  /** iterations are being made just now */
  readonly active: boolean;
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
  /** it is the library's default already */
  readonly isDefault: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly remedies: readonly Remedy[];
}

const number = (x: number) => pretty(Number(x.toPrecision(2)));
const fine = (verdict: Verdict, reason: string): Judgement => ({ verdict, reason, remedies: [] });

export function judge(facts: Facts): Judgement {
  const { status, iteration } = facts;
  if (status === 'diverged') return diverged(facts);
  if (status === 'converged') return converged(facts);
  if (iteration === 0 && !facts.active) return fine('ready', 'The guess is made. Press Run to improve it.');
  if (isRight(facts)) return fine('converged', `${equal(facts)}; loss ${number(facts.total)}.`);
  // nothing gained in the second half of its life, though there was something to gain
  const flat = iteration >= 200 && Math.abs(facts.earlier - facts.total) <= 1e-6 * facts.total;
  if (flat && facts.total > 1e-12 * facts.scale) return standing(facts);
  if (status === 'max-iterations') return unfinished(facts);
  const how = Number.isNaN(facts.off) ? '' : `; singular values off by ${number(facts.off)}`;
  return fine(facts.active ? 'running' : 'paused', `Loss ${number(facts.total)}${how}.`);
}

const isRight = ({ off, skew }: Facts) => !Number.isNaN(off) && off < 1e-6 && skew < 1e-5;
const equal = ({ off }: Facts) =>
  `Singular values equal to the direct ones to ${number(Math.max(off, 1e-16))} of the largest`;
const instead = ({ isDefault }: Facts): Remedy[] => (isDefault ? [] : ['default']);

function diverged(facts: Facts): Judgement {
  const reason = `The loss left all bounds after ${count(facts.iteration)} iterations: each nudge leapt over the valley and landed higher. The learning rate is too large for this matrix. You see the best guess before that.`;
  return { verdict: 'diverged', reason, remedies: [...instead(facts), 'slower'] };
}

function converged(facts: Facts): Judgement {
  const { off } = facts;
  if (Number.isNaN(off)) {
    return fine(
      'converged',
      'The slopes have come down to nothing: no nudge improves the guess of the known entries.',
    );
  }
  if (isRight(facts)) return fine('converged', `${equal(facts)}.`);
  const reason = `The slopes have come down to nothing, with singular values off by ${number(off)}.`;
  return off > 1e-3 ? { verdict: 'stuck', reason, remedies: instead(facts) } : fine('converged', reason);
}

/** The loss falls no longer: at its bottom, or in a trap. */
function standing(facts: Facts): Judgement {
  const { off, total, slope, smallestDirect } = facts;
  if (Number.isNaN(off)) {
    return fine('converged', `The loss of the known entries no longer falls; slope ${number(slope())}.`);
  }
  const still = `The slope is ${number(slope())}, so nothing moves any more, yet the loss is ${number(total)} and the singular values are off by ${number(off)}.`;
  const atZero = facts.squared && facts.smallest < 1e-6 * smallestDirect;
  const why = `A diagonal entry d has reached 0. With S = d² its slope has the factor d, so it can never leave 0 again (its direct value is ${number(smallestDirect)}). A signed diagonal can.`;
  return { verdict: 'stuck', reason: atZero ? `${still} ${why}` : still, remedies: instead(facts) };
}

function unfinished(facts: Facts): Judgement {
  const hint = facts.fixedStep
    ? 'With a fixed step it jumps around the bottom, or crawls along it.'
    : 'The last digits come slowly here: it needs more iterations.';
  const how = Number.isNaN(facts.off) ? '' : `, singular values off by ${number(facts.off)}`;
  const reason = `Out of iterations at loss ${number(facts.total)}${how}. ${hint}`;
  return { verdict: 'unfinished', reason, remedies: [...instead(facts), 'longer'] };
}
