/** The best approximation of rank k (Eckart and Young), warm starts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descend, lbfgs, manualSeed, reconstruct, type SvdResult, sgd, svd } from '../src/index.js';
import { gaussian, ofSpectrum, squares } from './support/matrices.js';

type Rows = number[][];

/** Squared error over that of the best approximation, and the largest error of a singular value over the largest. */
function against(M: Rows, result: SvdResult) {
  const all = svd(M).S;
  const k = result.S.length;
  const best = squares([[...all.subarray(k)]]);
  const product = reconstruct(result).toArray();
  const error = squares(M.map((row, i) => row.map((x, j) => x - product[i]![j]!)));
  const sigma = Math.max(...result.S.map((s, c) => Math.abs(s - all[c]!))) / all[0]!;
  return { excess: (error - best) / best, sigma };
}

const cases: [string, Rows, number, number][] = [
  [
    '0.8^i',
    ofSpectrum(
      1,
      Array.from({ length: 60 }, (_, i) => 0.8 ** i),
    ),
    10,
    20,
  ],
  [
    '1/i',
    ofSpectrum(
      2,
      Array.from({ length: 60 }, (_, i) => 1 / (i + 1)),
    ),
    10,
    20,
  ],
  ['gaussian 60 x 40', gaussian(3, 60, 40), 5, 20],
  ['uniform 60 x 40', manualSeed(4).rand(60, 40).toArray(), 5, 20],
  ['gaussian 40 x 60', gaussian(5, 40, 60), 5, 20],
  ['a tie at the cut', ofSpectrum(6, [5, 4, 3, 2, 2, 2, 1, 0.5]), 4, 20],
  ['rank 1', gaussian(7, 20, 15), 1, 20],
  ['all but one', gaussian(8, 12, 10), 9, 20],
  ['more columns than the narrow kernels take', gaussian(9, 50, 40), 20, 30],
  ['a basis that is full before the end', gaussian(10, 100, 120), 3, 30],
];

describe.each(cases)('rank k: %s', (_, M, rank, most) => {
  test.each([314, 1, 2])('seed %d', (seed) => {
    const result = svd(M, { rank, seed });
    expect(result.status).toBe('converged');
    expect(result.iterations).toBeLessThanOrEqual(most);
    const { excess, sigma } = against(M, result);
    expect(Math.abs(excess)).toBeLessThan(1e-9);
    expect(sigma).toBeLessThan(1e-12);
  });
});

test('at rank k every loss that is told is that of the factors, and the scale of M is of no account', () => {
  // (with so little left |M|² - ΣS² has lost its digits; with less, the entries that M is compared with would have)
  const spectrum = Array.from({ length: 40 }, (_, i) => (i < 4 ? 4 - i : 1e-5 / i));
  for (const M of [gaussian(12, 50, 40), ofSpectrum(13, spectrum)]) sameInAnyUnit(M);
});

function sameInAnyUnit(M: Rows): void {
  const cells = M.length * M[0]!.length;
  const iterations = [1e-6, 1, 1e6].map((unit) => {
    const scaled = M.map((row) => row.map((x) => x * unit));
    const d = descend(scaled, { rank: 4, normalize: false });
    while (d.status === 'running') {
      d.step();
      const result = d.result();
      const product = reconstruct(result).toArray();
      const error = squares(scaled.map((row, i) => row.map((x, j) => x - product[i]![j]!))) / cells;
      expect(Math.abs(result.loss.reconstruction / error - 1)).toBeLessThan(1e-10);
    }
    expect(d.status).toBe('converged');
    d.dispose();
    return d.losses.length;
  });
  expect(new Set(iterations).size).toBe(1);
}

test('a start in the wrong singular vectors is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const M = gaussian(seed, 10, 7);
      const { U, S, V } = svd(M);
      const last = (rows: Rows) => rows.map((row) => row.slice(-3));
      const init = { U: last(U.toArray()), S: S.subarray(-3), V: last(V.toArray()) };
      const result = svd(M, { rank: 3, init });
      expect(result.status).toBe('converged');
      expect(against(M, result).sigma).toBeLessThan(1e-12);
    }),
    { seed: 314, numRuns: 30 },
  );
});

// (at a lower rank an iteration is two products with M for each column and no more)
test('and so where all but one are small: one larger by a billionth of M is found', () => {
  for (const small of [1, 1e-1, 1e-2]) {
    const S = [3.7e-7, 1.8e-6, 1.5e-6, 2.8e-7].map((s) => s * small);
    const M = [...S, 0.76].map((s, i) => Array.from({ length: 5 }, (_, j) => (i === j ? s : 0)));
    const wrong = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 4 }, (_, c) => Number(i === c + 1)),
    );
    const result = svd(M, { rank: 4, init: { U: wrong, S: [1, 1, 1, 1], V: wrong } });
    expect(result.status).toBe('converged');
    expect(Math.abs(result.S[3]! - S[0]!)).toBeLessThan(1e-14);
  }
});

test('a warm start after a small change takes a few iterations', () => {
  const M = gaussian(10, 60, 40);
  const change = gaussian(11, 60, 40);
  for (const rank of [5, 40]) {
    const before = svd(M, { rank });
    for (const [by, most] of [
      [1e-3, 6],
      [1e-8, rank === 5 ? 6 : 3],
    ] as const) {
      const changed = M.map((row, i) => row.map((x, j) => x + by * change[i]![j]!));
      const warm = svd(changed, { rank, init: before });
      expect(warm.status).toBe('converged');
      expect(warm.iterations).toBeLessThanOrEqual(most);
      const cold = svd(changed, { rank });
      expect(Math.max(...cold.S.map((s, c) => Math.abs(s - warm.S[c]!)))).toBeLessThan(1e-12);
    }
    expect(svd(M, { rank, init: before }).iterations).toBeLessThanOrEqual(1);
  }
});

test('lbfgs ends where losses tell no more, at a loss that stays', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const M = manualSeed(seed).rand(6, 5).toArray();
    const result = svd(M, { rank: 2, optimizer: lbfgs() });
    expect(result.status).toBe('converged');
    expect(result.iterations).toBeLessThan(500);
    expect(against(M, result).sigma).toBeLessThan(1e-7);
  }
});

test('lbfgs: first steps far too short or too long are soon others', () => {
  const M = gaussian(3, 6, 5);
  const iterations = [1e-3, 1, 1e3].map((lr) =>
    [1, 2, 3, 4, 5, 6].reduce((sum, seed) => sum + svd(M, { optimizer: lbfgs({ lr }), seed }).iterations, 0),
  );
  expect(Math.max(...iterations)).toBeLessThan(2000);
});

describe('what a look finds outside, and nothing else, takes a place inside', () => {
  const start = (n: number, at: number[], S: number[]) => {
    const E = Array.from({ length: n }, (_, i) => at.map((j) => (i === j ? 1 : 0)));
    return { U: E, S, V: E };
  };
  const still = { optimizer: sgd({ lr: 0 }), tolerance: 1e-10, iterations: 3 };
  const diagonal = (values: number[]) => values.map((x, i) => values.map((_, j) => (i === j ? x : 0)));

  test.each(['signed', 'squared'] as const)('the largest of many that are close, S %s', (diagonal_) => {
    const M = diagonal([1, 0.95, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]);
    const { S, U, status } = svd(M, { ...still, rank: 1, init: start(10, [1], [0.95]), diagonal: diagonal_ });
    expect(S[0]).toBeCloseTo(1, 3);
    expect(Math.abs(U.get(0, 0))).toBeCloseTo(1, 2);
    expect(status).not.toBe('diverged');
  });

  test('in place of the smallest, where one alone is left outside', () => {
    for (const at of [
      [3, 0, 2],
      [0, 3, 2],
      [2, 0, 3],
    ]) {
      // biome-ignore format: short
      const from = start(4, at, at.map((i) => 4 - i)); // biome-ignore format: short
      const { S, status } = svd(diagonal([4, 3, 2, 1]), { ...still, rank: 3, init: from });
      expect([...S].map((s) => Math.round(s * 1e9) / 1e9)).toEqual([4, 3, 2]);
      expect(status).toBe('converged');
    }
  });

  test('a diagonal that came out negative is as large as its magnitude', () => {
    const { S, status } = svd(diagonal([1, 0.9]), {
      ...{ rank: 1, optimizer: sgd({ lr: 0.5, momentum: 0.5 }), tolerance: 1e-8, iterations: 5000 },
      init: { U: [[-1], [0]], S: [0.5], V: [[1], [0]] },
    });
    expect(status).toBe('converged');
    expect(S[0]).toBeCloseTo(1, 6);
  });
});
