/**
 * The optimizers: names, hyper-parameters and their ranges. The arithmetic is in assembly/optimizers/,
 * one file each; options, defaults and arithmetic are those of torch.optim in PyTorch 1.13.
 */

import { SvdRangeError, SvdTypeError, show } from './errors.js';

/** The learning rate: a number, or a function of the iteration (counted from 0; see {@link schedules}). */
export type LearningRate = number | ((iteration: number) => number);

/** An optimizer with its options, made by {@link sgd}, {@link adam}, ...; plain data, to be passed on as it is. */
export interface Optimizer {
  readonly name: OptimizerName;
  readonly lr: LearningRate;
  /** Every option but lr, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
}

type Value = number | boolean | readonly [number, number];

/** What a hyper-parameter may be; `default: undefined` = must be given. */
interface Parameter {
  readonly default: Value | undefined;
  readonly ok: (value: number) => boolean;
  readonly range: string;
}

const nonNegative = (value?: number): Parameter => ({
  default: value,
  ok: (x) => x >= 0,
  range: 'a number >= 0',
});

const flag = (value: boolean): Parameter => ({ default: value, ok: () => true, range: 'true or false' });
const fractions = (...value: [number, number]): Parameter => ({
  default: value,
  ok: (x) => x >= 0 && x < 1,
  range: 'two numbers in [0, 1)',
});

interface Kind {
  /** Number of state vectors, each as long as theta. */
  readonly vectors: number;
  readonly lr: number | undefined;
  /** In the order in which the core reads them. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly iterations: number;
  readonly tolerance: number;
}

/** How far the slopes of a first-order method must have come down (relative to |M|) to count as converged. */
const firstOrder = { iterations: 20_000, tolerance: 1e-10 };

const kinds = {
  sgd: {
    vectors: 1,
    lr: undefined,
    parameters: {
      momentum: nonNegative(0),
      dampening: { default: 0, ok: Number.isFinite, range: 'a number' },
      nesterov: flag(false),
      weightDecay: nonNegative(0),
    },
    ...firstOrder,
  },
  adam: {
    vectors: 3,
    lr: 1e-3,
    parameters: {
      betas: fractions(0.9, 0.999),
      eps: nonNegative(1e-8),
      weightDecay: nonNegative(0),
      amsgrad: flag(false),
    },
    ...firstOrder,
  },
  levenbergMarquardt: {
    vectors: 7,
    lr: 1,
    parameters: { damping: nonNegative(0.2), weightDecay: nonNegative(0) },
    iterations: 2000,
    tolerance: Number.EPSILON,
  },
} as const satisfies Record<string, Kind>;

/** The names of the optimizers, in the order of the core's table. */
export type OptimizerName = keyof typeof kinds;

const names = Object.keys(kinds) as OptimizerName[];

function checked(name: string, key: string, value: unknown, parameter: Parameter): Value {
  const { range, ok } = parameter;
  const valid =
    typeof parameter.default === 'boolean'
      ? typeof value === 'boolean'
      : Array.isArray(parameter.default)
        ? Array.isArray(value) && value.length === 2 && value.every((x) => typeof x === 'number' && ok(x))
        : typeof value === 'number' && Number.isFinite(value) && ok(value);
  if (!valid)
    throw new SvdRangeError('invalid-hyper-parameter', `${name}: ${key} is ${show(value)}; give ${range}`);
  return value as Value;
}

/** A learning rate that came as `from`, checked. */
export function checkedLr(value: unknown, from: string): LearningRate {
  if (typeof value === 'function') return value as (iteration: number) => number;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  throw new SvdRangeError(
    'invalid-hyper-parameter',
    `${from}: lr is ${show(value)}; give a number >= 0 or a function of the iteration that returns one`,
  );
}

function make(name: OptimizerName, given: object = {}): Optimizer {
  const kind: Kind = kinds[name];
  if (typeof given !== 'object' || given === null) {
    throw new SvdTypeError('invalid-option', `${name}(${show(given)}): give an object of options`);
  }
  const { lr = kind.lr, ...rest } = given as Record<string, unknown>;
  const options: Record<string, Value> = {};
  for (const key of Object.keys(rest)) {
    if (!Object.hasOwn(kind.parameters, key)) {
      const known = ['lr', ...Object.keys(kind.parameters)].join(', ');
      throw new SvdTypeError('unknown-option', `${name} has no option ${show(key)}; it has ${known}`);
    }
  }
  for (const [key, parameter] of Object.entries(kind.parameters)) {
    options[key] = checked(name, key, rest[key] ?? parameter.default, parameter);
  }
  return Object.freeze({ name, lr: checkedLr(lr, name), options: Object.freeze(options) });
}

/** What the core needs of an optimizer. */
export interface Resolved extends Pick<Kind, 'iterations' | 'tolerance' | 'vectors'> {
  readonly index: number;
  readonly hyper: readonly number[];
}

const resolved = new WeakMap<Optimizer, Resolved>();

/** An optimizer as it came (from a factory, or structurally cloned), checked and laid out for the core. */
export function resolve(optimizer: Optimizer): Resolved {
  let known = resolved.get(optimizer);
  if (known === undefined) {
    known = layOut(optimizer);
    if (Object.isFrozen(optimizer)) resolved.set(optimizer, known);
  }
  return known;
}

function layOut(optimizer: Optimizer): Resolved {
  const index = names.indexOf(optimizer?.name);
  if (index < 0) {
    throw new SvdTypeError(
      'invalid-option',
      `optimizer is ${show(optimizer)}; give one made by ${names.map((name) => `${name}()`).join(', ')}`,
    );
  }
  const { options } = make(optimizer.name, { lr: optimizer.lr, ...optimizer.options });
  const { vectors, iterations, tolerance } = kinds[optimizer.name] as Kind;
  return { index, vectors, iterations, tolerance, hyper: Object.values(options).flat().map(Number) };
}

/** An optimizer with some hyper-parameters changed, checked; what it keeps between steps must stay of one size. */
export function tuned(optimizer: Optimizer, changes: object): Optimizer {
  const { name, lr, options } = optimizer;
  const changed = make(name, { lr, ...options, ...changes });
  if (resolve(changed).vectors !== resolve(optimizer).vectors) {
    throw new SvdRangeError(
      'invalid-hyper-parameter',
      `${name}: this would change how much it remembers, which a descent under way can't; start a new one`,
    );
  }
  return changed;
}

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Learning rate, >= 0; no default, as in PyTorch 1.13. */
  lr: LearningRate;
  /** >= 0; default 0. */
  momentum?: number;
  /** Dampening of the momentum; default 0. */
  dampening?: number;
  /** Nesterov momentum (needs momentum > 0 and no dampening); default false. */
  nesterov?: boolean;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, as `torch.optim.SGD`.
 *
 * ```text
 * g += weightDecay θ
 * b  = g at the first step, then momentum b + (1 - dampening) g
 * θ -= lr (g + momentum b) with nesterov, else lr b
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.SGD.html
 * @example
 * ```ts
 * svd(M, { optimizer: sgd({ lr: 0.9, momentum: 0.9 }) });
 * ```
 */
export function sgd(options: SgdOptions): Optimizer {
  const optimizer = make('sgd', options);
  const { nesterov, momentum, dampening } = optimizer.options;
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new SvdRangeError(
      'invalid-hyper-parameter',
      `sgd: nesterov is true with momentum ${momentum} and dampening ${dampening}; it needs momentum > 0 and dampening 0`,
    );
  }
  return optimizer;
}

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Learning rate, >= 0; default 1e-3. */
  lr?: LearningRate;
  /** Decay of the running means of the gradient and its square, each in [0, 1); default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the denominator, >= 0; default 1e-8. */
  eps?: number;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
  /** Keep the maximum of the second moments (Reddi, Kale and Kumar, 2018); default false. */
  amsgrad?: boolean;
}

/**
 * Adam, as `torch.optim.Adam`.
 *
 * ```text
 * g += weightDecay θ
 * m  = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
 * θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps),   v̂ = v, or with amsgrad the largest v so far
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.Adam.html
 * @see Kingma and Ba, https://arxiv.org/abs/1412.6980
 * @example
 * ```ts
 * svd(M, { optimizer: adam({ lr: 0.01 }) });
 * ```
 */
export function adam(options?: AdamOptions): Optimizer {
  return make('adam', options);
}

/** Options of {@link levenbergMarquardt}. */
export interface LevenbergMarquardtOptions {
  /** Share of each step that is taken, 1 by default: there is no length to choose. */
  lr?: LearningRate;
  /** Share of the gradient's norm that is added to the curvature, >= 0; default 0.2. */
  damping?: number;
  /**
   * L2 penalty on the singular values, >= 0: weightDecay/2 |S|² (of the scaled M) beside the reconstruction loss,
   * for gaps in noisy data; default 0. It is part of what is converged to, but not of the recorded loss.
   */
  weightDecay?: number;
}

/**
 * Levenberg-Marquardt in the frame of the current U and V, the default of {@link svd}: the gradient
 * preconditioned entry by entry with the curvature of the loss, which there is nearly diagonal.
 * Quadratic convergence in a dozen iterations; singular values to rounding.
 *
 * ```text
 * T = Uᵀ M V,  s = diag(T),  O = T - diag(s)
 * p = (sⱼ - sᵢ) (O + Oᵀ)ᵢⱼ / ((sⱼ - sᵢ)² + l²),  q = (sⱼ + sᵢ) (O - Oᵀ)ᵢⱼ / ((sⱼ + sᵢ)² + l²)
 * U turns by (p + q)/2, V by (p - q)/2;  l² = damping² rᵢ rⱼ,  rᵢ: the gradient of column pair i
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see Ogita and Aishima, https://doi.org/10.1016/j.cam.2019.112512
 * @example
 * ```ts
 * svd(M, { optimizer: levenbergMarquardt() }); // the same as svd(M)
 * ```
 */
export function levenbergMarquardt(options?: LevenbergMarquardtOptions): Optimizer {
  return make('levenbergMarquardt', options);
}
