/**
 * Learning rates as functions of the iteration, as torch.optim.lr_scheduler (PyTorch 1.13) computes them.
 * Their powers and cosines are the core's, so that they have the same bits in every engine.
 */

import { checked, choice, flag, nonNegative, number, positive, share, type Table, whole } from './check.js';
import { wasm } from './core.js';
import { pure } from './optimizer.js';

/** A learning rate as a function of the iteration, counted from 0. */
export type Schedule = (iteration: number) => number;

const count = (usual: number | null = null) => whole(usual, 1);

const read = <T>(name: keyof typeof schedules, given: T, table: Table<Required<T>>) =>
  checked<Required<T>>(`schedules.${name}: `, table, given, 'invalid-hyper-parameter');

const schedule = (rate: Schedule): Schedule => {
  pure.add(rate);
  return rate;
};

/** From a at x = 0 to b at x = 1 along half a cosine, and back on to x = 2. */
const anneal = (a: number, b: number, x: number) => b + (a - b) * wasm().halfCosine(x);

/** Options of {@link schedules.step}. */
export interface StepOptions {
  /** The first learning rate, >= 0. */
  lr: number;
  /** Iterations between two drops, a whole number >= 1. */
  stepSize: number;
  /** Factor of each drop, >= 0; default 0.1. */
  gamma?: number;
}

/** Options of {@link schedules.exponential}. */
export interface ExponentialOptions {
  /** The first learning rate, >= 0. */
  lr: number;
  /** Factor of each iteration, >= 0. */
  gamma: number;
}

/** Options of {@link schedules.cosine}. */
export interface CosineOptions {
  /** The first learning rate, >= 0. */
  lr: number;
  /** Iterations down to etaMin (and as many back up again), a whole number >= 1. */
  tMax: number;
  /** The smallest learning rate, >= 0; default 0. */
  etaMin?: number;
}

/** Options of {@link schedules.oneCycle}. */
export interface OneCycleOptions {
  /** The largest learning rate, >= 0. */
  maxLr: number;
  /** Iterations of the whole cycle, a whole number >= 1; afterwards the last rate stays. */
  totalSteps: number;
  /** The share of them in which the rate rises, in [0, 1]; default 0.3. */
  pctStart?: number;
  /** Along half a cosine (default) or a line. */
  annealStrategy?: 'cos' | 'linear';
  /** The first rate is maxLr / divFactor, > 0; default 25. */
  divFactor?: number;
  /** The last rate is the first one / finalDivFactor, > 0; default 1e4. */
  finalDivFactor?: number;
  /** Fall as long as it rose, then on to the last rate in a third phase; default false. */
  threePhase?: boolean;
}

/** Options of {@link schedules.linearWarmup}. */
export interface LinearWarmupOptions {
  /** The learning rate at factor 1, >= 0. */
  lr: number;
  /** Factor at first, in (0, 1]; default 1/3. */
  startFactor?: number;
  /** Factor at the end, in [0, 1]; default 1. */
  endFactor?: number;
  /** Iterations in between, a whole number >= 1; default 5. */
  iterations?: number;
}

/**
 * Learning rates that change with the iteration, to be given as an optimizer's `lr`. All throw SvdRangeError
 * `invalid-hyper-parameter` and SvdTypeError `unknown-option`, `invalid-option`.
 *
 * @example
 * ```ts
 * svd(M, { optimizer: sgd({ lr: schedules.cosine({ lr: 0.9, tMax: 20_000 }), momentum: 0.9 }) });
 * ```
 */
export const schedules = {
  /**
   * lr gammaᵏ, k = ⌊iteration / stepSize⌋.
   * @see https://pytorch.org/docs/1.13/generated/torch.optim.lr_scheduler.StepLR.html
   */
  step(options: StepOptions): Schedule {
    const { lr, stepSize, gamma } = read('step', options, {
      lr: nonNegative(null),
      stepSize: count(),
      gamma: nonNegative(0.1),
    });
    return schedule((iteration) => lr * wasm().pow(gamma, Math.floor(iteration / stepSize)));
  },

  /**
   * lr gammaⁱ, i the iteration.
   * @see https://pytorch.org/docs/1.13/generated/torch.optim.lr_scheduler.ExponentialLR.html
   */
  exponential(options: ExponentialOptions): Schedule {
    const { lr, gamma } = read('exponential', options, { lr: nonNegative(null), gamma: nonNegative(null) });
    return schedule((iteration) => lr * wasm().pow(gamma, iteration));
  },

  /**
   * etaMin + (lr - etaMin) (1 + cos(π iteration / tMax)) / 2.
   * @see https://pytorch.org/docs/1.13/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
   * @see Loshchilov and Hutter, https://arxiv.org/abs/1608.03983
   */
  cosine(options: CosineOptions): Schedule {
    const { lr, tMax, etaMin } = read('cosine', options, {
      lr: nonNegative(null),
      tMax: count(),
      etaMin: nonNegative(0),
    });
    return schedule((iteration) => anneal(lr, etaMin, (iteration % (2 * tMax)) / tMax));
  },

  /**
   * Up from maxLr / divFactor to maxLr, then down to maxLr / divFactor / finalDivFactor. (Only the rate:
   * momentum stays, as with torch's cycle_momentum=False.)
   * @see https://pytorch.org/docs/1.13/generated/torch.optim.lr_scheduler.OneCycleLR.html
   * @see Smith and Topin, https://arxiv.org/abs/1708.07120
   */
  oneCycle(options: OneCycleOptions): Schedule {
    const { maxLr, totalSteps, pctStart, annealStrategy, divFactor, finalDivFactor, threePhase } = read(
      'oneCycle',
      options,
      {
        maxLr: nonNegative(null),
        totalSteps: count(),
        pctStart: share(0.3),
        annealStrategy: choice('cos', 'cos', 'linear'),
        divFactor: positive(25),
        finalDivFactor: positive(1e4),
        threePhase: flag(false),
      },
    );
    const first = maxLr / divFactor;
    const up = pctStart * totalSteps - 1;
    const last = totalSteps - 1;
    /** Until when each phase lasts, and the rate then. */
    const phases: [number, number][] = [
      [up, maxLr],
      [2 * up, first],
      [last, first / finalDivFactor],
    ];
    if (!threePhase) phases.splice(1, 1);
    return schedule((iteration) => {
      const now = Math.min(iteration, last);
      let [start, from] = [0, first];
      for (const [end, to] of phases) {
        if (now <= end) {
          const x = end > start ? (now - start) / (end - start) : 1;
          return annealStrategy === 'cos' ? anneal(from, to, x) : from + (to - from) * x;
        }
        [start, from] = [end, to];
      }
      return from;
    });
  },

  /**
   * lr (startFactor + (endFactor - startFactor) min(1, iteration / iterations)).
   * @see https://pytorch.org/docs/1.13/generated/torch.optim.lr_scheduler.LinearLR.html
   */
  linearWarmup(options: LinearWarmupOptions): Schedule {
    const { lr, startFactor, endFactor, iterations } = read('linearWarmup', options, {
      lr: nonNegative(null),
      startFactor: number(1 / 3, 'a number in (0, 1]', (x) => x > 0 && x <= 1),
      endFactor: share(1),
      iterations: count(5),
    });
    return schedule(
      (iteration) => lr * (startFactor + (endFactor - startFactor) * Math.min(1, iteration / iterations)),
    );
  },
} as const;
