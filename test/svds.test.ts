/** The largest singular values of sparse matrices: right whatever the matrix, with a certificate that is true. */
import fc from 'fast-check';
import { directSvd } from 'gradient-svd';
import {
  factorize,
  type Matrix,
  project,
  SvdAbortError,
  type SvdsResult,
  svds,
  svdsAsync,
} from 'gradient-svd/sparse';
import { describe, expect, test, vi } from 'vitest';
// @ts-expect-error: as the bundler names what belongs to the sparse core (tools/plugins/inline-core.js)
import { wasm } from '../src/core.ts?core=sparse';
import { coo, csr, dense, diagonal, type Entry, scattered } from './support/sparse.js';

const column = (X: Matrix, a: number) => Array.from({ length: X.rows }, (_, i) => X.get(i, a));
const norm = (x: readonly number[]) => Math.hypot(...x);
const times = (M: number[][], x: readonly number[]) =>
  M.map((row) => row.reduce((sum, y, j) => sum + y * x[j]!, 0));
const transposed = (M: number[][]) => M[0]!.map((_, j) => M.map((row) => row[j]!));

function offOrthonormal(X: Matrix): number {
  const columns = Array.from({ length: X.columns }, (_, a) => column(X, a));
  return Math.max(
    ...columns.flatMap((x, a) =>
      columns.map((y, b) =>
        Math.abs(x.reduce((sum, value, i) => sum + value * y[i]!, 0) - (a === b ? 1 : 0)),
      ),
    ),
  );
}

/** Everything that a result promises, looked at with a dense copy. */
function holds(A: ReturnType<typeof coo>, found: SvdsResult, tolerance = 1e-10) {
  const M = dense(A);
  const { U, S, V, residuals } = found;
  const unit = S[0]! || 1;
  // (near the end of float64 a last digit is more than the tolerance)
  const last = 4 * Number.MIN_VALUE;
  expect(found.status).toBe('converged');
  const expected = directSvd(M).S;
  for (let a = 0; a < S.length; a++) {
    expect(Math.abs(S[a]! - expected[a]!)).toBeLessThanOrEqual(tolerance * unit + last);
    const [u, v] = [column(U, a), column(V, a)];
    const forth = norm(times(M, v).map((x, i) => x - S[a]! * u[i]!));
    const back = norm(times(transposed(M), u).map((x, j) => x - S[a]! * v[j]!));
    const residual = Math.max(forth, back);
    expect(residual).toBeLessThanOrEqual(1.01 * tolerance * unit + last);
    expect(Math.abs(residual - residuals[a]!)).toBeLessThanOrEqual(1e-13 * unit + 0.01 * residual + last);
    const largest = u.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    expect(largest).toBeGreaterThan(0);
  }
  expect(offOrthonormal(U)).toBeLessThan(1e-9);
  expect(offOrthonormal(V)).toBeLessThan(1e-11);
}

const decay = (length: number, base: number) => Array.from({ length }, (_, i) => base ** i);
const times1e = (power: number) => {
  const A = scattered(60, 40, 300);
  return { ...A, data: Array.from(A.data, (x) => x * 10 ** power) };
};
const zoo: Record<string, [A: ReturnType<typeof coo>, ...ranks: number[]]> = {
  '1 x 1': [diagonal([3]), 1],
  '2 x 2, dense': [coo(2, 2, [[0, 0, 3], [1, 0, 4], [1, 1, 5]]), 1, 2], // biome-ignore format: a matrix
  'no entries': [coo(5, 3, []), 1, 3],
  'one row': [coo(1, 50, [[0, 3, 2], [0, 7, 1]]), 1], // biome-ignore format: a matrix
  'one column': [coo(50, 1, [[3, 0, 2], [7, 0, 1]]), 1], // biome-ignore format: a matrix
  tall: [scattered(120, 40, 500), 1, 7, 40],
  wide: [scattered(40, 120, 500), 1, 7, 40],
  square: [scattered(90, 90, 300), 10, 90],
  'empty rows and columns': [scattered(100, 100, 40), 5, 60],
  identity: [diagonal(new Array(60).fill(1)), 7, 60],
  '1 to 100': [diagonal(Array.from({ length: 100 }, (_, i) => i + 1)), 5],
  'rank 2': [coo(30, 20, Array.from({ length: 600 }, (_, e): Entry => {
    const [i, j] = [Math.floor(e / 20), e % 20];
    return [i, j, (i % 7) * (j % 5) + (i % 3)];
  })), 2, 6], // biome-ignore format: a matrix
  'a cluster above others': [diagonal([...new Array(9).fill(2), ...decay(100, 0.98)]), 12],
  'a half that is zero': [diagonal([...new Array(50).fill(1), ...new Array(50).fill(0)]), 20, 60],
  'twelve decades': [diagonal(decay(30, 10 ** (-12 / 29))), 30],
  'twelve decades among 150': [diagonal(decay(150, 10 ** (-12 / 29))), 20, 30],
  'one value in all columns, tall': [
    coo(
      120,
      40,
      Array.from({ length: 120 }, (_, i): Entry => [i, i % 40, 1]),
    ),
    7,
    40,
  ],
  'one value in all rows, wide': [
    coo(
      40,
      120,
      Array.from({ length: 120 }, (_, j): Entry => [j % 40, j, 1]),
    ),
    7,
    40,
  ],
  'two values, each 30 times': [coo(60, 60, Array.from({ length: 120 }, (_, e): Entry => {
    const block = 2 * Math.floor(e / 4);
    return [block + (e & 1), block + ((e >> 1) & 1), 1 + (e % 4)];
  })), 12, 35, 60], // biome-ignore format: a matrix
  'clusters with gaps of 1e-6': [
    diagonal(Array.from({ length: 80 }, (_, i) => 3 - (i % 4) + 1e-6 * i)),
    10,
    45,
  ],
  'clusters with gaps of 1e-12': [
    diagonal(Array.from({ length: 80 }, (_, i) => 3 - (i % 4) + 1e-12 * i)),
    10,
    45,
  ],
  'differences along a line': [
    coo(
      200,
      199,
      Array.from({ length: 398 }, (_, e): Entry => [(e + 1) >> 1, e >> 1, e & 1 ? -1 : 1]),
    ),
    6,
    199,
  ],
  'rank 3, wide': [
    coo(
      20,
      60,
      Array.from(
        { length: 1200 },
        (_, e): Entry => [e % 20, Math.floor(e / 20), Math.cos(((e % 20) * Math.floor(e / 20)) % 3)],
      ),
    ),
    3,
    20,
  ],
  'empty rows and columns, tall': [scattered(150, 30, 25), 8, 30],
  'empty rows and columns, wide': [scattered(30, 150, 25), 8, 30],
  'times 1e150': [times1e(150), 5, 40],
  'times 1e-150': [times1e(-150), 5, 40],
  'an arrow': [coo(80, 80, Array.from({ length: 160 }, (_, e): Entry => (e < 80 ? [e, e, 1] : [0, e - 80, 1]))), 4], // biome-ignore format: a matrix
};

describe('svds', () => {
  test.each(Object.entries(zoo))('%s', (_, [A, ...ranks]) => {
    for (const rank of ranks) holds(A, svds(A, { rank }));
  });

  test('any matrix, at any scale', () => {
    const entry = (m: number, n: number) =>
      fc.tuple(
        fc.nat(m - 1),
        fc.nat(n - 1),
        fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })),
      );
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }))
      .chain(([m, n]) => fc.tuple(fc.constant(m), fc.constant(n), fc.array(entry(m, n), { maxLength: 60 })));
    fc.assert(
      fc.property(matrix, fc.nat(24), ([m, n, entries], more) => {
        const A = coo(m, n, entries);
        holds(A, svds(A, { rank: 1 + (more % Math.min(m, n)) }));
      }),
      { seed: 314, numRuns: 200 },
    );
  });

  test('small matrices whose rows or entries span many decades', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const full = scattered(12, 9, 20 + (seed % 50), seed);
      const shrink = seed % 2 ? (e: number) => 10 ** -full.row[e]! : (e: number) => 10 ** -((e * seed) % 16);
      const A = { ...full, data: Array.from(full.data, (x, e) => x * shrink(e)) };
      for (const rank of [4, 8]) {
        const { S, residuals, status } = svds(A, { rank, seed });
        expect([seed, rank, status]).toEqual([seed, rank, 'converged']);
        expect(Math.max(...residuals)).toBeLessThanOrEqual(1e-10 * S[0]!);
      }
    }
  });

  test('a singular value of multiplicity 1290 among others is found as often as it is asked for', () => {
    const values = Array.from({ length: 3000 }, (_, i) => (i < 1290 ? 2 : 1.9 * 0.97 ** (i - 1290)));
    const A = diagonal([5, 4, ...values]);
    const { S, status } = svds(A, { rank: 12 });
    expect(status).toBe('converged');
    for (const [a, s] of S.entries()) expect(s).toBeCloseTo([5, 4][a] ?? 2, 12);
  });

  test.each([1e-3, 1e-5, 3e-6, 1e-8, 1e-10, 1e-12])(
    'clusters of more values than the basis holds, %d wide',
    async (wide) => {
      const below = Array.from({ length: 138 }, (_, i) => 0.9 - (0.6 * i) / 138);
      for (const above of [[], [3, 2]]) {
        for (const count of [30, 60]) {
          const exact = [
            ...above,
            ...Array.from({ length: count }, (_, i) => 1 - (wide * i) / count),
            ...below,
          ];
          for (const rank of [1, 3, 10]) {
            const A = diagonal(exact);
            const found = svds(A, { rank });
            expect([above.length, count, rank, found.status]).toEqual([
              above.length,
              count,
              rank,
              'converged',
            ]);
            holds(A, found);
            for (const [a, s] of found.S.entries())
              expect(Math.abs(s - exact[a]!)).toBeLessThan(2e-10 * exact[0]!);
            if (rank === 3) expect(await svdsAsync(A, { rank })).toEqual(found);
          }
        }
      }
    },
  );

  test('passes are no more than asked for where a cluster takes many', () => {
    const A = diagonal([...Array.from({ length: 60 }, (_, i) => 1 - 1e-7 * i), ...new Array(138).fill(0.5)]);
    for (const iterations of [40, 77, 123]) {
      const { passes } = svds(A, { rank: 3, iterations });
      expect(passes).toBeLessThanOrEqual(iterations + 1);
    }
  });

  test.each([1e150, 1e-150, 1e305, 1e-300])('entries times %d', (scale) => {
    const A = scattered(60, 40, 300);
    const { S } = svds(A, { rank: 5 });
    const scaled = svds({ ...A, data: Array.from(A.data, (x) => x * scale) }, { rank: 5 });
    for (const [a, s] of scaled.S.entries()) expect(s / scale / S[a]!).toBeCloseTo(1, 12);
  });

  test('small singular values to their last digits where more is asked for', () => {
    const exact = decay(150, 10 ** (-12 / 29));
    const { S, status } = svds(diagonal(exact), { rank: 30, tolerance: 1e-13 });
    expect(status).toBe('converged');
    for (const [a, s] of S.entries()) expect(Math.abs(s - exact[a]!)).toBeLessThan(1e-13);
  });

  test('every form of one matrix gives the same bits, and so does every seed the same values', () => {
    const A = scattered(50, 70, 300);
    const { shape: _, ...first } = { shape: 0, ...svds(A, { rank: 6 }) };
    const sorted = csr(A);
    const { rows, columns, ...arrays } = sorted;
    const triplets = sorted.indptr
      .slice(1)
      .flatMap((end, i) =>
        sorted.data
          .slice(sorted.indptr[i], end)
          .map((value, e): Entry => [i, sorted.indices[sorted.indptr[i]! + e]!, value]),
      );
    expect(svds({ shape: [rows, columns], ...arrays }, { rank: 6 })).toEqual(svds(sorted, { rank: 6 }));
    expect(svds(triplets.reverse(), { rank: 6, rows, columns })).toEqual(svds(sorted, { rank: 6 }));
    expect(svds(new Set(triplets), { rank: 6, rows, columns })).toEqual(svds(sorted, { rank: 6 }));
    const typed = {
      ...sorted,
      data: Float64Array.from(sorted.data),
      indices: Uint16Array.from(sorted.indices),
    };
    expect(svds(typed, { rank: 6 })).toEqual(svds(sorted, { rank: 6 }));
    for (const seed of [0, 1, 2 ** 32 - 1]) {
      const { S } = svds(A, { rank: 6, seed });
      for (const [a, s] of S.entries()) expect(s).toBeCloseTo(first.S[a]!, 12);
      // (the same to rounding, by another way)
      expect(S).not.toEqual(first.S);
    }
  });

  test('triplets may say how large the matrix is, beyond their last row and column', () => {
    const { U, S, V } = svds([[0, 1, 3]], { rank: 1, rows: 4, columns: 5 });
    expect([U.rows, V.rows]).toEqual([4, 5]);
    for (const [value, is] of [[S[0]!, 3], [U.get(0, 0), 1], [V.get(1, 0), 1]] as const) expect(value).toBeCloseTo(is, 14); // biome-ignore format: short
  });

  test('rows to project have as many columns as V has rows', () => {
    const factors = svds(scattered(20, 10, 60), { rank: 2 });
    const other = expect.objectContaining({
      code: 'shape-mismatch',
      message: expect.stringMatching(/^A\.columns is 9; give 10/),
    });
    expect(() => project(scattered(5, 9, 20), factors)).toThrow(other);
    expect(project(scattered(5, 10, 20), factors).rows).toBe(5);
  });

  test('what is projected has 0 where a singular value is', () => {
    const found = svds(diagonal([2, 1, 0, 0]), { rank: 3 });
    expect(found.S[2]).toBeLessThan(1e-15);
    expect(
      project(diagonal([4, 3, 5, 6]), found)
        .toArray()
        .map((row) => row[2]),
    ).toEqual([0, 0, 0, 0]);
    for (const x of project(coo(1, 4, [[0, 0, 1], [0, 2, 1], [0, 3, 1]]), found).data) expect(x).toBeLessThan(1); // biome-ignore format: short
  });

  test('out of iterations: said so, with what there is', () => {
    const A = scattered(200, 200, 2000);
    const { status, S, residuals, passes } = svds(A, { rank: 4, iterations: 3 });
    expect(status).toBe('max-iterations');
    expect(passes).toBe(4);
    expect(Math.max(...residuals) / S[0]!).toBeGreaterThan(1e-10);
  });

  test('a warm start saves passes, and is not believed', () => {
    const A = scattered(150, 150, 1500);
    const cold = svds(A, { rank: 4 });
    const warm = svds(A, { rank: 4, init: cold });
    expect(warm.passes).toBeLessThan(cold.passes);
    const two = diagonal([1, 2, 3, 4, 5, 6, 7, 8]);
    const wrong = svds(two, {
      rank: 1,
      init: { U: [[1], ...new Array(7).fill([0])], S: [1], V: [[1], ...new Array(7).fill([0])] },
    });
    expect(wrong.S[0]).toBeCloseTo(8, 12);
  });

  const one = { rows: 2, columns: 2, data: [1], row: [0], col: [0] };
  // biome-ignore lint/suspicious/noExplicitAny: these are the calls that types forbid
  const wrong: [A: any, message: RegExp, options?: any][] = [
    [
      { rows: 2, columns: 2, data: [1], indices: [5], indptr: [0, 1, 1] },
      /^A\.indices\[0\] is 5; give a whole number from 0 to 1$/,
    ],
    [{ rows: 2, columns: 2, data: [1], indices: [1], indptr: [0, 2, 1] }, /^A\.indptr\[1\] is 2; give/],
    [{ rows: 2, columns: 2, data: [1], indices: [1], indptr: [0, 1] }, /^A\.indptr\.length is 2; give 3/],
    [
      { ...one, data: [1, Number.NaN], row: [0, 1], col: [0, 1] },
      /^A\.data\[1\] is NaN; give a finite number$/,
    ],
    [{ ...one, data: ['1'] }, /^A\.data\[0\] is "1"/],
    [{ ...one, row: [0.5] }, /^A\.row\[0\] is 0\.5/],
    [{ ...one, col: [0, 1] }, /^A\.col\.length is 2; give 1 as in data$/],
    [[[0, 0, 1], [0, '1', 2]], /^A\[1\]\[1\] is "1"/], // biome-ignore format: a matrix
    [[[3, 0]], /^A\[0\] is \[3, 0\]; give \[row, column, value\]$/],
    [{ rows: 2, columns: 2, data: [1, 2, 3, 4] }, /^A is 2 x 2; give .*indptr/],
    [{ ...one, data: [1e308, 1e308], row: [0, 0], col: [0, 0] }, /^a sum of entries of A is Infinity/],
    [{ ...one, rows: 0 }, /^A is 0 x 2; give at least one entry$/],
    [one, /^rank is 3; give a whole number from 1 to 2$/, { rank: 3 }],
    [one, /^rank is undefined; give a whole number/, {}],
    [one, /^"ranks" is no option/, { ranks: 1 }],
    [{ rows: 2, columns: 2, data: [1], indices: [-1], indptr: [0, 1, 1] }, /^A\.indices\[0\] is -1; give/],
    [{ ...one, row: [-1] }, /^A\.row\[0\] is -1; give/],
    [[[0, -1, 1]], /^A\[0\]\[1\] is -1; give/],
    [{ rows: 2, columns: 2, data: [1], indices: [1], indptr: [0, 0.5, 1] }, /^A\.indptr\[1\] is 0\.5; give/],
    [{ rows: 2, columns: 2, data: [1], indices: [1], indptr: [1, 1, 1] }, /^A\.indptr\[0\] is 1; give/],
    [{ rows: 2, columns: 2, data: [1], indices: [1], indptr: [0, 0, 0] }, /^A\.indptr\[2\] is 0; give/],
    [5, /^A is 5; give/],
    [null, /^A is null; give/],
    [{ ...one, rows: 2 ** 31 }, /^A is 2147483648 x .*; give at most 2147483646/],
    [one, /^init\.V is/, { rank: 1, init: { U: [[1], [0]], S: [1], V: [[1]] } }],
  ];
  test.each(wrong)('%j is refused', (A, message, options = { rank: 1 }) => {
    const refused = expect.objectContaining({
      name: expect.stringMatching(/^Svd(Type|Range)Error$/),
      message: expect.stringMatching(message),
    });
    expect(() => svds(A, options)).toThrow(refused);
  });

  test('a number that is not finite is out of range, anything else no number', () => {
    const kinds = [NaN, '1', Infinity, null, 1n].map((value) => {
      try {
        svds({ ...one, data: [value as number] }, { rank: 1 });
      } catch (error) {
        return (error as Error).name;
      }
    });
    const [type, range] = ['SvdTypeError', 'SvdRangeError'];
    expect(kinds).toEqual([range, type, range, type, type]);
  });

  // biome-ignore format: a table
  test.each<[string, number[], rank: number, most: number, again: number, wrong: number]>([
    ['1/i, the largest', Array.from({ length: 100 }, (_, i) => 1 / (i + 1)), 1, 8, 14, 19],
    ['1/i', Array.from({ length: 100 }, (_, i) => 1 / (i + 1)), 4, 13, 16, 25],
    ['0.8^i', decay(100, 0.8), 6, 9, 17, 26],
    ['1/√i', Array.from({ length: 300 }, (_, i) => 1 / Math.sqrt(i + 1)), 6, 18, 17, 30],
    ['1 - i/200', Array.from({ length: 200 }, (_, i) => 1 - i / 200), 4, 44, 20, 58],
  ])('passes over M: %s', (_, values, rank, most, again, wrong) => {
    const A = diagonal(values);
    for (const seed of [1, 2, 3]) {
      const cold = svds(A, { rank, seed });
      expect(cold.status).toBe('converged');
      expect(cold.passes).toBeLessThanOrEqual(most);
      const warm = svds(A, { rank, seed, init: cold });
      expect(warm.status).toBe('converged');
      expect(warm.passes).toBeLessThanOrEqual(again);
    }
    const at = Array.from({ length: rank }, (_, c) => values.length - 1 - c);
    const E = values.map((_, i) => at.map((j) => Number(i === j)));
    const astray = svds(A, { rank, init: { U: E, S: at.map((j) => values[j]!), V: E } });
    expect(astray.status).toBe('converged');
    expect(astray.passes).toBeLessThanOrEqual(wrong);
    for (const [a, s] of astray.S.entries()) expect(Math.abs(s - values[a]!)).toBeLessThan(1e-12);
  });

  test('what it takes of memory is given back, whatever ends it', async () => {
    const A = scattered(1500, 1000, 2000);
    const nan = { ...A, data: Array.from(A.data, (x, e) => (e === 900 ? NaN : x)) };
    const huge = { ...A, data: Array.from(A.data, () => 1e308) };
    const rank = { rank: 5, iterations: 2 };
    const few = { rank: 5, regularization: 1, iterations: 2 };
    const factors = svds(A, rank);
    const blocks = { columns: 1000, blocks: () => [A, A] };
    const calls: (() => unknown)[] = [
      () => svds(A, rank),
      () => svds(nan, rank),
      () => svds(huge, rank),
      () => svdsAsync(A, rank),
      () => svdsAsync(A, { ...rank, signal: AbortSignal.abort() }),
      () => svdsAsync(blocks, rank),
      () => svdsAsync({ ...blocks, blocks: () => [A, nan] }, rank),
      () => project(A, factors),
      () => project(nan, factors),
      () => factorize(A, few),
      () => factorize(nan, few),
      () => factorize(A, { ...few, weights: Array.from(A.data, (_, e) => (e === 900 ? -1 : 1)) }),
    ];
    const round = async () => {
      for (const call of calls) {
        await Promise.resolve()
          .then(call)
          .catch(() => {});
      }
    };
    await round();
    const before = wasm().memory.buffer.byteLength;
    for (let i = 0; i < 12; i++) await round();
    expect(wasm().memory.buffer.byteLength).toBe(before);
  });
});

describe('svdsAsync', () => {
  const A = scattered(120, 50, 700);
  const M = dense(A);
  const product = (N: number[][]) => (X: Matrix) => {
    const columns = Array.from({ length: X.columns }, (_, b) => times(N, column(X, b)));
    return N.map((_, i) => columns.map((x) => x[i]!));
  };
  const blocks = {
    columns: 50,
    async *blocks() {
      yield M.slice(0, 31);
      yield csr(
        coo(
          1,
          50,
          M[31]!.map((value, j): Entry => [0, j, value]),
        ),
      );
      yield M.slice(32);
    },
  };

  test('the same bits as svds, with progress', async () => {
    const seen: number[] = [];
    const found = await svdsAsync(A, { rank: 6, onProgress: ({ passes }) => seen.push(passes) });
    expect(found).toEqual(svds(A, { rank: 6 }));
    expect(seen.at(-1)).toBe(found.passes);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test.each([A, { ...A, rows: 50, columns: 120, row: A.col, col: A.row }])(
    'of an operator, tall or wide',
    async (B) => {
      const N = dense(B);
      const found = await svdsAsync(
        {
          rows: B.rows,
          columns: B.columns,
          multiply: async (X) => product(N)(X),
          multiplyTransposed: product(transposed(N)),
        },
        { rank: 9 },
      );
      holds(B, found);
    },
  );

  test('of an operator or blocks in any unit', async () => {
    const { S } = svds(A, { rank: 3 });
    for (const unit of [2 ** -700, 2 ** 700]) {
      const N = M.map((row) => row.map((x) => x * unit));
      const operator = {
        rows: 120,
        columns: 50,
        multiply: product(N),
        multiplyTransposed: product(transposed(N)),
      };
      for (const of of [operator, { columns: 50, blocks: () => [N.slice(0, 50), N.slice(50)] }]) {
        const found = await svdsAsync(of as typeof operator, { rank: 3 });
        expect(found.status).toBe('converged');
        for (const [a, s] of found.S.entries()) expect(s / unit).toBeCloseTo(S[a]!, 10);
      }
    }
  });

  test('of an operator without rank, and of one with twelve decades', async () => {
    const zero = { rows: 4, columns: 3, multiply: () => M.slice(0, 4).map(() => [0, 0, 0, 0]), multiplyTransposed: () => [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] }; // biome-ignore format: an operator
    holds(coo(4, 3, []), await svdsAsync(zero, { rank: 2 }));
    const exact = diagonal(decay(150, 10 ** (-12 / 29)));
    const N = dense(exact);
    const found = await svdsAsync(
      { rows: 150, columns: 150, multiply: product(N), multiplyTransposed: product(N) },
      { rank: 30 },
    );
    holds(exact, found);
  });

  test('of blocks of rows; U comes by project', async () => {
    const found = await svdsAsync(blocks, { rank: 6 });
    const { S, V, U } = svds(A, { rank: 6 });
    expect(found.rows).toBe(120);
    expect(found.status).toBe('converged');
    expect(found.S).toEqual(S);
    const rows: number[][] = [];
    for await (const block of project(blocks, found)) rows.push(...block.toArray());
    expect(rows.length).toBe(120);
    const same = project(A, { S, V }).toArray();
    for (let a = 0; a < 6; a++) {
      const sign = Math.sign(found.V.get(0, a) * V.get(0, a));
      for (let i = 0; i < 120; i++) {
        expect(sign * rows[i]![a]!).toBeCloseTo(U.get(i, a), 8);
        expect(same[i]![a]).toBeCloseTo(U.get(i, a), 12);
      }
    }
  });

  test('the host has its turn where it is time', async () => {
    for (const [elapses, turns] of [
      [1000, true],
      [0, false],
    ] as const) {
      let [now, ended] = [1e9, false];
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += elapses));
      const { port1, port2 } = new MessageChannel();
      const others = new Promise((resolve) => {
        port1.onmessage = () => resolve(!ended);
      });
      port2.postMessage('mine');
      await svdsAsync(A, { rank: 6 });
      ended = true;
      clock.mockRestore();
      expect(await others).toBe(turns);
      port1.close();
    }
  });

  test('aborted', async () => {
    const controller = new AbortController();
    const options = {
      rank: 6,
      signal: controller.signal,
      onProgress: ({ passes }: { passes: number }) => passes >= 4 && controller.abort('enough'),
    };
    const error = await svdsAsync(A, options).catch((error) => error);
    expect(error).toBeInstanceOf(SvdAbortError);
    expect(error).toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'enough' });
    expect(error.result.S.length).toBe(6);
    expect(error.result.status).toBe('max-iterations');
    expect(error.result.passes).toBeLessThan(7);
    await expect(svdsAsync(blocks, options)).rejects.toMatchObject({ code: 'aborted', result: undefined });
    // amid a pass
    const within = new AbortController();
    let rows = 0;
    const byRows = {
      columns: 50,
      *blocks() {
        for (const row of M) {
          if (++rows === 200) within.abort();
          yield [row];
        }
      },
    };
    await expect(svdsAsync(byRows, { rank: 6, signal: within.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(rows).toBe(200);
  });

  test('what does not fit is refused', async () => {
    const refused = (message: RegExp) => expect.objectContaining({ message: expect.stringMatching(message) });
    const operator = { rows: 120, columns: 50, multiply: product(M), multiplyTransposed: product(M) };
    await expect(svdsAsync(operator, { rank: 1 })).rejects.toEqual(
      refused(/^A\.multiplyTransposed\(X\) is 120 x 4; give 50 x 4/),
    );
    const nan = {
      ...operator,
      multiply: (X: Matrix) => product(M)(X).map((row) => row.map(() => Number.NaN)),
    };
    await expect(svdsAsync(nan, { rank: 1 })).rejects.toEqual(refused(/^A\.multiply\(X\)\[0\]\[0\] is NaN/));
    await expect(svdsAsync({ columns: 50, blocks: () => [M.slice(0, 2)] }, { rank: 3 })).rejects.toEqual(
      refused(/^rank is 3; give .* 1 to 2/),
    );
    await expect(svdsAsync({ columns: 49, blocks: blocks.blocks }, { rank: 3 })).rejects.toEqual(
      refused(/^block 0 is 31 x 50; give 31 x 49/),
    );
    for (const [list, message] of [
      [null, /^A\.blocks\(\) is null; give an iterable/],
      [Promise.resolve([M]), /^A\.blocks\(\) is .*; give an iterable/],
      [[], /^rows in A\.blocks\(\) is 0; give at least one/],
    ] as const) {
      const none = { columns: 50, blocks: () => list as never };
      await expect(svdsAsync(none, { rank: 3 })).rejects.toEqual(refused(message));
    }
    const second = { columns: 50, blocks: () => [M.slice(0, 2), [[1]]] };
    await expect(svdsAsync(second, { rank: 1 })).rejects.toEqual(refused(/^block 1 is 1 x 1; give 1 x 50/));
    let left = 1;
    const fewer = { columns: 50, blocks: () => [M.slice(0, left-- > 0 ? 20 : 19)] };
    await expect(svdsAsync(fewer, { rank: 3 })).rejects.toEqual(
      refused(/^rows in A\.blocks\(\) is 19; give 20/),
    );
    await expect(svdsAsync({ columns: 50, blocks: () => { throw new Error('gone'); } }, { rank: 3 })).rejects.toThrow('gone'); // biome-ignore format: short
  });
});

describe('what the fuzz found', () => {
  const units = (n: number, columns: number[]) =>
    Array.from({ length: n }, (_, i) => columns.map((j) => Number(i === j)));

  test('a warm start at what M maps to nothing, where there is hardly room for random columns; or of no length', () => {
    // biome-ignore format: a matrix
    const A = coo(11, 12, [[1, 0, -1], [10, 1, 1], [2, 2, -0.5], [4, 3, 5e-8], [6, 3, 0.3]]);
    const at = [5, 6, 7, 8];
    const U = units(11, at);
    holds(A, svds(A, { rank: 4, init: { U, S: at.map(() => 0), V: units(12, at) } }));
    const tiny = U.map((row) => row.map((x, c) => (x + 0.3) * 10 ** (-160 - c)));
    holds(A, svds(A, { rank: 4, init: { U: tiny, S: at, V: units(12, at) } }));
  });

  test('residuals of what is hardly within float64 stay within it', () => {
    const at = [6, -6, -6, 7, 6, -7, -6, 5, 6];
    const A = at.map((j, i) => [i, Math.abs(j), 1.2e308 * Math.sign(j)]);
    const { S, residuals } = svds(A, {
      rank: 2,
      rows: 9,
      columns: 9,
      iterations: 1,
      tolerance: 1e-16,
      seed: 75,
    });
    for (const one of [...S, ...residuals]) expect(Number.isFinite(one)).toBe(true);
  });

  test('a basis that grows until there is no room for a whole block: V stays orthonormal', () => {
    let x = 1;
    const random = () => {
      x = (x * 48271) % 2147483647;
      return x / 2147483647;
    };
    for (const [n, rank] of [
      [90, 40],
      [130, 100],
      [170, 100],
    ] as const) {
      x = 7 * n + rank;
      const A = Array.from({ length: n }, (_, i) => [i, i, i % 4 ? random() : random() * 1e-8]);
      const I = Array.from({ length: n }, (_, i) =>
        Array.from({ length: rank }, (_, c) => Number(c + 6 === i)),
      );
      const { V } = svds(A, { rank, tolerance: 1, init: { U: I, S: Array(rank).fill(1), V: I } });
      expect(offOrthonormal(V)).toBeLessThan(1e-12);
    }
  });

  test('a warm start at the smallest of a cluster, and of nothing else: the largest of it all the same', () => {
    for (const apart of [1e-6, 1e-8, 1e-9]) {
      const cluster = [0, 1, 2, 3, 4, 5, 6].map((i) => 1 - i * apart);
      const values = [...cluster, ...Array.from({ length: 100 }, (_, i) => 0.998 - i * 0.009)];
      for (const rank of [1, 2]) {
        const at = [6, 5].slice(0, rank);
        const E = units(values.length, at);
        const { S, status } = svds(diagonal(values), { rank, init: { U: E, S: at.map(() => 0), V: E } });
        expect(status).toBe('converged');
        for (const [c, s] of S.entries()) expect(Math.abs(s - cluster[c]!)).toBeLessThan(4e-10);
      }
    }
  });

  /** Unit vectors from number `first` on, as a start in the wrong units. */
  const from = (first: number, n: number, rank: number, step = 1) => {
    const at = Array.from({ length: rank }, (_, c) => (first + step * c) % n);
    return { U: units(n, at), S: at.map(() => 0), V: units(n, at) };
  };

  test('a warm start where M has nothing: what is too small for MᵀM is found all the same, or said to be missing', async () => {
    const values = [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, ...Array(34).fill(0)];
    const A = diagonal(values);
    for (const first of [10, 11]) {
      const options = { rank: 5, init: from(first, 40, 5) };
      holds(A, svds(A, options));
      expect(svds(A, options).S[4]).toBeCloseTo(1e-8, 15);
      const blocks = { columns: 40, blocks: () => [dense(A)] };
      const { S, status } = await svdsAsync(blocks, options);
      expect(status === 'max-iterations' || Math.abs(S[4]! - 1e-8) < 1e-10).toBe(true);
      expect(svds(A, { ...options, iterations: 1 }).status).toBe('max-iterations');
    }
  });

  test('small values beside locked ones, where a panel of V is not full', () => {
    const A = diagonal([1, 0.7, 5e-8, 4e-8, 1e-8, 1e-16, ...Array(7).fill(0)]);
    holds(A, svds(A, { rank: 11, seed: 0, init: from(7, 13, 11) }));
  });

  const list = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));

  test('one value more often than a block is wide, and others hardly smaller: as often as it is there', () => {
    for (const copies of [5, 8, 13]) {
      const values = [
        ...list(copies, () => 1),
        ...list(20, (i) => 1 - (i + 1) * 1e-8),
        ...list(150, (i) => 0.97 * (1 - i / 150)),
      ];
      for (const rank of [copies - 1, copies + 1, copies + 5])
        holds(diagonal(values), svds(diagonal(values), { rank }));
    }
  });

  test('alike and small beside the largest; alike as far as a rough tolerance tells', () => {
    const small = [
      ...list(12, (i) => 10 ** (-i / 2)),
      ...list(33, (i) => 1e-6 * (1 - i * 1e-11)),
      ...list(8, (i) => 10 ** -(7 + i)),
    ];
    holds(diagonal(small), svds(diagonal(small), { rank: 45, seed: 0 }));
    const rough = [
      1,
      1,
      1,
      0.7,
      ...list(15, (i) => 0.214 * (1 - i * 1e-7)),
      ...list(20, (i) => 0.1 * 0.9 ** i),
    ];
    const { S } = svds(diagonal(rough), { rank: 10, seed: 0, tolerance: 1e-3 });
    for (const [c, s] of S.entries()) expect(Math.abs(s - rough[c]!)).toBeLessThan(1e-3);
  });

  test('a warm start beside many alike that are too small for MᵀM: each is found', () => {
    const values = [
      ...list(8, (i) => 0.7 ** (i / 2)),
      ...list(20, (i) => 1e-9 * (1 - i * 2e-11)),
      ...list(10, () => 0),
    ];
    holds(diagonal(values), svds(diagonal(values), { rank: 14, seed: 0, init: from(30, 38, 14) }));
  });

  test('the end takes nothing in that is alike and has not converged', () => {
    for (const [n, apart, seed] of [
      [30, 1e-7, 314],
      [40, 1e-10, 0],
    ] as const) {
      const A = diagonal([...list(n, (i) => 1 - ((i * i) % 17) * apart), ...list(n, (i) => 0.5 / (1 + i))]);
      holds(A, svds(A, { rank: 1, seed }));
    }
  });

  test('the end of a wide cluster takes nothing in that has not converged', () => {
    const values = Array.from({ length: 230 }, (_, i) => (i < 40 ? 1 - (i >> 1) * 1e-9 : 0.9985 - ((i - 40) * 0.9) / 190)); // biome-ignore format: short
    const A = diagonal(values);
    holds(A, svds(A, { rank: 1, seed: 0 }));
  });

  test('no step left to see whether there are more of one value: not converged', () => {
    const A = diagonal(Array.from({ length: 20 }, (_, i) => (i % 2 ? 1 : 1 + 1e-8)));
    expect(svds(A, { rank: 6, iterations: 1 }).status).toBe('max-iterations');
    expect(svds(A, { rank: 6 }).S[5]).toBeCloseTo(1 + 1e-8, 12);
  });

  test('shapes that the core could not count', () => {
    for (const rows of [2 ** 31, 2 ** 32, 1e300]) {
      const A = Object.assign([[0, 0, 1] as [number, number, number]], { rows, columns: 2 });
      expect(() => svds(A, { rank: 1 })).toThrow(expect.objectContaining({ code: 'too-large' }));
      const few = { rank: 1, regularization: 1 };
      const ratings = { rows: 1, columns: 1, data: [1], row: [0], col: [0] };
      expect(() => factorize(ratings, { ...few, rows })).toThrow(
        expect.objectContaining({ code: 'too-large' }),
      );
      expect(() => factorize({ ...ratings, rows: 5, row: [4] }, { ...few, rows: 2 })).toThrow(
        expect.objectContaining({ code: 'shape-mismatch' }),
      );
    }
  });

  test('blocks that are decades larger than the first ones: finite, and as right as others', async () => {
    const graded = (values: number[]) => values.map((x, i) => values.map((_, j) => (i === j ? x : 0)));
    const tiny = Array.from({ length: 8 }, () => 1e-300);
    for (const M of [
      [[1, 0, 0], [0, 0, 1e50], [2, 1e50, 0]], // biome-ignore format: short
      [[1, 1], [1e60, 1], [1e60, 1]], // biome-ignore format: short
      graded([1e-17, 1, 1, 1, ...tiny, 0, 0]),
      graded([1, 1e65, 1e20, 1e-200, 1e-300, 1e65]),
    ]) {
      const columns = M[0]!.length;
      const blocks = { columns, blocks: () => M.map((row) => [row]) };
      const found = await svdsAsync(blocks, { rank: columns });
      const direct = directSvd(M).S;
      expect(found.status).toBe('converged');
      expect(offOrthonormal(found.V)).toBeLessThan(1e-13);
      for (const [a, s] of found.S.entries()) {
        expect(Math.abs(s - direct[a]!) / found.S[0]!).toBeLessThan(1e-14);
        expect(found.residuals[a]! / found.S[0]!).toBeLessThan(1e-10);
      }
    }
  });

  test('blocks, or products, far larger than the first ones: told, as nothing else can be', async () => {
    const blocks = { columns: 2, blocks: () => [[[1, 2]], [[1e200, 3]]] };
    const far = expect.objectContaining({ code: 'non-finite-entry' });
    await expect(svdsAsync(blocks, { rank: 1 })).rejects.toEqual(far);
    const A = coo(2, 2, [[0, 0, 1e-309]]);
    const { S, V } = svds(A, { rank: 1 });
    expect(() => project(coo(1, 2, [[0, 0, 1]]), { S, V })).toThrow(far);
  });

  test('what others would take for something else: columns by columns, a dense matrix, no rank', () => {
    const csc = { format: 'csc', shape: [2, 2], data: [1], indices: [1], indptr: [0, 1, 1] };
    expect(() => svds(csc, { rank: 1 })).toThrow(/^A\.format is "csc"; give csr/);
    expect(() => svds([[0.5, 1, 2]], { rank: 1 })).toThrow(
      /^A\[0\]\[0\] is 0\.5; .* as in \[row, column, value\]/,
    );
    // @ts-expect-error
    expect(() => svds([[0, 0, 1]])).toThrow(/^rank is undefined; give a whole number/);
  });

  test('what is revoked while it is read', () => {
    const { proxy, revoke } = Proxy.revocable([0, 1], {});
    const A = { rows: 2, columns: 2, data: [1, 2], row: proxy, col: [0, 1] };
    revoke();
    const init = proxy as never;
    expect(() => factorize([[0, 0, 1]], { init })).toThrow(/^init is a revoked Proxy; give a Factorization/);
    expect(() => svds(A, { rank: 1 })).toThrow(expect.objectContaining({ code: 'invalid-matrix' }));
  });
});
