// What the wrapper calls. Pointers stay opaque on its side; it reads and writes through `buffer` and
// `view`, and everything it puts in is f64.

import { Descent, HYPER, SLICE } from './descent';

export { create } from './descent';
export { jacobi, jacobiScratch } from './jacobi';
export { halfCosine, pow } from './kernels/elementary';
export { orthonormalize } from './kernels/householder';
export { gemm } from './kernels/matmul';
export { expand, factorize, reduce, whole } from './basis';
export { step } from './loop';
export { alloc, release, view } from './memory';
export { normalize, orthonormal } from './start';

export function configure(d: Descent, squared: bool, penaltyU: f64, penaltyV: f64, tolerance: f64, history: i32): void {
  d.squared = squared;
  d.penaltyU = penaltyU;
  d.penaltyV = penaltyV;
  d.tolerance = tolerance;
  d.history = history;
}

/** A descent's scalars, in the order of `Scalars`. */
export function scalar(d: Descent, which: i32): f64 {
  return load<f64>(changetype<usize>(d.scalars) + (<usize>which << 3));
}

/** A descent's buffers, in the order of the wrapper's `Buffer`. */
export function address(d: Descent, which: i32): usize {
  switch (which) {
    case 0: return d.given;
    case 1: return d.weights;
    case 2: return changetype<usize>(d.scalars);
    case 3: return d.theta;
    case 4: return d.best;
    case 5: return d.grad;
    case 6: return d.hyper;
    case 7: return d.lrs;
    default: return d.losses;
  }
}

/** And their lengths. */
export function length(d: Descent, which: i32): i32 {
  if (which < 2) return d.cells;
  if (which == 2) return d.evolvingSize;
  if (which < 6) return d.size;
  return which == 6 ? HYPER : which == 7 ? SLICE : d.recorded;
}
