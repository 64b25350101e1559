// What Adam, AdamW, NAdam, RAdam and Adamax have in common.

import { Descent } from '../descent';
import { PAIR, Pair, Pairs } from '../views';

/** Their first hyper-parameters. */
@unmanaged
export class Moments {
  β1: f64;
  β2: f64;
  eps: f64;
  weightDecay: f64;
}

/** 1 - β₁ᵗ and 1 - β₂ᵗ, a pair, as β₁ and β₂ are, the first two options; the powers are the first two numbers that are kept. */
export function corrections(d: Descent): v128 {
  const β = d.options<Pairs>()[0];
  const kept = d.kept<Pairs>();
  const power = d.step == 1 ? β : kept[0] * β;
  // powers too small to show are 0: as denormals they would be slow
  kept[0] = v128.and(power, f64x2.gt(power, Pair.of(1e-30)));
  return Pair.of(1) - power;
}

/**
 * With β₁, β₂ the first two hyper-parameters,
 *
 *     g += weightDecay θ
 *     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
 *     θ = remain θ - (ofM m + ofG g)/(byRoot sqrt(v̂) + eps),   v̂ = v, or the largest v so far
 */
export function moments(
  d: Descent,
  weightDecay: f64,
  remain: f64,
  ofM: f64,
  ofG: f64,
  byRoot: f64,
  eps: f64,
  largest: bool,
): void {
  const is = d.options<Moments>();
  const β1 = Pair.hold(is.β1);
  const rest1 = Pair.hold(1 - is.β1);
  const β2 = Pair.hold(is.β2);
  const rest2 = Pair.hold(1 - is.β2);
  const λ = Pair.hold(weightDecay);
  const shrink = Pair.hold(remain);
  const a = Pair.hold(ofM);
  const b = Pair.hold(ofG);
  const factor = Pair.hold(byRoot);
  const ε = Pair.hold(eps);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const mean = d.memory(0);
  const square = d.memory(1);
  const most = d.memory(2);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at] + λ * θ[at];
    const m = β1 * mean[at] + rest1 * g;
    let v = β2 * square[at] + rest2 * (g * g);
    mean[at] = m;
    square[at] = v;
    if (largest) {
      v = f64x2.pmax(most[at], v);
      most[at] = v;
    }
    θ[at] = shrink * θ[at] - (a * m + b * g) / (factor * f64x2.sqrt(v) + ε);
  }
}
