/** The options of a decomposition. */

import { any, checked, choice, flag, nonNegative, parameter, type Table, whole } from './check.js';
import { isObject, SvdRangeError } from './errors.js';
import type { Signs, SvdFactorsInput } from './factors.js';
import type { MatrixInput } from './matrix.js';
import type { Optimizer, OptimizerName } from './optimizer.js';

/** Options of {@link svd}, {@link svdAsync} and {@link descend}. */
export interface SvdOptions<Name extends OptimizerName = OptimizerName> {
  /**
   * Number of columns of U and V, 1 .. min(m, n), of the rows and columns that have entries; default: min(m, n). It has to
   * be given where entries are missing: at full rank any value in a gap fits.
   */
  rank?: number;
  /**
   * How the guess is improved; default `levenbergMarquardt()`, and `conjugateGradients()` where there are gaps, weights or
   * a `regularization`, which levenbergMarquardt does not know.
   */
  optimizer?: Optimizer<Name>;
  /**
   * Most iterations, >= 1; default by optimizer: 2000 for levenbergMarquardt and conjugateGradients, 20,000
   * for the others.
   */
  iterations?: number;
  /**
   * Stop when converged: norm of R V and Rᵀ U (R = U diag(S) Vᵀ - M) at most so much of the norm of M, and
   * UᵀU, VᵀV as near to I. 0 = run all iterations. Default by optimizer: 2^-52 for levenbergMarquardt, 1e-12 for
   * lbfgs and conjugateGradients (of it: how far a step would move the answer, gaps included), 1e-10 for the others, which often end as `'max-iterations'` with an answer good to fewer digits.
   */
  tolerance?: number;
  /** Of the random start, 0 .. 2^32 - 1; default 314. */
  seed?: number;
  /**
   * The first guess: `'orthonormal'` (default) columns; `'uniform'`, PyTorch's `rand` draws in the notebooks'
   * order U (m x k), d (k), V (n x k); or factors of this shape and rank, to start warm. At full rank
   * levenbergMarquardt leaves out what U has outside the span of M's columns, and V outside that of its rows.
   */
  init?: 'orthonormal' | 'uniform' | SvdFactorsInput;
  /** `'signed'` (default): S = d, its sign moves into U at the end; `'squared'`: S = d², as in the notebooks. */
  diagonal?: 'signed' | 'squared';
  /**
   * Work on M scaled to unit Frobenius norm and scale S back; losses are then those of the scaled M. Default true.
   * (With false, M whose norm is outside of 2^-128 .. 2^128 is scaled all the same, by a power of two.)
   */
  normalize?: boolean;
  /** Weight of both orthonormality losses, >= 0, or one for each; default 0.01. */
  penalty?: number | { U: number; V: number };
  /**
   * Weights >= 0 of the entries in the reconstruction loss, m x n; 0 = missing. Default: all 1. Rows and columns
   * without any entry get the answer of smallest norm, zeros (from the orthonormal start). Where one is below 1e-12 of what
   * the heaviest of its row and column have in common, no rule can tell that it is met: never `'converged'`.
   */
  weights?: MatrixInput;
  /**
   * λ >= 0 in Σ w (U diag(S) Vᵀ - M)² + 2 λ ΣS, in units of M's entries; default 0. It draws all singular values down by
   * up to λ (of a full matrix: by just so much, as softImpute does), so that noise is not followed into the gaps. At
   * M ≈ A Bᵀ it is λ(|A|² + |B|²). Only conjugateGradients, the default with it, knows it.
   */
  regularization?: number;
  /** `'nan'`: NaN, null and undefined entries of M are missing; `'error'` (default): they are an error (but where their weight is 0). */
  missing?: 'error' | 'nan';
  /**
   * `'columns'`: the descent is on M minus the mean of each column (of the entries that are there), which is in the
   * result as `mean`: principal components. `'none'` (default): on M itself.
   */
  center?: 'none' | 'columns';
  /** Record the loss every so many iterations, before the update; 0 = none. Default 1. */
  history?: number;
  /** `'positive'` (default): in each column pair the entry of U largest in magnitude is positive; or `'raw'`. */
  signs?: Signs;
}

/** The choices of `center`. */
export type Center = Required<SvdOptions>['center'];

/** Options, checked, with defaults filled in; what is still open depends on the optimizer or the shape of M. */
export type Checked<T extends SvdOptions = SvdOptions> = Required<T> &
  Pick<T, 'iterations' | 'tolerance' | 'rank' | 'weights' | 'optimizer'>;

/** The core counts iterations in 31 bits. */
const MOST = 2 ** 31 - 1;
export const count = (usual?: number | null) => whole(usual, 1, MOST);
export const countOrNone = (usual: number | null) => whole(usual, 0, MOST);

/** The options that every problem has; `start`: the names of its ways to guess, the default first, or `given`. */
export const common = (
  optimizer: Optimizer | undefined,
  tolerance: number | undefined,
  given: string,
  ...start: string[]
) => {
  const named = choice(start[0], ...start);
  return {
    optimizer: any(optimizer),
    iterations: count(),
    tolerance: nonNegative(tolerance),
    seed: whole(314, 0, 2 ** 32 - 1),
    init: parameter(
      start[0],
      `${named.range}, or ${given}`,
      (init: never) => isObject(init) || named.ok(init),
    ),
    normalize: flag(true),
    history: countOrNone(1),
  };
};

export const oneOfSigns = (usual: Signs | null) => choice(usual, 'positive', 'raw');

export const svdTable: Table<Required<SvdOptions>> = /* @__PURE__ */ (() => ({
  rank: any(),
  ...common(undefined, undefined, 'factors { U, S, V }', 'orthonormal', 'uniform'),
  diagonal: choice('signed', 'signed', 'squared'),
  penalty: parameter(
    0.01,
    'a number >= 0, or { U, V }',
    (penalty) => isObject(penalty) || nonNegative(null).ok(penalty),
    SvdRangeError,
  ),
  weights: any(),
  regularization: nonNegative(0),
  missing: choice('error', 'error', 'nan'),
  center: choice('none', 'none', 'columns'),
  signs: oneOfSigns('positive'),
}))();

/** What people put beside the optimizer at first, as in svd(M, { lr }). */
const HYPER = /^(lr|learn|moment|beta|eps|weight_?d|damp)/i;

const ofOptimizer = (name: string) =>
  HYPER.test(name) ? '; it belongs to the optimizer, as in { optimizer: sgd({ lr: 0.1 }) }' : undefined;

/** Options of which one is an optimizer, {@link checked}. */
export const checkedProblem = <T>(table: Table<T>, given: unknown): T =>
  checked('', table, given, undefined, ofOptimizer);
