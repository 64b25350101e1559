// Uniform draws where the core needs directions of its own (a start has its draws from the wrapper): splitmix32, the
// generator of Steele, Lea and Flood (2014) with 32 bits of state, of which any draw can be had without those before.

import { Vector } from './views';

/** 2³² divided by the golden ratio. */
export const GOLDEN: u32 = 0x9e3779b9;

/** The draw, of 32 bits, that comes after the state x; the next one comes after x + GOLDEN. */
export function draw(x: u32): u32 {
  x += GOLDEN;
  x = (x ^ (x >> 16)) * 0x21f0aaad;
  x = (x ^ (x >> 15)) * 0x735a2d97;
  return x ^ (x >> 15);
}

/** Every `step`-th of X from `first` to before `end` becomes a draw in [-1/2, 1/2). From state x on; returns the last. */
export function uniform(x: u32, first: i32, end: i32, step: i32, X: Vector): u32 {
  for (let i = first; i < end; i += step) {
    X[i] = <f64>draw(x) / 4294967296.0 - 0.5;
    x += GOLDEN;
  }
  return x;
}
