/**
 * The optimizers: what is exported here, and nothing else. Each has its options, their defaults and ranges; the arithmetic is in
 * assembly/optimizers/, one file each. Options, defaults and arithmetic are those of torch.optim in PyTorch 1.13.
 */

import * as core from '../assembly/optimizers/boundary.js';
import { flag, nonNegative, number, share, whole } from './check.js';
import { betas, fraction, type LearningRate, make, type Optimizer, rate, several } from './optimizer.js';

/** What Adam and its kin share. */
const moments = () => ({ betas: betas(0.9, 0.999), eps: nonNegative(1e-8), weightDecay: nonNegative(0) });
const momentVectors = (options: { readonly amsgrad?: unknown }) => (options.amsgrad ? 3 : 2);

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
export function sgd(options: SgdOptions): Optimizer<'sgd'> {
  const parameters = () => ({
    lr: rate(null),
    momentum: nonNegative(0),
    dampening: number(0),
    nesterov: flag(false),
    weightDecay: nonNegative(0),
  });
  return make('sgd', core.sgd, options, parameters, 1);
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
export function adam(options?: AdamOptions): Optimizer<'adam'> {
  const parameters = () => ({ lr: rate(1e-3), ...moments(), amsgrad: flag(false) });
  return make('adam', core.adam, options, parameters, momentVectors);
}

/** Options of {@link levenbergMarquardt}. */
export interface LevenbergMarquardtOptions {
  /** At full rank: share of each step that is taken, 1 by default: there is no length to choose. Blocks (see there) go with 1 alone. */
  lr?: LearningRate;
  /** At full rank: share of the gradient's norm that is added to the curvature, >= 0; default 0.2. */
  damping?: number;
}

/**
 * Levenberg-Marquardt in the frame of the current U and V, the default of {@link svd} without gaps and weights, which it
 * does not know: the gradient preconditioned entry by entry with the curvature of the loss, which there is nearly diagonal.
 * Quadratic convergence, in two to four iterations as a rule; singular values to rounding.
 *
 * ```text
 * T = Uᵀ M V,  s = diag(T),  O = T - diag(s)
 * p = (sⱼ - sᵢ) (O + Oᵀ)ᵢⱼ / ((sⱼ - sᵢ)² + l²),  q = (sⱼ + sᵢ) (O - Oᵀ)ᵢⱼ / ((sⱼ + sᵢ)² + l²)
 * U turns by (p + q)/2, V by (p - q)/2;  l² = damping² rᵢ rⱼ,  rᵢ: the gradient of column pair i
 * ```
 *
 * Before a turn the loss is minimized exactly within pairs of few columns, or blocks of at most 48 column pairs, and from more than 16
 * columns on an iteration is two such turns. At a lower rank it is minimized over the span of all gradients so far instead: block Lanczos with thick restart, two products with M for each column
 * an iteration, at the end a look for singular values that no gradient shows.
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see Ogita and Aishima, https://doi.org/10.1016/j.cam.2019.112512
 * @example
 * ```ts
 * svd(M, { optimizer: levenbergMarquardt() }); // the same as svd(M)
 * ```
 */
export function levenbergMarquardt(options?: LevenbergMarquardtOptions): Optimizer<'levenbergMarquardt'> {
  const parameters = () => ({ lr: rate(1), damping: nonNegative(0.2) });
  return make('levenbergMarquardt', core.levenbergMarquardt, options, parameters, 0, 2000, Number.EPSILON);
}

/** Options of {@link adamW}. */
export interface AdamWOptions extends AdamOptions {
  /** Decoupled weight decay, >= 0: θ shrinks by lr weightDecay θ; default 0.01. */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay, as `torch.optim.AdamW`.
 *
 * ```text
 * θ -= lr weightDecay θ, then Adam's step without a penalty
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.AdamW.html
 * @see Loshchilov and Hutter, https://arxiv.org/abs/1711.05101
 * @example
 * ```ts
 * svd(M, { optimizer: adamW({ lr: 0.01, weightDecay: 0 }) });
 * ```
 */
export function adamW(options?: AdamWOptions): Optimizer<'adamW'> {
  const parameters = () => ({
    lr: rate(1e-3),
    ...moments(),
    weightDecay: nonNegative(1e-2),
    amsgrad: flag(false),
  });
  return make('adamW', core.adamW, options, parameters, momentVectors);
}

/** Options of {@link nadam}. */
export interface NadamOptions extends Omit<AdamOptions, 'amsgrad'> {
  /** Learning rate, >= 0; default 2e-3. */
  lr?: LearningRate;
  /** How soon the momentum comes up to β₁, >= 0; default 4e-3. */
  momentumDecay?: number;
}

/**
 * Adam with Nesterov momentum, as `torch.optim.NAdam`.
 *
 * ```text
 * g += weightDecay θ
 * μₜ = β₁ (1 - 0.96^(t momentumDecay) / 2)
 * m  = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
 * θ -= lr ((1 - μₜ)/(1 - μ₁…μₜ) g + μₜ₊₁/(1 - μ₁…μₜ μₜ μₜ₊₁) m) / (sqrt(v/(1 - β₂ᵗ)) + eps)
 * ```
 *
 * (PyTorch 1.13 takes μₜ twice into the last product, and keeps μ₁…μₜ in float32; so does this.)
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.NAdam.html
 * @see Dozat, Incorporating Nesterov Momentum into Adam, ICLR Workshop 2016
 * @example
 * ```ts
 * svd(M, { optimizer: nadam({ lr: 0.01 }) });
 * ```
 */
export function nadam(options?: NadamOptions): Optimizer<'nadam'> {
  const parameters = () => ({ lr: rate(2e-3), ...moments(), momentumDecay: nonNegative(4e-3) });
  return make('nadam', core.nadam, options, parameters, 2);
}

/** Options of {@link radam}. */
export type RadamOptions = Omit<AdamOptions, 'amsgrad'>;

/**
 * Adam with a rectified start, as `torch.optim.RAdam`: no division by the second moments until there are
 * enough of them.
 *
 * ```text
 * g += weightDecay θ
 * m  = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
 * ρ∞ = 2/(1 - β₂) - 1,   ρ = ρ∞ - 2 t β₂ᵗ/(1 - β₂ᵗ)
 * ρ > 5:  r  = sqrt((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ))
 *         θ -= lr/(1 - β₁ᵗ) r m sqrt(1 - β₂ᵗ)/(sqrt(v) + eps)
 * else    θ -= lr/(1 - β₁ᵗ) m
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.RAdam.html
 * @see Liu et al., https://arxiv.org/abs/1908.03265
 * @example
 * ```ts
 * svd(M, { optimizer: radam({ lr: 0.01 }) });
 * ```
 */
export function radam(options?: RadamOptions): Optimizer<'radam'> {
  const parameters = () => ({ lr: rate(1e-3), ...moments() });
  return make('radam', core.radam, options, parameters, 2);
}

/** Options of {@link adamax}. */
export interface AdamaxOptions extends Omit<AdamOptions, 'amsgrad'> {
  /** Learning rate, >= 0; default 2e-3. */
  lr?: LearningRate;
  /** Added to |g|, >= 0; default 1e-8. */
  eps?: number;
}

/**
 * Adam with the largest gradient in place of the mean square, as `torch.optim.Adamax`.
 *
 * ```text
 * g += weightDecay θ
 * m  = β₁ m + (1 - β₁) g,   u = max(β₂ u, |g| + eps)
 * θ -= lr/(1 - β₁ᵗ) m / u
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.Adamax.html
 * @see Kingma and Ba, section 7.1, https://arxiv.org/abs/1412.6980
 * @example
 * ```ts
 * svd(M, { optimizer: adamax({ lr: 0.01 }) });
 * ```
 */
export function adamax(options?: AdamaxOptions): Optimizer<'adamax'> {
  const parameters = () => ({ lr: rate(2e-3), ...moments() });
  return make('adamax', core.adamax, options, parameters, 2);
}

/** Options of {@link adagrad}. */
export interface AdagradOptions {
  /** Learning rate, >= 0; default 1e-2. */
  lr?: LearningRate;
  /** The rate falls as 1/(1 + iteration lrDecay), >= 0; default 0. */
  lrDecay?: number;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
  /** Where the sum of squares starts, >= 0; default 0. */
  initialAccumulatorValue?: number;
  /** Added to the denominator, >= 0; default 1e-10. */
  eps?: number;
}

/**
 * Adagrad, as `torch.optim.Adagrad`.
 *
 * ```text
 * g += weightDecay θ
 * v += g²   (from initialAccumulatorValue on)
 * θ -= lr/(1 + (t - 1) lrDecay) g / (sqrt(v) + eps)
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.Adagrad.html
 * @see Duchi, Hazan and Singer, https://jmlr.org/papers/v12/duchi11a.html
 * @example
 * ```ts
 * svd(M, { optimizer: adagrad({ lr: 0.1 }) });
 * ```
 */
export function adagrad(options?: AdagradOptions): Optimizer<'adagrad'> {
  const parameters = () => ({
    lr: rate(1e-2),
    lrDecay: nonNegative(0),
    weightDecay: nonNegative(0),
    initialAccumulatorValue: nonNegative(0),
    eps: nonNegative(1e-10),
  });
  return make('adagrad', core.adagrad, options, parameters, 1);
}

/** Options of {@link adadelta}. */
export interface AdadeltaOptions {
  /** Factor of the step, >= 0; default 1. */
  lr?: LearningRate;
  /** Decay of the running means, in [0, 1]; default 0.9. */
  rho?: number;
  /** Added under both roots, >= 0; default 1e-6. */
  eps?: number;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
}

/**
 * Adadelta, as `torch.optim.Adadelta`: no unit of length to choose, the steps so far give it.
 *
 * ```text
 * g += weightDecay θ
 * v  = ρ v + (1 - ρ) g²
 * Δ  = sqrt(u + eps)/sqrt(v + eps) g
 * u  = ρ u + (1 - ρ) Δ²
 * θ -= lr Δ
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.Adadelta.html
 * @see Zeiler, https://arxiv.org/abs/1212.5701
 * @example
 * ```ts
 * svd(M, { optimizer: adadelta() });
 * ```
 */
export function adadelta(options?: AdadeltaOptions): Optimizer<'adadelta'> {
  const parameters = () => ({
    lr: rate(1),
    rho: share(0.9),
    eps: nonNegative(1e-6),
    weightDecay: nonNegative(0),
  });
  return make('adadelta', core.adadelta, options, parameters, 2);
}

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** Learning rate, >= 0; default 1e-2. */
  lr?: LearningRate;
  /** Decay of the running means, in [0, 1); default 0.99. */
  alpha?: number;
  /** Added to the denominator, >= 0; default 1e-8. */
  eps?: number;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
  /** >= 0; default 0. */
  momentum?: number;
  /** Divide by the standard deviation of the gradient, not by its root mean square; default false. */
  centered?: boolean;
}

/**
 * RMSprop, as `torch.optim.RMSprop`.
 *
 * ```text
 * g += weightDecay θ
 * v  = α v + (1 - α) g²
 * v̂  = v, or with centered: m = α m + (1 - α) g,  v̂ = v - m²
 * b  = momentum b + g/(sqrt(v̂) + eps)
 * θ -= lr b
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.RMSprop.html
 * @see Hinton, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf; centered: Graves,
 *   https://arxiv.org/abs/1308.0850
 * @example
 * ```ts
 * svd(M, { optimizer: rmsprop({ lr: 1e-3, momentum: 0.9 }) });
 * ```
 */
export function rmsprop(options?: RmspropOptions): Optimizer<'rmsprop'> {
  const parameters = () => ({
    lr: rate(1e-2),
    alpha: fraction(0.99),
    eps: nonNegative(1e-8),
    weightDecay: nonNegative(0),
    momentum: nonNegative(0),
    centered: flag(false),
  });
  return make('rmsprop', core.rmsprop, options, parameters, ({ centered }) => (centered ? 3 : 2));
}

/** Options of {@link rprop}. */
export interface RpropOptions {
  /** Length of the first step, >= 0; without influence afterwards. Default 1e-2. */
  lr?: LearningRate;
  /** Factors of the step where the gradient's sign changed and where it stayed, 0 < first < 1 < second; default [0.5, 1.2]. */
  etas?: readonly [number, number];
  /** Shortest and longest step, 0 <= first <= second; default [1e-6, 50]. */
  stepSizes?: readonly [number, number];
}

/**
 * Resilient backpropagation, as `torch.optim.Rprop`: only the signs of the gradient count.
 *
 * ```text
 * η  = etas[1] where g has the sign it had before, etas[0] where it changed, 1 where either is 0
 * Δ  = η Δ   (lr before the first step), held within stepSizes
 * g  = 0 where the sign changed
 * θ -= sign(g) Δ
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.Rprop.html
 * @see Riedmiller and Braun, IEEE International Conference on Neural Networks 1993,
 *   https://doi.org/10.1109/ICNN.1993.298623
 * @example
 * ```ts
 * svd(M, { optimizer: rprop({ stepSizes: [0, 50] }) });
 * ```
 */
export function rprop(options?: RpropOptions): Optimizer<'rprop'> {
  const parameters = () => ({
    lr: rate(1e-2),
    etas: several(
      [0.5, 1.2],
      'two numbers, 0 < first < 1 < second',
      (down, up) => down > 0 && down < 1 && up > 1,
    ),
    stepSizes: several(
      [1e-6, 50],
      'two numbers, 0 <= first <= second',
      (least, most) => least >= 0 && least <= most,
    ),
  });
  return make('rprop', core.rprop, options, parameters, 2);
}

/** Options of {@link asgd}. */
export interface AsgdOptions {
  /** Learning rate, >= 0; default 1e-2. */
  lr?: LearningRate;
  /** Decay of the steps, and of θ, >= 0; default 1e-4. */
  lambd?: number;
  /** Power of the decay of the steps, >= 0; default 0.75. */
  alpha?: number;
  /** Iteration from which on θ is averaged, >= 0; default 1e6. */
  t0?: number;
  /** L2 penalty, >= 0, added to the gradient; default 0. */
  weightDecay?: number;
}

/**
 * Averaged stochastic gradient descent, as `torch.optim.ASGD`. As there, the factors are θ; the average ā
 * is only carried along.
 *
 * ```text
 * g += weightDecay θ
 * θ  = (1 - lambd η) θ - η g,   ā += μ (θ - ā)
 * η  = lr/(1 + lambd lr t)^alpha,   μ = 1/max(1, t - t0)   (for the next step; lr and 1 for the first)
 * ```
 *
 * (PyTorch 1.13 keeps η and μ in float32; so does this.)
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.ASGD.html
 * @see Polyak and Juditsky, https://doi.org/10.1137/0330046
 * @example
 * ```ts
 * svd(M, { optimizer: asgd({ lr: 0.1 }) });
 * ```
 */
export function asgd(options?: AsgdOptions): Optimizer<'asgd'> {
  const parameters = () => ({
    lr: rate(1e-2),
    lambd: nonNegative(1e-4),
    alpha: nonNegative(0.75),
    t0: nonNegative(1e6),
    weightDecay: nonNegative(0),
  });
  return make('asgd', core.asgd, options, parameters, 1);
}

/** Options of {@link lbfgs}. */
export interface LbfgsOptions {
  /** Where each line search starts, >= 0; default 1. */
  lr?: LearningRate;
  /** Steps remembered, 1 .. 1000; default 100. Each takes twice the memory of the factors. */
  historySize?: number;
}

/**
 * L-BFGS with a strong-Wolfe line search, as `torch.optim.LBFGS(line_search_fn='strong_wolfe')`: the curvature
 * is learnt from the last steps.
 *
 * ```text
 * p  = -H g,   H from the last historySize pairs s = Δθ, y = Δg (two-loop recursion)
 * θ += t p,    t from lr on (in the first step from lr min(1, 1/Σ|g|)), so that
 *              loss(t) <= loss(0) + 1e-4 t gᵀp   and   |slope(t)| <= 0.9 |gᵀp|
 * ```
 *
 * One iteration is one accepted step, with as many evaluations (at most 26) as its line search needs: torch's
 * `max_iter` is the `iterations` of the descent (default 20,000), and what ends it is the descent's `tolerance`
 * (default 1e-12) in place of torch's `tolerance_grad` and `tolerance_change`. A line search compares losses: where
 * these have stood still for 20 iterations, slopes of 1e-6 are lost in their rounding, and it has converged.
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/1.13/generated/torch.optim.LBFGS.html
 * @see Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4, 3.5 and 3.6
 * @example
 * ```ts
 * svd(M, { optimizer: lbfgs() });
 * ```
 */
export function lbfgs(options?: LbfgsOptions): Optimizer<'lbfgs'> {
  const parameters = () => ({ lr: rate(1), historySize: whole(100, 1, 1000) });
  return make(
    'lbfgs',
    core.lbfgs,
    options,
    parameters,
    ({ historySize }) => 3 + 2 * (historySize as number),
    20_000,
    1e-12,
  );
}

/** Options of {@link conjugateGradients}. */
export interface ConjugateGradientsOptions {
  /** Share of each step that is taken, 1 by default: the step is exact, there is no length to choose. */
  lr?: LearningRate;
}

/**
 * Conjugate gradients with the exact step over the entries that are known, the default of {@link svd} with gaps, weights
 * or a `regularization`. M ≈ A Bᵀ; U, S and V are those of the product.
 *
 * ```text
 * loss(A, B) = Σ w (A Bᵀ - M)² + λ (|A|² + |B|²)
 * z = H⁻¹g, H: the Hessian's k x k blocks by row and column
 * p = -z + max(0, Δg·z / Δg·p) p;  A, B += t p, t the best root of the cubic d loss / dt
 * ```
 *
 * It starts at the SVD of M with zeros in its gaps (the `seed` does not matter), with a larger λ that
 * falls to the one asked for within some fifty steps. What the entries do not determine gets the smallest norm.
 * Weights may span any number of decades. With gaps there can be several minima; it converges to one.
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see Hestenes and Stiefel, https://doi.org/10.6028/jres.049.044
 * @see Mazumder, Hastie and Tibshirani (softImpute), https://jmlr.org/papers/v11/mazumder10a.html
 * @example
 * ```ts
 * svd([[1, 2], [2, NaN]], { rank: 1, missing: 'nan', optimizer: conjugateGradients() }); // the gap becomes 4
 * ```
 */
export function conjugateGradients(options?: ConjugateGradientsOptions): Optimizer<'conjugateGradients'> {
  const parameters = () => ({ lr: rate(1) });
  return make('conjugateGradients', core.conjugateGradients, options, parameters, 4, 2000, 1e-12);
}

/** Options of {@link lion}. */
export interface LionOptions {
  /** Learning rate, >= 0; default 1e-4. Every entry moves by it, so that 3 to 10 times less than with Adam is usual. */
  lr?: LearningRate;
  /** Share of the running mean in the step, and its decay, each in [0, 1); default [0.9, 0.99]. */
  betas?: readonly [number, number];
  /** Decoupled weight decay, >= 0: θ shrinks by lr weightDecay θ; default 0. */
  weightDecay?: number;
}

/**
 * Lion (evolved sign momentum): every entry moves by the learning rate, and only the sign of an average decides where to.
 * It does not settle by itself: let the rate fall (see {@link schedules}).
 *
 * ```text
 * c  = β₁ m + (1 - β₁) g
 * θ -= lr (sign(c) + weightDecay θ)
 * m  = β₂ m + (1 - β₂) g
 * ```
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see Chen et al., Symbolic Discovery of Optimization Algorithms, https://arxiv.org/abs/2302.06675
 * @example
 * ```ts
 * svd(M, { optimizer: lion({ lr: schedules.cosine({ lr: 0.01, tMax: 2000 }) }), iterations: 2000 });
 * ```
 */
export function lion(options?: LionOptions): Optimizer<'lion'> {
  const parameters = () => ({ lr: rate(1e-4), betas: betas(0.9, 0.99), weightDecay: nonNegative(0) });
  return make('lion', core.lion, options, parameters, 1);
}

/** Options of {@link muon}. */
export interface MuonOptions {
  /** Learning rate, >= 0; default 1e-3. */
  lr?: LearningRate;
  /** Decoupled weight decay, >= 0: θ shrinks by lr weightDecay θ; default 0.1. */
  weightDecay?: number;
  /** Decay of the running mean of the gradient, in [0, 1); default 0.95. */
  momentum?: number;
  /** Nesterov momentum; default true. */
  nesterov?: boolean;
  /** Coefficients a, b, c of the orthogonalization; default [3.4445, -4.775, 2.0315]. */
  nsCoefficients?: readonly [number, number, number];
  /** Least norm that a momentum is divided by, >= 0; default 1e-7. */
  eps?: number;
  /** Steps of the orthogonalization, 1 .. 100; default 5. */
  nsSteps?: number;
}

/**
 * Muon, as `torch.optim.Muon` of PyTorch 2.9: momentum, made nearly orthonormal by Newton-Schulz steps, so that every
 * direction of a matrix moves by about as much. The three matrices are U, diag(d) and V. It does not settle by itself: let
 * the rate fall (see {@link schedules}).
 *
 * ```text
 * B  = momentum B + (1 - momentum) G
 * O  = momentum B + (1 - momentum) G with nesterov, else B;   O /= max(|O|, eps)
 * O <- a O + O (b A + c A²),  A = OᵀO,  nsSteps times
 * X  = (1 - lr weightDecay) X - lr sqrt(max(1, rows/columns)) O
 * ```
 *
 * (PyTorch orthogonalizes in bfloat16, this in float64. PyTorch takes matrices alone and leaves vectors to another optimizer;
 * d is taken as the diagonal matrix that it stands for. Of `adjust_lr_fn` this is 'original'. It knows only the SVD.)
 *
 * @throws SvdRangeError `invalid-hyper-parameter`, SvdTypeError `unknown-option`
 * @see https://pytorch.org/docs/2.9/generated/torch.optim.Muon.html
 * @see Jordan, https://kellerjordan.github.io/posts/muon/
 * @example
 * ```ts
 * svd(M, { optimizer: muon({ lr: schedules.cosine({ lr: 0.05, tMax: 1000 }), weightDecay: 0 }), iterations: 1000 });
 * ```
 */
export function muon(options?: MuonOptions): Optimizer<'muon'> {
  const parameters = () => ({
    lr: rate(1e-3),
    weightDecay: nonNegative(0.1),
    momentum: fraction(0.95),
    nesterov: flag(true),
    nsCoefficients: several([3.4445, -4.775, 2.0315], 'three numbers'),
    eps: nonNegative(1e-7),
    nsSteps: whole(5, 1, 100),
  });
  return make('muon', core.muon, options, parameters, 1);
}
