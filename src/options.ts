/** The options of a decomposition, checked. */

import { SvdRangeError, SvdTypeError, show } from './errors.js';
import type { Signs, SvdFactorsInput } from './factors.js';
import type { MatrixInput } from './matrix.js';
import { levenbergMarquardt, type Optimizer, resolve } from './optimizers.js';

/** Options of {@link svd}, {@link svdAsync} and {@link descend}. */
export interface SvdOptions {
  /** Number of columns of U and V, 1 .. min(m, n); default min(m, n). */
  rank?: number;
  /** How the guess is improved; default `levenbergMarquardt()`. */
  optimizer?: Optimizer;
  /** Most iterations, >= 1; default by optimizer: 2000 for levenbergMarquardt, 20,000 for the others. */
  iterations?: number;
  /**
   * Stop when converged: norm of R V and Rᵀ U (R = U diag(S) Vᵀ - M) at most so much of the norm of M, and
   * UᵀU, VᵀV as near to I. 0 = run all iterations. Default by optimizer.
   */
  tolerance?: number;
  /** Of the random start, 0 .. 2^32 - 1; default 314. */
  seed?: number;
  /**
   * The first guess: `'orthonormal'` (default) columns; `'uniform'`, PyTorch's `rand` draws in the notebooks'
   * order U (m x k), d (k), V (n x k); or factors of this shape and rank, to start warm.
   */
  init?: 'orthonormal' | 'uniform' | SvdFactorsInput;
  /** `'signed'` (default): S = d, its sign moves into U at the end; `'squared'`: S = d², as in the notebooks. */
  diagonal?: 'signed' | 'squared';
  /** Work on M scaled to unit Frobenius norm and scale S back; losses are then those of the scaled M. Default true. */
  normalize?: boolean;
  /** Weight of both orthonormality losses, >= 0, or one for each; default 0.01. */
  penalty?: number | { U: number; V: number };
  /**
   * Weights >= 0 of the entries in the reconstruction loss, m x n; 0 = missing. Default: all 1. Rows and columns
   * without any entry get the answer of smallest norm, zeros (from the orthonormal start).
   */
  weights?: MatrixInput;
  /** `'nan'`: NaN entries of M are missing; `'error'` (default): they are an error. */
  missing?: 'error' | 'nan';
  /** Record the loss every so many iterations, before the update; 0 = none. Default 1. */
  history?: number;
  /** `'positive'` (default): in each column pair the entry of U largest in magnitude is positive; or `'raw'`. */
  signs?: Signs;
}

/** Options with defaults filled in; what is left depends on the shape of M. */
export interface Checked {
  readonly optimizer: Optimizer;
  readonly iterations: number;
  readonly tolerance: number;
  readonly seed: number;
  readonly init: 'orthonormal' | 'uniform' | SvdFactorsInput;
  readonly squared: boolean;
  readonly normalize: boolean;
  readonly penaltyU: number;
  readonly penaltyV: number;
  readonly missing: 'error' | 'nan';
  readonly history: number;
  readonly signs: Signs;
}

const known = [
  'rank',
  'optimizer',
  'iterations',
  'tolerance',
  'seed',
  'init',
  'diagonal',
  'normalize',
  'penalty',
  'weights',
  'missing',
  'history',
  'signs',
];

/** Throws on an option that is not one of `keys`, with the nearest remedy: the list of them. */
export function checkKeys(options: unknown, keys: readonly string[], name = 'options'): void {
  if (typeof options !== 'object' || options === null) {
    throw new SvdTypeError('invalid-option', `${name} is ${show(options)}; give an object`);
  }
  for (const key of Object.keys(options)) {
    if (!keys.includes(key)) {
      throw new SvdTypeError('unknown-option', `${show(key)} is no option; there are ${keys.join(', ')}`);
    }
  }
}

function number(name: string, value: unknown, ok: (x: number) => boolean, range: string): number {
  if (typeof value !== 'number' || !ok(value)) {
    throw new SvdRangeError('invalid-option', `${name} is ${show(value)}; give ${range}`);
  }
  return value;
}

export function oneOf<T>(name: string, value: T, values: readonly T[]): T {
  if (!values.includes(value)) {
    throw new SvdTypeError(
      'invalid-option',
      `${name} is ${show(value)}; give ${values.map(show).join(' or ')}`,
    );
  }
  return value;
}

export const whole = (least: number, most: number) => (x: number) =>
  Number.isInteger(x) && x >= least && x <= most;
const atLeastZero = (x: number) => x >= 0 && Number.isFinite(x);
/** The core counts iterations in 31 bits. */
const count = /* @__PURE__ */ whole(1, 2 ** 31 - 1);
const countOrNone = /* @__PURE__ */ whole(0, 2 ** 31 - 1);
const seeds = /* @__PURE__ */ whole(0, 2 ** 32 - 1);

/** The options that every problem has. */
export function checkRun(
  options: Pick<SvdOptions, 'iterations' | 'tolerance' | 'seed' | 'history'>,
  optimizer: Optimizer,
) {
  const defaults = resolve(optimizer);
  return {
    optimizer,
    iterations: number('iterations', options.iterations ?? defaults.iterations, count, 'a whole number >= 1'),
    tolerance: number('tolerance', options.tolerance ?? defaults.tolerance, atLeastZero, 'a number >= 0'),
    seed: number('seed', options.seed ?? 314, seeds, 'a whole number from 0 to 2^32 - 1'),
    history: number('history', options.history ?? 1, countOrNone, 'a whole number >= 0'),
  };
}

const inits = ['orthonormal', 'uniform'] as const;
const diagonals = ['signed', 'squared'] as const;
const switches = [true, false] as const;
const missings = ['error', 'nan'] as const;
const signs = ['positive', 'raw'] as const;
const penaltyKeys = ['U', 'V'] as const;

const defaultOptimizer = /* @__PURE__ */ levenbergMarquardt();

/** Checked, with defaults filled in. */
export function check(options: SvdOptions): Checked {
  checkKeys(options, known);
  const { init = 'orthonormal', penalty = 0.01 } = options;
  if (typeof init === 'string') oneOf('init', init, inits);
  const each = typeof penalty === 'object' && penalty !== null;
  if (each) checkKeys(penalty, penaltyKeys, 'penalty');
  const run = checkRun(options, options.optimizer ?? defaultOptimizer);
  return {
    optimizer: run.optimizer,
    iterations: run.iterations,
    tolerance: run.tolerance,
    seed: run.seed,
    history: run.history,
    init,
    squared: oneOf('diagonal', options.diagonal ?? 'signed', diagonals) === 'squared',
    normalize: oneOf('normalize', options.normalize ?? true, switches),
    penaltyU: number('penalty', each ? penalty.U : penalty, atLeastZero, 'a number >= 0, or { U, V }'),
    penaltyV: number('penalty', each ? penalty.V : penalty, atLeastZero, 'a number >= 0, or { U, V }'),
    missing: oneOf('missing', options.missing ?? 'error', missings),
    signs: oneOf('signs', options.signs ?? 'positive', signs),
  };
}
