/** Ratings: factors and biases from the entries alone, against what is known otherwise. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { manualSeed, reconstruct, svd } from 'gradient-svd';
import { type FactorizeOptions, factorization, factorize, factorizeAsync } from 'gradient-svd/sparse';
import { describe, expect, test } from 'vitest';
import { FACTORS, KAPPA, LOSS, NUMBERS } from '../assembly/sparse/boundary.js';

type Entry = [number, number, number];

const gaussian = (seed: number, rows: number, columns: number) => {
  // Irwin and Hall's: the sum of twelve uniform draws
  const { data } = manualSeed(seed).rand(rows * columns, 12);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const from = 12 * (i * columns + j);
      return data.subarray(from, from + 12).reduce((sum, x) => sum + x, -6);
    }),
  );
};

/** A share of the entries of: 3 + biases + factors of rank 3 (all but if `signal` is 0) + noise. */
function ratings(
  seed: number,
  rows: number,
  columns: number,
  share: number,
  signal: number,
  noise: number,
): Entry[] {
  const [U, V, E] = [
    gaussian(seed, rows, 3),
    gaussian(seed + 1, columns, 3),
    gaussian(seed + 2, rows, columns),
  ];
  const [a, b] = [gaussian(seed + 3, 1, rows)[0]!, gaussian(seed + 4, 1, columns)[0]!];
  const draws = manualSeed(seed + 5).rand(rows, columns);
  return U.flatMap((u, i) =>
    V.flatMap((v, j): Entry[] => {
      if (draws.get(i, j) > share) return [];
      const dot = u.reduce((sum, x, c) => sum + x * v[c]!, 0);
      return [[i, j, 3 + 0.4 * a[i]! + 0.5 * b[j]! + signal * dot + noise * E[i]![j]!]];
    }),
  );
}

const rmse = (entries: Entry[], predict: (i: number, j: number) => number) =>
  Math.sqrt(entries.reduce((sum, [i, j, x]) => sum + (predict(i, j) - x) ** 2, 0) / entries.length);

const split = (entries: Entry[]) => {
  const test = entries.filter((_, e) => e % 7 === 3);
  return { test, train: entries.filter((_, e) => e % 7 !== 3) };
};

describe('factorize', () => {
  test('all entries, no biases: softImpute, U and V of the svd with S - λ', () => {
    const M = gaussian(1, 12, 9);
    const entries = M.flatMap((row, i) => row.map((x, j): Entry => [i, j, x]));
    for (const regularization of [0.5, 2]) {
      const f = factorize(entries, { rank: 5, regularization, biases: false });
      expect(f.status).toBe('converged');
      const X = reconstruct(svd(M, { rank: 5, regularization }));
      expect(Math.max(...entries.map(([i, j]) => Math.abs(f.predict(i, j) - X.get(i, j))))).toBeLessThan(
        1e-4,
      );
    }
  });

  test('a third of the entries: what svd makes of the same gaps', () => {
    const entries = ratings(2, 30, 20, 0.4, 1, 0.1);
    const M = Array.from({ length: 30 }, () => Array<number>(20).fill(NaN));
    for (const [i, j, x] of entries) M[i]![j] = x;
    const f = factorize(entries, { rows: 30, columns: 20, rank: 4, regularization: 1, biases: false });
    const X = reconstruct(svd(M, { rank: 4, regularization: 1, missing: 'nan' }));
    for (const [i, j] of entries) expect(Math.abs(f.predict(i, j) - X.get(i, j))).toBeLessThan(2e-3);
  });

  test('λ chosen by itself: better than biases alone, near the noise', () => {
    const { test, train } = split(ratings(3, 150, 120, 0.3, 0.5, 0.3));
    const f = factorize(train, { rank: 6 });
    const biases = factorize(train, { rank: 1, regularization: 1e6 });
    expect(f.regularization).toBeGreaterThan(0);
    expect(Math.min(...f.validation)).toBeLessThan(0.45);
    expect(rmse(test, (i, j) => f.predict(i, j))).toBeLessThan(0.42);
    expect(rmse(test, (i, j) => biases.predict(i, j))).toBeGreaterThan(0.8);
  });

  test('where entries hold no more than biases, it says so, and is no worse than they are', () => {
    for (const seed of [4, 14, 24]) {
      const { test, train } = split(ratings(seed, 80, 60, 0.2, 0, 0.8));
      const f = factorize(train, { rank: 5 });
      const biases = factorize(train, { rank: 1, regularization: 1e6 });
      expect(f.status).toBe('biases');
      expect([...f.U.data, ...f.V.data].every((x) => x === 0)).toBe(true);
      const alone = rmse(test, (i, j) => biases.predict(i, j));
      expect(rmse(test, (i, j) => f.predict(i, j))).toBeLessThan(alone * 1.01);
      // nor with a λ far too small, where there is something to see it by
      const own = factorize(train, { rank: 5, regularization: 0.01, validation: test });
      expect(rmse(test, (i, j) => own.predict(i, j))).toBeLessThan(alone * 1.002);
    }
  });

  test('predictions of different seeds agree, those of what is not known as well', () => {
    const entries = ratings(5, 60, 50, 0.4, 0.5, 0.3);
    for (const norm of ['uniform', 'weighted'] as const) {
      const [a, b, c] = [1, 2, 3].map((seed) =>
        factorize(entries, { rank: 8, regularization: 4, norm, seed }),
      );
      for (let i = 0; i < 60; i++) {
        for (let j = 0; j < 50; j++) {
          expect(Math.abs(a!.predict(i, j) - b!.predict(i, j))).toBeLessThan(1e-3);
          expect(Math.abs(a!.predict(i, j) - c!.predict(i, j))).toBeLessThan(1e-3);
        }
      }
    }
  });

  test('converged is said of the least loss alone, from any seed, and from factors of 0', () => {
    let converged = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 2, max: 8 }),
        fc.constantFrom(0.3, 0.6, 1),
        fc.constantFrom(0.05, 0.5, 3),
        fc.constantFrom(1e-3, 1, 1e3),
        (seed, rows, columns, share, λ, unit) => {
          const entries = ratings(seed, rows, columns, share, 1, 0.2).map(
            ([i, j, x]): Entry => [i, j, (x - 3) * unit],
          );
          if (entries.length === 0) return;
          // at this rank there is one least, and no other
          const rank = Math.min(rows, columns);
          const options = { rows, columns, rank, regularization: λ * unit, biases: false, iterations: 2000 };
          const nothing = factorize(entries, { ...options, regularization: 1e6 * unit });
          const least = factorize(entries, { ...options, tolerance: 1e-15, iterations: 20_000 });
          const found = [
            ...[1, 2, 3].map((seed) => factorize(entries, { ...options, seed })),
            factorize(entries, { ...options, init: nothing }),
          ];
          for (const { status, losses } of found) {
            if (status !== 'converged') continue;
            converged++;
            expect(losses.at(-1)! / least.losses.at(-1)! - 1).toBeLessThan(1e-4);
          }
        },
      ),
      { seed: 314, numRuns: 150 },
    );
    expect(converged).toBeGreaterThan(500);
  });

  test('zeros are left, from any start, with any weight: a saddle is not called converged', () => {
    for (const weight of [1, 1e3, 1e10, 1e100]) {
      for (const regularization of [0, 1e-8, 1]) {
        const options: FactorizeOptions = { rank: 1, regularization, biases: false, weights: [weight] };
        const zeros = factorize([[0, 0, 2.5]], { ...options, regularization: 1e8, weights: [1] });
        for (const init of [undefined, zeros]) {
          const { status, losses } = factorize([[0, 0, 2.5]], init ? { ...options, init } : options);
          expect(status).toBe('converged');
          // λ (|u|² + |v|²) where u v is as good as 2.5; what is left of that is rounding, 2⁻⁵⁰ of it
          const least = 5 * regularization - regularization ** 2 / weight;
          expect(losses.at(-1)! - least).toBeLessThan(1e-6 * least + 2 ** -100 * 6.25 * weight);
        }
      }
    }
    const f = factorize([[2, 3, 5]], { rank: 2, regularization: 0, biases: false });
    expect([f.status, Math.abs(f.predict(2, 3) - 5) < 1e-12]).toEqual(['converged', true]);
    // beside a weight that no error is seen by
    const entries: Entry[] = [[2, 0, 0], [1, 1, 1], [0, 0, 1]]; // biome-ignore format: a line
    const heavy = factorize(entries, { rank: 1, regularization: 1e-8, weights: [1e23, 1e-37, 1e-5] });
    expect(heavy.losses.at(-1)!).toBeLessThan(3e-7);
  });

  test('beside weights that no rule sees by it never says converged, and goes on for as long as that brings anything', () => {
    let seed = 0;
    for (const spread of [2, 5, 8, 12]) {
      for (let set = 0; set < 40; set++) {
        const entries = ratings(500 + ++seed, 5, 4, 0.6, 1, 1);
        const weights = entries.map((_, e) => 10 ** (((7 * e + seed) % (2 * spread + 1)) - spread));
        const options = { rank: 2, regularization: 0.1, biases: false, weights, seed };
        const f = factorize(entries, options);
        const apart = Math.max(...weights) > 1e8 * Math.min(...weights);
        if (apart) expect(f.status).toBe('max-iterations');
        if (f.status !== 'converged') continue;
        // (what goes on from there finds no more)
        const on = factorize(entries, { ...options, init: f, tolerance: 0 });
        expect(on.losses.at(-1)!).toBeGreaterThan(f.losses.at(-1)! * (1 - 1e-3));
      }
    }
  });

  test('few entries with no more in them than biases: it says so, and predicts what these do', () => {
    let factors = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const [rows, columns] = [4 + (seed % 9), 4 + (seed % 5)];
      const entries = ratings(100 + seed, rows, columns, 0.5, 0, 0.8);
      const options = { rows, columns, seed };
      const f = factorize(entries, { ...options, rank: 3 });
      if (f.status !== 'biases') factors++;
      else {
        const biases = factorize(entries, { ...options, rank: 1, regularization: 1e6 });
        for (const [i, j] of entries) expect(f.predict(i, j)).toBeCloseTo(biases.predict(i, j), 3);
      }
    }
    expect(factors).toBeLessThan(2);
  });

  test('the loss after any number of iterations is that of the factors, beside weights many decades larger as well', () => {
    const entries = ratings(13, 12, 9, 0.6, 1, 0);
    const weights = entries.map((_, e) => 10 ** ((e % 5) * 5 - 10));
    for (const iterations of [1, 2, 3, 5, 8, 13, 40, 150]) {
      const options = { rank: 3, regularization: 1e-9, biases: false, weights, iterations, tolerance: 0 };
      const f = factorize(entries, options);
      const norm = (x: Float64Array) => x.reduce((sum, x) => sum + x * x, 0);
      const loss =
        entries.reduce((sum, [i, j, x], e) => sum + weights[e]! * (f.predict(i, j) - x) ** 2, 0) +
        1e-9 * (norm(f.U.data) + norm(f.V.data));
      expect(Math.abs(f.losses.at(-1)! / loss - 1)).toBeLessThan(1e-8);
    }
  });

  // (a page has no files)
  test.runIf('process' in globalThis)('the gradient is what the loss changes by', () => {
    const module = new WebAssembly.Module(readFileSync(new URL('../build/sparse.wasm', import.meta.url)));
    // biome-ignore lint/suspicious/noExplicitAny: the core as it is
    const core = new WebAssembly.Instance(module).exports as any;
    const floats = (at: number, length: number) => new Float64Array(core.memory.buffer, at >>> 0, length);
    const integers = (at: number, length: number) => new Int32Array(core.memory.buffer, at >>> 0, length);
    const entries = ratings(12, 7, 5, 0.6, 1, 0.2);
    const count = entries.length;
    const weights = entries.map((_, e) => 0.5 + (e % 3));
    for (const [biases, weighed, weighted, k] of [
      [1, 1, 1, 3],
      [1, 0, 0, 2],
      [0, 1, 0, 5],
    ] as const) {
      // biome-ignore format: a list
      const [row, column, value, weight] = [0, 1, 2, 3].map(() => core.alloc(count) as number);
      const fit = core.createFit(7, 5, k, count, 0, 7, 0, weighed, biases, weighted);
      integers(row!, count).set(entries.map(([i]) => i));
      integers(column!, count).set(entries.map(([, j]) => j));
      floats(value!, count).set(entries.map(([, , x]) => x));
      floats(weight!, count).set(weights);
      core.arrange(fit, count, row, column, value, weighed ? weight : 0);
      core.scatter(fit, 1);
      floats(fit, NUMBERS)[KAPPA] = 5;
      const size = 12 * ((k + 5) & ~3);
      // (the slopes come behind the factors)
      const [x, g] = [FACTORS, FACTORS + 1].map((which) => integers(fit, which + 1)[which]!);
      const at = () => floats(x!, size);
      const loss = () => {
        core.begin(fit, 0.7);
        return floats(fit, NUMBERS)[LOSS]!;
      };
      // biases that are not 0
      at().forEach((_, i) => {
        if (biases && i % ((k + 5) & ~3) === (i < 7 * ((k + 5) & ~3) ? k : k + 1))
          at()[i] = 0.1 * Math.sin(i);
      });
      loss();
      const slopes = floats(g!, size).slice();
      const moved = slopes.map((slope, i) => {
        if (slope === 0) return 0;
        const [h, was] = [1e-5, at()[i]!];
        const differences = [h, -h].map((step) => {
          at()[i] = was + step;
          return loss();
        });
        at()[i] = was;
        return (differences[0]! - differences[1]!) / (2 * h);
      });
      expect(slopes.filter((slope) => slope !== 0).length).toBeGreaterThanOrEqual(10 * k);
      // what is kept is half the gradient
      slopes.forEach((slope, i) =>
        expect(Math.abs(2 * slope - moved[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(slope))),
      );
    }
  });

  test('what can not be squared is an error, and never NaN', () => {
    for (const unit of [1e200, 1e-200]) {
      expect(() => factorize([[0, 0, unit], [1, 0, 2 * unit]], { regularization: 0 })).toThrow(/^the largest of entries is/); // biome-ignore format: a line
    }
    const weights = [5e307, 5e307];
    const huge = () => factorize([[0, 0, 1e9], [1, 1, 2]], { weights, regularization: 1 }); // biome-ignore format: a line
    expect(huge).toThrow(/^the loss is (Infinity|NaN); give/);
    expect(() => factorize([[0, 0, 1], [1, 0, 2]], { validation: 0 })).toThrow(/^validation is 0; give a share > 0/); // biome-ignore format: a line
    // too few to hold one out: no factors
    expect(factorize([[0, 0, 1], [1, 0, 2]])).toMatchObject({ status: 'biases' }); // biome-ignore format: a line
  });

  test('weights: 2 is twice there, 0 is not there', () => {
    const entries = ratings(6, 20, 15, 0.5, 0.5, 0.3);
    const options: FactorizeOptions = { rank: 2, regularization: 1.5, rows: 20, columns: 15 };
    const weights = entries.map((_, e) => e % 3);
    const twice = entries.flatMap((entry, e) => Array<Entry>(e % 3).fill(entry));
    const [a, b] = [factorize(entries, { ...options, weights }), factorize(twice, options)];
    for (const [i, j] of entries) expect(Math.abs(a.predict(i, j) - b.predict(i, j))).toBeLessThan(2e-3);
  });

  test('a known row, folded in, is what it is', () => {
    const entries = ratings(7, 40, 30, 0.5, 0.5, 0.3);
    const f = factorize(entries, { rank: 3, regularization: 1 });
    const row = f.foldIn(entries.filter(([i]) => i === 8).map(([, j, x]) => [j, x]));
    for (let j = 0; j < 30; j++) expect(Math.abs(row.predict(j) - f.predict(8, j))).toBeLessThan(2e-3);
    expect(f.foldIn([]).predict(3)).toBeCloseTo(f.mean + f.columnBias[3]!, 12);
    expect(row.recommend({ count: 3 })[0]!.value).toBeGreaterThan(row.recommend({ count: 30 })[29]!.value);
  });

  test('recommends what it predicts most of, without what is excluded, within the range', () => {
    const f = factorize(ratings(8, 30, 25, 0.5, 1, 0.1), { rank: 3, regularization: 0.5, range: [1, 5] });
    const all = Array.from({ length: 25 }, (_, j) => f.predict(4, j));
    expect(Math.max(...all)).toBeLessThanOrEqual(5);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(1);
    const [first, second] = f.recommend(4, { count: 2 });
    expect(first!.value).toBe(Math.max(...all));
    expect(f.recommend(4, { count: 1, exclude: new Set([first!.column]) })).toEqual([second]);
  });

  test('goes on from a former model, new rows and columns with it', () => {
    const entries = ratings(9, 60, 40, 0.4, 0.5, 0.3);
    const before = factorize(entries, { rank: 3, regularization: 2 });
    const after = factorize(entries, { rank: 3, init: before });
    expect(after.iterations).toBeLessThan(before.iterations / 2);
    expect(after.regularization).toBe(2);
    const more: Entry[] = [...entries, [60, 2, 4], [60, 5, 1], [3, 40, 5]];
    const grown = factorize(more, { rank: 3, init: before });
    expect([grown.U.rows, grown.V.rows]).toEqual([61, 41]);
    expect(grown.predict(60, 2)).toBeGreaterThan(grown.predict(60, 5));
  });

  test('it goes on from the very factors, not from others of the same products', () => {
    const entries = ratings(9, 60, 40, 0.4, 0.5, 0.3);
    const before = factorize(entries, { rank: 3, regularization: 2, tolerance: 1e-12, iterations: 2000 });
    const after = factorize(entries, { rank: 3, init: before, iterations: 1 });
    before.U.data.forEach((x, at) => expect(Math.abs(after.U.data[at]! - x)).toBeLessThan(0.1));
  });

  test('λ falls until two in turn are no better than the best', async () => {
    for (const [seed, noise] of [
      [3, 0.3],
      [5, 0.5],
    ] as const) {
      const tried: number[] = [];
      const { regularization } = await factorizeAsync(ratings(seed, 60, 50, 0.4, 0.7, noise), {
        rank: 4,
        onProgress: ({ regularization: λ }) => void (λ === tried.at(-1) || tried.push(λ)),
      });
      // (the biases come first, and all entries at the best λ last)
      expect(tried.at(-1)).toBe(regularization);
      const course = tried.slice(1, -1);
      expect(course.toSorted((a, b) => b - a)).toEqual(course);
      expect(course.length - 1 - course.indexOf(regularization)).toBe(2);
    }
  });

  test('there and back through JSON', () => {
    const f = factorize(ratings(10, 20, 15, 0.5, 0.5, 0.2), { rank: 2, range: [1, 5] });
    for (const twin of [
      factorization(JSON.parse(JSON.stringify(f))),
      factorization(structuredClone(f.toJSON())),
    ]) {
      expect(twin.toJSON()).toEqual(f.toJSON());
      expect(twin.predict(3, 4)).toBe(f.predict(3, 4));
      expect(twin.foldIn([[1, 5]]).predict(2)).toBe(f.foldIn([[1, 5]]).predict(2));
    }
    expect(f.validation.length).toBeGreaterThan(0);
    expect(f.toJSON().validation).toEqual([...f.validation]);
    const broken = (change: object) => () => factorization({ ...f.toJSON(), ...change });
    expect(broken({ rowBias: [1] })).toThrow(/^factorization.rowBias.length is 1; give 20/);
    expect(broken({ rowBias: f.toJSON().rowBias.with(3, NaN) })).toThrow(
      /^factorization.rowBias\[3\] is NaN/,
    );
    expect(broken({ losses: [1, null] })).toThrow(/^factorization.losses\[1\] is null/);
    expect(broken({ range: [5, 1] })).toThrow(/^factorization: range is/);
  });

  test('asynchronously: the same bits, progress, and an end that brings along what there is', async () => {
    const entries = ratings(11, 60, 40, 0.4, 0.5, 0.3);
    const steps: number[] = [];
    const onProgress = ({ iteration }: { iteration: number }) => void steps.push(iteration);
    const f = await factorizeAsync(entries, { rank: 3, onProgress });
    expect(f.toJSON()).toEqual(factorize(entries, { rank: 3 }).toJSON());
    expect(steps.length).toBeGreaterThan(3);
    const control = new AbortController();
    const work = factorizeAsync(entries, {
      rank: 3,
      signal: control.signal,
      onProgress: () => control.abort('enough'),
    });
    const error = await work.then(
      () => undefined,
      (error) => error,
    );
    expect(error).toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'enough' });
    expect(error.result.predict(0, 0)).toEqual(expect.any(Number));
  });

  test('the loss falls, is the one that is said, and nothing is left behind, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(7), fc.integer({ min: -5, max: 5 })), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 1e-3, 1, 50),
        fc.boolean(),
        (entries, rank, regularization, biases) => {
          const f = factorize(entries, { rank, regularization, biases, iterations: 40 });
          f.losses.forEach((loss, i) => {
            expect(Number.isFinite(loss)).toBe(true);
            if (i > 0) expect(loss).toBeLessThanOrEqual(f.losses[i - 1]! * (1 + 1e-12) + 1e-12);
          });
          const norm = (x: Float64Array) => x.reduce((sum, x) => sum + x * x, 0);
          const loss =
            rmse(entries, (i, j) => f.predict(i, j)) ** 2 * entries.length +
            regularization * (norm(f.U.data) + norm(f.V.data)) +
            5 * (norm(f.rowBias) + norm(f.columnBias));
          expect(Math.abs(loss - f.losses.at(-1)!)).toBeLessThan(1e-9 * (1 + loss));
        },
      ),
      { seed: 314, numRuns: 200 },
    );
  });

  test.each([1, 8, 11, 29])('%i iterations are so many', (iterations) => {
    const entries = ratings(2, 30, 20, 0.4, 1, 0.3);
    const result = factorize(entries, { rank: 2, regularization: 1, iterations, tolerance: 0 });
    expect([result.iterations, result.status]).toEqual([iterations, 'max-iterations']);
    expect(result.losses.length).toBeGreaterThanOrEqual(iterations);
    expect(result.losses.length).toBeLessThanOrEqual(iterations + 1);
  });

  test('it ends where an iteration gains no more than `tolerance` of the loss, and not before', () => {
    const tolerance = 1e-3;
    const { losses, status } = factorize(ratings(3, 40, 30, 0.5, 1, 0.3), {
      rank: 2,
      regularization: 1,
      tolerance,
    });
    expect(status).toBe('converged');
    const gains = [...losses.subarray(1)].map((loss, i) => (losses[i]! - loss) / loss);
    expect(gains.at(-1)).toBeLessThanOrEqual(tolerance * 1.01);
    expect(Math.min(...gains.slice(0, -1))).toBeGreaterThan(tolerance * 0.99);
  });

  test('at the end a row folded in from its own entries is the row that is there, whether it has many or few', () => {
    const all = ratings(4, 24, 16, 1, 1, 0.3).filter(([i, j]) => (i * 7 + j * 5) % 12 >= i / 3);
    const f = factorize(all, { rank: 2, regularization: 1.5, iterations: 4000, tolerance: 1e-15 });
    for (const i of [0, 5, 12, 23]) {
      const own = all.filter(([row]) => row === i).map(([, j, value]): [number, number] => [j, value]);
      const folded = f.foldIn(own);
      for (let j = 0; j < 16; j++) expect(Math.abs(folded.predict(j) - f.predict(i, j))).toBeLessThan(1e-4);
    }
  });

  test('the error that is told is that of predictions within the range', () => {
    const { test: held, train } = split(ratings(5, 40, 30, 0.5, 1, 1));
    const f = factorize(train, { rank: 3, regularization: 1, range: [2, 4], validation: held });
    const within = rmse(held, (i, j) => f.predict(i, j));
    expect(Math.min(...f.validation) / within).toBeCloseTo(1, 9);
  });

  test('it ends soon after the entries held out are met best', () => {
    const entries = ratings(5, 40, 30, 0.5, 1, 1);
    const options = { rank: 5, regularization: 0.01, validation: 0.3, tolerance: 0, iterations: 300 };
    const { validation, iterations, status } = factorize(entries, options);
    const best = validation.indexOf(Math.min(...validation));
    expect(iterations).toBeLessThan(100);
    expect(iterations - best).toBeLessThan(30);
    expect(status).not.toBe('max-iterations');
  });

  test('rows and columns that are not there are not asked for', () => {
    const f = factorize(ratings(2, 6, 5, 1, 1, 0.3), { rank: 2, regularization: 1 });
    const none = expect.objectContaining({ name: expect.stringMatching(/^Svd/) });
    for (const [i, j] of [
      [f.U.rows, 0],
      [-1, 0],
      [0.5, 0],
      [0, f.V.rows],
      [0, -1],
    ] as const) {
      // biome-ignore format: short
      expect(() => f.predict(i, j)).toThrow(none);
    }
    expect(() => f.recommend(f.U.rows)).toThrow(none);
    expect(Number.isFinite(f.predict(f.U.rows - 1, f.V.rows - 1))).toBe(true);
  });

  // biome-ignore format: a table
  test.each<[string, () => unknown, string, RegExp]>([
    ['no entry', () => factorize([]), 'empty-matrix', /./],
    ['a row that is none', () => factorize([[0, 0, 1], [1.5, 0, 1]]), 'invalid-matrix', /^entries\[1\]\[0\] is 1\.5/],
    ['a value that is none', () => factorize([[0, 0, 1], [1, 0, NaN]]), 'non-finite-entry', /^entries.*\[1\].* is NaN/],
    ['too few weights', () => factorize([[0, 0, 1], [1, 0, 2]], { weights: [1] }), 'shape-mismatch', /^weights\.length is 1; give 2/],
    ['a negative weight', () => factorize([[0, 0, 1], [1, 0, 2]], { weights: [1, -1] }), 'invalid-option', /^weights\[1\] is -1/],
    ['a weight that no loss could see beside another', () => factorize([[0, 0, 1], [1, 0, 2], [1, 1, 2]], { weights: [1, 0, 1e-61] }), 'invalid-option', /^the least of weights is 1e-61; give 0/],
    ['weights of 0', () => factorize([[0, 0, 1]], { weights: [0] }), 'invalid-option', /^the sum of weights is 0/],
    ['a share too large', () => factorize([[0, 0, 1]], { validation: 0.7 }), 'invalid-option', /^validation is 0\.7/],
    ['a range upside down', () => factorize([[0, 0, 1]], { range: [5, 1] }), 'invalid-option', /^range is \[5, 1\]/],
    ['rank 0', () => factorize([[0, 0, 1]], { rank: 0 }), 'invalid-option', /^rank is 0/],
    ['an entry outside', () => factorize([[0, 0, 1], [5, 0, 1]], { rows: 3 }), 'invalid-matrix', /5/],
    ['validation outside', () => factorize([[0, 0, 1]], { rows: 1, columns: 1, validation: [[0, 3, 1]] }), 'invalid-matrix', /^validation/],
    ['init of another rank', () => factorize([[0, 0, 1]], { rank: 2, init: factorize([[0, 0, 1]], { rank: 1, regularization: 1 }) }), 'invalid-rank', /^init\.U\.columns is 1; give 2/],
    ['a loss beyond float64', () => factorize([[0, 0, 1e200]], { regularization: 1, biases: false }), 'non-finite-entry', /largest of entries/],
    ['weights too large for a line search', () => factorize([[0, 0, 1], [1, 1, 2]], { biases: false, weights: [1e226, 1e226], rank: 2, regularization: 1e226 }), 'non-finite-entry', /^the loss/],
    ['a penalty beyond float64', () => factorize([[0, 1, 1e20], [0, 2, -1]], { rank: 1, regularization: 1e300 }), 'non-finite-entry', /nearer to 1/],
    ['more rows than asked for', () => factorize({ rows: 5, columns: 1, data: [1], row: [4], col: [0] }, { rows: 2 }), 'shape-mismatch', /^entries is 5 x 1/],
    ['a column that is none', () => factorize([[0, 0, 1]], { regularization: 1 }).predict(0, 1), 'shape-mismatch', /^column is 1/],
    ['an entry folded in that is none', () => factorize([[0, 0, 1]], { regularization: 1 }).foldIn([[1, 1]]), 'invalid-matrix', /^entries\[0\]\[0\] is 1/],
  ])('%s is a typed error', (_, work, code, message) => {
    expect(work).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
