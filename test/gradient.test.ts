/** The hand-derived gradients against finite differences of the loss, at random points. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRADIENT, MATRIX, SVD, THETA, WEIGHTS } from '../assembly/boundary.js';
import { wasm } from '../src/core.js';
import { adam, descend, manualSeed, sgd } from '../src/index.js';
import { Run } from '../src/run.js';

interface Case {
  m: number;
  n: number;
  k: number;
  squared: boolean;
  weighted: boolean;
}

/** Loss and gradient at theta, from the core: a step of length 0 computes both. */
function evaluate(shape: Case, M: Float64Array, weights: Float64Array, theta: Float64Array) {
  const { m, n, k } = shape;
  const run = new Run({
    ...shape,
    problem: SVD,
    size: (m + n + 1) * k,
    penaltyU: 0.3,
    penaltyV: 0.7,
    optimizer: sgd({ lr: 0 }),
    iterations: 1,
    tolerance: 0,
    history: 0,
  });
  run.view(MATRIX).set(M);
  if (shape.weighted) run.view(WEIGHTS).set(weights);
  wasm().normalize(run.pointer, 0, 0);
  run.view(THETA).set(theta);
  run.step(1);
  const gradient = run.view(GRADIENT).slice();
  const loss = run.loss.total;
  run.dispose();
  return { loss, gradient };
}

const shapes = [
  { m: 1, n: 1, k: 1 },
  { m: 5, n: 4, k: 4 },
  { m: 4, n: 5, k: 4 },
  { m: 7, n: 3, k: 2 },
  { m: 6, n: 7, k: 5 },
  { m: 9, n: 6, k: 6 },
  { m: 7, n: 8, k: 7 },
  { m: 8, n: 8, k: 8 },
  { m: 12, n: 11, k: 9 },
  { m: 3, n: 17, k: 3 },
];

describe.each(shapes)('$m x $n, rank $k', ({ m, n, k }) => {
  test.each([
    { squared: false, weighted: false },
    { squared: true, weighted: false },
    { squared: false, weighted: true },
    { squared: true, weighted: true },
  ])('squared: $squared, weighted: $weighted', ({ squared, weighted }) => {
    const shape = { m, n, k, squared, weighted };
    const size = (m + n + 1) * k;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const draws = manualSeed(seed);
        const centred = (length: number) => draws.rand(1, length).data.map((x) => 2 * x - 1);
        const M = centred(m * n);
        // a third of the entries is missing, but not all
        const weights = draws.rand(1, m * n).data.map((x, i) => (x < 1 / 3 && i > 0 ? 0 : x));
        const theta = centred(size);
        const { gradient } = evaluate(shape, M, weights, theta);
        // at most a dozen of the coordinates: the differences are what takes time
        for (let at = 0; at < size; at += Math.ceil(size / 12)) {
          const loss = (by: number) => {
            const moved = theta.slice();
            moved[at]! += by;
            return evaluate(shape, M, weights, moved).loss;
          };
          // the five-point central difference: its error is h⁴/30 of the fifth derivative
          const h = 1e-3;
          const difference = (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h);
          const scale = Math.max(...gradient.map(Math.abs));
          expect(Math.abs(gradient[at]! - difference)).toBeLessThan(1e-7 * scale);
        }
      }),
      { seed: 314, numRuns: 10 },
    );
  });
});

test('what odd sizes leave behind theta is never read', () => {
  // rank 3 of 5 x 3 has 27 parameters; without eps, Adam makes 0/0 of a 28th
  const descent = descend(manualSeed(1).rand(5, 3), {
    optimizer: adam({ eps: 0 }),
    iterations: 50,
    tolerance: 0,
  });
  descent.step(50);
  expect(descent.status).toBe('max-iterations');
});
