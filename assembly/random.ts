// Uniform draws where the core needs a direction of its own (a start has its draws from the wrapper): the linear
// congruential generator x <- 1664525 x + 1013904223 mod 2³² (Press et al., Numerical Recipes, "An even quicker generator").

import { Vector } from './views';

/** Every `step`-th of X from `first` to before `end` becomes a draw in [-1/2, 1/2). From `draw` on; returns the last. */
export function uniform(draw: u32, first: i32, end: i32, step: i32, X: Vector): u32 {
  for (let i = first; i < end; i += step) {
    draw = draw * 1664525 + 1013904223;
    X[i] = <f64>draw / 4294967296.0 - 0.5;
  }
  return draw;
}
