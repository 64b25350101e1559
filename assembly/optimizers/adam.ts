// torch.optim.Adam (PyTorch 1.13); Kingma and Ba, arXiv:1412.6980
//
//     g += weightDecay θ
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     amsgrad: v̂ = max(v̂, v), else v̂ = v
//     θ -= lr/(1 - β₁ᵗ) m / (sqrt(v̂)/sqrt(1 - β₂ᵗ) + eps)

import { Descent } from '../descent';

export function adam(d: Descent, lr: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), eps = d.h(2), weightDecay = d.h(3), amsgrad = d.h(4) != 0;
  const t = d.scalars.iteration + 1;
  const step = lr / (1 - Math.pow(beta1, t));
  const root = sqrt(1 - Math.pow(beta2, t));
  const average = d.vector(0), square = d.vector(1), most = d.vector(2);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 8) {
    const value = load<f64>(d.theta + at);
    const g = load<f64>(d.grad + at) + weightDecay * value;
    const m = beta1 * load<f64>(average + at) + (1 - beta1) * g;
    let v = beta2 * load<f64>(square + at) + (1 - beta2) * g * g;
    store<f64>(average + at, m);
    store<f64>(square + at, v);
    if (amsgrad) {
      v = max(load<f64>(most + at), v);
      store<f64>(most + at, v);
    }
    store<f64>(d.theta + at, value - (step * m) / (sqrt(v) / root + eps));
  }
}
