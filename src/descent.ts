/** A descent to watch and to steer: step by step, or run to the end. */

import { checked, valid, whole } from './check.js';
import { isObject, SvdTypeError } from './errors.js';
import type { Signs } from './factors.js';
import type { Floats, MatrixInput } from './matrix.js';
import type { LearningRate, Optimizer, OptimizerName } from './optimizer.js';
import { type Checked, checkedProblem, type SvdOptions, svdTable } from './options.js';
import type { HyperParameters } from './resolve.js';
import { resultOf, type SvdResult } from './result.js';
import { type Loss, Run, type Status } from './run.js';
import { bestOf, restored, type SavedDescent, save } from './save.js';
import { type RunOptions, runInSlices, runTable } from './slices.js';
import { begin } from './start.js';

declare global {
  // so that the declarations hold where lib has no Disposable; the same as there
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** A descent in progress, made by {@link descend} or {@link resume}. */
export class Descent<Name extends OptimizerName = OptimizerName> {
  readonly #run: Run;
  readonly #signs: Signs;
  #busy = false;

  /** The same as {@link Descent.dispose}, for `using d = descend(M)`, where the host has `Symbol.dispose`. */
  declare readonly [Symbol.dispose]: () => void;

  private constructor(run: Run, signs: Signs) {
    if (!isObject(run) || !(run instanceof Run)) {
      throw new SvdTypeError('invalid-option', 'a Descent is made by descend(M) or resume(saved)');
    }
    this.#run = run;
    this.#signs = signs;
    // (a static block would keep the class, and the core with it, in bundles that use neither)
    if (Symbol.dispose) Object.assign(this, { [Symbol.dispose]: this.dispose });
  }

  /** @internal The constructor, for {@link descend} and {@link resume}; users have none. */
  static of<Name extends OptimizerName>(run: Run, signs: Signs): Descent<Name> {
    return new Descent(run.keep(), signs);
  }

  /** Updates made so far. */
  get iteration(): number {
    return this.#run.iteration;
  }

  /** How it stands. */
  get status(): Status {
    return this.#run.status;
  }

  /** The loss of the guess as it is now. */
  get loss(): Loss {
    return this.#run.loss;
  }

  /** The losses recorded so far, each before its update; a copy. */
  get losses(): Floats {
    return this.#run.losses;
  }

  /** The learning rate; set it to change course from the next iteration on. */
  get lr(): LearningRate {
    return this.#run.optimizer.lr;
  }

  set lr(lr: LearningRate) {
    // undefined would be its default
    this.tune({ lr: lr ?? null } as HyperParameters<Name>);
  }

  /** The optimizer with its hyper-parameters as they are now. */
  get optimizer(): Optimizer<Name> {
    return this.#run.optimizer as Optimizer<Name>;
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
  tune(changes: HyperParameters<Name>): void {
    // an lr or onProgress may; but while changes are read, nobody moves
    const busy = this.#busy;
    this.#busy = true;
    try {
      this.#run.tune(changes as Record<string, unknown>);
    } finally {
      this.#busy = busy;
    }
  }

  /**
   * Run at most `count` iterations inside the core (fewer where the descent ends before).
   *
   * @param count a whole number >= 0, or Infinity; default 1
   * @returns the loss afterwards
   * @throws SvdRangeError `invalid-option` if count is no whole number >= 0; SvdTypeError `disposed`, or `busy` where
   *   it is called on the way: by an `lr`, or during {@link Descent.run}
   */
  step(count = 1): number {
    if (count !== Infinity) valid('count', count, whole(null, 0));
    this.#hold();
    try {
      this.#run.step(count);
    } finally {
      this.#busy = false;
    }
    return this.loss.total;
  }

  /** One mover at a time: neither `lr` nor `onProgress` nor anybody meanwhile. */
  #hold(): void {
    if (this.#busy) {
      throw new SvdTypeError('busy', 'this descent is under way: await it');
    }
    this.#busy = true;
  }

  /**
   * Run to the end in slices, so that the host stays responsive: about every `budgetMs` it gets its turn.
   * The result has the same bits as with `step(Infinity)`, however it is sliced.
   *
   * @returns the result at the end; the descent can still be looked at, and is to be disposed of
   * @throws (as a rejection) SvdAbortError `aborted` when `signal` is aborted: its `result` is the best guess
   *   so far with the history, and the descent can go on; SvdTypeError or SvdRangeError `invalid-option`,
   *   `unknown-option`; SvdTypeError `disposed`, `busy`; whatever `lr` or `onProgress` throws
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
    this.#hold();
    try {
      return await runInSlices(this.#run, this.#signs, checked('', runTable, options));
    } finally {
      this.#busy = false;
    }
  }

  /** The factors as of now, sorted and signed; the descent can go on. After divergence: the best finite ones. */
  result(): SvdResult {
    return resultOf(this.#run, this.#signs);
  }

  /**
   * The factors at the smallest loss so far, which need not be the latest; the descent is not moved. Its
   * `losses`, `iterations` and `status` are those of the descent, its `loss` is that of the factors.
   */
  best(): SvdResult {
    return bestOf(this.#run, this.#signs);
  }

  /**
   * Everything there is to know of it, as plain data for {@link resume}; a later step does not change it.
   * An `lr` that is a function is left out, as functions can't be cloned: give it again to `resume`.
   */
  save(): SavedDescent {
    return save(this.#run, this.#signs);
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
export function descend<Name extends OptimizerName = OptimizerName>(
  M: MatrixInput,
  options: SvdOptions<Name> = {},
): Descent<Name> {
  const all = checkedProblem(svdTable, options) as Checked;
  return Descent.of(begin(M, all), all.signs);
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
  const { run, signs } = restored(saved, options);
  return Descent.of(run, signs);
}
