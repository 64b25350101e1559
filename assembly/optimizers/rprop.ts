// torch.optim.Rprop (PyTorch 1.13); Riedmiller and Braun, IEEE ICNN (1993)
//
//     η = etas[1] where g has the sign it had before, etas[0] where it changed, 1 where either is 0
//     Δ = η Δ (lr before the first step), held within stepSizes
//     g = 0 where the sign changed
//     θ -= sign(g) Δ

import { Descent } from '../descent';
import { PAIR, Pair } from '../views';

@unmanaged
class Options {
  down: f64;
  up: f64;
  least: f64;
  most: f64;
}

export function rprop(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const down = Pair.hold(is.down);
  const up = Pair.hold(is.up);
  const least = Pair.hold(is.least);
  const most = Pair.hold(is.most);
  const zero = Pair.of(0);
  const one = Pair.of(1);
  const first = d.step == 1;
  const end = d.end;
  const θ = d.θ;
  const gradient = d.gradient;
  const last = d.memory(0);
  const steps = d.memory(1);
  for (let at: usize = 0; at < end; at += PAIR) {
    let g = gradient[at];
    const product = g * last[at];
    const changed = f64x2.lt(product, zero);
    const η = v128.bitselect(up, v128.bitselect(down, one, changed), f64x2.gt(product, zero));
    let Δ = η * (first ? Pair.of(lr) : steps[at]);
    Δ = f64x2.pmin(f64x2.pmax(Δ, least), most);
    g = v128.andnot(g, changed);
    last[at] = g;
    steps[at] = Δ;
    θ[at] -= Pair.signed(Δ, g);
  }
}
