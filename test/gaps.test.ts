/** Missing entries, weights, regularization: conjugate gradients over what is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  adam,
  conjugateGradients,
  descend,
  directSvd,
  lbfgs,
  levenbergMarquardt,
  type Matrix,
  manualSeed,
  reconstruct,
  resume,
  type SvdOptions,
  sgd,
  svd,
} from '../src/index.js';
import { gaussian, multiply } from './support/matrices.js';
import { temperatures } from './support/temperatures.js';

type Rows = number[][];

const _ = Number.NaN;
const transposed = (M: Rows): Rows => M[0]!.map((_, j) => M.map((row) => row[j]!));
const known = (x: number) => !Number.isNaN(x);

/** M with a share of its entries hidden. */
function hide(M: Rows, share: number, seed: number): Rows {
  const draws = manualSeed(seed).rand(M.length, M[0]!.length);
  return M.map((row, i) => row.map((x, j) => (draws.get(i, j) < share ? _ : x)));
}

/** The largest error of any entry, known or not, over the largest entry. */
function off(truth: Rows, M: Rows, options: SvdOptions): number {
  const product = reconstruct(svd(M, { missing: 'nan', ...options })).toArray();
  const most = Math.max(...truth.flat().map(Math.abs));
  return Math.max(...truth.flatMap((row, i) => row.map((x, j) => Math.abs(x - product[i]![j]!)))) / most;
}

/** A gaussian m x n of rank k, and the same with a share of its entries hidden. */
function gaps(seed: number, m: number, n: number, k: number, share: number) {
  const truth = multiply(gaussian(seed, m, k), gaussian(seed + 1, k, n));
  const draws = manualSeed(seed + 2).rand(m, n);
  const M = truth.map((row, i) => row.map((x, j) => (draws.get(i, j) < share ? _ : x)));
  return { truth, M };
}

/** Has every row and column `rank` entries at least? Without, nobody can tell what is missing. */
const determined = (M: Rows, rank: number) =>
  M.every((row) => row.filter(known).length >= rank) &&
  M[0]!.every((_, j) => M.filter((row) => known(row[j]!)).length >= rank);

describe('gaps', () => {
  test('of 40 patterns that hide 70% of a positive 60 x 40 of rank 3, 98% are recovered, whatever the seed', () => {
    const missed = [0, 0, 0];
    for (let pattern = 1; pattern <= 40; pattern++) {
      const draw = manualSeed(1000 + pattern);
      const truth = multiply(draw.rand(60, 3).toArray(), draw.rand(3, 40).toArray());
      const M = hide(truth, 0.7, pattern);
      if (!determined(M, 3)) continue;
      [314, 1, 2].forEach((seed, s) => {
        if (off(truth, M, { rank: 3, seed }) > 1e-6) missed[s]!++;
      });
    }
    expect(Math.max(...missed)).toBeLessThanOrEqual(0);
  });

  // they are in a file, which a page has not
  test.runIf('process' in globalThis)(
    'so are all of real temperatures by hour, at rank 2 and half hidden',
    () => {
      const rows = temperatures().filter((row) => row.every(known));
      const some = Array.from({ length: 100 }, (_, i) => rows[Math.floor((i * rows.length) / 100)]!);
      const truth = reconstruct(svd(some, { rank: 2 })).toArray();
      for (let pattern = 1; pattern <= 40; pattern++) {
        expect(off(truth, hide(truth, 0.5, pattern), { rank: 2 })).toBeLessThan(1e-6);
      }
    },
  );

  test('an entry two steps away from what is known', () => {
    const M = [
      [1, _, 5, 6, _, 20],
      [2, _, _, _, 4, _],
      [20, _, 100, 120, 40, _],
    ];
    const result = svd(M, { rank: 1, missing: 'nan' });
    expect(result.status).toBe('converged');
    expect(result.iterations).toBeLessThan(100);
    const X = reconstruct(result);
    expect(X.get(2, 5)).toBeCloseTo(400, 6);
    // a column without any entry gets the answer of smallest norm
    expect([0, 1, 2].map((i) => X.get(i, 1))).toEqual([0, 0, 0]);
  });

  test('null and nothing are gaps as NaN is', () => {
    // biome-ignore lint/suspicious/noExplicitAny: undefined is a gap, too, but not to the types
    const rank1 = (gap: any) =>
      svd(
        [
          [1, 2, 3],
          [2, gap, 6],
        ],
        { rank: 1, missing: 'nan' },
      );
    expect(reconstruct(rank1(null)).get(1, 1)).toBeCloseTo(4, 8);
    for (const gap of [undefined, _]) expect(rank1(gap).S).toEqual(rank1(null).S);
    const hole = [2, 0, 6];
    delete hole[1];
    expect(svd([[1, 2, 3], hole], { rank: 1, missing: 'nan' }).S).toEqual(rank1(null).S);
    expect(() => svd([[1, null]], { rank: 1 })).toThrow(expect.objectContaining({ code: 'invalid-matrix' }));
  });

  test('where there is no best answer it does not pretend', () => {
    const M = [
      [_, 1],
      [1, 0],
    ];
    expect(svd(M, { rank: 1, missing: 'nan' }).status).toBe('max-iterations');
    const drawn = svd(M, { rank: 1, missing: 'nan', regularization: 1e-3 });
    expect(drawn.status).toBe('converged');
  });

  test('what the entries leave open gets a small answer, the same for every seed', () => {
    const truth = multiply(gaussian(5, 20, 3), gaussian(6, 3, 15));
    const M = hide(truth, 0.3, 7);
    // a row with one entry, at rank 3
    M[4] = M[4]!.map((_x, j) => (j === 2 ? truth[4]![2]! : _));
    const row = (seed: number, init: 'orthonormal' | 'uniform' = 'orthonormal') =>
      reconstruct(svd(M, { rank: 3, missing: 'nan', seed, init })).toArray()[4]!;
    const first = row(1);
    expect(row(2)).toEqual(first);
    expect(first[2]).toBeCloseTo(truth[4]![2]!, 8);
    // of all rows that the right factors can make with this entry, the one of smallest norm in balanced factors
    const { U, S, V } = svd(truth, { rank: 3 });
    expect(U.rows).toBe(20);
    const v = [...S].map((s, c) => Math.sqrt(s) * V.get(2, c));
    const least = truth[4]![2]! / Math.hypot(...v) ** 2;
    first.forEach((x, j) => {
      const balanced = least * v.reduce((sum, vc, c) => sum + vc * Math.sqrt(S[c]!) * V.get(j, c), 0);
      expect(Math.abs(x - balanced)).toBeLessThan(0.2 * Math.hypot(...truth[4]!));
    });
  });
});

describe('weights', () => {
  test.each([
    [2, 2, 1],
    [6, 5, 2],
    [20, 12, 3],
  ])('a bᵀ over 12 decades: the closed form (%d x %d, rank %d)', (m, n, rank) => {
    for (let seed = 1; seed <= 5; seed++) {
      const M = gaussian(seed, m, n);
      const a = manualSeed(seed + 10)
        .rand(1, m)
        .data.map((x) => 10 ** (6 * x));
      const b = manualSeed(seed + 20)
        .rand(1, n)
        .data.map((x) => 10 ** (6 * x));
      const weights = M.map((row, i) => row.map((_, j) => a[i]! * b[j]!));
      const result = svd(M, { rank, weights });
      expect(result.status).toBe('converged');
      // (they are taken out beforehand: it is no harder than without any)
      expect(result.iterations).toBeLessThanOrEqual(80);
      const { U, S, V } = directSvd(M.map((row, i) => row.map((x, j) => Math.sqrt(weights[i]![j]!) * x)));
      const closed = M.map((row, i) =>
        row.map((_, j) => {
          const sum = [...S].slice(0, rank).reduce((sum, s, c) => sum + U.get(i, c) * s * V.get(j, c), 0);
          return sum / Math.sqrt(weights[i]![j]!);
        }),
      );
      const product = reconstruct(result).toArray();
      const most = Math.max(...closed.flat().map(Math.abs));
      closed.forEach((row, i) => {
        row.forEach((x, j) => {
          expect(Math.abs(x - product[i]![j]!)).toBeLessThan(1e-8 * most);
        });
      });
    }
  });

  test.each([lbfgs(), adam(), sgd({ lr: 0.1 })])('count in the loss of $name as well', (optimizer) => {
    const M = gaussian(4, 5, 4);
    const weights = M.map((row, i) => row.map((_, j) => 1 + ((3 * i + j) % 5)));
    const result = svd(M, { weights, optimizer, rank: 2, iterations: 40, normalize: false });
    const product = reconstruct(result).toArray();
    let [sum, all] = [0, 0];
    M.forEach((row, i) => {
      row.forEach((x, j) => {
        sum += weights[i]![j]! * (x - product[i]![j]!) ** 2;
        all += weights[i]![j]!;
      });
    });
    expect(result.loss.reconstruction / (sum / all)).toBeCloseTo(1, 10);
  });

  test('any, over decades: no answer that converged can be made better by a step in any entry of its factors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 8 }), (seed, decades) => {
        const M = manualSeed(seed).rand(6, 5).toArray();
        const weights = manualSeed(seed + 1)
          .rand(6, 5)
          .toArray()
          .map((row) => row.map((x) => 10 ** (-decades * x)));
        const { status, U, S, V } = svd(M, { rank: 2, weights });
        if (status !== 'converged') return;
        const A = U.toArray().map((row) => row.map((x, c) => x * Math.sqrt(S[c]!)));
        const B = V.toArray().map((row) => row.map((x, c) => x * Math.sqrt(S[c]!)));
        const loss = () => {
          let sum = 0;
          M.forEach((row, i) => {
            row.forEach((x, j) => {
              sum += weights[i]![j]! * (A[i]!.reduce((dot, a, c) => dot + a * B[j]![c]!, 0) - x) ** 2;
            });
          });
          return sum;
        };
        const least = loss();
        for (const factor of [A, B]) {
          for (const row of factor) {
            for (let c = 0; c < 2; c++) {
              const was = row[c]!;
              for (const step of [1e-3, -1e-3]) {
                row[c] = was + step;
                expect(loss()).toBeGreaterThan(least * (1 - 1e-9));
              }
              row[c] = was;
            }
          }
        }
      }),
      { seed: 314, numRuns: 40 },
    );
  });

  test.each([1e-18, 1e-60, 1e-160])(
    'rows and columns that weigh %d of the others are met as well as these let them',
    (little) => {
      for (let seed = 1; seed <= 10; seed++) {
        const M = gaussian(seed, 15, 12);
        const light = (i: number) => (i % 2 ? little : 1);
        const whole = reconstruct(
          directSvd(
            M.filter((_, i) => !(i % 2)),
            { rank: 3 },
          ),
        ).toArray();
        const { V } = directSvd(whole, { rank: 3 });
        const fitted = multiply(multiply(M, V.toArray()), V.transpose().toArray());
        for (const [M1, fitted1, weights] of [
          [M, fitted, M.map((row, i) => row.map(() => light(i)))],
          [transposed(M), transposed(fitted), transposed(M).map((row) => row.map((_, i) => light(i)))],
        ] as const) {
          const result = svd(M1, { rank: 3, weights });
          expect(result.status).toBe('converged');
          const product = reconstruct(result).toArray();
          fitted1.forEach((row, i) => {
            row.forEach((x, j) => expect(Math.abs(x - product[i]![j]!)).toBeLessThan(1e-6));
          });
        }
      }
    },
  );

  test('where light entries are lost beside heavy ones it does not say converged; nor too little where they are not', () => {
    const weights = [
      [2e-4, 0],
      [1e-8, 1],
      [1e-8, 1e-8],
    ];
    const M = [
      [4, 9],
      [1, 4],
      [9, 1],
    ];
    expect(svd(M, { rank: 1, weights }).status).toBe('max-iterations');
    expect(svd(M, { rank: 1, weights: weights.map((row) => row.map((w) => w ** 0.25)) }).status).toBe(
      'converged',
    );
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
    M[4] = M[4]!.map(() => _);
    const result = svd(M, { rank: 2, missing: 'nan' });
    expect(result.status).toBe('converged');
    const product = reconstruct(result).toArray();
    expect(Math.max(...product[4]!.map(Math.abs))).toBeLessThan(1e-12);
    const off = Math.max(
      ...truth.flatMap((row, i) => (i === 4 ? [0] : row.map((x, j) => Math.abs(x - product[i]![j]!)))),
    );
    expect(off).toBeLessThan(1e-10);
  });

  test('one that would be lost beside another is an error, not a gap', () => {
    const weights = [
      [1e300, 1],
      [1, 1e-10],
    ];
    expect(() =>
      svd(
        [
          [1, 2],
          [3, 4],
        ],
        { weights },
      ),
    ).toThrow(/^weights\[1\]\[1\] is 1e-10; give weights of at least 1e-290 of the largest/);
    const lightest = [
      [1, 1],
      [1, 1e-290],
    ];
    expect(Number.isFinite(svd(lightest, { rank: 1, weights: lightest, iterations: 1 }).S[0])).toBe(true);
  });

  test('all alike are none', () => {
    const M = gaussian(12, 15, 11);
    const same = svd(M, { rank: 4, weights: M.map((row) => row.map(() => 3)) });
    expect(same.S).toEqual(svd(M, { rank: 4 }).S);
  });
});

describe('regularization', () => {
  test.each([1e-4, 0.1, 2])('%d without gaps: S is drawn down by it (softImpute)', (regularization) => {
    const M = gaussian(14, 8, 6);
    for (const rank of [6, 3]) {
      const { S, status, loss } = svd(M, { rank, regularization });
      expect(status).toBe('converged');
      const all = directSvd(M).S;
      S.forEach((s, c) => {
        expect(Math.abs(s - Math.max(0, all[c]! - regularization))).toBeLessThan(1e-9);
      });
      const norm2 = all.reduce((sum, s) => sum + s * s, 0);
      // the penalty is part of the loss
      const share = (2 * regularization * S.reduce((sum, s) => sum + s, 0)) / (48 * norm2);
      expect((loss.total - loss.reconstruction) / share).toBeCloseTo(1, 8);
    }
  });

  test.each([2, 3, 6])('of %d equal singular values none is left out, wherever it starts', (n) => {
    const I = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)));
    const all = (x: number) => I.map((row) => row.map(() => x));
    const zeros = { U: all(0), S: Array(n).fill(0), V: all(0) };
    const alike = { U: all(n ** -0.5), S: Array(n).fill(1), V: all(n ** -0.5) };
    for (const regularization of [0.1, 0.5, 0.894, 0.99]) {
      for (const init of [undefined, zeros, alike, { ...alike, S: zeros.S }]) {
        const { S, status } = svd(I, { regularization, ...(init && { init }) });
        expect(status).toBe('converged');
        for (const s of S) expect(Math.abs(s - (1 - regularization))).toBeLessThan(1e-9);
      }
    }
  });

  test('just below a singular value: a pair still as small as 1e-11 is left, not taken for the answer', () => {
    const M = [[-0.5301107242703438], [2.3283064365386963e-8], [-0.32162575237452984], [-0.8237396031618118]];
    const all = Math.hypot(...M.flat());
    for (const under of [3e-2, 0.031022520798698, 3e-3, 1e-4]) {
      const { S, status } = svd(M, { rank: 1, regularization: all - under });
      expect(status).toBe('converged');
      expect(Math.abs(S[0]! - under)).toBeLessThan(1e-9);
    }
  });

  test('between singular values that are close: the ones above it are found', () => {
    for (const regularization of [0.991, 0.994, 0.997, 0.9995]) {
      for (const next of [0.99, 0.999]) {
        const M = [
          [1, 0, 0, 0],
          [0, next, 0, 0],
          [0, 0, 2 * next - 1, 0],
        ];
        const { S, status } = svd(M, { regularization });
        expect(status).toBe('converged');
        for (const [c, s] of [1, next, 2 * next - 1].entries())
          expect(Math.abs(S[c]! - Math.max(0, s - regularization))).toBeLessThan(1e-6);
      }
    }
  });

  test('of a rough tolerance: what is next to nothing is left all the same', () => {
    const init = { U: [[1]], S: [1e-5], V: [[1], [1], [1]] };
    for (const tolerance of [1e-3, 1e-6]) {
      const { S, status } = svd([[3, -4, 0]], { tolerance, regularization: 1, init });
      expect(status).toBe('converged');
      expect(Math.abs(S[0]! - 4)).toBeLessThan(10 * tolerance);
    }
  });

  test.each([0, 0.3])(
    '%d: the wrong singular vectors are left, also where all weights differ',
    (regularization) => {
      const M = gaussian(15, 7, 5);
      const { U, S, V } = directSvd(M);
      const last = (X: Matrix, k: number) => X.toArray().map((row) => row.slice(-k));
      const weights = M.map((row, i) => row.map((_, j) => 1 + ((3 * i + j) % 4) / 1e3));
      for (const rank of [1, 2, 4]) {
        const init = { U: last(U, rank), S: S.slice(-rank), V: last(V, rank) };
        const options = { rank, init, regularization, optimizer: conjugateGradients() };
        const found = svd(M, options);
        expect(found.status).toBe('converged');
        found.S.forEach((s, c) =>
          expect(Math.abs(s - Math.max(0, S[c]! - regularization))).toBeLessThan(1e-9),
        );
        const weighed = svd(M, { ...options, weights });
        expect(
          weighed.loss.total / svd(M, { ...options, weights, init: 'orthonormal' }).loss.total,
        ).toBeCloseTo(1, 9);
      }
    },
  );

  test.each([1e-3, 1e-6, 0])('%d on ones with a gap: entries within 1%%', (regularization) => {
    const M: (number | null)[][] = Array.from({ length: 60 }, () => Array(40).fill(1));
    M[3]![7] = null;
    const result = svd(M, { rank: 1, missing: 'nan', regularization });
    expect(result.status).toBe('converged');
    for (const x of reconstruct(result).data) expect(Math.abs(x - 1)).toBeLessThan(0.01);
  });

  test('weighs less beside heavier entries, also where these are all alike', () => {
    const M = gaussian(21, 8, 6);
    const three = M.map((row) => row.map(() => 3));
    const heavy = svd(M, { rank: 4, weights: three, regularization: 0.3 });
    svd(M, { rank: 4, regularization: 0.1 }).S.forEach((s, c) => expect(heavy.S[c]).toBeCloseTo(s, 9));
  });

  test('is in units of M: 10 M with 10 times as much is 10 times the answer', () => {
    const M = hide(gaussian(3, 12, 9), 0.3, 4);
    const ten = M.map((row) => row.map((x) => 10 * x));
    for (const normalize of [true, false]) {
      const options = { rank: 3, missing: 'nan', normalize } as const;
      const [a, b] = [
        svd(M, { ...options, regularization: 0.2 }),
        svd(ten, { ...options, regularization: 2 }),
      ];
      a.S.forEach((s, c) => {
        expect(b.S[c]! / (10 * s)).toBeCloseTo(1, 8);
      });
    }
  });
});

describe('the descent', () => {
  const M = hide(gaussian(9, 14, 10), 0.3, 5);
  const options = { rank: 2, missing: 'nan' } as const;

  test('starts warm where it stopped', () => {
    const first = svd(M, options);
    expect(first.status).toBe('converged');
    expect(svd(M, { ...options, init: first }).iterations).toBeLessThanOrEqual(1);
  });

  test('resumes bit for bit from anywhere', () => {
    const whole = svd(M, options);
    for (let at = 0; at < whole.iterations; at += 7) {
      const d = descend(M, options);
      d.step(at);
      const twin = resume(structuredClone(d.save()));
      twin.step(Infinity);
      expect([twin.iteration, ...twin.result().U.data]).toEqual([whole.iterations, ...whole.U.data]);
      d.dispose();
      twin.dispose();
    }
  });

  test('knows S = d² as well', () => {
    const [a, b] = (['signed', 'squared'] as const).map((diagonal) => svd(M, { ...options, diagonal }));
    a!.S.forEach((s, c) => {
      expect(b!.S[c]).toBeCloseTo(s, 10);
    });
  });

  test('is asked for a rank where there are gaps, and for itself where another does not know them', () => {
    const code = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return [(error as { code: string }).code, (error as Error).message];
      }
      return [];
    };
    expect(code(() => svd(M, { missing: 'nan' }))).toEqual([
      'invalid-rank',
      expect.stringMatching(/^rank is undefined; give a rank below 10: M\[\d+\]\[\d+\] is missing/),
    ]);
    expect(code(() => svd(M, { ...options, optimizer: levenbergMarquardt() }))).toEqual([
      'invalid-option',
      expect.stringMatching(/^optimizer is "levenbergMarquardt"; give none \(then conjugateGradients\(\)\)/),
    ]);
    expect(code(() => svd(M, { ...options, optimizer: adam(), regularization: 1 }))).toEqual([
      'invalid-option',
      expect.stringMatching(/^regularization is 1; give 0, or conjugateGradients\(\)/),
    ]);
    expect(svd(M, { ...options, optimizer: adam() }).S.length).toBe(2);
    expect(svd(M, { ...options, optimizer: conjugateGradients() }).S).toEqual(svd(M, options).S);
  });
});

test('rows without an entry do not count for the rank', () => {
  const none = [null, null, null];
  expect(() => svd([none, [1, 2, 3], none], { missing: 'nan', rank: 2 })).toThrow(
    /^rank is 2; give at most 1/,
  );
});

test('a start with negative singular values is the one with their signs in U', () => {
  const M = gaussian(21, 12, 9).map((row, i) => row.map((x, j) => ((i * 7 + j * 3) % 4 === 0 ? null : x)));
  const options = { rank: 3, missing: 'nan' } as const;
  const { U, S, V } = svd(M, options);
  const least = svd(M, { ...options, init: { U, S, V } });
  const V_ = V.toArray().map((row) => row.map((x) => -x));
  const again = svd(M, { ...options, init: { U, S: S.map((s) => -s), V: V_ } });
  expect(again.status).toBe('converged');
  expect(again.iterations).toBe(least.iterations);
});

test('an empty pair is no place to stay: weighted, from zeros and from where a step hits 0', () => {
  const zeros = { U: [[0]], S: [0], V: [[0], [0], [0]] };
  const some = svd([[0, 0, 1]], { init: zeros, weights: [[0.01, 0.5, 0.4]] });
  expect(some.status).toBe('converged');
  expect(some.S[0]).toBeCloseTo(1, 9);
  const hidden = svd([[0, -0.0024, 0.99999]], { init: 'uniform', weights: [[1, 1e50, 1]] });
  expect(hidden.status).toBe('converged');
  expect(hidden.S[0]! * hidden.U.get(0, 0) * hidden.V.get(1, 0)).toBeCloseTo(-0.0024, 9);
});
