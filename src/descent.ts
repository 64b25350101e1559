/** A descent to watch and to steer: step by step, or run to the end. */

import { memory, wasm } from './core.js';
import { SvdRangeError, SvdTypeError, show } from './errors.js';
import { readFactors, type SvdFactors, sorted } from './factors.js';
import { checkFinite, type MatrixInput, source } from './matrix.js';
import type { LearningRate, Optimizer } from './optimizers.js';
import { type Checked, check, checkKeys, type SvdOptions, whole } from './options.js';
import { manualSeed } from './random.js';
import { Buffer, type Loss, Run, type RunState, type Status, SVD, unusable } from './run.js';

declare global {
  // so that the declarations hold where lib has no Disposable; the same as there
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

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

/** Weights in, checked; and with `missing: 'nan'`, NaN entries of M out (weight 0). Rank k needs k rows and columns with entries. */
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
  const { m, n, k } = run.settings;
  const rows = new Set<number>();
  const filled = new Set<number>();
  for (let at = 0; at < weights.length; at++) {
    if (weights[at] === 0) continue;
    rows.add(Math.floor(at / columns));
    filled.add(at % columns);
  }
  if (Math.min(rows.size, filled.size) < k) {
    throw new SvdRangeError(
      'invalid-rank',
      `rank is ${k}, but only ${rows.size} of ${m} rows and ${filled.size} of ${n} columns of M have any entry; ` +
        `give a rank of at most ${Math.min(rows.size, filled.size)}`,
    );
  }
}

/** A saved descent: plain data that survives structuredClone, postMessage and IndexedDB. */
export interface SavedDescent {
  readonly version: 1;
  readonly run: RunState;
  readonly scale: number;
  readonly signs: Checked['signs'];
}

/** What {@link Descent.run} and {@link svdAsync} tell after each slice. */
export interface Progress {
  /** Updates made so far. */
  readonly iteration: number;
  /** Most updates there will be. */
  readonly iterations: number;
  readonly status: Status;
  /** The loss of the guess as it is now. */
  readonly loss: Loss;
}

/** Options of {@link Descent.run} and {@link svdAsync}. */
export interface RunOptions {
  /** Stop early: the promise is rejected with an {@link SvdAbortError}. */
  signal?: AbortSignal;
  /** Called after each slice, before the host gets its turn. */
  onProgress?: (progress: Progress) => void;
  /** Let the host have its turn about every so many milliseconds, > 0; default 75. One iteration is never split. */
  budgetMs?: number;
}

/** The keys of {@link RunOptions}. */
export const runKeys = ['signal', 'onProgress', 'budgetMs'] as const satisfies (keyof RunOptions)[];

/** A run was stopped by its `signal`: an `AbortError` that brings along what was found until then. */
export class SvdAbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'aborted';
  constructor(
    /** `signal.reason` */
    override readonly cause: unknown,
    /** The best guess so far (see {@link Descent.best}), with the whole history. */
    readonly result: SvdResult,
  ) {
    super(
      `the run was aborted after ${result.iterations} iterations; its best guess so far is in error.result`,
    );
  }
}

function checkRunOptions(options: RunOptions): Required<Pick<RunOptions, 'budgetMs'>> & RunOptions {
  checkKeys(options, runKeys);
  const { signal, onProgress, budgetMs = 75 } = options;
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw new SvdTypeError('invalid-option', `signal is ${show(signal)}; give an AbortSignal`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new SvdTypeError('invalid-option', `onProgress is ${show(onProgress)}; give a function`);
  }
  if (typeof budgetMs !== 'number' || !(budgetMs > 0)) {
    throw new SvdRangeError('invalid-option', `budgetMs is ${show(budgetMs)}; give a number > 0`);
  }
  return { signal, onProgress, budgetMs };
}

/** Let the host do what waits: events, timers, a frame. Unlike a timer, a message is not held back in hidden tabs. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof MessageChannel !== 'function') {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** A descent in progress, made by {@link descend} or {@link resume}. */
export class Descent {
  readonly #run: Run;
  /** |M|: what the diagonal has to be multiplied by */
  readonly #scale: number;
  readonly #signs: Checked['signs'];

  /** The same as {@link Descent.dispose}, for `using d = descend(M)`, where the host has `Symbol.dispose`. */
  declare readonly [Symbol.dispose]: () => void;

  /** @internal */
  constructor(run: Run, scale: number, signs: Checked['signs']) {
    this.#run = run;
    this.#scale = scale;
    this.#signs = signs;
    // (a static block would keep the class, and the core with it, in bundles that use neither)
    if (Symbol.dispose) Object.assign(this, { [Symbol.dispose]: this.dispose });
  }

  /** @internal */
  keep(): this {
    this.#run.keep();
    return this;
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

  /** The optimizer with its hyper-parameters as they are now. */
  get optimizer(): Optimizer {
    return this.#run.optimizer;
  }

  /**
   * Change hyper-parameters of the optimizer from the next iteration on; what it remembers (momentum,
   * running means) stays.
   *
   * @param changes options of the descent's optimizer, for example those of {@link sgd}
   * @throws SvdTypeError `unknown-option`, SvdRangeError `invalid-hyper-parameter`, SvdTypeError `disposed`
   * @example
   * ```ts
   * d.tune({ lr: 0.3, momentum: 0.5 });
   * ```
   */
  tune(changes: Readonly<Record<string, unknown>>): void {
    if (typeof changes !== 'object' || changes === null) {
      throw new SvdTypeError('invalid-option', `changes is ${show(changes)}; give an object of options`);
    }
    this.#run.tune(changes);
  }

  /**
   * Run at most `count` iterations inside the core (fewer where the descent ends before).
   *
   * @param count a whole number >= 0, or Infinity; default 1
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

  /**
   * Run to the end in slices, so that the host stays responsive: about every `budgetMs` it gets its turn.
   * The result has the same bits as with `step(Infinity)`, however it is sliced.
   *
   * @returns the result at the end; the descent can still be looked at, and is to be disposed of
   * @throws (as a rejection) SvdAbortError `aborted` when `signal` is aborted: its `result` is the best guess
   *   so far with the history, and the descent can go on; SvdTypeError or SvdRangeError `invalid-option`,
   *   `unknown-option`; SvdTypeError `disposed`; whatever `onProgress` throws
   * @example
   * ```ts
   * const d = descend(M);
   * const { S } = await d.run({
   *   signal: AbortSignal.timeout(5000),
   *   onProgress: ({ iteration, loss }) => console.log(iteration, loss.total),
   * });
   * ```
   */
  async run(options: RunOptions = {}): Promise<SvdResult> {
    const { signal, onProgress, budgetMs } = checkRunOptions(options);
    const { iterations } = this.#run.settings;
    /** iterations that take about an eighth of the budget; found by doubling and halving */
    let chunk = 1;
    for (;;) {
      if (signal?.aborted && this.status === 'running') throw new SvdAbortError(signal.reason, this.best());
      const start = performance.now();
      let before = start;
      do {
        this.#run.step(chunk);
        const now = performance.now();
        if (now - before < budgetMs / 16) chunk = Math.min(2 * chunk, iterations);
        else if (now - before > budgetMs / 8 && chunk > 1) chunk = Math.ceil(chunk / 2);
        before = now;
      } while (this.status === 'running' && before - start < (7 / 8) * budgetMs);
      const { iteration, status, loss } = this;
      onProgress?.({ iteration, iterations, status, loss });
      if (this.status !== 'running') return this.result();
      await turn();
    }
  }

  /** The parameters at `data[theta]` as factors: the diagonal back in the units of M, sorted and signed. */
  #factors(data: Float64Array, theta: number, loss: Loss): SvdResult {
    const { m, n, k, squared } = this.#run.settings;
    const s: number[] = [];
    for (let c = 0; c < k; c++) {
      const d = data[theta + m * k + c]!;
      s.push((squared ? d * d : d) * this.#scale);
    }
    const { U, S, V } = sorted(data, theta, s, m, n, this.#signs);
    return {
      U,
      S,
      V,
      losses: this.#run.losses,
      iterations: this.#run.iteration,
      status: this.#run.status,
      loss,
    };
  }

  /** The factors as of now, sorted and signed; the descent can go on. After divergence: the best finite ones. */
  result(): SvdResult {
    const loss = this.#run.loss;
    return this.#factors(memory(), this.#run.at(Buffer.theta), loss);
  }

  /**
   * The factors at the smallest loss so far, which need not be the latest; the descent is not moved. Its
   * `losses`, `iterations` and `status` are those of the descent, its `loss` is that of the factors.
   */
  best(): SvdResult {
    const { theta, loss } = this.#run.best();
    return this.#factors(theta, 0, loss);
  }

  /**
   * Everything there is to know of it, as plain data for {@link resume}; a later step does not change it.
   * An `lr` that is a function is left out, as functions can't be cloned: give it again to `resume`.
   */
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
  return begin(M, options).keep();
}

/** {@link descend} for those who dispose of the descent themselves, whatever happens. */
export function begin(M: MatrixInput, options: SvdOptions): Descent {
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
    const cells = memory();
    const matrix = run.at(Buffer.matrix);
    from.copyTo(cells, matrix);
    if (weighted) readWeights(run, options, n, checked.missing);
    checkFinite(
      cells,
      n,
      'M',
      checked.missing === 'nan'
        ? 'give a finite number, or NaN for a missing entry'
        : "give a finite number (or missing: 'nan' for NaN as missing)",
      matrix,
      matrix + m * n,
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
  if (typeof init === 'string') {
    const theta = run.at(Buffer.theta);
    manualSeed(seed).fill(memory(), theta, theta + run.settings.size);
    if (init === 'orthonormal') wasm().orthonormal(run.pointer);
    return;
  }
  const theta = run.view(Buffer.theta);
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

/**
 * Go on from a saved descent, bit for bit as the saved one would have, in whatever engine.
 *
 * @param saved what {@link Descent.save} returned, as it was or structurally cloned; it is not changed, and
 *   can be resumed from many times
 * @param options `lr`: another learning rate; needed where the saved one was a function
 * @throws SvdTypeError `invalid-option` if saved is not what `save()` returned, or lacks its `lr`;
 *   SvdRangeError `invalid-hyper-parameter`, `too-large`
 * @example
 * ```ts
 * const twin = resume(structuredClone(d.save()));
 * ```
 */
export function resume(saved: SavedDescent, options: { lr?: LearningRate } = {}): Descent {
  checkKeys(options, ['lr']);
  if (typeof saved !== 'object' || saved === null || saved.version !== 1) {
    throw unusable('saved', saved, 'an object of version 1');
  }
  const { scale, signs } = saved;
  if (!Number.isFinite(scale) || scale <= 0) throw unusable('saved.scale', scale, 'a number > 0');
  if (signs !== 'positive' && signs !== 'raw') throw unusable('saved.signs', signs, '"positive" or "raw"');
  return new Descent(Run.restore(saved.run, options.lr), scale, signs).keep();
}
