/** Converged is said where it is true, and where it is as good as float64 allows. */
import { describe, expect, test } from 'vitest';
import {
  adam,
  descend,
  directSvd,
  invert,
  lbfgs,
  levenbergMarquardt,
  type Matrix,
  manualSeed,
  type SvdFactorsInput,
  sgd,
  svd,
} from '../src/index.js';
import { gaussian, multiply, squares } from './support/matrices.js';

const table = (m: number, n: number, entry: (i: number, j: number) => number) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
const identity = (n: number) => table(n, n, (i, j) => Number(i === j));
const ones = (rows: number, columns: number) => ({
  rows,
  columns,
  data: new Float64Array(rows * columns).fill(1),
});

describe('rounding grows with the sums behind it', () => {
  test('columns of ones of every length', () => {
    for (let rows = 3; rows <= 4000; rows++) {
      const { status, S } = svd(ones(rows, 1));
      expect(status, `${rows}`).toBe('converged');
      expect(Math.abs(S[0]! / Math.sqrt(rows) - 1)).toBeLessThan(1e-12);
    }
    for (const rows of [20_000, 100_000, 400_000]) expect(svd(ones(rows, 1)).status).toBe('converged');
  });

  test('rank 1 of ones, where nothing makes the sums shorter', () => {
    for (let rows = 2; rows <= 1000; rows++)
      expect(svd(ones(rows, 2), { rank: 1 }).status, `${rows}`).toBe('converged');
    const { status, S } = svd(ones(1000, 400), { rank: 1 });
    expect(status).toBe('converged');
    expect(Math.abs(S[0]! / Math.sqrt(400_000) - 1)).toBeLessThan(1e-12);
  });

  test('indicator columns', () => {
    for (let rows = 10; rows <= 2000; rows += 13) {
      const M = table(rows, 3, (i, j) => Number(i % (j + 2) === 0));
      const { status, S } = svd(M);
      expect(status, `${rows}`).toBe('converged');
      expect(Math.abs(S[2]! - directSvd(M).S[2]!)).toBeLessThan(1e-11);
    }
  });

  test('L-BFGS on a tall matrix', () => {
    const M = table(300, 4, (i, j) => Math.abs(((i * 7 + j * 13) % 11) - 5) / 5);
    const { status, S } = svd(M, { optimizer: lbfgs() });
    expect(status).toBe('converged');
    const direct = directSvd(M).S;
    S.forEach((s, c) => expect(Math.abs(s - direct[c]!)).toBeLessThan(1e-9 * direct[0]!));
  });
});

describe('a norm that over- or underflows is not convergence', () => {
  const from = (U: number[][], S: number[], V: number[][]): SvdFactorsInput => ({ U, S, V });
  const unitPair = (n: number, at: number) => table(n, 1, (i) => Number(i === at));

  test('in the stop rule: a huge entry of small weight', () => {
    const weights = [
      [1, 1],
      [1, 1e-20],
    ];
    const { status, S } = svd(
      [
        [1, 2],
        [3, 4],
      ],
      { weights, init: from(identity(2), [1, 1e160], identity(2)) },
    );
    expect(status === 'converged' && S[0]! > 100).toBe(false);
  });

  test('in the stop rule of the inverse', () => {
    const M = [
      [1, 0],
      [0, 1e-10],
    ];
    const { status, X } = invert(M, {
      init: [
        [0, 0],
        [0, 1e160],
      ],
    });
    expect(status === 'converged' && X.get(1, 1) > 2e10).toBe(false);
    // 0 has none, however large the guess
    expect(invert([[0]], { init: [[1e100]] }).status).not.toBe('converged');
  });

  test.each([1e-140, 1e-100, 1e-40, 1e40, 1e100, 1e140])('M of size %d that is not normalized', (size) => {
    const init = from(unitPair(2, 0), [1e-300], unitPair(2, 0));
    const { status, S } = svd(
      [
        [0, 0],
        [0, size],
      ],
      { rank: 1, normalize: false, init },
    );
    expect(status).toBe('converged');
    expect(Math.abs(S[0]! / size - 1)).toBeLessThan(1e-12);
    const M = table(6, 5, (i, j) => size * Math.sin(1 + i * 5 + j));
    const all = svd(M, { normalize: false });
    expect(all.status).toBe('converged');
    const direct = directSvd(M).S;
    all.S.forEach((s, c) => expect(Math.abs(s - direct[c]!)).toBeLessThan(1e-13 * direct[0]!));
  });
});

describe('least, not only stationary, at rank k', () => {
  /** M with these singular values, between orthogonal matrices of random draws; and the factors of its smallest. */
  const made = (seed: number, spectrum: number[], k: number) => {
    const n = spectrum.length;
    const generator = manualSeed(seed);
    const orthogonal = () => directSvd(generator.rand(n, n)).U.toArray();
    const [U, V] = [orthogonal(), orthogonal()];
    const M = table(n, n, (i, j) => spectrum.reduce((sum, s, c) => sum + U[i]![c]! * s * V[j]![c]!, 0));
    const smallest = spectrum.map((_, c) => c).sort((a, b) => spectrum[a]! - spectrum[b]!);
    const columns = (X: number[][]) => X.map((row) => smallest.slice(0, k).map((c) => row[c]!));
    return { M, wrong: { U: columns(U), S: smallest.slice(0, k).map((c) => spectrum[c]!), V: columns(V) } };
  };
  const kinds: [string, (c: number, gap: number) => number][] = [
    ['two of three repeated, the rest 0', (c) => (c % 3 ? 1 : 0)],
    ['gaps', (c, gap) => 1 - c * gap],
    ['three just above the rest', (c, gap) => (c < 3 ? 1 + gap : 1)],
    ['half just above the rest', (c, gap) => (c % 2 ? 1 : 1 - gap)],
    ['decay', (c) => 0.8 ** c],
  ];

  test.each(kinds)('%s, from every wrong start', (_, kind) => {
    for (let i = 0; i < 12; i++) {
      const [n, k] = [
        [8, 5],
        [43, 5],
        [43, 4],
        [20, 7],
      ][i % 4] as [number, number];
      const spectrum = Array.from({ length: n }, (_, c) => kind(c, 10 ** -(1 + i)));
      const { M, wrong } = made(314 + i, spectrum, k);
      const zeros = { U: table(n, k, () => 0), S: Array<number>(k).fill(0), V: table(n, k, () => 0) };
      const right = spectrum.map(Math.abs).sort((a, b) => b - a);
      const norm = Math.hypot(...right);
      for (const init of ['orthonormal', 'uniform', wrong, { ...wrong, S: zeros.S }, zeros] as const) {
        const { status, S } = svd(M, { rank: k, init });
        expect(status).toBe('converged');
        S.forEach((s, c) => expect(Math.abs(s - right[c]!)).toBeLessThan(3e-12 * norm));
      }
    }
  });
});

test.each([2 ** -40, 2 ** -10, 2 ** 10, 2 ** 40])(
  'what is rounding is so beside M as it is: Hilbert x %d, not normalized',
  (by) => {
    const M = table(10, 10, (i, j) => by / (i + j + 1));
    const result = svd(M, { normalize: false });
    expect(result.status).toBe('converged');
    expect(result.iterations).toBe(svd(M).iterations);
    const direct = directSvd(M).S;
    result.S.forEach((s, c) => expect(Math.abs(s - direct[c]!)).toBeLessThan(1e-14 * direct[0]!)); // biome-ignore format: short
  },
);

describe('U and V count alike', () => {
  const R = Math.SQRT1_2;
  const orthonormal = [
    [R, R],
    [R, -R],
  ];
  const longer = orthonormal.map((row) => row.map((x) => 2 * x));
  const M = multiply(orthonormal, [
    [6, 6],
    [4, -4],
  ]);

  // U diag(S) Vᵀ is M, so that every slope is 0; only what is not orthonormal is wrong
  test.each(['U', 'V'] as const)('%s is not orthonormal, and nothing makes it so', (which) => {
    const init = { U: orthonormal, S: [3 / R, 2 / R], V: orthonormal, [which]: longer };
    const penalty = { U: 0, V: 0 };
    const { status, loss } = svd(M, {
      init,
      penalty,
      optimizer: sgd({ lr: 0.1 }),
      iterations: 3,
      tolerance: 1e-9,
    });
    expect(loss.reconstruction).toBeLessThan(1e-25);
    expect(status).toBe('max-iterations');
  });

  test('a start that is far from orthonormal is nearly so after one step of Levenberg-Marquardt', () => {
    const E = (scale: number) => [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? scale : 0)));
    const d = descend(gaussian(7, 4, 4), { init: { U: E(1.3), S: [1, 1, 1, 1], V: E(0.7) } });
    d.step(1);
    // (one X - X (XᵀX - I)/2 alone leaves 0.07 and 0.02)
    expect(d.loss.orthonormalityU).toBeLessThan(1e-4);
    expect(d.loss.orthonormalityV).toBeLessThan(1e-4);
    d.dispose();
  });

  test.each([
    [6, 6, 6],
    [7, 4, 4],
    [4, 7, 4],
    [9, 8, 3],
    [30, 30, 12],
  ])(
    'a descent on %i x %i at rank %i starts at factors that are orthonormal, and says how far they are off',
    (m, n, rank) => {
      for (const optimizer of [levenbergMarquardt(), sgd({ lr: 0 })]) {
        const M = gaussian(8, m, n);
        const d = descend(M, { rank, optimizer });
        const off = (X: Matrix) => {
          const columns = X.transpose().toArray();
          return (
            squares(
              columns.map((a, i) =>
                columns.map(
                  (b, j) =>
                    multiply(
                      [a],
                      b.map((x) => [x]),
                    )[0]![0]! - +(i === j),
                ),
              ),
            ) /
            rank ** 2
          );
        };
        for (let step = 0; step < 2; step++) {
          const { U, S, V, loss } = d.result();
          expect(off(U)).toBeLessThan(step === 0 ? 1e-28 : 1e-4);
          expect(off(V)).toBeLessThan(step === 0 ? 1e-28 : 1e-4);
          // the diagonal is that of UᵀMV, the best there is for these
          const T = multiply(U.transpose().toArray(), multiply(M, V.toArray()));
          if (step === 0) S.forEach((s, c) => expect(Math.abs(s - Math.abs(T[c]![c]!))).toBeLessThan(1e-13 * m * n)); // biome-ignore format: short
          // to rounding either sum is nothing but rounding, of about the same size
          expect(loss.orthonormalityU / (off(U) + 1e-33)).toBeLessThan(30);
          expect(loss.orthonormalityV / (off(V) + 1e-33)).toBeLessThan(30);
          d.step(1);
        }
        d.dispose();
      }
    },
  );
});

test('singular values that are nearly the same: none larger than the tolerance tells is left outside', () => {
  for (const gap of [1e-8, 1e-10, 1e-11]) {
    const M = table(3, 3, (i, j) => (i === j ? 1 - i * gap : 0));
    const last = [[0], [0], [1]];
    const init = { U: last, S: [1 - 2 * gap], V: last };
    for (const [optimizer, tolerance] of [
      [levenbergMarquardt(), 4e-12],
      [adam({ lr: 0 }), 1e-10],
    ] as const) {
      const { S, status } = svd(M, { rank: 1, init, optimizer, tolerance, iterations: 9 });
      if (gap < tolerance || optimizer.name !== 'adam') expect(status, `${gap}`).toBe('converged');
      if (status === 'converged') expect(1 - S[0]!, `${gap} ${optimizer.name}`).toBeLessThan(tolerance);
    }
  }
});
