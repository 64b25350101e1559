// torch.optim.ASGD (PyTorch 1.13); Polyak and Juditsky, SIAM J. Control Optim. 30 (1992)
//
//     g += weightDecay θ
//     θ = (1 - lambd η) θ - η g,   ā += μ (θ - ā)
//     then η = lr/(1 + lambd lr t)^alpha,   μ = 1/max(1, t - t0)     (lr and 1 before the first step)

import { Descent } from '../descent';
import { pow } from '../kernels/elementary';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  lambd: f64;
  alpha: f64;
  t0: f64;
  weightDecay: f64;
}

@unmanaged
class Kept {
  η: f64;
  μ: f64;
}

export function asgd(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const kept = d.kept<Kept>();
  const t = d.step;
  if (t == 1) {
    // (torch 1.13 keeps both in float32)
    kept.η = <f32>lr;
    kept.μ = 1;
  }
  const μ = Pair.hold(kept.μ);
  const η = Pair.hold(kept.η);
  const remain = Pair.hold(1 - is.lambd * kept.η);
  const weightDecay = Pair.hold(is.weightDecay);
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const mean = d.memory(0);
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = gradient[at] + weightDecay * θ[at];
    const ā = mean[at];
    const moved = remain * θ[at] - η * g;
    θ[at] = moved;
    mean[at] = ā + μ * (moved - ā);
  }
  kept.η = <f32>(lr / pow(1 + is.lambd * lr * t, is.alpha));
  kept.μ = <f32>(1 / max(1, t - is.t0));
}
