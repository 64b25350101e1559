import { describe, expect, it } from 'vitest';
import {
  directSvd,
  levenbergMarquardt,
  manualSeed,
  reconstruct,
  residuals,
  type SvdOptions,
  svd,
} from '../src/index.js';

import { gaussian } from './support/matrices.js';

type Rows = number[][];
const make = (m: number, n: number, entry: (i: number, j: number) => number): Rows =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
const random = (m: number, n: number, seed = 1) => manualSeed(seed).rand(m, n).toArray();
/** A matrix of these singular values: those of a random one are replaced. */
const withValues = (values: number[], m = values.length): Rows => {
  const { U, V } = svd(random(m, values.length, 2));
  return reconstruct({ U, S: Float64Array.from(values), V }).toArray();
};
const graded = (n: number, decades: number) =>
  Array.from({ length: n }, (_, i) => 10 ** ((-decades * i) / (n - 1)));
const cluster = (gap: number) => [4, 1, 0.5].flatMap((s) => [0, 1, 2, 3].map((i) => s * (1 + gap * i)));

const matrices: Record<string, Rows> = {
  'uniform 64 x 64': random(64, 64),
  'uniform 40 x 15': random(40, 15),
  'uniform 15 x 40': random(15, 40),
  row: random(1, 9),
  column: random(9, 1),
  '1 x 1, negative': [[-3]],
  zero: make(5, 4, () => 0),
  'zero, 7 x 7': make(7, 7, () => 0),
  identity: make(8, 8, (i, j) => Number(i === j)),
  nilpotent: make(30, 30, (i, j) => Number(i + 1 === j)),
  'times 1e150': random(6, 6).map((row) => row.map((x) => x * 1e150)),
  denormal: random(6, 6).map((row) => row.map((x) => x * 5e-310)),
  'one huge entry': make(12, 12, (i, j) => (i === 3 && j === 7 ? 1e12 : Math.sin(i * 12 + j))),
  'Hilbert 12': make(12, 12, (i, j) => 1 / (i + j + 1)),
  'values 10^-(0..15)': withValues(graded(48, 15)),
  'gaps of 1e-3': withValues(cluster(1e-3)),
  'gaps of 1e-8': withValues(cluster(1e-8)),
  'no gaps, 20 x 12': withValues(cluster(0), 20),
  'rank 3': withValues([3, 2, 1, 0, 0, 0, 0, 0], 12),
};

/** Residual and orthonormality in units of 1e-13 n, of M brought to entries <= 1 */
function check(M: Rows, options: SvdOptions = {}) {
  const most = Math.max(...M.flat().map(Math.abs)) || 1;
  const result = svd(M, options);
  const n = Math.max(M.length, M[0]!.length);
  const norm = Math.sqrt(M.flat().reduce((sum, x) => sum + (x / most) ** 2, 0)) || 1;
  const { reconstruction, orthonormalityU, orthonormalityV } = residuals(M, result);
  expect(result.status).toBe('converged');
  expect(reconstruction / most).toBeLessThanOrEqual(1e-13 * n * norm);
  expect(Math.max(orthonormalityU, orthonormalityV)).toBeLessThanOrEqual(1e-13 * n);
  return result;
}

describe('Levenberg-Marquardt', () => {
  it.each(Object.entries(matrices))('converges from any start: %s', (_, M) => {
    for (const seed of [314, 315, 316]) expect(check(M, { seed }).iterations).toBeLessThanOrEqual(25);
  });

  it.each<SvdOptions>([
    { diagonal: 'squared' },
    { init: 'uniform' },
    { init: 'uniform', diagonal: 'squared' },
    { normalize: false },
    { optimizer: levenbergMarquardt({ damping: 0 }) },
    { optimizer: levenbergMarquardt({ damping: 1 }) },
    { optimizer: levenbergMarquardt({ lr: 0.5 }), iterations: 100 },
    { weights: make(20, 12, () => 0.5) },
    { weights: make(20, 12, (i, j) => 1 + ((i + j) % 2)) },
  ])('converges with %o', (options) => {
    const M = random(20, 12);
    check(M, options);
  });

  it('takes so few iterations', () => {
    for (const [n, most] of [
      [2, 3],
      [4, 5],
      [6, 5],
      [10, 6],
      [16, 6],
      [24, 6],
      [64, 7],
    ] as const) {
      for (const seed of [1, 2, 3]) {
        expect(svd(gaussian(seed, n, n), { seed }).iterations).toBeLessThanOrEqual(most);
      }
    }
  });

  it('converges on zeros from any start', () => {
    const zeros = make(7, 7, () => 0);
    const factors = svd(random(7, 7));
    for (const init of ['uniform', factors] as const) {
      const { status, S } = svd(zeros, { init });
      expect(status).toBe('converged');
      expect(Math.max(...S)).toBeLessThan(1e-12);
    }
  });

  it('converges quadratically: from a loss of 1e-7 to rounding in three iterations', () => {
    const { losses, iterations, loss } = svd(withValues([5, 4, 3, 2, 1]));
    expect(iterations - losses.findIndex((loss) => loss < 1e-7)).toBeLessThanOrEqual(3);
    expect(loss.total).toBeLessThan(1e-29);
  });

  it('starts warm: two iterations after a small change, none after no change', () => {
    const M = random(20, 12);
    const before = svd(M);
    expect(svd(M, { init: before }).iterations).toBe(0);
    const changed = M.map((row, i) => row.map((x, j) => x + 1e-6 * Math.cos(i * 12 + j)));
    expect(check(changed, { init: before }).iterations).toBeLessThanOrEqual(3);
  });

  // diag(UᵀMV) of equal numbers, or of such that differ in sign, and slopes that no turn follows to first order
  const ties: Record<string, (i: number, j: number, n: number) => number> = {
    ones: () => 1,
    'ones on I': (i, j) => (i === j ? 2 : 1),
    'a ring': (i, j, n) => (i === j ? 2 : Number((i - j + n) % n === 1)),
    pairs: (i, j) => Number(i >> 1 === j >> 1),
    skew: (i, j, n) => (i === j ? n : Math.sign(i - j)),
    'skew, diagonal of both signs': (i, j) => (i === j ? 2 * (-1) ** i : Math.sign(i - j)),
    'symmetric, diagonal of both signs': (i, j, n) => (i === j ? n * (-1) ** i : 4),
  };
  it.each(Object.entries(ties))('leaves a tie that a warm start begins at: %s', (_, entry) => {
    for (const n of [2, 3, 8, 33]) {
      const M = make(n, n, (i, j) => entry(i, j, n));
      const { S } = directSvd(M);
      for (const rank of new Set([1, n >> 1, n])) {
        for (const options of [
          {},
          { diagonal: 'squared' },
          { optimizer: levenbergMarquardt({ damping: 0 }) },
        ] satisfies SvdOptions[]) {
          const I = make(n, rank, (i, j) => Number(i === j));
          const warm = { U: I, S: new Float64Array(rank), V: I };
          const result = svd(M, { rank, init: warm, ...options });
          expect(result.status).toBe('converged');
          expect(result.iterations).toBeLessThanOrEqual(20);
          result.S.forEach((s, c) => expect(Math.abs(s - S[c]!)).toBeLessThanOrEqual(1e-13 * n * S[0]!));
        }
      }
    }
  });

  it('finds the best approximation of rank k', () => {
    const values = Array.from({ length: 20 }, (_, i) => 0.5 ** i);
    const M = withValues(values, 30);
    const { S, status, loss } = svd(M, { rank: 5 });
    expect(status).toBe('converged');
    S.forEach((s, i) => expect(Math.abs(s - values[i]!)).toBeLessThan(1e-13));
    const rest = values.slice(5).reduce((sum, s) => sum + s * s, 0);
    const all = values.reduce((sum, s) => sum + s * s, 0);
    expect(loss.reconstruction * 600).toBeCloseTo(rest / all, 14);
  });
});

it('a learning rate too large ends, right or not', () => {
  for (const lr of [1.5, 3, 10, 1e6]) {
    const { iterations, S } = svd(
      [
        [3, 0],
        [4, 5],
      ],
      { optimizer: levenbergMarquardt({ lr }) },
    );
    expect(iterations).toBeLessThanOrEqual(2000);
    expect([...S].every(Number.isFinite)).toBe(true);
  }
});
