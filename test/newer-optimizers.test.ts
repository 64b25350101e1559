/** The optimizers that PyTorch 1.13 has not, against plain loops of their papers' formulas on a gradient of the test's own. */
import { describe, expect, test } from 'vitest';
import { descend, lion, manualSeed, muon, type Optimizer, resume, svd } from '../src/index.js';

const [m, n, k, penalty, steps] = [5, 4, 3, 0.01, 40];
const M = manualSeed(7).rand(m, n).toArray();
const setting = {
  rank: k,
  penalty,
  tolerance: 0,
  iterations: steps,
  diagonal: 'signed',
  init: 'uniform',
  normalize: false,
} as const;

type Rows = number[][];
const product = (A: Rows, B: Rows): Rows =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, x, l) => sum + x * B[l]![j]!, 0)));
const transposed = (A: Rows): Rows => A[0]!.map((_, j) => A.map((row) => row[j]!));
const map = (f: (...entries: number[]) => number, ...all: Rows[]): Rows =>
  all[0]!.map((row, i) => row.map((_, j) => f(...all.map((X) => X[i]![j]!))));
const diagonal = (s: number[]): Rows => s.map((x, i) => s.map((_, j) => (i === j ? x : 0)));
const mean = (A: Rows) => A.flat().reduce((sum, x) => sum + x * x, 0) / A.flat().length;

/** [U, diag(s), V], all of them matrices. */
type Parameters = [Rows, Rows, Rows];

/** The loss and its gradient; of the matrix in the middle only the diagonal is free. */
function slopes([U, S, V]: Parameters): { loss: number; gradient: Parameters } {
  const R = map((x, y) => x - y, product(product(U, S), transposed(V)), M);
  const crooked = (X: Rows) =>
    map((x, one) => x - one, product(transposed(X), X), diagonal(Array(k).fill(1)));
  const [GU, GV] = [crooked(U), crooked(V)];
  const pull = (X: Rows, P: Rows, G: Rows) =>
    map((p, g) => (2 / (m * n)) * p + ((4 * penalty) / (k * k)) * g, product(P, S), product(X, G));
  const t = product(product(transposed(U), R), V);
  return {
    loss: mean(R) + penalty * (mean(GU) + mean(GV)),
    gradient: [
      pull(U, product(R, V), GU),
      map((x, one) => (2 / (m * n)) * x * one, t, diagonal(Array(k).fill(1))),
      pull(V, product(transposed(R), U), GV),
    ],
  };
}

/** The losses of a descent whose every step is `update(X, G, of)`, `of` the number of the matrix. */
function descent(update: (X: Rows, G: Rows, of: number) => Rows): number[] {
  const draws = manualSeed(1);
  const rows = (count: number) => draws.rand(count, k).toArray();
  const [U, s, V] = [rows(m), rows(1)[0]!, rows(n)];
  let at: Parameters = [U, diagonal(s), V];
  return Array.from({ length: steps }, () => {
    const { loss, gradient } = slopes(at);
    at = at.map((X, of) => update(X, gradient[of]!, of)) as Parameters;
    return loss;
  });
}

function expectLosses(optimizer: Optimizer, expected: number[]) {
  const { losses } = svd(M, { ...setting, seed: 1, optimizer });
  expect(losses.length).toBe(steps);
  losses.forEach((loss, at) => expect(Math.abs(loss / expected[at]! - 1), `loss ${at}`).toBeLessThan(1e-10));
}

const zeros = (X: Rows) => map(() => 0, X);

describe('lion', () => {
  test.each([
    [{ lr: 0.01 }, 0.9, 0.99, 0],
    [{ lr: 0.02, betas: [0.8, 0.95], weightDecay: 0.3 }, 0.8, 0.95, 0.3],
  ] as const)('%o', (options, beta1, beta2, weightDecay) => {
    const kept: Rows[] = [];
    const expected = descent((X, G, of) => {
      const mean = kept[of] ?? zeros(X);
      kept[of] = map((m, g) => beta2 * m + (1 - beta2) * g, mean, G);
      return map(
        (x, m, g) => x - options.lr * (Math.sign(beta1 * m + (1 - beta1) * g) + weightDecay * x),
        X,
        mean,
        G,
      );
    });
    expectLosses(lion(options), expected);
  });
});

describe('muon', () => {
  test.each([
    [{ lr: 0.02 }, 0.1, 0.95, true, 1e-7, 5],
    [{ lr: 0.01, weightDecay: 0, momentum: 0.8, nesterov: false, eps: 1, nsSteps: 3 }, 0, 0.8, false, 1, 3],
  ] as const)('%o', (options, weightDecay, momentum, nesterov, eps, nsSteps) => {
    const [a, b, c] = [3.4445, -4.775, 2.0315];
    const kept: Rows[] = [];
    const expected = descent((X, G, of) => {
      const mixed = (B: Rows) => map((b, g) => momentum * b + (1 - momentum) * g, B, G);
      const B = mixed(kept[of] ?? zeros(X));
      kept[of] = B;
      let O = nesterov ? mixed(B) : B;
      const norm = Math.sqrt(mean(O) * O.flat().length);
      O = map((o) => o / Math.max(norm, eps), O);
      for (let step = 0; step < nsSteps; step++) {
        // as torch does it: the smaller of the two products
        const A = product(transposed(O), O);
        const polynomial = map((x, xx) => b * x + c * xx, A, product(A, A));
        O = map((o, y) => a * o + y, O, product(O, polynomial));
      }
      const adjusted = options.lr * Math.sqrt(Math.max(1, X.length / X[0]!.length));
      return map((x, o) => (1 - options.lr * weightDecay) * x - adjusted * o, X, O);
    });
    expectLosses(muon(options), expected);
  });
});

test.each([lion({ lr: 0.01 }), muon({ lr: 0.01 })])(
  '$name, saved and resumed, has the same bits',
  (optimizer) => {
    const whole = descend(M, { ...setting, optimizer });
    whole.step(40);
    const first = descend(M, { ...setting, optimizer });
    first.step(23);
    const second = resume(structuredClone(first.save()));
    second.step(17);
    expect(second.result()).toEqual(whole.result());
    for (const d of [whole, first, second]) d.dispose();
  },
);
