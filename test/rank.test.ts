/** The best approximation of rank k (Eckart and Young), weights and missing entries, warm starts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lbfgs, levenbergMarquardt, manualSeed, reconstruct, type SvdResult, svd } from '../src/index.js';
import { gaussian, multiply, ofSpectrum, squares } from './support/matrices.js';

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
    { numRuns: 30 },
  );
});

test('a warm start after a small change takes a few iterations', () => {
  const M = gaussian(10, 60, 40);
  const change = gaussian(11, 60, 40);
  for (const rank of [5, 40]) {
    const before = svd(M, { rank });
    for (const [by, most] of [
      [1e-3, 6],
      [1e-8, 3],
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

/** A product of rank k with a share of its entries hidden. */
function gaps(seed: number, m: number, n: number, k: number, share: number) {
  const truth = multiply(gaussian(seed, m, k), gaussian(seed + 1, k, n));
  const draws = manualSeed(seed + 2).rand(m, n);
  const M = truth.map((row, i) => row.map((x, j) => (draws.get(i, j) < share ? NaN : x)));
  return { truth, M };
}

describe('missing entries and weights', () => {
  test.each([1, 2, 3])('rank 3, 60 x 40, half of the entries hidden: recovered (%d)', (seed) => {
    const { truth, M } = gaps(seed, 60, 40, 3, 0.5);
    const result = svd(M, { rank: 3, missing: 'nan' });
    expect(result.status).toBe('converged');
    const product = reconstruct(result).toArray();
    const off = Math.max(...truth.flatMap((row, i) => row.map((x, j) => Math.abs(x - product[i]![j]!))));
    expect(off).toBeLessThan(1e-10);
  });

  test('what stands in an entry of weight 0 does not matter', () => {
    const { M } = gaps(4, 12, 9, 2, 0.3);
    const weights = M.map((row) => row.map((x) => (Number.isNaN(x) ? 0 : 1)));
    const filled = (by: number) => M.map((row) => row.map((x) => (Number.isNaN(x) ? by : x)));
    const byNaN = svd(M, { rank: 2, missing: 'nan' });
    for (const by of [0, 1e3, -7]) {
      const byWeight = svd(filled(by), { rank: 2, weights });
      expect(byWeight.S).toEqual(byNaN.S);
      expect(byWeight.U.data).toEqual(byNaN.U.data);
    }
  });

  test('equal weights are no weights', () => {
    const M = gaussian(12, 15, 11);
    const weighted = svd(M, { rank: 4, weights: M.map((row) => row.map(() => 3)) });
    expect(weighted.status).toBe('converged');
    expect(Math.max(...svd(M, { rank: 4 }).S.map((s, c) => Math.abs(s - weighted.S[c]!)))).toBeLessThan(
      1e-12,
    );
  });

  test('a heavier entry is met more closely', () => {
    const M = gaussian(13, 10, 8);
    const off = (weight: number) => {
      const weights = M.map((row, i) => row.map((_, j) => (i === 2 && j === 3 ? weight : 1)));
      return Math.abs(reconstruct(svd(M, { rank: 2, weights })).get(2, 3) - M[2]![3]!);
    };
    expect(off(100)).toBeLessThan(off(1));
    expect(off(1)).toBeLessThan(off(0.01));
  });

  test('a row without any entry gets the answer of smallest norm: zeros', () => {
    const { truth, M } = gaps(5, 20, 15, 2, 0.2);
    M[4] = M[4]!.map(() => NaN);
    const result = svd(M, { rank: 2, missing: 'nan' });
    expect(result.status).toBe('converged');
    const product = reconstruct(result).toArray();
    expect(Math.max(...product[4]!.map(Math.abs))).toBeLessThan(1e-12);
    const off = Math.max(
      ...truth.flatMap((row, i) => (i === 4 ? [0] : row.map((x, j) => Math.abs(x - product[i]![j]!)))),
    );
    expect(off).toBeLessThan(1e-10);
  });

  test.each([1e-4, 1e-2, 0.3])(
    'weightDecay %d draws S in: to S/(1 + weightDecay mn/2) without gaps',
    (weightDecay) => {
      const M = gaussian(14, 8, 6);
      for (const rank of [6, 3]) {
        const { S, status, iterations } = svd(M, { rank, optimizer: levenbergMarquardt({ weightDecay }) });
        expect(status).toBe('converged');
        expect(iterations).toBeLessThan(20);
        const undrawn = svd(M, { rank }).S;
        undrawn.forEach((s, c) => expect(S[c]! / (s / (1 + (weightDecay * 48) / 2))).toBeCloseTo(1, 12));
      }
    },
  );

  test('weightDecay with gaps is the least of the loss and its penalty', () => {
    const { M } = gaps(6, 15, 11, 2, 0.4);
    const weightDecay = 3e-3;
    const loss = ({ S, loss }: SvdResult, scale: number) =>
      loss.reconstruction + (weightDecay / 2) * S.reduce((sum, s) => sum + (s / scale) ** 2, 0);
    const scale = Math.sqrt(squares(M.map((row) => row.map((x) => (Number.isNaN(x) ? 0 : x)))));
    const options = { rank: 2, missing: 'nan' } as const;
    const least = svd(M, { ...options, optimizer: levenbergMarquardt({ weightDecay }) });
    expect(least.status).toBe('converged');
    for (const other of [weightDecay / 1.1, weightDecay * 1.1, 0]) {
      const near = svd(M, { ...options, optimizer: levenbergMarquardt({ weightDecay: other }) });
      expect(loss(least, scale)).toBeLessThan(loss(near, scale));
    }
  });
});

test('rows and columns without any entry take from the default rank', () => {
  const { U, S, V } = svd(
    [
      [NaN, NaN, NaN],
      [1, 2, NaN],
      [3, 4, NaN],
    ],
    { missing: 'nan' },
  );
  expect(S.length).toBe(2);
  expect(U.toArray()[0]!.every((x) => Math.abs(x) < 1e-15)).toBe(true);
  expect(V.toArray()[2]!.every((x) => Math.abs(x) < 1e-15)).toBe(true);
  expect(
    svd(
      [
        [0, 2],
        [3, 4],
      ],
      {
        weights: [
          [0, 0],
          [1, 1],
        ],
      },
    ).S[0],
  ).toBeCloseTo(5, 12);
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
