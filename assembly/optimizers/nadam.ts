// torch.optim.NAdam (PyTorch 1.13); Dozat, "Incorporating Nesterov momentum into Adam" (2016)
//
//     g += weightDecay θ
//     μₜ = β₁ (1 - 0.96^(t momentumDecay) / 2)
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     θ -= lr ((1 - μₜ)/(1 - Π μ) g + μₜ₊₁/(1 - μₜ μₜ₊₁ Π μ) m) / (sqrt(v/(1 - β₂ᵗ)) + eps)

import { Descent } from '../descent';
import { exponential } from '../kernels/elementary';
import { corrections, moments } from './moments';

/** ln 0.96 */
const LN_096: f64 = -0.0408219945202551661;

export function nadam(d: Descent, lr: f64): void {
  const beta1 = d.h(0),
    momentumDecay = d.h(4),
    now = d.scalars,
    t = now.iteration + 1;
  // 0.96^(t momentumDecay) is a running product, anew where momentumDecay was changed
  if (t == 1 || now.f != momentumDecay) {
    now.d = exponential(LN_096 * t * momentumDecay);
    now.e = exponential(LN_096 * momentumDecay);
    now.f = momentumDecay;
  }
  const mu = beta1 * (1 - 0.5 * now.d),
    rest = now.d * now.e,
    next = beta1 * (1 - 0.5 * rest);
  now.d = rest < 1e-30 ? 0 : rest;
  // torch 1.13 keeps the product in float32, and takes μₜ twice into the next one
  let product: f32 = t == 1 ? <f32>mu : <f32>now.c * <f32>mu;
  if (product < 1e-30) product = 0;
  const ahead: f64 = product * <f32>mu * <f32>next;
  now.c = product;
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const root = sqrt(f64x2.extract_lane(corrections(d), 1));
  moments(
    d,
    d.h(3),
    1,
    (lr * root * next) / (1 - ahead),
    (lr * root * (1 - mu)) / (1 - <f64>product),
    1,
    d.h(2) * root,
    false,
  );
}
