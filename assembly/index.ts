// What the wrapper calls. Pointers stay opaque on its side; it reads and writes through `buffer` and
// `view`, and everything it puts in is f64.

import * as descent from './descent';
import { Descent } from './descent';
import * as loop from './loop';
import * as start from './start';

import { gemm as product } from './kernels/matmul';
import { release } from './memory';

export { jacobi, jacobiScratch } from './jacobi';
export { halfCosine, pow } from './kernels/elementary';
export { alloc, release } from './memory';

/** Laid out as the std library's ArrayBufferView, so that the loader's __getFloat64ArrayView reads it. */
@unmanaged
class View {
  buffer: usize;
  dataStart: usize;
  byteLength: usize;
}

const header = changetype<View>(memory.data(12));

/** `length` f64 at `at`. The view is to be read before the next call. */
export function view(at: usize, length: i32): usize {
  header.buffer = at;
  header.dataStart = at;
  header.byteLength = <usize>length << 3;
  return changetype<usize>(header);
}

export function create(
  problem: i32, optimizer: i32, vectors: i32, m: i32, n: i32, k: i32, size: f64, weighted: bool,
): usize {
  return changetype<usize>(descent.create(problem, optimizer, vectors, m, n, k, size, weighted));
}

export function configure(d: Descent, squared: bool, penaltyU: f64, penaltyV: f64, tolerance: f64, history: i32): void {
  d.squared = squared;
  d.penaltyU = penaltyU;
  d.penaltyV = penaltyV;
  d.tolerance = tolerance;
  d.history = history;
}

export function normalize(d: Descent, wanted: bool): f64 {
  return start.normalize(d, wanted);
}

export function orthonormal(d: Descent): void {
  start.orthonormal(d);
}

export function step(d: Descent, count: i32, lr: f64, rates: i32): void {
  loop.step(d, count, lr, rates);
}

/** A descent's scalars, in the order of `Scalars`. */
export function scalar(d: Descent, which: i32): f64 {
  return load<f64>(changetype<usize>(d.scalars) + (<usize>which << 3));
}

/** A descent's buffers, in the order of the wrapper's `Buffer`. */
export function address(d: Descent, which: i32): usize {
  switch (which) {
    case 0: return d.M;
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
  if (which < 2) return d.m * d.n;
  if (which == 2) return d.evolvingSize;
  if (which < 6) return d.size;
  return which == 6 ? descent.HYPER : which == 7 ? descent.SLICE : d.recorded;
}

export function free(d: Descent): void {
  release(changetype<usize>(d));
}

// (An export with optional arguments would need the loader's bookkeeping of how many came.)
export function gemm(mode: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, d: usize): void {
  product(mode, m, n, k, a, b, c, d);
}
