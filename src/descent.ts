/** A descent to watch and to steer: step by step, or run to the end. */

import { wasm } from './core.js';
import { SvdRangeError, SvdTypeError, show } from './errors.js';
import { readFactors, type SvdFactors, sorted } from './factors.js';
import { checkFinite, type MatrixInput, source } from './matrix.js';
import type { LearningRate } from './optimizers.js';
import { type Checked, check, type SvdOptions, whole } from './options.js';
import { manualSeed } from './random.js';
import { Buffer, type Loss, Run, type RunState, type Status, SVD } from './run.js';

/** Factors with what is known of how they were found. */
export interface SvdResult extends SvdFactors {
  /** The loss before each recorded iteration (see `history`). */
  readonly losses: Float64Array;
  /** Updates made. */
  readonly iterations: number;
  /** `'running'` only in a {@link Descent.result} taken on the way. */
  readonly status: Status;
  /** The loss of these factors. */
  readonly loss: Loss;
}

function readRank(rank: number | undefined, m: number, n: number): number {
  const most = Math.min(m, n);
  if (rank === undefined) return most;
  if (typeof rank !== 'number' || !whole(1, most)(rank)) {
    throw new SvdRangeError(
      'invalid-rank',
      `rank is ${show(rank)}; for a ${m} x ${n} matrix give a whole number from 1 to ${most}`,
    );
  }
  return rank;
}

/** Weights in, checked; and with `missing: 'nan'`, NaN entries of M out (weight 0). */
function readWeights(run: Run, options: SvdOptions, columns: number, missing: Checked['missing']): void {
  const weights = run.view(Buffer.weights);
  if (options.weights === undefined) weights.fill(1);
  else {
    source(options.weights, 'weights').copyTo(weights);
    checkFinite(weights, columns, 'weights', 'give a finite number >= 0');
    const at = weights.findIndex((weight) => weight < 0);
    if (at >= 0) {
      const i = Math.floor(at / columns);
      throw new SvdRangeError(
        'invalid-option',
        `weights[${i}][${at % columns}] is ${weights[at]}; give a number >= 0`,
      );
    }
  }
  const M = run.view(Buffer.matrix);
  for (let at = 0; at < M.length; at++) {
    if (missing === 'nan' && Number.isNaN(M[at])) weights[at] = 0;
    if (weights[at] === 0) M[at] = 0;
  }
  if (!weights.some((weight) => weight > 0)) {
    throw new SvdRangeError('empty-matrix', 'every entry of M is missing or has weight 0; give at least one');
  }
}

/** A saved descent: plain data that survives structuredClone, postMessage and IndexedDB. */
export interface SavedDescent {
  readonly version: 1;
  readonly run: RunState;
  readonly scale: number;
  readonly signs: Checked['signs'];
}

/** A descent in progress, made by {@link descend} or {@link resume}. */
export class Descent {
  readonly #run: Run;
  /** |M|: what the diagonal has to be multiplied by */
  readonly #scale: number;
  readonly #signs: Checked['signs'];

  /** @internal */
  constructor(run: Run, scale: number, signs: Checked['signs']) {
    this.#run = run;
    this.#scale = scale;
    this.#signs = signs;
  }

  /** Updates made so far. */
  get iteration(): number {
    return this.#run.iteration;
  }

  /** How it stands. */
  get status(): Status {
    return this.#run.status;
  }

  /** The losses recorded so far, each before its update; a copy. */
  get losses(): Float64Array {
    return this.#run.losses;
  }

  /** The loss of the guess as it is now. */
  get loss(): Loss {
    return this.#run.loss;
  }

  /** The learning rate; set it to change course from the next iteration on. */
  get lr(): LearningRate {
    return this.#run.lr;
  }

  set lr(lr: LearningRate) {
    this.#run.lr = lr;
  }

  /**
   * Run at most `count` iterations inside the core (fewer where the descent ends before).
   *
   * @returns the loss afterwards
   * @throws SvdRangeError `invalid-option` if count is no whole number >= 0, SvdTypeError `disposed`
   */
  step(count = 1): number {
    if (count !== Infinity && !whole(0, Number.MAX_SAFE_INTEGER)(count)) {
      throw new SvdRangeError('invalid-option', `count is ${show(count)}; give a whole number >= 0`);
    }
    this.#run.step(count);
    return this.loss.total;
  }

  /** The factors as of now, sorted and signed; the descent can go on. */
  result(): SvdResult {
    const run = this.#run;
    const { m, n, k, squared } = run.settings;
    const loss = run.loss;
    const theta = run.view(Buffer.theta);
    const d = theta.slice(m * k, (m + 1) * k);
    for (let c = 0; c < k; c++) d[c] = (squared ? d[c]! * d[c]! : d[c]!) * this.#scale;
    return {
      ...sorted(theta.subarray(0, m * k), d, theta.subarray((m + 1) * k), m, n, this.#signs),
      losses: run.losses,
      iterations: run.iteration,
      status: run.status,
      loss,
    };
  }

  /** Everything there is to know of it, to {@link resume} from; an `lr` that is a function is kept as it is. */
  save(): SavedDescent {
    return { version: 1, run: this.#run.save(), scale: this.#scale, signs: this.#signs };
  }

  /** Give the memory back. Using the descent afterwards is an error; disposing twice is none. */
  dispose(): void {
    this.#run.dispose();
  }
}

/**
 * Start a descent without running it.
 *
 * @param M the matrix, m x n, in any {@link MatrixInput} form
 * @throws SvdTypeError, SvdRangeError for a bad matrix or option, with the `code`s of {@link ErrorCode}
 * @example
 * ```ts
 * const d = descend([[3, 0], [4, 5]]);
 * while (d.status === 'running') console.log(d.iteration, d.step(10));
 * const { U, S, V } = d.result();
 * d.dispose();
 * ```
 */
export function descend(M: MatrixInput, options: SvdOptions = {}): Descent {
  const checked = check(options);
  const from = source(M, 'M');
  const { rows: m, columns: n } = from;
  const k = readRank(options.rank, m, n);
  if (options.weights !== undefined) {
    const weights = source(options.weights, 'weights');
    if (weights.rows !== m || weights.columns !== n) {
      throw new SvdRangeError(
        'shape-mismatch',
        `weights is ${weights.rows} x ${weights.columns}, M is ${m} x ${n}; give a weight for each entry`,
      );
    }
  }
  const weighted = options.weights !== undefined || checked.missing === 'nan';
  const { optimizer, iterations, tolerance, history, squared, penaltyU, penaltyV } = checked;
  const run = new Run({
    problem: SVD,
    m,
    n,
    k,
    size: (m + n + 1) * k,
    weighted,
    squared,
    penaltyU,
    penaltyV,
    optimizer,
    iterations,
    tolerance,
    history,
  });
  try {
    const matrix = run.view(Buffer.matrix);
    from.copyTo(matrix);
    if (weighted) readWeights(run, options, n, checked.missing);
    checkFinite(
      matrix,
      n,
      'M',
      checked.missing === 'nan'
        ? 'give a finite number, or NaN for a missing entry'
        : "give a finite number (or missing: 'nan' for NaN as missing)",
    );
    const scale = wasm().normalize(run.pointer, Number(checked.normalize));
    if (!Number.isFinite(scale)) {
      throw new SvdRangeError('non-finite-entry', 'the norm of M overflows float64; give M in smaller units');
    }
    start(run, checked, scale);
    return new Descent(run, scale, checked.signs);
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** The first guess. */
function start(run: Run, { init, seed, squared }: Checked, scale: number): void {
  const { m, n, k } = run.settings;
  const theta = run.view(Buffer.theta);
  if (typeof init === 'string') {
    manualSeed(seed).fill(theta);
    if (init === 'orthonormal') wasm().orthonormal(run.pointer);
    return;
  }
  const { m: rows, n: columns, k: rank, U, S, V } = readFactors(init, 'init');
  if (rows !== m || columns !== n || rank !== k) {
    throw new SvdRangeError(
      'shape-mismatch',
      `init is of rank ${rank} for a ${rows} x ${columns} matrix; needed is rank ${k} for ${m} x ${n}`,
    );
  }
  checkFinite(U, k, 'init.U', 'give finite factors');
  checkFinite(V, k, 'init.V', 'give finite factors');
  checkFinite(S, k, 'init.S', 'give finite factors');
  theta.set(U);
  theta.set(V, (m + 1) * k);
  for (let c = 0; c < k; c++) {
    const s = S[c]! / scale;
    if (squared && s < 0)
      throw new SvdRangeError('invalid-option', `init.S[${c}] is ${S[c]}; give numbers >= 0`);
    theta[m * k + c] = squared ? Math.sqrt(s) : s;
  }
}

/** Go on from a saved descent, bit for bit as the saved one would have. */
export function resume(saved: SavedDescent): Descent {
  if (saved?.version !== 1) {
    throw new SvdTypeError('invalid-option', `saved is ${show(saved)}; give what Descent.save() returned`);
  }
  return new Descent(Run.restore(saved.run), saved.scale, saved.signs);
}
