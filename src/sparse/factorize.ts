/** Ratings, and all else of which most entries are missing: factors and biases from the entries that are there. */

import {
  FACTORS,
  HELD,
  HELD_COLUMN,
  HELD_ROW,
  HELD_VALUE,
  KAPPA,
  LAMBDA,
  LD,
  LEAST,
  LOSS,
  LOW,
  MEAN,
  NUMBERS,
  RMSE,
  STOOD,
  WEIGHTS,
  WORSE,
} from '../../assembly/sparse/boundary.js';
import { checked, choice, flag, nonNegative, parameter, type Table, valid, whole } from '../check.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { isObject, refuse, SvdRangeError } from '../errors.js';
import { SvdAbortError, turn, watchTable } from '../host.js';
import { checkFinite, checkLength, checkScale, isNumeric, type NumericArray, part } from '../matrix.js';
import { field, integers, sparse } from './core.js';
import { BIAS_PENALTY, Factorization, type FactorizationStatus, rangeOf } from './factorization.js';
import { type Entries, entriesOf, type SparseInput, shapeOf } from './matrix.js';

/** Options of {@link factorize}. */
export interface FactorizeOptions {
  /** Rows of the matrix; default: as few as hold all entries. */
  rows?: number;
  /** Columns of the matrix; default: as few as hold all entries. */
  columns?: number;
  /** Number of factors, 1 .. 1000; default 20. */
  rank?: number;
  /**
   * λ >= 0 in Σ w e² + λ(|U|² + |V|²) + 5 |biases|², in units of the entries, as softImpute and ALS know it. Default:
   * chosen by `validation`, from what noise alone would need downwards.
   */
  regularization?: number;
  /**
   * `'uniform'`: λ is the same for all. `'weighted'`: for a row or column that weighs x times as much as they do on average
   * it is λ x^(3/4), which predicts better where some have many more entries than others (Srebro and Salakhutdinov 2010,
   * arXiv:1002.2780): by 0.01 of 0.91 in RMSE on the ratings of the benchmark. Default: weighted where λ is chosen, uniform
   * where it is given.
   */
  norm?: 'uniform' | 'weighted';
  /**
   * A bias for each row and column, and the mean of all entries, beside the factors; default true. Their penalty is 5 whatever
   * λ is: the variance of the noise over that of the biases, which has no unit.
   */
  biases?: boolean;
  /**
   * Entries that are held out: a share of those given, 0 .. 0.5, or entries of their own (in any form). With them the
   * descent ends where their error ends falling, and where no factors predict them better than the biases alone, by more
   * than chance does, there are none; so where there are too few to tell. Default: 0.1 where `regularization` is not given,
   * else none. Once λ is chosen by a share, all entries are fitted.
   */
  validation?: number | SparseInput;
  /** Predictions are held within `[low, high]`. */
  range?: readonly [number, number];
  /**
   * Weights >= 0, one for each entry, in their order. They serve implicit feedback as well (Hu, Koren and Volinsky 2008):
   * entries of 1 for what was seen, weighted by 1 + α times how often, and entries of 0 and weight 1 for a sample of what
   * was not, with `biases: false`. No more than 60 decades may lie between them; beside more than 8 the light ones are found
   * too slowly for a rule to tell that it has ended: `tolerance` counts as 0, and the `status` is never `'converged'`.
   */
  weights?: NumericArray;
  /** Of the random start and of the share that is held out, 0 .. 2^32 - 1; default 314. */
  seed?: number;
  /** A former factorization of this rank to start from; new rows and columns, behind those it knows, start anew. */
  init?: Factorization;
  /** Most iterations of one descent; default 500. */
  iterations?: number;
  /** The descent ends where a step promises less than this of the loss; default 1e-10. */
  tolerance?: number;
}

/** What {@link factorizeAsync} tells on the way. */
export interface FactorizeProgress {
  /** Iterations so far, of all descents. */
  readonly iteration: number;
  readonly regularization: number;
  readonly loss: number;
  /** Root mean square error over the held-out entries; 0 without. */
  readonly validation: number;
}

/** Further options of {@link factorizeAsync}. */
export interface FactorizeAsyncOptions extends FactorizeOptions {
  /** An AbortSignal to stop early: the promise is rejected with an {@link SvdAbortError}, its `result` a factorization. */
  signal?: { readonly aborted: boolean; readonly reason?: unknown };
  /** Called after each few iterations, and awaited. */
  onProgress?: (progress: FactorizeProgress) => unknown;
}

type Checked = FactorizeAsyncOptions &
  Required<Pick<FactorizeOptions, 'rank' | 'biases' | 'seed' | 'iterations' | 'tolerance'>> & {
    /** are weights `SLOW` apart? */
    slow?: boolean;
  };

/** Iterations in one call of the core: the host waits for no more. */
const SLICE = 8;
/** Iterations without a better error over the held-out entries before a descent ends. */
const PATIENCE = 4;
/**
 * By this share factors have to predict so many held-out entries better than biases do: less may be chance, of which there is
 * more where many λ are tried on few entries. (Of 200 sets of 8 .. 1000 entries, biases and noise, 2 at most get factors.)
 */
const better = (held: number) => 0.5 / Math.sqrt(held) + 2 / held;
/** The first λ that is tried, in units of the largest singular value that noise alone would have, ... */
const FIRST = 1.4;
/** ... from one to the next, and how many. */
const DOWN = 0.75;
const TRIES = 30;
/** Most iterations of a descent of biases alone. */
const ALONE = 20;
/** The start: factors of so little of what is to be explained. */
const SMALL = 0.1;
/** Beside a former factorization it is this much. */
const TINY = 1e-4;

// biome-ignore format: a table
const table: Table<Required<FactorizeOptions>> = /* @__PURE__ */ (() => ({
  rows: whole(undefined, 1),
  columns: whole(undefined, 1),
  rank: whole(20, 1, 1000),
  regularization: nonNegative(undefined),
  norm: choice(undefined, 'uniform', 'weighted'),
  biases: flag(true),
  validation: parameter(undefined, 'a share from 0 to 0.5, or entries',
    (held: unknown) => isObject(held) || (typeof held === 'number' && held >= 0 && held <= 0.5), SvdRangeError),
  range: rangeOf(),
  weights: parameter(undefined, 'an array of numbers, one for each entry', isNumeric),
  seed: whole(314, 0, 2 ** 32 - 1),
  init: parameter(undefined, 'a Factorization', (init: unknown) => isObject(init) && init instanceof Factorization),
  iterations: whole(500, 1),
  tolerance: nonNegative(1e-10),
}))();

const asyncTable: Table<Required<FactorizeAsyncOptions>> = /* @__PURE__ */ (() => ({
  ...table,
  ...watchTable,
}))();

/** What is given, in the core: rows, columns, values and weights of the entries. */
interface Given {
  readonly count: number;
  readonly row: Pointer;
  readonly column: Pointer;
  readonly value: Pointer;
  readonly weight: Pointer;
}

/** A loss stays below this, so that what its line search multiplies is within float64; and as a λ it leaves no factors. */
const FAR = 2 ** 400;

/** Weights this far apart are none that a loss in float64 could see: of 1e32 times as much the rounding alone is larger. */
const APART = 1e60;
/** And this far apart a step may promise next to nothing although the light ones have far to go. */
const SLOW = 1e8;

/** What to give where numbers leave their range. */
const NEARER = 'entries, weights and λ nearer to 1';

const checkLoss = (loss: number): void => checkScale('the loss', loss, loss <= FAR, NEARER);

/** What a factorization has of rows and columns. */
type Part = 'U' | 'V' | 'rowBias' | 'columnBias';

/** Work in steps, between which it can be looked at. */
type Course<T> = Generator<Fit, T>;

/** Entries in the core, those that are fitted and those that are held out, and factors for them, with their latest descent. */
class Fit {
  readonly pointer: Pointer;
  readonly held: number;
  readonly #ld: number;
  #losses: number[] = [];
  #errors: number[] = [];
  #status: FactorizationStatus = 'max-iterations';

  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly options: Checked,
    given: Given,
    share: number,
    held?: Entries,
  ) {
    const { rank, biases, seed, range, norm } = options;
    const { count, row, column, value, weight } = given;
    const core = sparse();
    const sizes = [rows, columns, rank, count, held?.count ?? 0, seed, share] as const;
    const kinds = [weight !== 0, biases, norm === 'weighted'] as const;
    this.pointer = room('entries', rows, columns, core.createFit, ...sizes, ...kinds);
    this.held = field(this.pointer, HELD);
    this.#ld = field(this.pointer, LD);
    try {
      if (held) {
        held.copyTo(
          () => integers(this.#at(HELD_ROW), held.count),
          () => integers(this.#at(HELD_COLUMN), held.count),
          () => view(this.#at(HELD_VALUE), held.count),
        );
      }
      core.arrange(this.pointer, count, row, column, value, weight);
      this.now[KAPPA] = BIAS_PENALTY;
      if (range) this.now.set(range, LOW);
      if (!(this.now[WEIGHTS]! > 0)) {
        refuse(SvdRangeError, 'empty-matrix', 'validation', share, 'a smaller share');
      }
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** What the core says of it, as of now. */
  get now(): Float64Array {
    return view(this.pointer, NUMBERS);
  }

  get progress(): FactorizeProgress {
    const { [LAMBDA]: regularization, [LOSS]: loss, [RMSE]: validation } = this.now;
    return {
      iteration: this.#losses.length,
      regularization: regularization!,
      loss: loss!,
      validation: validation!,
    };
  }

  /** Root mean square error of the entries that are fitted, of biases and the penalty as well. */
  get rest(): number {
    return Math.sqrt(this.now[LOSS]! / this.now[WEIGHTS]!);
  }

  /** Where one of its arrays is. */
  #at(which: number): Pointer {
    return field(this.pointer, which);
  }

  /** [A | B], each row of it the factors, the bias and the one (for a column the one and the bias), and zeros. */
  get factors(): Float64Array {
    return view(this.#at(FACTORS), (this.rows + this.columns) * this.#ld);
  }

  /** Where they stand there: from which number on, in how many rows and columns. */
  #place(of: Part): readonly [at: number, rows: number, columns: number] {
    const { rows, columns } = this;
    const { rank } = this.options;
    const B = rows * this.#ld;
    if (of === 'U') return [0, rows, rank];
    if (of === 'rowBias') return [rank, rows, 1];
    return of === 'V' ? [B, columns, rank] : [B + rank + 1, columns, 1];
  }

  /** No biases, and factors whose products are of about this size. */
  scatter(size: number): void {
    sparse().scatter(this.pointer, size);
  }

  /** A former factorization, and a little beside it: where factors are 0 on both sides there is no slope to leave by. */
  startFrom(init: Factorization, size: number): void {
    this.scatter(size);
    const { factors } = this;
    const add = (of: Part, data: Float64Array) => {
      const [at, rows, columns] = this.#place(of);
      data.subarray(0, rows * columns).forEach((x, i) => {
        factors[at + Math.floor(i / columns) * this.#ld + (i % columns)]! += x;
      });
    };
    add('U', init.U.data);
    add('V', init.V.data);
    if (!this.options.biases) return;
    add('rowBias', init.rowBias);
    add('columnBias', init.columnBias);
  }

  /** At most so many iterations with this λ, from the factors as they are; back to the best if entries are held out. */
  *descend(lambda: number, most: number): Course<void> {
    const { pointer, options } = this;
    [this.#losses, this.#errors, this.#status] = [[], [], 'max-iterations'];
    sparse().begin(pointer, lambda);
    checkLoss(this.now[LOSS]!);
    for (let stood = false; this.#losses.length < most && !stood; ) {
      const slice = Math.min(SLICE, most - this.#losses.length);
      withScratch([SLICE, SLICE], 'entries', this.rows, this.columns, (losses, errors) => {
        const done = sparse().descend(pointer, slice, options.tolerance, PATIENCE, losses, errors);
        this.#losses.push(...view(losses, done % STOOD));
        if (this.held > 0) this.#errors.push(...view(errors, done % STOOD));
        stood = done >= STOOD;
        if (stood)
          this.#status = done >= WORSE ? 'validation' : options.slow ? 'max-iterations' : 'converged';
      });
      const { loss, validation } = this.progress;
      checkLoss(Math.max(loss, validation));
      yield this;
    }
    if (this.held > 0) sparse().restore(pointer);
  }

  /** Biases alone, fitted or 0: what is to be explained. */
  *alone(fitted: boolean): Course<void> {
    this.scatter(0);
    if (fitted) yield* this.descend(FAR, ALONE);
    else sparse().begin(this.pointer, FAR);
  }

  /** The factors as they are. */
  result(status = this.#status): Factorization {
    const { rows, factors, now } = this;
    const { biases, range, norm } = this.options;
    const take = (of: Part) => {
      const [at, rows, columns] = this.#place(of);
      const X = part({ columns: this.#ld, data: factors }, rows, columns, at);
      checkFinite(X.data, columns, of, NEARER);
      return X;
    };
    const bias = (of: Part) => (biases ? take(of).data : new Float64Array());
    return new Factorization({
      U: take('U'),
      V: take('V'),
      rowBias: bias('rowBias'),
      columnBias: bias('columnBias'),
      mean: now[MEAN]!,
      regularization: now[LAMBDA]!,
      typical: norm === 'weighted' ? now[WEIGHTS]! / rows : 0,
      range: range && [range[0], range[1]],
      losses: Float64Array.from(this.#losses),
      validation: Float64Array.from(this.#errors),
      iterations: this.#losses.length,
      status,
    });
  }

  release(): void {
    sparse().release(this.pointer);
  }
}

/** The λ that predicts the held-out entries best, from `lambda` downwards; none if none is good enough. */
function* chooseLambda(
  fit: Fit,
  rest: number,
  bound: number,
  lambda: number,
): Course<Factorization | undefined> {
  let best: Factorization | undefined;
  for (let tries = 0, worse = 0; tries < TRIES && worse < 2; tries++, lambda *= DOWN) {
    fit.scatter(SMALL * rest);
    yield* fit.descend(lambda, fit.options.iterations);
    const error = fit.now[LEAST]!;
    if (error < bound * (1 - 1e-4)) {
      worse = 0;
      bound = error;
      best = fit.result();
    } else if (best) worse++;
  }
  return best;
}

/** Factors, or where they predict the held-out entries no better, the biases alone. */
function* descent(fit: Fit, regularization: number | undefined): Course<Factorization> {
  const { init, iterations } = fit.options;
  // biases alone: what is to be explained, what factors have to beat, and all there is where nothing can be held out
  yield* fit.alone(fit.held > 0 || regularization === undefined);
  const { rest, rows, columns } = fit;
  const entries = fit.now[WEIGHTS]!;
  const first = FIRST * rest * (Math.sqrt(entries / rows) + Math.sqrt(entries / columns));
  const plain = new Factorization({ ...fit.result('biases'), regularization: regularization ?? first });
  const bound = fit.now[LEAST]! * (1 - better(fit.held));
  if (regularization === undefined)
    return (fit.held > 0 && (yield* chooseLambda(fit, rest, bound, first))) || plain;
  if (init) fit.startFrom(init, TINY * rest);
  else fit.scatter(SMALL * rest);
  yield* fit.descend(regularization, iterations);
  return fit.held > 0 && !(fit.now[LEAST]! < bound) ? plain : fit.result();
}

/** The whole course, step by step, so that there is one for both drivers. */
function* course(
  shape: readonly [number, number],
  asked: Checked,
  given: Given,
  held: Entries | undefined,
): Course<Factorization> {
  const { init, regularization = init?.regularization, validation } = asked;
  const weighted = init ? init.typical > 0 : regularization === undefined;
  const options = { ...asked, norm: asked.norm ?? (weighted ? ('weighted' as const) : ('uniform' as const)) };
  const share = typeof validation === 'number' ? validation : held || regularization !== undefined ? 0 : 0.1;
  function* fitted(out: number, work: (fit: Fit) => Course<Factorization>): Course<Factorization> {
    const fit = new Fit(...shape, options, given, out, held);
    try {
      return yield* work(fit);
    } finally {
      fit.release();
    }
  }
  if (regularization === undefined && !held && share === 0) {
    refuse(SvdRangeError, 'invalid-option', 'validation', share, 'a share > 0, or a regularization');
  }
  const best = yield* fitted(share, (fit) => descent(fit, regularization));
  if (regularization !== undefined || held) return best;
  // all entries, in the same way
  return yield* fitted(0, function* (fit) {
    const { validation, status, regularization } = best;
    yield* fit.alone(status === 'biases');
    if (status !== 'biases') {
      fit.scatter(SMALL * fit.rest);
      yield* fit.descend(regularization, validation.indexOf(Math.min(...validation)) + 1);
    }
    return new Factorization({ ...fit.result(status), regularization, validation });
  });
}

/** Values that the core can square, and add up. */
function checkSizes(value: Float64Array): void {
  const most = value.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const ok = most === 0 || (most > 1e-140 && most < 1e140);
  checkScale('the largest of entries', most, ok, 'them in a unit of 1e-140 to 1e140');
}

/** Entries and weights, checked, on their way into the core; `work` is done with them. */
function* prepared(input: SparseInput, options: Checked): Course<Factorization> {
  const { weights, validation, init, rank } = options;
  const from = entriesOf(input, 'entries', options);
  const held = isObject(validation) ? entriesOf(validation as SparseInput, 'validation', options) : undefined;
  const known = [from, held ?? from, init ? { rows: init.U.rows, columns: init.V.rows } : from];
  const [rows, columns] = shapeOf('entries', {
    rows: options.rows ?? Math.max(...known.map(({ rows }) => rows)),
    columns: options.columns ?? Math.max(...known.map(({ columns }) => columns)),
  });
  for (const [name, one] of Object.entries({ entries: from, validation: held })) {
    if (one && (one.rows > rows || one.columns > columns)) {
      refuse(SvdRangeError, 'shape-mismatch', name, one, `at most ${rows} x ${columns}, as the options say`);
    }
  }
  const { count } = from;
  if (count === 0) refuse(SvdRangeError, 'empty-matrix', 'entries', [], 'at least one entry');
  if (init && init.U.columns !== rank) {
    refuse(SvdRangeError, 'invalid-rank', 'init.U.columns', init.U.columns, `${rank}, the rank`);
  }
  if (weights) checkLength(weights, 'weights', count, ', one for each entry');
  const words = Math.ceil(count / 2);
  const row = room('entries', rows, columns, sparse().alloc, 2 * words + (weights ? 2 : 1) * count);
  const column = row + 8 * words;
  const value = column + 8 * words;
  const weight = weights ? value + 8 * count : 0;
  let asked = options;
  try {
    from.copyTo(
      () => integers(row, count),
      () => integers(column, count),
      () => view(value, count),
    );
    checkSizes(view(value, count));
    if (weights) {
      const list = Float64Array.from({ length: count }, (_, e) =>
        valid(`weights[${e}]`, weights[e]!, nonNegative(null)),
      );
      const sum = list.reduce((sum, one) => sum + one);
      if (!(sum > 0 && sum < Infinity))
        refuse(SvdRangeError, 'invalid-option', 'the sum of weights', sum, 'some > 0');
      const least = list.reduce((least, one) => (one > 0 ? Math.min(least, one) : least), sum);
      if (!(sum <= least * APART))
        refuse(SvdRangeError, 'invalid-option', 'the least of weights', least, `0, beside a sum of ${sum}`);
      // (a sum grows with the entries)
      if (list.some((one) => one > least * SLOW)) asked = { ...options, tolerance: 0, slow: true };
      view(weight, count).set(list);
    }
    return yield* course([rows, columns], asked, { count, row, column, value, weight }, held);
  } finally {
    sparse().release(row);
  }
}

/**
 * Factors and biases of a matrix of which few entries are known, such as ratings of things by people:
 *
 * ```text
 * v ≈ mean + row bias + column bias + U[i]·V[j]
 * loss = Σ w e² + λ (|U|² + |V|²) + 5 |biases|²
 * ```
 *
 * by nonlinear conjugate gradients with an exact step, over the known entries alone: no learning rate, and memory in
 * proportion to the entries. Where λ is not given, a tenth of the entries is held out and chooses it; where these are
 * predicted no better with factors than by the biases alone, the factors are 0 and the `status` is `'biases'`. The same
 * entries in the same order give the same bits.
 *
 * `'converged'` says that a step promises less than `tolerance` of the loss, and that where factors are empty (A u = B u = 0
 * for some u) power iteration found no way out of them that brings more. So with a rank that is as large as the smaller side,
 * or with factors left empty, it is the least loss of all, as far as such a test can tell; with a smaller rank and all
 * factors in use it is a minimum, which need not be the least: other seeds may find others.
 *
 * @param entries `[i, j, value]` one by one, or COO or CSR; of one place each counts by itself
 * @throws SvdTypeError, SvdRangeError for a bad entry or option, with its position
 * @see Koren, Bell and Volinsky, https://doi.org/10.1109/MC.2009.263
 * @example
 * ```ts
 * const entries: [number, number, number][] = [[0, 0, 5], [0, 1, 3], [1, 0, 4], [2, 1, 1], [2, 2, 2]];
 * factorize(entries, { rank: 2, regularization: 1, range: [1, 5] }).predict(1, 2);
 * ```
 */
export function factorize(entries: SparseInput, options: FactorizeOptions = {}): Factorization {
  const work = prepared(entries, checked<FactorizeOptions>('', table, options) as Checked);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * {@link factorize} that yields to the host after every few iterations: the same factorization, bit for bit.
 *
 * @throws (as a rejection) what {@link factorize} throws; SvdAbortError `aborted` when `signal` is aborted, its `result` the
 *   factorization as far as it came
 * @example
 * ```ts
 * await factorizeAsync([[0, 0, 5], [1, 0, 4]], { regularization: 1, signal: AbortSignal.timeout(5000) });
 * ```
 */
export async function factorizeAsync(
  entries: SparseInput,
  options: FactorizeAsyncOptions = {},
): Promise<Factorization> {
  const all = checked<FactorizeAsyncOptions>('', asyncTable, options) as Checked;
  const work = prepared(entries, all);
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      await all.onProgress?.(value.progress);
      await turn();
      if (all.signal?.aborted) {
        const best = value.result();
        throw new SvdAbortError(all.signal.reason, `iteration ${best.iterations}`, best);
      }
    }
  } finally {
    // (what was taken of the core's memory is given back)
    work.return(undefined as never);
  }
}
