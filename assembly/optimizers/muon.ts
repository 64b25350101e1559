// torch.optim.Muon (PyTorch 2.9); Jordan, "Muon: an optimizer for hidden layers in neural networks" (2024). For each matrix X
//
//     B = momentum B + (1 - momentum) G
//     O = momentum B + (1 - momentum) G (nesterov) or B, made orthonormal:
//         O /= max(|O|, eps), then nsSteps times   O <- a O + O (b A + c A²),   A = OᵀO
//     X = (1 - lr weightDecay) X - lr sqrt(max(1, rows/columns)) O
//
// X is U, V, and the diagonal matrix of d, where O stays diagonal: A is O² then, entry by entry.

import { FIRST, SET } from '../boundary';
import { Descent } from '../descent';
import { gemm } from '../kernels/matmul';
import { scale, sumOfSquares } from '../kernels/vector';
import { PAIR, Pair, Vector } from '../views';

@unmanaged
class Options {
  weightDecay: f64;
  momentum: f64;
  nesterov: f64;
  a: f64;
  b: f64;
  c: f64;
  eps: f64;
  nsSteps: f64;
}

/** O = a O + O (b A + c A²) for O (rows x k), so often as `is` says; Y is scratch as large as O. */
function orthogonalize(is: Options, rows: i32, k: i32, O: Vector, A: Vector, A2: Vector, Y: Vector): void {
  const n = rows * k;
  scale(n, 1 / max(sqrt(sumOfSquares(n, O)), is.eps), O);
  for (let step = 0; step < <i32>is.nsSteps; step++) {
    gemm(SET + FIRST, k, k, rows, O, O, A, null);
    gemm(SET, k, k, k, A, A, A2, null);
    for (let ij = 0; ij < k * k; ij++) A[ij] = is.b * A[ij] + is.c * A2[ij];
    gemm(SET, rows, k, k, O, A, Y, null);
    for (let i = 0; i < n; i++) O[i] = is.a * O[i] + Y[i];
  }
}

/** The same for a diagonal O. */
function orthogonalizeDiagonal(is: Options, k: i32, o: Vector): void {
  scale(k, 1 / max(sqrt(sumOfSquares(k, o)), is.eps), o);
  for (let step = 0; step < <i32>is.nsSteps; step++) {
    for (let c = 0; c < k; c++) {
      const a = o[c] * o[c];
      o[c] = is.a * o[c] + o[c] * (is.b * a + is.c * a * a);
    }
  }
}

export function muon(d: Descent, lr: f64): void {
  const is = d.options<Options>();
  const momentum = Pair.hold(is.momentum);
  const rest = Pair.hold(1 - is.momentum);
  const end = d.end;
  const k = d.k;
  const buffer = d.memory(0);
  const O = d.gradient;
  for (let at: usize = 0; at < end; at += PAIR) {
    const g = O[at];
    const b = momentum * buffer[at] + rest * g;
    buffer[at] = b;
    O[at] = is.nesterov != 0 ? momentum * b + rest * g : b;
  }

  // (what the gradient was made of is of no more use)
  const OU = d.grad;
  const od = OU.from(d.m * k);
  const OV = od.from(k);
  orthogonalize(is, d.m, k, OU, d.GU, d.GV, d.P);
  orthogonalizeDiagonal(is, k, od);
  orthogonalize(is, d.n, k, OV, d.GU, d.GV, d.Q);
  scale(d.m * k, sqrt(<f64>d.m / <f64>k), OU);
  scale(d.n * k, sqrt(<f64>d.n / <f64>k), OV);

  const remain = Pair.hold(1 - lr * is.weightDecay);
  const rate = Pair.hold(lr);
  const θ = d.θ;
  for (let at: usize = 0; at < end; at += PAIR) θ[at] = remain * θ[at] - rate * O[at];
}
