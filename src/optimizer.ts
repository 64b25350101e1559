/** What an optimizer is to the wrapper: its name, its options and their ranges, and what the core needs of it. */

import type * as numbers from '../assembly/optimizers/boundary.js';
import { checked, number, parameter, type Table } from './check.js';
import { isArray, SvdRangeError, SvdTypeError } from './errors.js';

/**
 * The learning rate: a number, or a function of the iteration (counted from 0; see {@link schedules}), called once
 * for each iteration, right before it.
 */
export type LearningRate = number | ((iteration: number) => number);

/** Learning rates that nobody can see being asked for: functions of ours, which may be asked for many iterations at once. */
export const pure = /* @__PURE__ */ new WeakSet<LearningRate & object>();

/** The names of the optimizers. */
export type OptimizerName = keyof typeof numbers;

/** An optimizer with its options, made by {@link sgd}, {@link adam}, ...; plain data, to be passed on as it is. */
export interface Optimizer<Name extends OptimizerName = OptimizerName> {
  readonly name: Name;
  readonly lr: LearningRate;
  /** Every option but lr, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the core needs of an optimizer, and what a descent goes by unless it is told. */
export interface Resolved {
  readonly optimizer: Optimizer;
  /** Its number in the core. */
  readonly index: number;
  /** Number of state vectors, each as long as theta. */
  readonly vectors: number;
  readonly hyper: readonly number[];
  /** Most iterations. */
  readonly iterations: number;
  /** How far the slopes must have come down (relative to |M|) to count as converged. */
  readonly tolerance: number;
}

/** Of each one that was made here. */
export const resolved = /* @__PURE__ */ new WeakMap<Optimizer, Resolved>();

/** What the options of each may be. */
const tables: Partial<Record<OptimizerName, Table<Record<string, unknown>>>> = {};

/**
 * The optimizer `name`, of this number in the core, with the options that were `given`: what each may be is in `parameters`
 * (made once: that takes longer than all else). All but lr are numbers to the core, which reads them in this order.
 */
export function make<Name extends OptimizerName>(
  name: Name,
  index: (typeof numbers)[Name],
  given: object = {},
  parameters: () => Table<Record<string, unknown>>,
  vectors: number | ((options: Readonly<Record<string, unknown>>) => number),
  iterations = 20_000,
  tolerance = 1e-10,
): Optimizer<Name> {
  tables[name] ??= parameters();
  const { lr, ...options } = checked(`${name}: `, tables[name], given, 'invalid-hyper-parameter');
  const { nesterov, momentum, dampening = 0 } = options;
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new SvdRangeError(
      'invalid-hyper-parameter',
      `${name}: nesterov needs momentum > 0 and dampening 0; they are ${momentum} and ${dampening}`,
    );
  }
  const optimizer = Object.freeze({ name, lr: lr as LearningRate, options: Object.freeze(options) });
  resolved.set(optimizer, {
    optimizer,
    index,
    vectors: typeof vectors === 'number' ? vectors : vectors(options),
    hyper: ([] as unknown[]).concat(...Object.values(options)).map(Number),
    iterations,
    tolerance,
  });
  return optimizer;
}

// what options may be, beside check.ts

/** What `lr` may be. */
export const rate = (usual: number | null | undefined) =>
  parameter<LearningRate>(
    usual,
    'a number >= 0 or a function of the iteration that returns one',
    (lr: LearningRate) => typeof lr === 'function' || (Number.isFinite(lr) && lr >= 0),
    SvdRangeError,
  );

const below1 = (x: number) => x >= 0 && x < 1;

export const fraction = (usual: number) => number(usual, 'a number in [0, 1)', below1);

/** As many numbers as there are by default. */
export const several = (
  usual: readonly number[],
  range: string,
  ok: (...all: number[]) => boolean = () => true,
) =>
  parameter(
    // (it is handed out)
    Object.freeze(usual),
    range,
    (all: unknown) =>
      isArray(all) && all.length === usual.length && all.every(Number.isFinite) && ok(...(all as number[])),
    SvdTypeError,
    usual.length,
  );

export const betas = (...usual: readonly [number, number]) =>
  several(usual, 'two numbers, each in [0, 1)', (...both) => both.every(below1));
