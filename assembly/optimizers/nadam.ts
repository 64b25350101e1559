// torch.optim.NAdam (PyTorch 1.13); Dozat, "Incorporating Nesterov momentum into Adam" (2016)
//
//     g += weightDecay θ
//     μₜ = β₁ (1 - 0.96^(t momentumDecay) / 2)
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     θ -= lr ((1 - μₜ)/(1 - Π μ) g + μₜ₊₁/(1 - μₜ μₜ₊₁ Π μ) m) / (sqrt(v/(1 - β₂ᵗ)) + eps)

import { Descent } from '../descent';
import { exponential } from '../kernels/elementary';
import { hold, multiplyAdd } from '../kernels/vector';
import { average, corrections } from './lanes';

/** ln 0.96 */
const LN_096: f64 = -0.0408219945202551661;

export function nadam(d: Descent, lr: f64): void {
  const beta1 = d.h(0), beta2 = d.h(1), momentumDecay = d.h(4), now = d.scalars, t = now.iteration + 1;
  // 0.96^(t momentumDecay) is a running product, anew where momentumDecay was changed
  if (t == 1 || now.f != momentumDecay) {
    now.d = exponential(LN_096 * t * momentumDecay);
    now.e = exponential(LN_096 * momentumDecay);
    now.f = momentumDecay;
  }
  const mu = beta1 * (1 - 0.5 * now.d), rest = now.d * now.e, next = beta1 * (1 - 0.5 * rest);
  now.d = rest < 1e-30 ? 0 : rest;
  // torch 1.13 keeps the product in float32, and takes μₜ twice into the next one
  let product: f32 = t == 1 ? <f32>mu : <f32>now.c * <f32>mu;
  if (product < 1e-30) product = 0;
  const ahead: f64 = product * <f32>mu * <f32>next;
  now.c = product;
  const keep1 = hold(0, beta1), take1 = hold(1, 1 - beta1);
  const keep2 = hold(2, beta2), take2 = hold(3, 1 - beta2);
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const root = sqrt(f64x2.extract_lane(corrections(d), 1)), eps = hold(4, d.h(2) * root), decay = hold(5, d.h(3));
  const ofG = hold(6, (lr * root * (1 - mu)) / (1 - <f64>product));
  const ofM = hold(7, (lr * root * next) / (1 - ahead));
  const theta = d.theta, grad = d.grad, mean = d.vector(0), square = d.vector(1);
  for (let at: usize = 0, end = <usize>d.size << 3; at < end; at += 16) {
    const value = v128.load(theta + at);
    const g = multiplyAdd(v128.load(grad + at), decay, value);
    const m = average(mean + at, keep1, take1, g);
    const v = average(square + at, keep2, take2, f64x2.mul(g, g));
    const size = f64x2.add(f64x2.sqrt(v), eps);
    v128.store(theta + at, f64x2.sub(value, f64x2.div(multiplyAdd(f64x2.mul(ofG, g), ofM, m), size)));
  }
}
