// What Adam, AdamW, NAdam and RAdam have in common.

import { Descent, Scalars } from '../descent';
import { hold, multiplyAdd } from '../kernels/vector';
import { average } from './lanes';

/** 1 - β₁ᵗ and 1 - β₂ᵗ, t the number of this step; the betas are the first two hyper-parameters. */
export function corrections(d: Descent): v128 {
  const powers = changetype<usize>(d.scalars) + offsetof<Scalars>('a'),
    betas = v128.load(d.hyper);
  const moved = d.scalars.iteration == 0 ? betas : f64x2.mul(v128.load(powers), betas);
  // powers too small to show are 0: as denormals they would be slow
  v128.store(powers, v128.and(moved, f64x2.gt(moved, f64x2.splat(1e-30))));
  return f64x2.sub(f64x2.splat(1), moved);
}

/**
 * With β₁, β₂ the first two hyper-parameters,
 *
 *     g += decay θ
 *     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
 *     θ = remain θ - (ofM m + ofG g)/(byRoot sqrt(v̂) + eps),   v̂ = v, or the largest v so far
 */
export function moments(
  d: Descent,
  decay: f64,
  remain: f64,
  ofM: f64,
  ofG: f64,
  byRoot: f64,
  eps: f64,
  largest: bool,
): void {
  const keep1 = hold(0, d.h(0)),
    take1 = hold(1, 1 - d.h(0));
  const keep2 = hold(2, d.h(1)),
    take2 = hold(3, 1 - d.h(1));
  const ofValue = hold(4, decay),
    shrink = hold(5, remain),
    ofMean = hold(6, ofM),
    ofGradient = hold(7, ofG);
  const factor = hold(8, byRoot),
    rest = hold(9, eps);
  const theta = d.theta,
    grad = d.grad,
    mean = d.vector(0),
    square = d.vector(1),
    most = d.vector(2);
  for (let at: usize = 0, end = (<usize>d.size) << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    const g = multiplyAdd(v128.load(grad + at), ofValue, value);
    const m = average(mean + at, keep1, take1, g);
    let v = average(square + at, keep2, take2, f64x2.mul(g, g));
    if (largest) {
      v = f64x2.pmax(v128.load(most + at), v);
      v128.store(most + at, v);
    }
    const size = f64x2.add(f64x2.mul(factor, f64x2.sqrt(v)), rest);
    const change = f64x2.div(multiplyAdd(f64x2.mul(ofMean, m), ofGradient, g), size);
    v128.store(theta + at, f64x2.sub(f64x2.mul(shrink, value), change));
  }
}
