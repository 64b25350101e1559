/** The product kernel against three plain loops, over the seams of its blocks. */
import { describe, expect, test } from 'vitest';
import { ADD, FIRST, MINUS, SECOND, SET, SUBTRACT } from '../assembly/boundary.js';
import { view, wasm, withScratch } from '../src/core.js';
import { descend, manualSeed, sgd } from '../src/index.js';

// [m, n, k]: tiny, ragged, past the width (128) and the depth (256) of a block
const shapes = [
  [1, 1, 1],
  [2, 3, 5],
  [5, 4, 4],
  [8, 8, 8],
  [33, 9, 65],
  [6, 261, 7],
  [131, 130, 3],
  [9, 10, 513],
] as const;

describe.each(shapes)('%i x %i, inner dimension %i', (m, n, k) => {
  const draws = manualSeed(m + n + k);
  const random = (length: number) => Float64Array.from(draws.rand(1, length).data, (x) => x - 0.5);

  test.each([
    ['A B', 0],
    ['Aᵀ B', FIRST],
    ['A Bᵀ', SECOND],
    ['Aᵀ Bᵀ', FIRST + SECOND],
  ] as const)('%s', (_, transposed) => {
    const [ars, acs] = transposed & FIRST ? [1, m] : [k, 1];
    const [brs, bcs] = transposed & SECOND ? [1, k] : [n, 1];
    // what comes after C must stay
    const size = m * n + 4;
    const A = random(m * k);
    const B = random(k * n);
    const before = random(size);
    const D = random(size);
    const product = (i: number, j: number) => {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += A[i * ars + l * acs]! * B[l * brs + j * bcs]!;
      return sum;
    };
    for (const mode of [SET, ADD, SUBTRACT, MINUS]) {
      const C = withScratch([m * k, k * n, size, size], 'C', m, n, (a, b, c, d) => {
        view(a, m * k).set(A);
        view(b, k * n).set(B);
        view(c, size).set(before);
        view(d, size).set(D);
        wasm().gemm(mode + transposed, m, n, k, a, b, c, d);
        return view(c, size).slice();
      });
      expect(C.subarray(m * n)).toEqual(before.subarray(m * n));
      for (let i = 0, at = 0; i < m; i++) {
        for (let j = 0; j < n; j++, at++) {
          const ab = product(i, j);
          const expected = [ab, before[at]! + ab, before[at]! - ab, ab - D[at]!][mode]!;
          if (Math.abs(C[at]! - expected) > 1e-14 * k) expect(C[at]).toBeCloseTo(expected, 13);
        }
      }
    }
  });
});

/** XᵀX - I is made of tiles on and below the diagonal, then mirrored; its sum of squares shows in the loss. */
test.each([8, 9, 20, 64, 133])('XᵀX - I of %i columns', (k) => {
  const draws = manualSeed(k);
  const U = draws.rand(k + 3, k);
  const V = draws.rand(k, k);
  const S = new Float64Array(k).fill(1);
  // (Levenberg-Marquardt would leave out what U has outside the span of the columns)
  const descent = descend(draws.rand(k + 3, k), { init: { U, S, V }, optimizer: sgd({ lr: 0.1 }) });
  const { orthonormalityU, orthonormalityV } = descent.loss;
  descent.dispose();
  const expected = ({ rows, data }: typeof U) => {
    let sum = 0;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        let entry = a === b ? -1 : 0;
        for (let i = 0; i < rows; i++) entry += data[i * k + a]! * data[i * k + b]!;
        sum += entry * entry;
      }
    }
    return sum / (k * k);
  };
  expect(Math.abs(orthonormalityU / expected(U) - 1)).toBeLessThan(1e-13);
  expect(Math.abs(orthonormalityV / expected(V) - 1)).toBeLessThan(1e-13);
});
