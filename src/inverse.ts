/** The inverse by gradient descent: X with X M = I. */

import { wasm } from './core.js';
import { SvdRangeError, SvdTypeError } from './errors.js';
import { checkFinite, Matrix, type MatrixInput, source } from './matrix.js';
import { lbfgs, type Optimizer, sgd } from './optimizers.js';
import { checkKeys, checkRun, oneOf, type SvdOptions } from './options.js';
import { manualSeed } from './random.js';
import { Buffer, INVERSE, Run, type Status } from './run.js';

/** The first guess, of the inverse of M / scale. */
function start(run: Run, init: 'uniform' | MatrixInput, seed: number, scale: number): void {
  const { n } = run.settings;
  const theta = run.view(Buffer.theta);
  if (typeof init === 'string') {
    manualSeed(seed).fill(theta);
    return;
  }
  const from = source(init, 'init');
  if (from.rows !== n || from.columns !== n) {
    throw new SvdRangeError(
      'shape-mismatch',
      `init is ${from.rows} x ${from.columns}; needed is ${n} x ${n}, the shape of M`,
    );
  }
  from.copyTo(theta);
  checkFinite(theta, n, 'init', 'give a finite number');
  for (let at = 0; at < theta.length; at++) theta[at]! *= scale;
}

/** Options of {@link invert}. */
export interface InvertOptions extends Pick<SvdOptions, 'iterations' | 'seed' | 'history'> {
  /** How the guess is improved; default `lbfgs()`. Any but `levenbergMarquardt`, which knows only the SVD. */
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
  readonly losses: Float64Array;
  /** Updates made. */
  readonly iterations: number;
  /** `'converged'` is said of an inverse only: a singular M, or one too near to it, ends as `'max-iterations'`. */
  readonly status: Status;
  /** mean((X M - I)²) of this X. */
  readonly loss: number;
}

const known = ['optimizer', 'iterations', 'tolerance', 'seed', 'history', 'init', 'normalize'];

/**
 * The inverse of a square matrix by gradient descent on mean((X M - I)²): guess X, then improve the guess.
 *
 * The squared condition number of M says how hard that is. A singular M is no error (a descent can't tell it
 * from a hard one) but ends with `status: 'max-iterations'` and a loss that stays up.
 *
 * @param M the matrix, n x n, in any {@link MatrixInput} form; never changed
 * @throws SvdRangeError `shape-mismatch` if M is not square; SvdTypeError, SvdRangeError for a bad matrix or
 *   option, with the `code`s of {@link ErrorCode}
 * @example
 * ```ts
 * invert([[2, 0], [0, 4]]).X.toArray(); // [[0.5, 0], [0, 0.25]] to rounding
 * ```
 */
export function invert(M: MatrixInput, options: InvertOptions = {}): InvertResult {
  checkKeys(options, known);
  const { init = 'uniform', normalize = true, tolerance = Number.EPSILON, optimizer = lbfgs() } = options;
  const { seed, ...settings } = checkRun({ ...options, tolerance }, optimizer);
  if (optimizer.name === 'levenbergMarquardt') {
    throw new SvdTypeError(
      'invalid-option',
      'levenbergMarquardt knows only the SVD; give invert another optimizer',
    );
  }
  if (typeof init === 'string') oneOf('init', init, ['uniform']);
  const from = source(M, 'M');
  const n = from.rows;
  if (from.columns !== n) {
    throw new SvdRangeError(
      'shape-mismatch',
      `M is ${n} x ${from.columns}; only a square matrix has an inverse`,
    );
  }
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
    ...settings,
  });
  try {
    const matrix = run.view(Buffer.matrix);
    from.copyTo(matrix);
    checkFinite(matrix, n, 'M', 'give a finite number');
    const scale = wasm().normalize(run.pointer, Number(oneOf('normalize', normalize, [true, false])));
    if (!Number.isFinite(scale)) {
      throw new SvdRangeError('non-finite-entry', 'the norm of M overflows float64; give M in smaller units');
    }
    start(run, init, seed, scale);
    run.step(Number.POSITIVE_INFINITY);
    return {
      X: new Matrix(
        n,
        n,
        run.view(Buffer.theta).map((x) => x / scale),
      ),
      losses: run.losses,
      iterations: run.iteration,
      status: run.status,
      loss: run.loss.total,
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
