/**
 * A descent in the core, whatever it descends on: its memory, its iterations, its history. One loop for
 * all: `svd`, `svdAsync`, `descend` and `invert` run through `step`.
 */

import { memory, type Pointer, tooLarge, wasm } from './core.js';
import { SvdRangeError, SvdTypeError, show } from './errors.js';
import { checkedLr, type LearningRate, type Optimizer, resolve, tuned } from './optimizers.js';

/** What is descended on, in the order of assembly/problems/index.ts. */
export const SVD = 0;
export const INVERSE = 1;

/** A descent's buffers, in the order of `buffer` in assembly/index.ts. */
export const Buffer = {
  matrix: 0,
  weights: 1,
  evolving: 2,
  theta: 3,
  best: 4,
  gradient: 5,
  hyper: 6,
  lrs: 7,
  losses: 8,
} as const;

/** The scalars at the head of the evolving buffer, in the order of `Scalars` in assembly/descent.ts. */
const Scalar = {
  iteration: 0,
  status: 1,
  total: 2,
  reconstruction: 3,
  orthonormalityU: 4,
  orthonormalityV: 5,
  stationarity: 6,
  orthonormality: 7,
} as const;

/** Iterations in one call of the core: the length of its buffers. */
const SLICE = 1024;

/** How a descent stands; `'max-iterations'`: it ran out of iterations before it converged (or tolerance is 0). */
export type Status = 'running' | 'converged' | 'max-iterations' | 'diverged';

/** The loss and its terms; `total` = reconstruction + penalty.U orthonormalityU + penalty.V orthonormalityV. */
export interface Loss {
  readonly total: number;
  /** Σ w (U diag(S) Vᵀ - M)² / Σ w, of M as descended on (scaled to unit norm with `normalize`) */
  readonly reconstruction: number;
  /** mean((UᵀU - I)²) */
  readonly orthonormalityU: number;
  /** mean((VᵀV - I)²) */
  readonly orthonormalityV: number;
}

/** What a run is made of; plain data, it is part of what `save` gives. */
export interface RunSettings {
  readonly problem: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** length of theta */
  readonly size: number;
  readonly weighted: boolean;
  readonly squared: boolean;
  readonly penaltyU: number;
  readonly penaltyV: number;
  readonly optimizer: Optimizer;
  readonly iterations: number;
  readonly tolerance: number;
  readonly history: number;
}

/** A run as it was; plain data. */
export interface RunState {
  readonly settings: Omit<RunSettings, 'optimizer'>;
  readonly optimizer: Pick<Optimizer, 'name' | 'options'>;
  /** undefined where it was a function: those can't be cloned */
  readonly lr: number | undefined;
  readonly matrix: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly evolving: Float64Array;
  readonly losses: Float64Array;
}

/** Frees the memory of runs that nobody disposed of. */
const forgotten =
  typeof FinalizationRegistry === 'function'
    ? /* @__PURE__ */ new FinalizationRegistry<Pointer>((pointer) => wasm().release(pointer))
    : undefined;

/** The one way a saved state is refused. */
export function unusable(what: string, came: unknown, expected: string): SvdTypeError {
  return new SvdTypeError(
    'invalid-option',
    `${what} is ${show(came)}; give what save() returned, unchanged (${expected})`,
  );
}

/** Throws unless `array` is a Float64Array of this length, of finite numbers if so wished. */
function checkArray(what: string, array: unknown, length?: number, finite = false): void {
  if (Object.prototype.toString.call(array) !== '[object Float64Array]') {
    throw unusable(what, array, 'a Float64Array');
  }
  const numbers = array as Float64Array;
  if (length !== undefined && numbers.length !== length) {
    throw unusable(`${what}.length`, numbers.length, `${length} numbers`);
  }
  if (finite && !numbers.every(Number.isFinite)) throw unusable(what, numbers, 'finite numbers');
}

/** What the core will rely on: sizes that fit together, and switches that are switches. */
function checkSettings(settings: RunState['settings']): void {
  const whole = (x: unknown, least: number) => Number.isInteger(x) && (x as number) >= least;
  const { problem, m, n, k, size, weighted, squared, penaltyU, penaltyV } = settings;
  const { iterations, tolerance, history } = settings;
  const ok =
    (problem === SVD || problem === INVERSE) &&
    [m, n, k].every((x) => whole(x, 1)) &&
    size === (problem === SVD ? (m + n + 1) * k : n * n) &&
    (problem === SVD ? k <= Math.min(m, n) : m === n) &&
    [weighted, squared].every((x) => typeof x === 'boolean') &&
    [penaltyU, penaltyV, tolerance].every((x) => Number.isFinite(x) && x >= 0) &&
    whole(iterations, 1) &&
    iterations < 2 ** 31 &&
    whole(history, 0);
  if (!ok) throw unusable('saved.run.settings', settings, 'sizes that fit together');
}

const none = /* @__PURE__ */ new Float64Array(0);

export class Run {
  readonly settings: RunSettings;
  #pointer: Pointer;
  #optimizer: Optimizer;
  #lr: LearningRate;
  #losses = none;
  #recorded = 0;

  constructor(settings: RunSettings) {
    const { problem, m, n, k, size, weighted, squared, optimizer } = settings;
    const core = wasm();
    const { index, vectors, hyper } = resolve(optimizer);
    let pointer = 0;
    try {
      pointer = core.create(problem, index, vectors, m, n, k, size, Number(weighted));
    } catch {
      // the host would not grow the memory: reported below
    }
    if (pointer === 0) throw tooLarge('M', m, n);
    core.configure(
      pointer,
      Number(squared),
      settings.penaltyU,
      settings.penaltyV,
      settings.tolerance,
      settings.history,
    );
    this.settings = settings;
    this.#pointer = pointer;
    this.#optimizer = optimizer;
    this.#lr = optimizer.lr;
    if (hyper.length > 0) this.view(Buffer.hyper).set(hyper);
  }

  /** Free the memory when nobody can reach the run any more, for runs that leave our hands. */
  keep(): this {
    forgotten?.register(this, this.pointer, this);
    return this;
  }

  get pointer(): Pointer {
    if (this.#pointer === 0) {
      throw new SvdTypeError('disposed', 'this descent was disposed of; take its result() before dispose()');
    }
    return this.#pointer;
  }

  /** A live view on a buffer, to be used before the core runs again. */
  view(which: number): Float64Array {
    const at = this.at(which);
    return memory().subarray(at, at + wasm().length(this.pointer, which));
  }

  /** Where in `memory()` a buffer starts. */
  at(which: number): number {
    return (wasm().address(this.pointer, which) >>> 0) / 8;
  }

  #scalar(which: number): number {
    return wasm().scalar(this.pointer, which);
  }

  get iteration(): number {
    return this.#scalar(Scalar.iteration);
  }

  get status(): Status {
    const status = this.#scalar(Scalar.status);
    if (status === 1) return 'converged';
    if (status === 2) return 'diverged';
    return this.iteration >= this.settings.iterations ? 'max-iterations' : 'running';
  }

  /** The loss of the guess as it is now. */
  get loss(): Loss {
    this.#advance(0);
    return {
      total: this.#scalar(Scalar.total),
      reconstruction: this.#scalar(Scalar.reconstruction),
      orthonormalityU: this.#scalar(Scalar.orthonormalityU),
      orthonormalityV: this.#scalar(Scalar.orthonormalityV),
    };
  }

  /** The losses recorded so far, a copy. */
  get losses(): Float64Array {
    return this.#losses.slice(0, this.#recorded);
  }

  get lr(): LearningRate {
    return this.#lr;
  }

  set lr(lr: LearningRate) {
    this.#lr = checkedLr(lr, this.#optimizer.name);
  }

  /** The optimizer as it is now. */
  get optimizer(): Optimizer {
    return { ...this.#optimizer, lr: this.#lr };
  }

  /** Other hyper-parameters from the next iteration on; what the optimizer remembers stays. */
  tune(changes: object): void {
    const optimizer = tuned(this.optimizer, changes);
    this.view(Buffer.hyper).set(resolve(optimizer).hyper);
    this.#optimizer = optimizer;
    this.#lr = optimizer.lr;
  }

  /** The learning rates of the next `count` iterations, where they are a function's. */
  #schedule(lr: (iteration: number) => number, count: number): void {
    const first = this.iteration;
    const rates = Array.from({ length: count }, (_, i) => {
      const rate = lr(first + i);
      if (typeof rate !== 'number' || !(rate >= 0) || !Number.isFinite(rate)) {
        throw new SvdRangeError(
          'invalid-hyper-parameter',
          `lr(${first + i}) returned ${show(rate)}; return a number >= 0`,
        );
      }
      return rate;
    });
    this.view(Buffer.lrs).set(rates);
  }

  /** At most SLICE iterations, in one call of the core. */
  #advance(count: number): void {
    const lr = this.#lr;
    if (typeof lr === 'number') wasm().step(this.pointer, count, lr, 0);
    else {
      this.#schedule(lr, count);
      wasm().step(this.pointer, count, 0, count);
    }
    if (this.settings.history === 0 || count === 0) return;
    const slice = this.view(Buffer.losses);
    const recorded = this.#recorded + slice.length;
    if (this.#recorded === 0) this.#losses = slice.slice();
    else {
      if (recorded > this.#losses.length) {
        const grown = new Float64Array(2 * recorded);
        grown.set(this.#losses);
        this.#losses = grown;
      }
      this.#losses.set(slice, this.#recorded);
    }
    this.#recorded = recorded;
  }

  /** At most `count` iterations, fewer where the run ends before. */
  step(count: number): void {
    const end = Math.min(this.iteration + count, this.settings.iterations);
    while (this.status === 'running' && this.iteration < end)
      this.#advance(Math.min(SLICE, end - this.iteration));
    // look where the last step led: it may have been enough
    this.#advance(0);
  }

  /** Theta at the smallest loss so far, and that loss; the run itself stays where it is. */
  best(): { theta: Float64Array; loss: Loss } {
    this.#advance(0);
    const theta = this.view(Buffer.best).slice();
    const now = this.view(Buffer.theta);
    if (theta.every((value, at) => value === now[at])) return { theta, loss: this.loss };
    // its terms are not kept: look at it once more, beside the run
    const state = this.save();
    state.evolving.set(theta, (now.byteOffset - this.view(Buffer.evolving).byteOffset) / 8);
    const beside = Run.restore({ ...state, losses: new Float64Array(0) }, 0);
    try {
      return { theta, loss: beside.loss };
    } finally {
      beside.dispose();
    }
  }

  save(): RunState {
    const { optimizer: _, ...settings } = this.settings;
    const { name, options } = this.#optimizer;
    return {
      settings,
      optimizer: { name, options: { ...options } },
      lr: typeof this.#lr === 'number' ? this.#lr : undefined,
      matrix: this.view(Buffer.matrix).slice(),
      weights: this.settings.weighted ? this.view(Buffer.weights).slice() : undefined,
      evolving: this.view(Buffer.evolving).slice(),
      losses: this.losses,
    };
  }

  /** The run that was saved, bit for bit, whoever kept it meanwhile; with another `lr` if given. */
  static restore(state: RunState, lr: LearningRate | undefined = state?.lr): Run {
    if (typeof state !== 'object' || state === null) throw unusable('saved.run', state, 'an object');
    const { settings, optimizer, matrix, weights, evolving, losses } = state;
    if (typeof settings !== 'object' || settings === null) {
      throw unusable('saved.run.settings', settings, 'an object');
    }
    checkSettings(settings);
    if (lr === undefined) {
      throw new SvdTypeError(
        'invalid-option',
        'the saved descent had a function as its lr, and functions can not be saved; give it again: resume(saved, { lr })',
      );
    }
    const { m, n, weighted } = settings;
    checkArray('saved.run.matrix', matrix, m * n, true);
    if (weighted) checkArray('saved.run.weights', weights, m * n, true);
    checkArray('saved.run.losses', losses);
    checkArray('saved.run.evolving', evolving);
    const status = evolving[Scalar.status]!;
    const iteration = evolving[Scalar.iteration]!;
    if (!(status === 0 || status === 1 || status === 2)) {
      throw unusable('the saved status', status, '0, 1 or 2');
    }
    if (!Number.isInteger(iteration) || iteration < 0 || iteration > settings.iterations) {
      throw unusable('the saved iteration', iteration, `0 to ${settings.iterations}`);
    }
    const run = new Run({ ...settings, optimizer: { ...optimizer, lr: checkedLr(lr, 'saved') } });
    try {
      const target = run.view(Buffer.evolving);
      checkArray('saved.run.evolving', evolving, target.length);
      target.set(evolving);
      run.view(Buffer.matrix).set(matrix);
      if (weighted) run.view(Buffer.weights).set(weights!);
      run.#losses = losses.slice();
      run.#recorded = losses.length;
      // looking at its loss anew must not wake a run that had ended
      run.#advance(0);
      run.view(Buffer.evolving)[Scalar.status] = status;
      return run;
    } catch (error) {
      run.dispose();
      throw error;
    }
  }

  dispose(): void {
    if (this.#pointer === 0) return;
    forgotten?.unregister(this);
    wasm().release(this.#pointer);
    this.#pointer = 0;
  }
}
