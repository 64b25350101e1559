// torch.optim.NAdam (PyTorch 1.13); Dozat, "Incorporating Nesterov momentum into Adam" (2016)
//
//     g += weightDecay θ
//     μₜ = β₁ (1 - 0.96^(t momentumDecay) / 2)
//     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
//     θ -= lr ((1 - μₜ)/(1 - Π μ) g + μₜ₊₁/(1 - μₜ μₜ₊₁ Π μ) m) / (sqrt(v/(1 - β₂ᵗ)) + eps)

import { Descent } from '../descent';
import { exponential } from '../kernels/elementary';
import { Pair } from '../views';
import { corrections, Moments, moments } from './moments';

/** ln 0.96 */
const LN_096: f64 = -0.0408219945202551661;

@unmanaged
class Options extends Moments {
  momentumDecay: f64;
}

@unmanaged
class Kept {
  β1ᵗ: f64;
  β2ᵗ: f64;
  /** Π μ */
  product: f64;
  /** 0.96^(t momentumDecay), a running product, by this factor; anew where momentumDecay was changed */
  power: f64;
  factor: f64;
  momentumDecay: f64;
}

export function nadam(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const kept = d.kept<Kept>();
  const t = d.step;
  if (t == 1 || kept.momentumDecay != is.momentumDecay) {
    kept.power = exponential(LN_096 * t * is.momentumDecay);
    kept.factor = exponential(LN_096 * is.momentumDecay);
    kept.momentumDecay = is.momentumDecay;
  }
  const power = kept.power * kept.factor;
  const μ = is.β1 * (1 - 0.5 * kept.power);
  const next = is.β1 * (1 - 0.5 * power);
  kept.power = power < 1e-30 ? 0 : power;
  // torch 1.13 keeps the product in float32, and takes μₜ twice into the next one
  let product: f32 = t == 1 ? <f32>μ : <f32>kept.product * <f32>μ;
  if (product < 1e-30) product = 0;
  const ahead: f64 = product * <f32>μ * <f32>next;
  kept.product = product;
  // both sides of the fraction times sqrt(1 - β₂ᵗ)
  const root = sqrt(Pair.second(corrections(d)));
  const ofM = (lr * root * next) / (1 - ahead);
  const ofG = (lr * root * (1 - μ)) / (1 - <f64>product);
  moments(d, is.weightDecay, 1, ofM, ofG, 1, is.eps * root, false);
}
