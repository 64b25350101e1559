/** A descent to watch and to steer: step by step, or run to the end. */

import {
  any,
  checked,
  choice,
  flag,
  nonNegative,
  number,
  parameter,
  type Table,
  valid,
  whole,
} from './check.js';
import { wasm } from './core.js';
import { refuse, SvdRangeError, SvdTypeError } from './errors.js';
import { readFactors, type Signs, type SvdFactors, sorted } from './factors.js';
import { checkFinite, entry, type MatrixInput, type Source, source } from './matrix.js';
import { type LearningRate, type Optimizer, rate, resolve } from './optimizers.js';
import { type Checked, count, countOrNone, oneOfSigns, type SvdOptions, svdTable } from './options.js';
import { manualSeed } from './random.js';
import { Buffer, type Loss, Run, type RunSettings, Scalar, type Status, SVD } from './run.js';

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

/** Weights in, missing entries out (weight 0, and 0 in M); the rank that rows and columns with entries can have. */
function weigh(run: Run, given: Source | undefined, nanIsMissing: boolean): number {
  const { n } = run.settings;
  run.view(Buffer.weights).fill(1);
  given?.copyTo(() => run.view(Buffer.weights));
  const M = run.view(Buffer.matrix);
  const weights = run.view(Buffer.weights);
  checkFinite(weights, n, 'weights', 'a finite number >= 0');
  const rows = new Set<number>();
  const columns = new Set<number>();
  for (let at = 0; at < M.length; at++) {
    if (weights[at]! < 0) {
      refuse(SvdRangeError, 'invalid-option', entry('weights', at, n), weights[at], 'a number >= 0');
    }
    if (nanIsMissing && Number.isNaN(M[at])) weights[at] = 0;
    if (weights[at] === 0) M[at] = 0;
    else {
      rows.add(Math.floor(at / n));
      columns.add(at % n);
    }
  }
  if (rows.size === 0) {
    throw new SvdRangeError('empty-matrix', 'every entry of M is missing or has weight 0; give at least one');
  }
  return Math.min(rows.size, columns.size);
}

/** A run as it was; plain data. */
interface RunState {
  readonly settings: Omit<RunSettings, 'optimizer'>;
  readonly optimizer: Pick<Optimizer, 'name' | 'options'>;
  /** undefined where it was a function: those can't be cloned */
  readonly lr: number | undefined;
  readonly matrix: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly evolving: Float64Array;
  readonly losses: Float64Array;
}

/** A saved descent: plain data that survives structuredClone, postMessage and IndexedDB. */
export interface SavedDescent {
  readonly version: 1;
  readonly run: RunState;
  readonly scale: number;
  readonly signs: Signs;
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

export const runTable: Table<Required<RunOptions>> = /* @__PURE__ */ (() => ({
  signal: parameter(
    undefined,
    'an AbortSignal',
    (signal: AbortSignal | undefined) => typeof signal?.aborted === 'boolean',
  ),
  onProgress: parameter(undefined, 'a function', (call) => typeof call === 'function'),
  budgetMs: parameter(75, 'a number > 0', (ms) => typeof ms === 'number' && ms > 0, SvdRangeError),
}))();

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
    super(`aborted after ${result.iterations} iterations; error.result has the best guess`);
  }
}

/** Let the host do what waits: events, timers, a frame. Unlike a timer, a message is not held back in hidden tabs. */
function turn(): Promise<unknown> {
  return new Promise((resolve) => {
    if (typeof MessageChannel !== 'function') return setTimeout(resolve, 0);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(0);
    };
    port2.postMessage(0);
  });
}

/** A descent in progress, made by {@link descend} or {@link resume}. */
export class Descent extends Run {
  readonly #signs: Signs;

  /** The same as {@link Descent.dispose}, for `using d = descend(M)`, where the host has `Symbol.dispose`. */
  declare readonly [Symbol.dispose]: () => void;

  /** @internal */
  constructor(settings: RunSettings, signs: Signs) {
    super(settings);
    this.#signs = signs;
    // (a static block would keep the class, and the core with it, in bundles that use neither)
    if (Symbol.dispose) Object.assign(this, { [Symbol.dispose]: this.dispose });
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
    return this.drive(checked('', runTable, options));
  }

  /** @internal {@link Descent.run} with its options checked. */
  async drive({ signal, onProgress, budgetMs }: RunOptions & { budgetMs: number }): Promise<SvdResult> {
    const { iterations } = this.settings;
    /** iterations that take about an eighth of the budget; found by doubling and halving */
    let chunk = 1;
    for (;;) {
      if (signal?.aborted && this.status === 'running') throw new SvdAbortError(signal.reason, this.best());
      const start = performance.now();
      let before = start;
      do {
        this.step(chunk);
        const now = performance.now();
        if (now - before < budgetMs / 16) chunk = Math.min(2 * chunk, iterations);
        else if (now - before > budgetMs / 8) chunk = Math.ceil(chunk / 2);
        before = now;
      } while (this.status === 'running' && before - start < (7 / 8) * budgetMs);
      const { iteration, status, loss } = this;
      onProgress?.({ iteration, iterations, status, loss });
      if (this.status !== 'running') return this.result();
      await turn();
    }
  }

  /** The factors as of now, sorted and signed; the descent can go on. After divergence: the best finite ones. */
  result(): SvdResult {
    const { loss, losses, iteration, status, scale } = this;
    const { m, n, k, squared } = this.settings;
    const theta = this.view(Buffer.theta);
    const s: number[] = [];
    for (let c = 0; c < k; c++) {
      const d = theta[m * k + c]!;
      s.push((squared ? d * d : d) * scale);
    }
    const { U, S, V } = sorted(theta, s, m, n, this.#signs);
    return { U, S, V, losses, iterations: iteration, status, loss };
  }

  /**
   * The factors at the smallest loss so far, which need not be the latest; the descent is not moved. Its
   * `losses`, `iterations` and `status` are those of the descent, its `loss` is that of the factors.
   */
  best(): SvdResult {
    this.advance(0);
    const best = this.view(Buffer.best);
    const theta = this.view(Buffer.theta);
    if (best.every((value, at) => value === theta[at])) return this.result();
    // the terms of its loss are not kept: look at it once more, beside the run
    const saved = this.save();
    saved.run.evolving.set(best, (theta.byteOffset - this.view(Buffer.evolving).byteOffset) / 8);
    const beside = revived(saved, 0);
    try {
      return beside.result();
    } finally {
      beside.dispose();
    }
  }

  /**
   * Everything there is to know of it, as plain data for {@link resume}; a later step does not change it.
   * An `lr` that is a function is left out, as functions can't be cloned: give it again to `resume`.
   */
  save(): SavedDescent {
    this.advance(0);
    const { scale, losses } = this;
    const { optimizer: _, ...settings } = this.settings;
    const { name, lr, options } = this.optimizer;
    const copy = (which: number) => this.view(which).slice();
    return {
      version: 1,
      run: {
        settings,
        optimizer: { name, options },
        lr: typeof lr === 'number' ? lr : undefined,
        matrix: copy(Buffer.matrix),
        weights: settings.weighted ? copy(Buffer.weights) : undefined,
        evolving: copy(Buffer.evolving),
        losses,
      },
      scale,
      signs: this.#signs,
    };
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
  return begin(M, checked('', svdTable, options) as Checked).keep();
}

/** {@link descend} for those who dispose of the descent themselves, whatever happens. */
export function begin(M: MatrixInput, options: Checked): Descent {
  const from = source(M, 'M');
  const { rows: m, columns: n } = from;
  const { optimizer, penalty, missing } = options;
  const most = Math.min(m, n);
  const { rank: k = most } = options;
  if (k !== most) valid('rank', k, whole(null, 1, most), 'invalid-rank');
  const weights = options.weights === undefined ? undefined : source(options.weights, 'weights', m, n);
  const defaults = resolve(optimizer);
  const { U, V } =
    typeof penalty === 'number'
      ? { U: penalty, V: penalty }
      : checked<typeof penalty>('penalty.', { U: nonNegative(null), V: nonNegative(null) }, penalty);
  const descent = new Descent(
    {
      problem: SVD,
      m,
      n,
      k,
      size: (m + n + 1) * k,
      weighted: weights !== undefined || missing === 'nan',
      squared: options.diagonal === 'squared',
      penaltyU: U,
      penaltyV: V,
      optimizer,
      iterations: options.iterations ?? defaults.iterations,
      tolerance: options.tolerance ?? defaults.tolerance,
      history: options.history,
    },
    options.signs,
  );
  try {
    from.copyTo(() => descent.view(Buffer.matrix));
    if (descent.settings.weighted) {
      const left = weigh(descent, weights, missing === 'nan');
      if (left < k) {
        if (options.rank !== undefined) {
          refuse(
            SvdRangeError,
            'invalid-rank',
            'rank',
            k,
            `at most ${left}: other rows or columns of M are empty`,
          );
        }
        descent.dispose();
        return begin(M, { ...options, rank: left });
      }
    }
    descent.normalize(options.normalize, "a finite number (or NaN with missing: 'nan')");
    start(descent, options);
    return descent;
  } catch (error) {
    descent.dispose();
    throw error;
  }
}

/** The first guess. */
function start(run: Run, { init, seed }: Checked): void {
  const { m, n, k, squared } = run.settings;
  const guess = run.view(Buffer.theta);
  if (typeof init === 'string') {
    manualSeed(seed).fill(guess);
    if (init === 'orthonormal') wasm().orthonormal(run.pointer);
    return;
  }
  const { theta, S } = readFactors(init, 'init', { m, n, k });
  for (let c = 0; c < k; c++) {
    if (squared && S[c]! < 0) refuse(SvdRangeError, 'invalid-option', `init.S[${c}]`, S[c], 'a number >= 0');
    const s = S[c]! / run.scale;
    S[c] = squared ? Math.sqrt(s) : s;
  }
  guess.set(theta);
}

/**
 * Go on from a saved descent, bit for bit as the saved one would have, in whatever engine.
 *
 * @param saved what {@link Descent.save} returned, as it was or structurally cloned; it is not changed, and
 *   can be resumed from many times
 * @param options `lr`: another learning rate; needed where the saved one was a function. `iterations`: another limit,
 *   counted from the very start, so that a descent that ran out of them can go on
 * @throws SvdTypeError `invalid-option` if saved is not what `save()` returned, or lacks its `lr`;
 *   SvdRangeError `invalid-hyper-parameter`, `too-large`
 * @example
 * ```ts
 * const twin = resume(structuredClone(d.save()));
 * const longer = resume(d.save(), { iterations: 100_000 });
 * ```
 */
export function resume(
  saved: SavedDescent,
  options: { lr?: LearningRate; iterations?: number } = {},
): Descent {
  const { scale, signs, state, settings } = readSaved(saved);
  const { lr = state.lr, iterations } = checked<{ lr: LearningRate | undefined; iterations: number }>(
    'resume: ',
    { lr: rate(undefined), iterations: count(settings.iterations) },
    options,
    'invalid-hyper-parameter',
  );
  if (lr === undefined) {
    refuse(SvdTypeError, 'invalid-option', 'saved.run.lr', lr, 'it again, a function: resume(saved, { lr })');
  }
  valid('saved.run.lr', lr, rate(null), 'invalid-hyper-parameter');
  const descent = revived({ scale, signs, run: { ...state, settings: { ...settings, iterations } } }, lr);
  // bit for bit: what was computed anew may differ by rounding from what a line search left
  descent.view(Buffer.evolving).set(state.evolving);
  return descent.keep();
}

/** A descent with the memory of a saved one, its loss computed anew. */
function revived({ scale, signs, run }: Omit<SavedDescent, 'version'>, lr: LearningRate): Descent {
  const descent = new Descent({ ...run.settings, optimizer: { ...run.optimizer, lr } }, signs);
  try {
    valid(
      'saved.run.evolving.length',
      run.evolving.length,
      choice(null, descent.view(Buffer.evolving).length),
    );
    descent.view(Buffer.evolving).set(run.evolving);
    for (const which of [Buffer.theta, Buffer.best]) {
      valid('saved.run.evolving', descent.view(which), finite);
    }
    descent.view(Buffer.matrix).set(run.matrix);
    if (run.settings.weighted) descent.view(Buffer.weights).set(run.weights!);
    descent.record(run.losses);
    descent.scale = scale;
    // its loss is looked at without a rule for the end: neither where it stands nor how is to change
    descent.configure(0);
    descent.advance(0);
    descent.configure(run.settings.tolerance);
    descent.view(Buffer.evolving)[Scalar.status] = run.evolving[Scalar.status]!;
    return descent;
  } catch (error) {
    descent.dispose();
    throw error;
  }
}

const floats = (ok: (x: number) => boolean) =>
  parameter(
    null,
    'a Float64Array of finite numbers (JSON loses it, structuredClone does not)',
    (array: Float64Array) =>
      Object.prototype.toString.call(array) === '[object Float64Array]' && array.every(ok),
  );
const finite = /* @__PURE__ */ floats(Number.isFinite);

/** What was saved, checked. Whatever is wrong with it is one thing: `save` did not return it so. */
function readSaved(saved: SavedDescent) {
  try {
    const { run, scale, signs } = checked<SavedDescent>(
      'saved: ',
      {
        version: choice(null, 1),
        run: any(null),
        scale: number(null, 'a number > 0', (x) => x > 0),
        signs: oneOfSigns(null),
      },
      saved,
    );
    const state = checked<RunState>(
      'saved.run: ',
      {
        settings: any(null),
        optimizer: any(null),
        lr: any(),
        matrix: finite,
        weights: { ...finite, usual: undefined },
        // (the smallest loss so far is infinite at first)
        evolving: floats(() => true),
        losses: finite,
      },
      run,
    );
    const settings = checked<RunState['settings']>(
      'saved.run.settings: ',
      {
        problem: choice(null, SVD),
        m: count(null),
        n: count(null),
        k: any(null),
        size: any(null),
        weighted: flag(null),
        squared: flag(null),
        penaltyU: nonNegative(null),
        penaltyV: nonNegative(null),
        iterations: count(null),
        tolerance: nonNegative(null),
        history: countOrNone(null),
      },
      state.settings,
    );
    const { m, n, k, size, weighted, iterations } = settings;
    valid('saved.run.settings: k', k, whole(null, 1, Math.min(m, n)));
    valid('saved.run.settings: size', size, choice(null, (m + n + 1) * k));
    const entries = choice(null, m * n);
    valid('saved.run.matrix.length', state.matrix.length, entries);
    if (weighted) valid('saved.run.weights.length', state.weights?.length, entries);
    valid('saved.run.evolving.length', state.evolving.length, whole(null, 2 * size));
    valid('saved.run: iteration', state.evolving[Scalar.iteration]!, whole(null, 0, iterations));
    valid('saved.run: status', state.evolving[Scalar.status], choice(null, 0, 1, 2));
    return { scale, signs, state, settings };
  } catch (error) {
    throw new SvdTypeError('invalid-option', `${(error as Error).message}. Give resume what save() returned`);
  }
}
