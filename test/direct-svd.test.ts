/** The direct SVD: what must hold for any matrix, and known spectra. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memory } from '../src/core.js';
import { compare, directSvd, Matrix, manualSeed, reconstruct, residuals } from '../src/index.js';

const table = (m: number, n: number, entry: (i: number, j: number) => number) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
const diagonal = (values: readonly number[]) =>
  table(values.length, values.length, (i, j) => (i === j ? values[i]! : 0));
const transposed = (M: number[][]) => table(M[0]!.length, M.length, (i, j) => M[j]![i]!);
const times = (A: number[][], B: number[][]) =>
  table(A.length, B[0]!.length, (i, j) => A[i]!.reduce((sum, a, l) => sum + a * B[l]![j]!, 0));
const random = (m: number, n: number, seed = 314) => {
  const draws = manualSeed(seed).rand(m, n);
  return table(m, n, (i, j) => draws.get(i, j) - 0.5);
};

/** Orthogonal to rounding by construction, and no method of this package in it: a product of reflections. */
function orthogonal(n: number, seed: number): number[][] {
  let Q = diagonal(Array(n).fill(1));
  for (const v of random(3, n, seed)) {
    const vv = v.reduce((sum, x) => sum + x * x, 0);
    Q = times(
      Q,
      table(n, n, (i, j) => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / vv),
    );
  }
  return Q;
}

/** Reconstruction and orthonormality to 1e-15 n, S descending and >= 0, the largest entry of each column of U positive. */
function expectSvd(M: number[][]): ReturnType<typeof directSvd> {
  const factors = directSvd(M);
  const { U, S, V } = factors;
  const [m, n] = [M.length, M[0]!.length];
  const k = Math.min(m, n);
  expect([U.rows, U.columns, S.length, V.rows, V.columns]).toEqual([m, k, k, n, k]);
  const bound = 1e-15 * Math.max(m, n, 4);
  const off = residuals(M, factors);
  expect(off.reconstruction).toBeLessThanOrEqual(bound * S[0]! + Number.MIN_VALUE);
  expect(off.orthonormalityU).toBeLessThanOrEqual(bound);
  expect(off.orthonormalityV).toBeLessThanOrEqual(bound);
  for (let c = 0; c < k; c++) {
    expect(S[c]).toBeGreaterThanOrEqual(0);
    if (c) expect(S[c]).toBeLessThanOrEqual(S[c - 1]!);
    const column = U.toArray().map((row) => row[c]!);
    expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
  }
  return factors;
}

// on both sides of what is rotated as it is (12 rows), odd and even, tall and wide
const shapes = [
  [1, 1],
  [1, 7],
  [7, 1],
  [2, 2],
  [3, 3],
  [5, 4],
  [4, 5],
  [8, 8],
  [8, 3],
  [9, 2],
  [12, 12],
  [13, 13],
  [13, 4],
  [10, 7],
  [7, 30],
  [31, 31],
  [64, 64],
  [200, 20],
  [20, 200],
] as const;

test.each(shapes)('%i x %i', (m, n) => {
  const M = random(m, n);
  const factors = expectSvd(M);
  // the transpose has the same values, and U and V exchanged
  const { U, S, V } = expectSvd(transposed(M));
  const off = compare(factors, { U: V, S, V: U });
  expect(off.S).toBeLessThanOrEqual(1e-14 * S[0]!);
  expect(Math.max(off.U, off.V)).toBeLessThan(1e-10);
});

describe('known spectra', () => {
  const spectra = {
    'well apart': [8, 7, 6, 5, 4, 3, 2, 1],
    clustered: [4, 4, 4, 4, 3.996, 3.996, 3.996, 0.5, 0.5, 0.5],
    'all equal': Array(12).fill(3),
    graded: Array.from({ length: 12 }, (_, i) => 10 ** -i),
    'of rank 3': [3, 2, 1, 0, 0, 0, 0, 0, 0],
    'of rank 1, small': [1, 0, 0, 0],
  };
  test.each(Object.entries(spectra))('%s', (_, values) => {
    const n = values.length;
    const { S } = expectSvd(times(times(orthogonal(n, 1), diagonal(values)), orthogonal(n, 2)));
    values.forEach((value, c) => expect(Math.abs(S[c]! - value)).toBeLessThanOrEqual(1e-14 * values[0]!));
  });

  test.each([4, 12, 20])(
    'small values are right to their own last digits where columns are graded, n = %i',
    (n) => {
      // Q D: columns orthogonal, of any size
      const values = Array.from({ length: n }, (_, i) => 10 ** (-60 * (i / n)));
      const Q = orthogonal(n, 3);
      const { S } = expectSvd(table(n, n, (i, j) => Q[i]![j]! * values[j]!));
      values.forEach((value, c) => expect(Math.abs(S[c]! / value - 1)).toBeLessThan(1e-13));
    },
  );

  test('rows graded, through the pivoted QR', () => {
    const values = Array.from({ length: 16 }, (_, i) => 10 ** (-4 * i));
    const Q = orthogonal(16, 4);
    const { S } = expectSvd(table(16, 16, (i, j) => values[i]! * Q[i]![j]!));
    values.forEach((value, c) => expect(Math.abs(S[c]! / value - 1)).toBeLessThan(1e-13));
  });
});

describe('hard matrices', () => {
  test.each([1, 2, 5, 13, 30])('zero, identity, ones: n = %i', (n) => {
    expect(Array.from(expectSvd(table(n, n, () => 0)).S)).toEqual(Array(n).fill(0));
    expect(Array.from(expectSvd(diagonal(Array(n).fill(1))).S)).toEqual(Array(n).fill(1));
    expect(expectSvd(table(n, n, () => 1)).S[0]).toBeCloseTo(n, 12);
  });

  test('zero rows and columns, repeated columns', () => {
    for (const n of [6, 15]) {
      expectSvd(random(n + 2, n).map((row, i) => row.map((x, j) => (i % 3 === 1 || j % 4 === 2 ? 0 : x))));
      expectSvd(random(n + 2, n).map((row) => row.map((_, j) => row[j >> 1]!)));
      expectSvd(transposed(random(n + 2, n).map((row) => row.map((_, j) => row[j >> 2]!))));
    }
  });

  test('Hilbert and Kahan', () => {
    for (const n of [6, 12, 40]) {
      expectSvd(table(n, n, (i, j) => 1 / (i + j + 1)));
      expectSvd(table(n, n, (i, j) => Math.sin(1.2) ** i * (i === j ? 1 : j > i ? -Math.cos(1.2) : 0)));
    }
  });

  test.each([1e-300, 1e-150, 1e150, 1e300])(
    'a power of two near %d in M is one in S, U and V stay',
    (size) => {
      const power = 2 ** Math.round(Math.log2(size));
      for (const n of [6, 15]) {
        const M = random(n, n);
        const one = directSvd(M);
        const scaled = directSvd(M.map((row) => row.map((x) => x * power)));
        expect(scaled.U).toEqual(one.U);
        expect(scaled.V).toEqual(one.V);
        expect(scaled.S).toEqual(one.S.map((s) => s * power));
      }
    },
  );

  test('entries that differ by all of float64', () => {
    for (const n of [5, 10]) {
      const M = random(n, n);
      M[3]![2] = 1e200;
      expectSvd(M);
      M[1]![4] = 1e-300;
      expectSvd(M);
    }
    // what is below 1e-67 of the largest entry counts as null
    expect(expectSvd(diagonal([1e150, 1e-150])).S[0]).toBe(1e150);
    expectSvd(table(3, 3, (i, j) => (i + 2 * j) * Number.MIN_VALUE));
  });

  test('a norm that overflows is an error', () => {
    const huge = table(2, 2, () => 1.7e308);
    expect(() => directSvd(huge)).toThrow(expect.objectContaining({ code: 'non-finite-entry' }));
  });
});

test('any small matrix', () => {
  const entry = fc.oneof(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.integer({ min: -2, max: 2 }),
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -40, max: 40 })).map(([x, e]) => x * 10 ** e),
  );
  const any = fc
    .tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }))
    .chain(([m, n]) =>
      fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: m, maxLength: m }),
    );
  fc.assert(
    fc.property(any, (M) => {
      const { S } = expectSvd(M);
      const other = directSvd(transposed(M)).S;
      S.forEach((s, c) => expect(Math.abs(s - other[c]!)).toBeLessThanOrEqual(1e-14 * S[0]!));
    }),
    { seed: 314, numRuns: 300 },
  );
});

test('bad input, again and again, and no memory is lost', () => {
  const bad = (M: unknown, message: RegExp, code: string) => {
    const error = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => directSvd(M as number[][])).toThrow(error);
  };
  directSvd(random(64, 64));
  const before = memory().length;
  for (let i = 0; i < 1000; i++) {
    bad(
      [
        [1, 2],
        [3, Number.NaN],
      ],
      /^M\[1\]\[1\] is NaN; give a finite number/,
      'non-finite-entry',
    );
    bad(
      table(9, 20, (i, j) => (i + j === 15 ? Number.NEGATIVE_INFINITY : 1)),
      /^M\[0\]\[15\] is -Inf/,
      'non-finite-entry',
    );
    bad([[1, '2']], /^M\[0\]\[1\] is "2"/, 'invalid-matrix');
    bad([[1, 2], [3]], /^M\[1\]\.length is 1; give 2/, 'ragged-matrix');
    bad([], /^M is 0 x 0/, 'empty-matrix');
    bad({ rows: 1e4, columns: 1e4, get: () => 1 }, /^M is 10000 x 10000; give a smaller matrix/, 'too-large');
    directSvd([[i, 1]]);
  }
  expect(memory().length).toBe(before);
});

test('input forms, and input left alone', () => {
  const M = Object.freeze([Object.freeze([1, 2, 3]), Object.freeze([4, 5, 7])]) as number[][];
  const data = Float64Array.of(1, 2, 3, 4, 5, 7);
  const expected = directSvd(M);
  expect(directSvd({ rows: 2, columns: 3, data })).toEqual(expected);
  const down = { shape: [2, 3], data: Float64Array.of(1, 4, 2, 5, 3, 7) };
  expect(directSvd({ ...down, stride: [1, 2] })).toEqual(expected);
  expect(directSvd({ ...down, strides: [1, 2] })).toEqual(expected);
  expect(Array.from(data)).toEqual([1, 2, 3, 4, 5, 7]);
  expect(expected.U).toBeInstanceOf(Matrix);
  expect(reconstruct(expected).get(1, 2)).toBeCloseTo(7, 12);
});
