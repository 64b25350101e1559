// What the wrapper calls. Pointers stay opaque on its side; it reads and writes where `address` says, and everything it
// puts in is f64.

import { BEST, EVOLVING, GRADIENT, HYPER, LOSSES, MATRIX, RATES, THETA, WEIGHTS } from './boundary';
import { Descent } from './descent';
import { Vector } from './views';

export { create } from './create';
export { jacobi, jacobiScratch } from './direct/jacobi';
export { halfCosine, pow } from './kernels/elementary';
export { orthonormalize } from './kernels/householder';
export { gemm } from './kernels/matmul';
export { step } from './loop';
export { alloc, release } from './memory';
export { expand, factorize, reduce } from './problems/svd/basis';
export { normalize, orthonormal } from './problems/svd/start';

export function configure(
  d: Descent,
  squared: bool,
  penaltyU: f64,
  penaltyV: f64,
  tolerance: f64,
  history: i32,
): void {
  d.squared = squared;
  d.penaltyU = penaltyU;
  d.penaltyV = penaltyV;
  d.tolerance = tolerance;
  d.history = history;
}

/** Theta was changed from outside: what is known of it holds no more. */
export function forget(d: Descent): void {
  d.fresh = false;
  d.evaluated = false;
}

/** A descent's buffers, by their numbers. */
export function address(d: Descent, which: i32): Vector | null {
  switch (which) {
    case MATRIX:
      return d.given;
    case WEIGHTS:
      return d.weights;
    case EVOLVING:
      return changetype<Vector>(d.scalars);
    case THETA:
      return d.theta;
    case BEST:
      return d.best;
    case GRADIENT:
      return d.grad;
    case HYPER:
      return d.hyper;
    case RATES:
      return d.rates;
    default:
      return d.losses;
  }
}

/** And the lengths of those that are seen whole. */
export function length(d: Descent, which: i32): i32 {
  switch (which) {
    case MATRIX:
    case WEIGHTS:
      return d.cells;
    case EVOLVING:
      return d.evolvingSize;
    case LOSSES:
      return d.recorded;
    default:
      return d.size;
  }
}
