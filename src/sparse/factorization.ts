/** What `factorize` finds: factors and biases, and what can be predicted with them. */

import { any, checked, choice, nonNegative, number, parameter, type Table, valid, whole } from '../check.js';
import { view, withScratch } from '../core.js';
import { hasMethod, reading, refuse, SvdRangeError, SvdTypeError } from '../errors.js';
import { readNumbers } from '../factors.js';
import {
  checkFinite,
  checkLength,
  copied,
  type Floats,
  isNumeric,
  type Matrix,
  type NumericArray,
  oneByOne,
} from '../matrix.js';
import { sparse } from './core.js';
import { tuple } from './matrix.js';

/**
 * How a factorization ended: `'converged'`; `'validation'`, the held-out error rose again (the factors are those at its
 * least); `'biases'`, no factors predicted held-out entries better than the biases alone, which is what it predicts then;
 * `'max-iterations'`.
 */
export type FactorizationStatus = 'converged' | 'validation' | 'biases' | 'max-iterations';

/** The penalty on a squared bias: about the variance of the noise over that of the biases, which has no unit. */
export const BIAS_PENALTY = 5;

/** A column and what is predicted for it. */
export interface Recommendation {
  readonly column: number;
  readonly value: number;
}

/** Options of {@link Factorization.recommend}. */
export interface RecommendOptions {
  /** How many at most; default 10. */
  count?: number;
  /** Columns to leave out, such as those rated already; default none. */
  exclude?: Iterable<number>;
}

const isIterable = (list: unknown): list is Iterable<unknown> => hasMethod(list, Symbol.iterator);

const recommendTable: Table<Required<RecommendOptions>> = /* @__PURE__ */ (() => ({
  count: whole(10, 1),
  exclude: parameter([], 'an iterable of columns', isIterable),
}))();

/** All of a factorization but what it can do. */
export interface FactorizationData {
  readonly U: Matrix;
  readonly V: Matrix;
  readonly rowBias: Floats;
  readonly columnBias: Floats;
  readonly mean: number;
  readonly regularization: number;
  readonly typical: number;
  readonly range: readonly [number, number] | undefined;
  readonly losses: Floats;
  readonly validation: Floats;
  readonly iterations: number;
  readonly status: FactorizationStatus;
}

/** Someone, or something, with factors: a row of the matrix, known or folded in. */
export class FactorRow {
  constructor(
    /** k numbers, as a row of U */
    readonly factors: Floats,
    readonly bias: number,
    readonly of: FactorizationData,
  ) {}

  /** What is predicted for a column, within `range`. */
  predict(column: number): number {
    const { V, range } = this.of;
    valid('column', column, whole(null, 0, V.rows - 1), 'shape-mismatch');
    const value = scoreOf(this, column);
    return range ? Math.min(Math.max(value, range[0]), range[1]) : value;
  }

  /** The columns of which most is predicted, the best first. */
  recommend(options: RecommendOptions = {}): Recommendation[] {
    const { count, exclude } = checked('recommend: ', recommendTable, options) as Required<RecommendOptions>;
    const out = new Set(oneByOne(exclude, 'exclude'));
    // (beyond the range all are alike: their order is that of the scores)
    const scores = Array.from({ length: this.of.V.rows }, (_, column) => scoreOf(this, column));
    return [...scores.keys()]
      .filter((column) => !out.has(column))
      .sort((a, b) => scores[b]! - scores[a]!)
      .slice(0, count)
      .map((column) => ({ column, value: this.predict(column) }));
  }
}

/** What would be predicted for a column without `range`. */
function scoreOf({ factors, bias, of }: FactorRow, column: number): number {
  const { V, columnBias, mean } = of;
  const k = factors.length;
  let score = mean + bias + (columnBias[column] ?? 0);
  for (let c = 0; c < k; c++) score += factors[c]! * V.data[column * k + c]!;
  return score;
}

/** Factors, biases, and how they were found; see {@link factorize}. */
export class Factorization implements FactorizationData {
  /** rows x k */
  declare readonly U: Matrix;
  /** columns x k */
  declare readonly V: Matrix;
  declare readonly rowBias: Floats;
  declare readonly columnBias: Floats;
  /** The mean of the entries (weighted as they are); 0 without biases. */
  declare readonly mean: number;
  /** λ, as it was given or chosen. */
  declare readonly regularization: number;
  /** What a row weighs on average where the norm is weighted: λ is times (weight / typical)^(3/4) for each; else 0. */
  declare readonly typical: number;
  /** Predictions are held within these. */
  declare readonly range: readonly [number, number] | undefined;
  /** Σ w e² + λ(|U|² + |V|²) + 5 |biases|² after each iteration (of the last descent, where λ was chosen). */
  declare readonly losses: Floats;
  /** Root mean square error over the held-out entries after each iteration of the descent that λ was chosen by; empty without. */
  declare readonly validation: Floats;
  /** Iterations that led to these factors; each passes over the entries twice. */
  declare readonly iterations: number;
  declare readonly status: FactorizationStatus;

  constructor(data: FactorizationData) {
    Object.assign(this, data);
  }

  /**
   * What is predicted for row i, column j, both counted from 0: mean + biases + U[i]·V[j], within `range`. A row or column
   * without any entry has factors of 0.
   *
   * @throws SvdRangeError `shape-mismatch` where there is no such row or column
   */
  predict(i: number, j: number): number {
    return this.#row(i).predict(j);
  }

  /**
   * The columns of which most is predicted in row i, the best first. Entries are not kept: to leave out what is known
   * already, name it in `exclude`.
   */
  recommend(i: number, options?: RecommendOptions): Recommendation[] {
    return this.#row(i).recommend(options);
  }

  /**
   * A new row from its entries `[column, value]`, V and the column biases as they are: the least of
   * Σ e² + λ |u|² + 5 bias², a small system solved exactly.
   *
   * @returns a row that can `predict(column)` and `recommend({ count, exclude })`
   * @example
   * ```ts
   * factorize([[0, 0, 5], [1, 0, 4], [1, 1, 2]], { rank: 1, regularization: 1 }).foldIn([[0, 5]]).predict(1);
   * ```
   */
  foldIn(entries: Iterable<NumericArray>): FactorRow {
    const { V, columnBias, mean, regularization, typical } = this;
    const k = V.columns;
    if (!isIterable(entries))
      refuse(SvdTypeError, 'invalid-matrix', 'entries', entries, '[column, value], ..');
    const parts: unknown[] = [entries];
    const read = (entry: NumericArray, e: number) => {
      parts[1] = entry;
      const [j, value] = tuple(entry, 'entries', e, 2, '[column, value]');
      valid(`entries[${e}][0]`, j, whole(null, 0, V.rows - 1), 'invalid-matrix');
      valid(`entries[${e}][1]`, value, number(null, 'a finite number'), 'non-finite-entry');
      return [j, value] as const;
    };
    const list = reading('entries', parts, () => Array.from(oneByOne(entries, 'entries'), read));
    const biased = this.rowBias.length > 0;
    const size = biased ? k + 1 : k;
    const share = list.length / typical;
    const rows = new Float64Array(list.length * (size + 1));
    list.forEach(([j, value], e) => {
      const at = e * (size + 1);
      rows.set(V.data.subarray(j * k, (j + 1) * k), at);
      if (biased) rows[at + k] = 1;
      rows[at + size] = value - mean - (columnBias[j] ?? 0);
    });
    return withScratch(
      [rows.length + 2, size * size + 2, size + 2],
      'entries',
      list.length,
      size,
      (Y, H, x) => {
        view(Y, rows.length).set(rows);
        const lambda = regularization * (typical > 0 ? Math.sqrt(share) * Math.sqrt(Math.sqrt(share)) : 1);
        sparse().foldIn(list.length, size, lambda, biased ? BIAS_PENALTY : lambda, Y, H, x);
        const found = view(x, size).slice();
        checkFinite(found, size, 'the row', 'values in units that bring them near to 1');
        return new FactorRow(found.subarray(0, k), biased ? found[k]! : 0, this);
      },
    );
  }

  #row(i: number): FactorRow {
    const { U, rowBias } = this;
    valid('row', i, whole(null, 0, U.rows - 1), 'shape-mismatch');
    const k = U.columns;
    return new FactorRow(U.data.subarray(i * k, (i + 1) * k), rowBias[i] ?? 0, this);
  }

  /** Plain data for JSON; {@link factorization} brings it back. */
  toJSON() {
    const { U, V, rowBias, columnBias, losses, validation, ...rest } = this;
    return {
      ...rest,
      U: U.toJSON(),
      V: V.toJSON(),
      rowBias: [...rowBias],
      columnBias: [...columnBias],
      losses: [...losses],
      validation: [...validation],
    };
  }
}

/** `[low, high]`, or nothing. */
export const rangeOf = () =>
  parameter(
    undefined,
    '[low, high] with low < high',
    (range: unknown) =>
      isNumeric(range) && range.length === 2 && Number.isFinite(range[0]) && range[0]! < range[1]!,
    SvdRangeError,
    2,
  );

/**
 * A {@link Factorization} from what `toJSON()` gave, after JSON or structuredClone.
 *
 * @throws SvdTypeError, SvdRangeError that name what does not fit
 * @example
 * ```ts
 * const saved = JSON.stringify(factorize([[0, 0, 5], [1, 0, 4], [1, 1, 2]], { rank: 1, regularization: 1 }));
 * factorization(JSON.parse(saved)).predict(0, 1);
 * ```
 */
export function factorization(json: ReturnType<Factorization['toJSON']> | FactorizationData): Factorization {
  const given = checked<FactorizationData>(
    'factorization: ',
    {
      U: any(null),
      V: any(null),
      rowBias: any(null),
      columnBias: any(null),
      mean: number(null),
      regularization: nonNegative(null),
      typical: nonNegative(null),
      range: rangeOf(),
      losses: any(null),
      validation: any(null),
      iterations: whole(null, 0),
      status: choice(null, 'converged', 'validation', 'biases', 'max-iterations'),
    },
    json,
  );
  const factors = (key: 'U' | 'V', columns?: number) => {
    const X = copied(given[key], `factorization.${key}`, undefined, columns);
    checkFinite(X.data, X.columns, `factorization.${key}`);
    return X;
  };
  /** So many numbers, or, where there are no biases, none; of a history as many as there are. */
  const list = (key: 'rowBias' | 'columnBias' | 'losses' | 'validation', length?: number) => {
    const numbers = readNumbers(given[key], `factorization.${key}`);
    if (length && numbers.length) checkLength(numbers, `factorization.${key}`, length);
    return numbers;
  };
  const U = factors('U');
  const V = factors('V', U.columns);
  return new Factorization({
    ...given,
    U,
    V,
    rowBias: list('rowBias', U.rows),
    columnBias: list('columnBias', V.rows),
    losses: list('losses'),
    validation: list('validation'),
  });
}
