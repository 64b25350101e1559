// torch.optim.Adadelta (PyTorch 1.13); Zeiler, arXiv:1212.5701
//
//     g += weightDecay θ
//     v = ρ v + (1 - ρ) g²
//     Δ = sqrt(u + eps)/sqrt(v + eps) g
//     u = ρ u + (1 - ρ) Δ²
//     θ -= lr Δ

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  ρ: f64;
  eps: f64;
  weightDecay: f64;
}

export function adadelta(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const ρ = Pair.hold(is.ρ);
  const rest = Pair.hold(1 - is.ρ);
  const rate = Pair.hold(lr);
  const eps = Pair.hold(is.eps);
  const weightDecay = Pair.hold(is.weightDecay);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const square = d.memory(0);
  const change = d.memory(1);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at] + weightDecay * θ[at];
    const v = ρ * square[at] + rest * (g * g);
    square[at] = v;
    const u = change[at];
    // (one root of the quotient, not a quotient of two: a third of the time, the same but for rounding)
    const Δ = f64x2.sqrt((u + eps) / (v + eps)) * g;
    change[at] = ρ * u + rest * (Δ * Δ);
    θ[at] -= rate * Δ;
  }
}
