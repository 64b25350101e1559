/** What can be done with factors and matrices, from outside: against the definitions, not against our own digits. */
import { describe, expect, test } from 'vitest';
import {
  compare,
  condition,
  descend,
  directSvd,
  full,
  type Matrix,
  manualSeed,
  matrix,
  project,
  pseudoInverse,
  rank,
  reconstruct,
  residuals,
  resume,
  solve,
  svd,
} from '../src/index.js';

const draw = (seed: number, m: number, n: number) => manualSeed(seed).rand(m, n);
const times = (A: number[][], B: number[][]) =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, x, i) => sum + x * B[i]![j]!, 0)));
const off = (A: number[][], B: number[][]) =>
  Math.max(...A.flatMap((row, i) => row.map((x, j) => Math.abs(x - B[i]![j]!))));
const identity = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));

describe('Matrix', () => {
  const A = matrix([Float32Array.of(1, 2, 3), [4, 5, 6]]);

  test('rows, the transpose, all input forms', () => {
    expect(Array.from(A, (row) => [...row])).toEqual(A.toArray());
    expect(A.transpose().toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(matrix({ shape: [3, 2], data: A.data, stride: [1, 3] }).toArray()).toEqual(
      A.transpose().toArray(),
    );
    const copy = matrix(A);
    copy.data[0] = 9;
    expect(A.get(0, 0)).toBe(1);
  });

  test('there and back: JSON, structuredClone', () => {
    for (const left of [JSON.parse(JSON.stringify(A)), structuredClone(A)]) {
      expect(matrix(left).toArray()).toEqual(A.toArray());
    }
    expect(matrix(JSON.parse(JSON.stringify(matrix([[1, NaN]])))).data).toEqual(Float64Array.of(1, NaN));
  });

  test('prints as a small table', () => {
    expect(
      `${matrix([
        [1, -0.123456],
        [1e-20, 3],
      ])}`,
    ).toBe('Matrix 2 x 2\n        1  -0.1235\n    1e-20        3');
    // (as Node's console asks for it)
    const inspect = Symbol.for('nodejs.util.inspect.custom');
    expect((A as unknown as Record<symbol, () => string>)[inspect]!()).toBe(`${A}`);
    const lines = `${draw(1, 100, 50)}`.split('\n');
    expect(lines).toHaveLength(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(90);
  });
});

test('as many singular values as columns', () => {
  const factors = { U: [[1, 2]], S: [1], V: [[1, 2]] };
  expect(() => reconstruct(factors)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
});

test('factors after JSON and structuredClone are factors', () => {
  const M = draw(2, 6, 4);
  const result = svd(M);
  for (const left of [JSON.parse(JSON.stringify(result)), structuredClone(result)]) {
    expect(residuals(M, left)).toEqual(residuals(M, result));
    expect(svd(M, { init: left }).iterations).toBe(0);
  }
  expect(reconstruct({ U: [[1]], S: { length: 1, 0: 3 }, V: [[2]] }).toArray()).toEqual([[6]]);
});

describe('full', () => {
  test.each([
    [7, 4, undefined],
    [4, 7, 2],
    [5, 5, 1],
    [1, 3, undefined],
  ])('%i x %i, rank %s', (m, n, k) => {
    const factors = directSvd(draw(3, m, n), { rank: k });
    const { U, S, V } = full(factors);
    for (const [X, of, size] of [
      [U, factors.U, m],
      [V, factors.V, n],
    ] as [Matrix, Matrix, number][]) {
      expect([X.rows, X.columns]).toEqual([size, size]);
      expect(off(times(X.transpose().toArray(), X.toArray()), identity(size))).toBeLessThan(1e-14);
      const first = X.toArray().map((row) => row.slice(0, of.columns));
      expect(off(first, of.toArray())).toBeLessThan(1e-14);
    }
    expect(S).toEqual(factors.S);
  });

  test('the null space', () => {
    const M = [
      [1, 2, 3],
      [2, 4, 6],
    ];
    const factors = svd(M);
    const free = full(factors)
      .V.toArray()
      .map((row) => row.slice(rank(factors)));
    expect(free[0]).toHaveLength(2);
    expect(
      off(times(M, free), [
        [0, 0],
        [0, 0],
      ]),
    ).toBeLessThan(1e-14);
  });
});

test('what is made of factors is of its own memory', () => {
  const given = svd(draw(12, 4, 2));
  const made = full(given);
  made.S[0] = 0;
  made.U.data[0] = 0;
  expect(given.S[0]).toBeGreaterThan(0.1);
  expect(given.U.get(0, 0)).not.toBe(0);
});

describe('solve', () => {
  test('is the least-squares solution of smallest norm', () => {
    const M = [...draw(4, 8, 3)].map((row) => [...row, row[0]! + row[1]!]);
    const b = draw(5, 8, 2);
    const factors = svd(M);
    const X = solve(factors, b).toArray();
    const rest = times(M, X).map((row, i) => row.map((x, j) => x - b.get(i, j)));
    // the rest is orthogonal to M's columns, X to M's null space, (1, 1, 0, -1)
    expect(off(times(matrix(M).transpose().toArray(), rest), Array(4).fill([0, 0]))).toBeLessThan(1e-13);
    for (const j of [0, 1]) expect(X[0]![j]! + X[1]![j]! - X[3]![j]!).toBeCloseTo(0, 13);
    const vector = solve(factors, b.transpose().toArray()[1]!);
    expect(vector).toEqual(Float64Array.from(X, (row) => row[1]!));
    expect(off(times(pseudoInverse(factors).toArray(), b.toArray()), X)).toBeLessThan(1e-13);
  });

  test('a tolerance leaves small singular values out', () => {
    const factors = directSvd([
      [1, 0],
      [0, 1e-3],
    ]);
    expect([...solve(factors, [1, 1])].map(Math.round)).toEqual([1, 1000]);
    expect([...solve(factors, [1, 1], 0.01)]).toEqual([1, 0]);
  });

  test.each([1e-320, 1e-300, 1e300])('in range where the solution is: %d', (size) => {
    const factors = svd([
      [size, 0],
      [0, 0],
    ]);
    expect(solve(factors, [size, 0])[0]).toBeCloseTo(1, 12);
    if (size > 1e-308) expect(pseudoInverse(factors).get(0, 0) * size).toBeCloseTo(1, 12);
  });

  test('and a typed error where it is not', () => {
    const tiny = svd([
      [1e-320, 0],
      [0, 0],
    ]);
    for (const call of [
      () => pseudoInverse(tiny),
      () => solve(tiny, [1, 0]),
      () => project([[1, 0]], tiny),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'non-finite-entry' }));
    }
  });
});

test('rank and condition', () => {
  expect(
    rank(
      svd([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ),
  ).toBe(1);
  expect(rank(directSvd([[0, 0]]))).toBe(0);
  expect(rank({ U: identity(2), S: [3, 1], V: identity(2) }, 1)).toBe(1);
  expect(condition({ U: identity(2), S: [3, 2], V: identity(2) })).toBe(1.5);
  expect(condition(directSvd([[0, 0]]))).toBe(Infinity);
});

test('project: rows of M fall on rows of U, and what is outside is left out', () => {
  const M = draw(6, 9, 5);
  const factors = svd(M, { rank: 2 });
  expect(off(project(M, svd(M)).toArray(), svd(M).U.toArray())).toBeLessThan(1e-12);
  const nearest = reconstruct({ ...factors, U: project(M, factors) });
  expect(off(nearest.toArray(), reconstruct(factors).toArray())).toBeLessThan(1e-12);
});

describe("center: 'columns'", () => {
  const M = draw(7, 30, 4)
    .toArray()
    .map((row) => row.map((x, j) => x + 1000 * j));
  const means = [0, 1, 2, 3].map((j) => M.reduce((sum, row) => sum + row[j]! / 30, 0));
  const centered = M.map((row) => row.map((x, j) => x - means[j]!));

  test('is the decomposition of M minus its column means', () => {
    const result = svd(M, { center: 'columns' });
    expect(off([[...result.mean]], [means])).toBeLessThan(1e-11);
    expect(off([[...result.S]], [[...directSvd(centered).S]])).toBeLessThan(1e-11);
    expect(residuals(M, result).reconstruction).toBeLessThan(1e-11);
    expect(off(reconstruct(result).toArray(), M)).toBeLessThan(1e-11);
    expect(off(project(M, result).toArray(), result.U.toArray())).toBeLessThan(1e-11);
    expect(svd(M).mean).toBeUndefined();
  });

  test('the means are the own ones of each result', () => {
    const d = descend(M, { center: 'columns' });
    d.result().mean![0] = 7;
    d.save().run.mean![0] = 7;
    expect(d.result().mean![0]).toBeCloseTo(means[0]!, 9);
    d.dispose();
  });

  test('with gaps: the mean of what is there, weighted as it is', () => {
    const gaps = [
      [1, 5, 2],
      [3, null, 4],
      [8, 7, 9],
    ];
    const { mean } = svd(gaps, { center: 'columns', missing: 'nan', rank: 1, iterations: 1 });
    expect(off([[...mean]], [[4, 6, 5]])).toBeLessThan(1e-14);
    const weights = [
      [1, 1, 1],
      [3, 1, 1],
      [0, 1, 1],
    ];
    const weighted = svd(
      [
        [1, 5, 2],
        [3, 7, 4],
        [8, 6, 9],
      ],
      { center: 'columns', weights, rank: 1, iterations: 1 },
    );
    expect(off([[...weighted.mean]], [[2.5, 6, 5]])).toBeLessThan(1e-14);
    const heavy = weights.map((row) => row.map((w) => w * 5e307));
    const { mean: same } = svd(
      gaps.map((row) => row.map((x) => x ?? 7)),
      { center: 'columns', weights: heavy, rank: 1, iterations: 1 },
    );
    expect(off([[...same]], [[2.5, 19 / 3, 5]])).toBeLessThan(1e-14);
  });

  test('goes along when a descent is saved', () => {
    const d = descend(M, { center: 'columns' });
    const twin = resume(structuredClone(d.save()));
    for (const one of [d, twin]) one.step(Infinity);
    expect(twin.result().mean).toEqual(d.result().mean);
    expect(d.best().mean).toEqual(d.result().mean);
  });
});

test('what is left of factors at a lower rank, and what is no fit of M', () => {
  const factors = svd(draw(5, 7, 4));
  const nearest = reconstruct(svd(draw(5, 7, 4), { rank: 2 }));
  expect(off(reconstruct(factors, { rank: 2 }).toArray(), nearest.toArray())).toBeLessThan(1e-13);
  expect(() => reconstruct(factors, { rank: 5 })).toThrow(/^rank is 5; give a whole number from 1 to 4$/);
  const centered = svd(draw(5, 7, 4), { center: 'columns' });
  for (const use of [() => solve(centered, [1, 2, 3, 4, 5, 6, 7]), () => pseudoInverse(centered)]) {
    expect(use).toThrow(/^factors\.mean is .*; give factors of M itself/);
  }
});

test('directSvd of rank k is the first k of all', () => {
  const M = draw(8, 6, 5);
  const all = directSvd(M);
  const { U, S, V } = directSvd(M, { rank: 2 });
  expect(S).toEqual(all.S.slice(0, 2));
  expect(U.toArray()).toEqual(all.U.toArray().map((row) => row.slice(0, 2)));
  expect(V.toArray()).toEqual(all.V.toArray().map((row) => row.slice(0, 2)));
});

test("null and holes are missing with missing: 'nan'", () => {
  const gaps = (empty: number | null) => [
    [1, 2, 3],
    [2, empty, 6],
    [3, 6, empty],
  ];
  const options = { missing: 'nan', rank: 1 } as const;
  const holes: number[][] = [
    [1, 2, 3],
    Object.assign(Array(3), { 0: 2, 2: 6 }),
    Object.assign(Array(3), { 0: 3, 1: 6 }),
  ];
  const expected = svd(gaps(NaN), options);
  expect(svd(gaps(null), options)).toEqual(expected);
  expect(svd(holes, options)).toEqual(expected);
});

test.each([
  [300, 2],
  [2, 300],
])('what counts as 0 of a %i x %i grows with its longer side', (m, n) => {
  // 300 x 2^-52 is 6.7e-14
  const E = (rows: number) => Array.from({ length: rows }, (_, i) => [0, 1].map((c) => (i === c ? 1 : 0)));
  const of = (least: number) => ({ U: E(m), S: [1, least], V: E(n) });
  expect(pseudoInverse(of(6e-14)).get(1, 1)).toBe(0);
  expect(pseudoInverse(of(7e-14)).get(1, 1)).toBe(1 / 7e-14);
  expect([rank(of(6e-14)), rank(of(7e-14))]).toEqual([1, 2]);
});

test('compare: the largest difference of each, whatever the signs of the columns', () => {
  const { U, S, V } = svd(draw(11, 5, 3));
  const [u, s, v] = [U.toArray(), [...S], V.toArray()];
  // a column pair of the other sign, and then one entry of each moved
  for (const rows of [u, v]) for (const row of rows) row[1]! *= -1;
  u[4]![0]! += 0.25;
  s[2]! -= 0.03125;
  v[0]![1]! -= 0.125;
  for (const each of [
    compare({ U, S, V }, { U: u, S: s, V: v }),
    compare({ U: u, S: s, V: v }, { U, S, V }),
  ]) {
    expect(each.U).toBeCloseTo(0.25, 14);
    expect(each.S).toBeCloseTo(0.03125, 14);
    expect(each.V).toBeCloseTo(0.125, 14);
  }
});

test.each([
  [0, 3],
  [1, -1],
  [-1, 0],
  [2, 0],
  [0.5, 0],
  [0, Number.NaN],
])('there is no entry [%d, %d] in a 2 x 3 matrix', (i, j) => {
  expect(() => draw(1, 2, 3).get(i, j)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
});
