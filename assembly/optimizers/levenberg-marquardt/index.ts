// Levenberg-Marquardt in the moving frame; ours. Undamped it is the refinement of Ogita and Aishima, "Iterative
// refinement for singular value decomposition based on matrix multiplication", J. Comput. Appl. Math. 369 (2020).
//
// Seen from U and V, M is U T Vᵀ + KU Vᵀ + U KVᵀ + (what neither sees). With A = UᵀP = UᵀRV, T as in frame.ts and
//
//     KU = U A - P,   KV = V Aᵀ - Q
//
// the loss is least where O (T off its diagonal), KU and KV are 0. In these coordinates its Hessian is diagonal but for
// 2 x 2 blocks, so the gradient is preconditioned entry by entry: O becomes E and F as in frame.ts, and
//
//     KU, KV *= s/(s² + damping² r²),   r² = the share of the pair of columns in g² = |O|² + |KU|² + |KV|²
//
// (but where both are there: see outside.ts). The damping goes with the gradient and the convergence becomes quadratic.
// The step turns U, V by the generators Ω = [E -KUᵀ; KU 0] and [F -KVᵀ; KV 0], and corrects orthonormality to first
// order by -G/2 on the way (turn.ts).

import { FIRST, MINUS, SECOND, SET } from '../../boundary';
import { Descent } from '../../descent';
import { gemm } from '../../kernels/matmul';
import { NARROW } from '../../kernels/narrow';
import { maxAbs, scale, sumOfSquares } from '../../kernels/vector';
import { Layout } from '../../layout';
import { residual, settle } from '../../problems/svd/loss';
import { solve } from '../../problems/svd/outside';
import { Vector } from '../../views';
import { frame, NOISE, Options, precondition, split } from './frame';
import { atFullRank } from './full-rank';
import { Step, step, takeScratch } from './step';
import { CROOKED, LONGEST, leap, second, straightenBoth, turn } from './turn';

/** Where the matrices of this step are. */
function stepOf(d: Descent): Step {
  Layout.begin(<f64>(d.scratch.pointer >> 3));
  takeScratch(<f64>d.m, <f64>d.n, <f64>d.k);
  // the gradient itself is not wanted; the slopes become the turns, and W and R are of no more use then
  step.E = d.grad;
  step.F = d.grad.from((d.m + 1) * d.k);
  step.KU = d.m > d.k ? d.P : null;
  step.KV = d.n > d.k ? d.Q : null;
  step.HU = d.W;
  step.HV = d.R;
  return step;
}

/** Zeroes the columns of K that are noise, adds |K|² by columns to r2. Returns |K|². */
function outside(rows: i32, k: i32, K: Vector, noise: f64, r2: Vector): f64 {
  for (let c = 0; c < k; c++) {
    let squares: f64 = 0;
    for (let i = 0; i < rows; i++) squares += K[i * k + c] * K[i * k + c];
    if (squares < noise * noise) for (let i = 0; i < rows; i++) K[i * k + c] = 0;
    else r2[c] += squares;
  }
  return sumOfSquares(rows * k, K);
}

/** T, KU and KV from the slopes; returns g². */
function look(d: Descent, its: Step, noise: f64): f64 {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const A = its.T;
  const r2 = its.r2;
  const KU = its.KU;
  const KV = its.KV;
  gemm(SET + FIRST, k, k, m, d.U, d.P, A, null);
  if (KU) gemm(MINUS, m, k, k, d.U, A, KU, d.P);
  if (KV) gemm(MINUS + SECOND, n, k, k, d.V, A, KV, d.Q);
  frame(d, its.T);
  split(d, its.T, noise, r2);
  let g2: f64 = 0;
  for (let c = 0; c < k; c++) g2 += 0.5 * r2[c];
  if (KU) g2 += outside(m, k, KU, noise, r2);
  if (KV) g2 += outside(n, k, KV, noise, r2);
  return g2;
}

/** K *= s/(s² + damping² r²), by columns */
function preconditionOutside(d: Descent, rows: i32, K: Vector, r2: Vector): void {
  const k = d.k;
  const damping = d.options<Options>().damping;
  for (let c = 0; c < k; c++) {
    const s = d.s[c];
    const r = r2[c];
    const factor = r == 0 ? 0 : s / (s * s + damping * damping * r);
    for (let i = 0; i < rows; i++) K[i * k + c] = factor * K[i * k + c];
  }
}

/** |Ω|², but for what is there twice */
function squares(k: i32, E: Vector, rows: i32, K: Vector | null): f64 {
  return sumOfSquares(k * k, E) + (K ? sumOfSquares(rows * k, K) : 0);
}

/** U and V turn. */
function turnBoth(d: Descent, lr: f64, its: Step, g: f64, crooked: f64): void {
  const m = d.m;
  const n = d.n;
  const k = d.k;
  const kk = k * k;
  const KU = its.KU;
  const KV = its.KV;
  const enough = min(CROOKED, g / d.norm);
  // a short turn is orthonormal enough (to |Ω|²) as it is
  const short = max(squares(k, its.E, m, KU), squares(k, its.F, n, KV)) <= enough;
  let t = lr;
  let error: f64 = 0;
  if (!short) {
    const length = sqrt(
      max(second(k, m, its.E, KU, its.HU, its.JU, its.Y), second(k, n, its.F, KV, its.HV, its.JV, its.Y)),
    );
    t = min(t, LONGEST / length);
    const half = 0.25 * t * t * length * length;
    error = half * half * half + crooked * (crooked + t * length);
    scale(kk, t * t, its.HU);
    scale(kk, t * t, its.HV);
    if (KU) scale(kk, t * t, its.JU);
    if (KV) scale(kk, t * t, its.JV);
  }
  if (t != 1) {
    scale(kk, t, its.E);
    scale(kk, t, its.F);
    if (KU) scale(m * k, t, KU);
    if (KV) scale(n * k, t, KV);
  }
  turn(k, m, d.U, its.E, KU, d.GU, short ? null : its.HU, its.JU, its.Y);
  turn(k, n, d.V, its.F, KV, d.GV, short ? null : its.HV, its.JV, its.Y);
  straightenBoth(d, error, enough, its.Y);
}

export function levenbergMarquardt(d: Descent, lr: f64): void {
  if (d.square) return atFullRank(d, lr);
  const k = d.k;
  const noise = NOISE * d.norm;
  const its = stepOf(d);
  const KU = its.KU;
  const KV = its.KV;
  if (KU && KV && k <= NARROW) residual(d);

  const g2 = look(d, its, noise);
  const crooked = max(maxAbs(k * k, d.GU), maxAbs(k * k, d.GV));
  if (!(g2 <= sumOfSquares(k, d.s) && crooked < 0.5)) return leap(d);

  precondition(d, its.T, its.r2, its.E, its.F);
  if (KU && KV) solve(d, its, KU, KV, sqrt(g2), noise);
  else if (KU) preconditionOutside(d, d.m, KU, its.r2);
  else if (KV) preconditionOutside(d, d.n, KV, its.r2);
  turnBoth(d, lr, its, sqrt(g2), crooked);
  settle(d);
}
