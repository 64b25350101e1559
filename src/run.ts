/**
 * A run in the core, whatever it descends on: its memory, its iterations, its history. One loop for
 * all: `svd`, `svdAsync`, `descend` and `invert` run through `step`.
 */

import {
  CONVERGED,
  EVOLVING,
  HYPER,
  ITERATION,
  LOSSES,
  MATRIX,
  ORTHONORMALITY_U,
  ORTHONORMALITY_V,
  RATES,
  RECONSTRUCTION,
  RUNNING,
  SLICE,
  STATUS,
  TOTAL,
} from '../assembly/boundary.js';
import { memory, type Pointer, room, wasm } from './core.js';
import { isObject, refuse, SvdRangeError, SvdTypeError } from './errors.js';
import { checkFinite, checkNorm, type Floats } from './matrix.js';
import { type Optimizer, pure } from './optimizer.js';
import { remade, resolve } from './resolve.js';

/** How a descent stands; `'max-iterations'`: it ran out of iterations before it converged (or tolerance is 0). */
export type Status = 'running' | 'converged' | 'max-iterations' | 'diverged';

/**
 * The loss and its terms; `total` = reconstruction + penalty.U orthonormalityU + penalty.V orthonormalityV
 * + 2 regularization ΣS / Σ w.
 */
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

/** Frees the memory of runs that nobody disposed of. */
const forgotten = /* @__PURE__ */ new FinalizationRegistry<Pointer>((pointer) => wasm().release(pointer));

const none = /* @__PURE__ */ new Float64Array(0);

/** One descent, whatever it is on. */
export class Run {
  readonly settings: RunSettings;
  /** The norm of M, if it was scaled to 1: `normalize` */
  scale = 1;
  /** The means of M's columns, if they were subtracted: `center` */
  mean: Floats | undefined;
  #pointer: Pointer;
  /** Where its scalars begin in `memory()`. */
  #scalars: number;
  /** Is it to be freed when it is forgotten? */
  #kept = false;
  #optimizer: Optimizer;
  /** The losses so far, and room for more. */
  #losses = none;
  #recorded = 0;

  constructor(settings: RunSettings) {
    const { problem, m, n, k, weighted } = settings;
    const { create } = wasm();
    const { optimizer, index, vectors, hyper } = resolve(settings.optimizer);
    const pointer = room('M', m, n, create, problem, index, vectors, m, n, k, weighted);
    this.settings = settings;
    this.#pointer = pointer;
    this.#scalars = this.at(EVOLVING);
    this.#optimizer = optimizer;
    this.configure(settings.tolerance);
    this.#write(HYPER, hyper);
  }

  /** All that is set, but where it ends: by `tolerance`. */
  configure(tolerance: number): void {
    const { squared, penaltyU, penaltyV, history } = this.settings;
    wasm().configure(this.pointer, squared, penaltyU, penaltyV, tolerance, history);
  }

  /** Free the memory when nobody can reach the run any more, for runs that leave our hands. */
  keep(): this {
    forgotten.register(this, this.pointer, this);
    this.#kept = true;
    return this;
  }

  /** Where it is in the core. */
  get pointer(): Pointer {
    if (this.#pointer === 0) {
      throw new SvdTypeError('disposed', 'this descent was disposed of; start anew');
    }
    return this.#pointer;
  }

  /** Where a buffer begins in `memory()`. */
  at(which: number): number {
    return (wasm().address(this.pointer, which) >>> 0) / 8;
  }

  /** A live view on a buffer, to be used before the core runs again. */
  view(which: number): Float64Array {
    const at = this.at(which);
    return memory().subarray(at, at + wasm().length(this.#pointer, which));
  }

  /**
   * Where theta of M begins in `memory()`, if a tall or wide one is descended on in fewer coordinates, too; to be used before
   * the core runs again.
   */
  expand(): number {
    return (wasm().expand(this.pointer) >>> 0) / 8;
  }

  /** Theta of M, from there. */
  get theta(): Float64Array {
    const at = this.expand();
    return memory().subarray(at, at + this.settings.size);
  }

  set theta(theta: Float64Array) {
    memory().set(theta, this.expand());
    wasm().reduce(this.pointer);
  }

  /** Numbers into a buffer. (`set` takes its time to read an array) */
  #write(which: number, numbers: readonly number[]): void {
    const first = this.at(which);
    for (let i = 0; i < numbers.length; i++) memory()[first + i] = numbers[i]!;
  }

  #scalar(which: number): number {
    return this.pointer && memory()[this.#scalars + which]!;
  }

  /** Updates made so far. */
  get iteration(): number {
    return this.#scalar(ITERATION);
  }

  /** How it stands. */
  get status(): Status {
    const status = this.#scalar(STATUS);
    if (status !== RUNNING) return status === CONVERGED ? 'converged' : 'diverged';
    return this.iteration < this.settings.iterations ? 'running' : 'max-iterations';
  }

  /** The loss of the guess as it is now, looked at where that was not done. */
  get loss(): Loss {
    this.advance(0);
    return {
      total: this.#scalar(TOTAL),
      reconstruction: this.#scalar(RECONSTRUCTION),
      orthonormalityU: this.#scalar(ORTHONORMALITY_U),
      orthonormalityV: this.#scalar(ORTHONORMALITY_V),
    };
  }

  /** The losses recorded so far; a copy, but at the end of a run that is ours alone. */
  get losses(): Floats {
    const all = this.#losses;
    const ours = !this.#kept && this.#recorded > 0 && this.#recorded === all.length;
    return ours ? all : all.slice(0, this.#recorded);
  }

  /** The optimizer with its hyper-parameters as they are now. */
  get optimizer(): Optimizer {
    return this.#optimizer;
  }

  /** Other hyper-parameters from the next iteration on. */
  tune(changes: Readonly<Record<string, unknown>>): void {
    if (!isObject(changes)) refuse(SvdTypeError, 'invalid-option', 'changes', changes, 'an object');
    const optimizer = remade(this.#optimizer, changes);
    const { hyper, vectors } = resolve(optimizer);
    if (vectors !== resolve(this.#optimizer).vectors) {
      const what = Object.keys(changes).join(' or ');
      throw new SvdRangeError(
        'invalid-hyper-parameter',
        `${optimizer.name}: ${what} changes how much it remembers; start anew`,
      );
    }
    this.#write(HYPER, hyper);
    this.#optimizer = optimizer;
  }

  /** M, which is in its buffer, checked and, if so `wanted`, scaled to unit norm; `regularization` with it. */
  normalize(wanted: boolean, remedy?: string, regularization = 0): void {
    const scale = wasm().normalize(this.pointer, wanted, regularization);
    if (!(scale > 0 && scale < Infinity)) {
      checkFinite(this.view(MATRIX), this.settings.n, 'M', remedy);
      checkNorm(scale, false);
    }
    this.scale = scale;
  }

  /** At most SLICE iterations, in one call of the core; 0: only look at the loss. */
  advance(count: number): void {
    const { lr } = this.#optimizer;
    if (typeof lr === 'number') wasm().step(this.pointer, count, lr, 0);
    else {
      const rates = this.#rates(lr, pure.has(lr) ? count : Math.min(count, 1));
      this.#write(RATES, rates);
      wasm().step(this.pointer, rates.length, 0, rates.length);
    }
    this.record(memory(), this.at(LOSSES), wasm().length(this.#pointer, LOSSES));
  }

  /** The loss of a theta from outside; neither where the descent stands nor how is to change, so without a rule for the end. */
  look(): void {
    const status = this.#scalar(STATUS);
    wasm().forget(this.pointer);
    this.configure(0);
    this.advance(0);
    this.configure(this.settings.tolerance);
    memory()[this.#scalars + STATUS] = status;
  }

  /** All that evolves, as it was at another time. */
  restore(evolving: Float64Array): void {
    this.view(EVOLVING).set(evolving);
    this.look();
    // bit for bit: what was computed anew may differ by rounding from what a line search left
    this.view(EVOLVING).set(evolving);
  }

  /** The learning rates of the next `count` iterations, up to a bad one: that is an error if its turn comes. */
  #rates(lr: (iteration: number) => number, count: number): number[] {
    const rates: number[] = [];
    for (let at = this.iteration; rates.length < count; at++) {
      const rate = lr(at);
      if (!(Number.isFinite(rate) && rate >= 0)) {
        if (rates.length > 0) break;
        refuse(SvdRangeError, 'invalid-hyper-parameter', `lr(${at})`, rate, 'a number >= 0');
      }
      rates.push(rate);
    }
    return rates;
  }

  /** More of the history: so many of `losses`, from `at` on. */
  record(losses: Float64Array, at: number, count: number): void {
    const end = this.#recorded + count;
    if (end > this.#losses.length) {
      const grown = new Float64Array(this.#recorded ? 2 * end : end);
      grown.set(this.#losses);
      this.#losses = grown;
    }
    while (this.#recorded < end) this.#losses[this.#recorded++] = losses[at++]!;
  }

  /** At most `count` iterations, fewer where the descent ends before. */
  step(count: number): void {
    const end = Math.min(this.iteration + count, this.settings.iterations);
    while (this.status === 'running' && this.iteration < end) {
      this.advance(Math.min(SLICE, end - this.iteration));
    }
  }

  /** Give the memory back. */
  dispose(): void {
    if (this.#pointer === 0) return;
    if (this.#kept) forgotten.unregister(this);
    wasm().release(this.#pointer);
    this.#pointer = 0;
  }
}
