/** The options of a truncated decomposition, and what comes out. */

import { checked, choice, nonNegative, parameter, type Table, whole } from '../check.js';
import { isObject } from '../errors.js';
import type { SvdFactors, SvdFactorsInput } from '../factors.js';
import { watchTable } from '../host.js';
import type { Floats, Matrix } from '../matrix.js';

/** Options of {@link svds}. */
export interface SvdsOptions {
  /** How many singular values, the largest ones: 1 .. min(m, n). */
  rank: number;
  /** The residual that a triplet may have, in units of the largest singular value, >= 0; default 1e-10. */
  tolerance?: number;
  /** Of random blocks, 0 .. 2^32 - 1; default 314. */
  seed?: number;
  /** The first guess: `'orthonormal'` (default) random columns, or factors of this shape and rank to start warm. */
  init?: 'orthonormal' | SvdFactorsInput;
  /** Most steps, >= 1, each a pass over the matrix; one more makes the end. Default 2000. */
  iterations?: number;
  /** Rows of a matrix given by triplets; default: as few as hold all. */
  rows?: number;
  /** Columns of a matrix given by triplets; default: as few as hold all. */
  columns?: number;
}

/** What {@link svdsAsync} tells after a pass. */
export interface SvdsProgress {
  /** Passes made so far. */
  readonly passes: number;
  /** Most there will be. */
  readonly iterations: number;
  /** The largest residual when it was looked at last, in units of what `tolerance` allows; Infinity at first. */
  readonly residual: number;
}

/** Options of {@link svdsAsync}. */
export interface SvdsAsyncOptions extends SvdsOptions {
  /** An AbortSignal to stop early: the promise is rejected with an {@link SvdAbortError}, its `result` there for a matrix in memory. */
  signal?: { readonly aborted: boolean; readonly reason?: unknown };
  /** Called between passes, before the host gets its turn; a promise it returns is awaited. */
  onProgress?: (progress: SvdsProgress) => unknown;
}

/** What is known of how singular triplets were found. */
export interface SvdsCertificate {
  /**
   * `'converged'`: every residual is at most `tolerance` times the largest singular value. That these are the largest ones is
   * no proof but a strong test: the start is random, and where singular values repeat random blocks brought no more.
   */
  readonly status: 'converged' | 'max-iterations';
  /** max(|M v - s u|, |Mᵀu - s v|) of each triplet, computed with M at the end, in units of M (at most the largest float64). */
  readonly residuals: Floats;
  /** Times that M was gone through. */
  readonly passes: number;
  /** Columns that M and Mᵀ were multiplied by. */
  readonly products: number;
}

/** The largest singular values and their vectors, with their certificate. */
export interface SvdsResult extends SvdFactors, SvdsCertificate {}

/** The same of a matrix in blocks of rows, of which U is not kept: {@link project} gives it, block by block. */
export interface SvdsBlocksResult extends SvdsCertificate {
  /** Rows in all blocks. */
  readonly rows: number;
  /** Singular values, k, descending, >= 0. */
  readonly S: Floats;
  /** Right singular vectors in its columns, n x k; in each the entry largest in magnitude is positive. */
  readonly V: Matrix;
}

export type Checked = Required<Omit<SvdsOptions, 'rows' | 'columns'>> & Pick<SvdsOptions, 'rows' | 'columns'>;

const init = /* @__PURE__ */ choice('orthonormal', 'orthonormal');

export const svdsTable: Table<Required<SvdsOptions>> = /* @__PURE__ */ (() => ({
  rank: whole(null, 1),
  tolerance: nonNegative(1e-10),
  seed: whole(314, 0, 2 ** 32 - 1),
  init: parameter(
    'orthonormal',
    `${init.range} or factors { U, S, V }`,
    (value: never) => isObject(value) || init.ok(value),
  ),
  iterations: whole(2000, 1, 2 ** 31 - 1),
  rows: whole(undefined, 1),
  columns: whole(undefined, 1),
}))();

/** (Nothing is read as no options: what is said then is that a rank is needed.) */
export const checkedSync = (options: SvdsOptions = {} as SvdsOptions) =>
  checked('', svdsTable, options) as Checked;

export const checkedAsync = (options: SvdsAsyncOptions = {} as SvdsAsyncOptions) =>
  checked('', { ...svdsTable, ...watchTable }, options) as Checked &
    Pick<SvdsAsyncOptions, 'signal' | 'onProgress'>;
