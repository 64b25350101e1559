/** The inverse by gradient descent: X with X M = I. */

import { INVERSE, MATRIX, THETA } from '../assembly/boundary.js';
import type { Table } from './check.js';
import { memory } from './core.js';
import { refuse, SvdRangeError, SvdTypeError } from './errors.js';
import {
  checkFinite,
  checkScale,
  copyTo,
  entry,
  type Floats,
  Matrix,
  type MatrixInput,
  NEAR_1,
  source,
} from './matrix.js';
import type { Optimizer } from './optimizer.js';
import { lbfgs, sgd } from './optimizers.js';
import { checkedProblem, common, type SvdOptions } from './options.js';
import { manualSeed } from './random.js';
import { resolve } from './resolve.js';
import { Run, type Status } from './run.js';

/** Options of {@link invert}. */
export interface InvertOptions extends Pick<SvdOptions, 'iterations' | 'seed' | 'history'> {
  /** How the guess is improved; default `lbfgs()`. Any but `levenbergMarquardt`, `conjugateGradients` and `muon`, which know only the SVD. */
  optimizer?: Optimizer;
  /**
   * Stop when the root mean square of the entries of X M - I is at most this, or what rounding alone may leave
   * there; 0 = run all iterations. Default 2^-52.
   */
  tolerance?: number;
  /** The first guess: `'uniform'` (default) draws of PyTorch's `rand`, or a matrix to start from. */
  init?: 'uniform' | MatrixInput;
  /** Work on M scaled to unit Frobenius norm and scale X back. Default true. */
  normalize?: boolean;
}

/** An inverse, with what is known of how it was found. */
export interface InvertResult {
  /** The inverse, n x n. */
  readonly X: Matrix;
  /** The loss before each recorded iteration (see `history`). */
  readonly losses: Floats;
  /** Updates made. */
  readonly iterations: number;
  /** `'converged'` is said of an inverse only: a singular M, or one too near to it, ends as `'max-iterations'`. */
  readonly status: Status;
  /** mean((X M - I)²) of this X. */
  readonly loss: number;
}

const table: Table<Required<InvertOptions>> = /* @__PURE__ */ (() =>
  common(lbfgs(), Number.EPSILON, 'a matrix of the shape of M', 'uniform'))();

/**
 * The inverse of a square matrix by gradient descent on mean((X M - I)²): guess X, then improve the guess.
 *
 * The squared condition number of M says how hard that is. A singular M is no error (a descent can't tell it
 * from a hard one) but ends with `status: 'max-iterations'` and a loss that stays up.
 *
 * @param M the matrix, n x n, in any {@link MatrixInput} form; never changed
 * @throws SvdRangeError `shape-mismatch` if M is not square; SvdTypeError, SvdRangeError for a bad matrix or
 *   option, with the `code`s of {@link ErrorCode}; `non-finite-entry` also where X leaves the range of float64
 * @example
 * ```ts
 * invert([[2, 0], [0, 4]]).X.toArray(); // [[0.5, 0], [0, 0.25]] to rounding
 * ```
 */
export function invert(M: MatrixInput, options: InvertOptions = {}): InvertResult {
  const { optimizer, iterations, init, seed, normalize, tolerance, history } = checkedProblem(
    table,
    options,
  ) as Required<InvertOptions>;
  const defaults = resolve(optimizer);
  if (/^(levenbergMarquardt|conjugateGradients|muon)$/.test(optimizer.name)) {
    refuse(SvdTypeError, 'invalid-option', 'optimizer', optimizer.name, 'another: it knows only the SVD');
  }
  const from = source(M, 'M');
  const n = from.rows;
  if (from.columns !== n) refuse(SvdRangeError, 'shape-mismatch', 'M', from, 'a square matrix');
  const run = new Run({
    problem: INVERSE,
    m: n,
    n,
    k: 1,
    size: n * n,
    weighted: false,
    squared: false,
    penaltyU: 0,
    penaltyV: 0,
    optimizer,
    iterations: iterations ?? defaults.iterations,
    tolerance,
    history,
  });
  try {
    copyTo(memory, from, run.at(MATRIX));
    run.normalize(normalize);
    if (typeof init === 'string') manualSeed(seed).fill(run.view(THETA));
    else {
      copyTo(memory, source(init, 'init', n, n), run.at(THETA));
      const theta = run.view(THETA);
      checkFinite(theta, n, 'init');
      theta.forEach((x, at) => {
        theta[at] = x * run.scale;
        checkScale(entry('init', at, n), x, Number.isFinite(theta[at]), 'a number nearer to 1/|M|');
      });
    }
    run.step(Infinity);
    const { losses, iteration, status, loss, scale } = run;
    const X = run.view(THETA).map((x) => x / scale);
    checkFinite(X, n, 'X', NEAR_1);
    return {
      X: new Matrix(n, n, X),
      losses,
      iterations: iteration,
      status,
      loss: loss.total,
    };
  } finally {
    run.dispose();
  }
}

/**
 * Options that reproduce the inverse notebook (01): `torch.optim.SGD(lr=0.9, momentum=0.9)`, 10,000 iterations
 * from seed 314.
 *
 * @example
 * ```ts
 * invert(manualSeed(314).rand(4, 4), notebookInverse).loss; // 1.4e-30
 * ```
 */
export const notebookInverse: Readonly<InvertOptions> = /* @__PURE__ */ Object.freeze({
  optimizer: /* @__PURE__ */ sgd({ lr: 0.9, momentum: 0.9 }),
  iterations: 10_000,
  tolerance: 0,
  seed: 314,
  init: 'uniform',
  normalize: false,
});
