/** The stepper: however a descent is sliced, saved, stopped or crowded, its bits are the same. */
import { describe, expect, test, vi } from 'vitest';
import { ENTRIES, ITERATION, NORM, STATUS } from '../assembly/boundary.js';
import { wasm } from '../src/core.js';
import * as library from '../src/index.js';
import {
  adam,
  type Descent,
  descend,
  lbfgs,
  levenbergMarquardt,
  manualSeed,
  notebookSgd,
  type Optimizer,
  type Progress,
  residuals,
  resume,
  type SavedDescent,
  SvdAbortError,
  type SvdOptions,
  type SvdResult,
  sgd,
  svd,
  svdAsync,
} from '../src/index.js';

const M = manualSeed(314).rand(5, 4);

/** Runs that end in every way, under every kind of option. */
const cases: [string, SvdOptions][] = [
  ['the default', {}],
  ['the SGD notebook', { ...notebookSgd, iterations: 3000 }],
  ['Adam with amsgrad', { optimizer: adam({ lr: 0.01, amsgrad: true }), iterations: 1500 }],
  ['nesterov', { optimizer: sgd({ lr: 0.3, momentum: 0.9, nesterov: true }), iterations: 1500 }],
  ['rank 2, weighted', { rank: 2, weights: weightsOf(5, 4), iterations: 1200 }],
  ['sparse history', { optimizer: sgd({ lr: 0.5 }), history: 7, iterations: 1100 }],
  ['divergence', { optimizer: sgd({ lr: 30, momentum: 0.9 }), iterations: 1000 }],
];

function weightsOf(rows: number, columns: number) {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => (i + j) % 3));
}

/** Every bit of a result. */
function bits(result: SvdResult) {
  const { U, S, V, losses, iterations, status, loss } = result;
  return [U.data, S, V.data, losses, Float64Array.from(Object.values(loss)), iterations, status].map((x) =>
    typeof x === 'object' ? Array.from(new BigUint64Array(x.slice().buffer)) : x,
  );
}

function ended(d: Descent): SvdResult {
  d.step(Number.POSITIVE_INFINITY);
  const result = d.result();
  d.dispose();
  return result;
}

describe.each(cases)('%s', (_, options) => {
  const whole = bits(svd(M, options));

  test('in steps of one and of many', () => {
    const d = descend(M, options);
    for (let count = 0; d.status === 'running'; count = (count + 1) % 700) d.step(count);
    expect(bits(ended(d))).toEqual(whole);
  });

  test('in slices that yield', async () => {
    expect(bits(await svdAsync(M, { ...options, budgetMs: 0.01 }))).toEqual(whole);
  });

  test('looking at it changes nothing', () => {
    const d = descend(M, options);
    while (d.status === 'running') {
      d.step(97);
      d.result();
      d.best();
      d.save();
    }
    expect(bits(ended(d))).toEqual(whole);
  });

  test('saved anywhere, cloned and resumed', () => {
    const d = descend(M, options);
    const stops = [0, 1, 2, 3, 50, 1023, 1024, 1025].filter((at) => at <= (options.iterations ?? 3000));
    for (const stop of stops) {
      d.step(stop - d.iteration);
      const saved = structuredClone(d.save());
      expect(bits(ended(resume(saved)))).toEqual(whole);
      // a saved descent can be resumed again, and a resumed one saved
      const twin = resume(saved);
      expect(twin.save()).toEqual(saved);
      twin.step(5);
      expect(bits(ended(resume(twin.save())))).toEqual(whole);
      twin.dispose();
    }
    expect(bits(ended(d))).toEqual(whole);
    const after = descend(M, options);
    after.step(Number.POSITIVE_INFINITY);
    const end = resume(after.save());
    expect(end.status).toBe(after.status);
    end.step(10);
    expect(bits(ended(end))).toEqual(whole);
    after.dispose();
  });
});

test('another seed is another start, at any rank', () => {
  for (const rank of [2, 4]) {
    for (const init of ['orthonormal', 'uniform'] as const) {
      const at = (seed: number) => svd(M, { rank, init, seed, iterations: 1 }).U.toArray();
      expect(at(1)).toEqual(at(1));
      expect(at(1)).not.toEqual(at(2));
    }
  }
});

test('a start is the same whether S is squared or signed', () => {
  for (const rank of [2, 4]) {
    for (const optimizer of [levenbergMarquardt(), sgd({ lr: 0.1 })]) {
      const [signed, squared] = (['signed', 'squared'] as const).map(
        (diagonal) => svd(M, { rank, optimizer, diagonal, iterations: 1 }).losses[0]!,
      );
      expect(squared! / signed!).toBeCloseTo(1, 12);
    }
  }
});

test('the entry of U that is largest in magnitude is positive in each column, where signs are not raw', () => {
  for (const rank of [2, 4]) {
    const { U } = svd(M, { rank });
    const columns = U.transpose().toArray();
    for (const u of columns) expect(Math.max(...u)).toBe(Math.max(...u.map(Math.abs)));
  }
});

test('whatever ends a call, what it took of memory is given back', async () => {
  const data = manualSeed(1).rand(120, 120).toArray();
  const gap = data.map((row, i) => (i === 60 ? row.with(7, Number.NaN) : row));
  const lr = (i: number) => {
    if (i === 2) throw new Error('mine');
    return 0.1;
  };
  const saved = descend(data, { iterations: 5 }).save();
  const calls: (() => unknown)[] = [
    () => svd(data, { iterations: 1 }),
    () => svdAsync(data, { iterations: 1 }),
    () => svdAsync(data, { signal: AbortSignal.abort() }),
    () => svdAsync(data, { optimizer: sgd({ lr }) }),
    () => svd(data, { optimizer: sgd({ lr }) }),
    () => svd(gap),
    () => svd(data, { init: { U: data, S: [1], V: data } }),
    () => svd(data, { weights: gap }),
    () => svd(data, { rank: 120, weights: data.map((row) => row.with(0, 0)) }),
    () => svd(data, { iterations: 1, weights: data.map((row) => row.with(0, 0)) }),
    () => descend(data).dispose(),
    () => resume(saved).dispose(),
    () => resume({ ...saved, run: { ...saved.run, evolving: Float64Array.of(...saved.run.evolving, 0) } }),
    () => library.directSvd(gap),
    () => library.invert(gap),
    () => residuals(gap, { U: data, S: data[0]!, V: data }),
  ];
  const round = async () => {
    for (const call of calls)
      await Promise.resolve()
        .then(call, () => {})
        .catch(() => {});
  };
  await round();
  const before = wasm().memory.buffer.byteLength;
  for (let i = 0; i < 10; i++) await round();
  expect(wasm().memory.buffer.byteLength).toBe(before);
});

const factories: Record<string, unknown> = { ...library };

/** Every optimizer there is: what one keeps between steps has to be saved, all of it. */
const optimizers = Object.entries({
  sgd: { lr: 0.3, momentum: 0.9, dampening: 0.1 },
  adam: { amsgrad: true },
  adamW: {},
  nadam: {},
  radam: {},
  adamax: {},
  adagrad: {},
  adadelta: {},
  rmsprop: { momentum: 0.5, centered: true },
  rprop: {},
  asgd: { t0: 10 },
  lbfgs: {},
  levenbergMarquardt: {},
  conjugateGradients: {},
}).filter(([name]) => name in factories);

test.each(optimizers)('%s goes on where it was saved', (name, options) => {
  const make = factories[name] as (options: object) => Optimizer;
  for (const rank of [4, 2]) {
    const run = { optimizer: make(options), rank, iterations: 60, tolerance: 0 };
    const whole = bits(svd(M, run));
    const d = descend(M, run);
    for (const stop of [0, 1, 2, 5, 11, 25, 59]) {
      d.step(stop - d.iteration);
      d.best();
      expect(bits(ended(resume(structuredClone(d.save()))))).toEqual(whole);
    }
    expect(bits(ended(d))).toEqual(whole);
  }
});

test('50 descents side by side have the bits they have one after another', () => {
  const jobs = Array.from({ length: 50 }, (_, i) => {
    const matrix = manualSeed(i).rand(2 + (i % 7), 2 + (i % 5));
    const optimizer: Optimizer | undefined = [sgd({ lr: 0.5, momentum: 0.9 }), adam({ lr: 0.01 }), undefined][
      i % 3
    ];
    return { matrix, options: { optimizer, seed: i, iterations: 400 + 10 * i } };
  });
  const alone = jobs.map(({ matrix, options }) => bits(svd(matrix, options)));
  const crowd = jobs.map(({ matrix, options }) => descend(matrix, options));
  for (let round = 0; crowd.some((d) => d.status === 'running'); round++) {
    crowd.forEach((d, i) => d.step((round * 31 + i * 7) % 53));
  }
  expect(crowd.map((d) => bits(ended(d)))).toEqual(alone);
});

describe('run', () => {
  const long = { optimizer: adam({ lr: 1e-4 }), iterations: 60_000, history: 100, tolerance: 0 };
  const big = manualSeed(1).rand(40, 30);

  test('lets the host have its turn about every budgetMs', async () => {
    const d = descend(big, long);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const gaps: number[] = [];
    let last = performance.now();
    const stop = new AbortController();
    await expect(
      d.run({
        budgetMs: 50,
        signal: stop.signal,
        onProgress: () => {
          gaps.push(performance.now() - last);
          last = performance.now();
          if (gaps.length === 20) stop.abort();
        },
      }),
    ).rejects.toThrow(SvdAbortError);
    clearInterval(timer);
    gaps.sort((a, b) => a - b);
    // the machine may be busy, so the middle one counts: not far over, and not wastefully under
    expect(gaps[10]).toBeGreaterThan(20);
    expect(gaps[10]).toBeLessThan(125);
    expect(ticks).toBeGreaterThan(4);
    d.dispose();
  });

  test('the clock is looked at now and then, not at every iteration', async () => {
    let asked = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => ++asked);
    const d = descend(M, { ...notebookSgd, iterations: 5000 });
    await d.run({ budgetMs: 100 });
    clock.mockRestore();
    expect(d.iteration).toBe(5000);
    expect(asked).toBeLessThan(50);
    d.dispose();
  });

  test('tells how it goes', async () => {
    const seen: Progress[] = [];
    const result = await svdAsync(M, { ...notebookSgd, budgetMs: 1, onProgress: (p) => seen.push(p) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((p, i) => i === 0 || p.iteration > seen[i - 1]!.iteration)).toBe(true);
    expect(seen.every((p) => p.iterations === 20_000 && p.loss.total >= p.loss.reconstruction)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ iteration: 20_000, status: 'max-iterations', loss: result.loss });
  });

  test('aborting keeps the history and the best factors, and the descent goes on', async () => {
    // long enough for clocks that tell milliseconds, as Firefox's
    const long = { ...notebookSgd, iterations: 200_000 };
    const whole = bits(svd(M, long));
    const d = descend(M, long);
    const stop = new AbortController();
    const error: SvdAbortError = await d
      .run({
        signal: stop.signal,
        budgetMs: 0.01,
        onProgress: ({ iteration }) => iteration > 40 && stop.abort('enough'),
      })
      .then(
        () => expect.fail('it ran to the end'),
        (thrown) => thrown,
      );
    expect(error).toBeInstanceOf(SvdAbortError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'AbortError', code: 'aborted', cause: 'enough' });
    const { losses, iterations, loss, status } = error.result;
    expect(status).toBe('running');
    expect(losses.length).toBe(iterations);
    expect(iterations).toBe(d.iteration);
    expect(loss.total).toBe(losses.reduce((least, at) => Math.min(least, at), d.loss.total));
    expect(bits(await d.run())).toEqual(whole);
    d.dispose();
  });

  test('aborted before it starts: no iteration is made', async () => {
    const reason = new Error('never mind');
    await expect(svdAsync(M, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      cause: reason,
      result: { iterations: 0 },
    });
  });

  test('a result that is there is not taken away by a late abort', async () => {
    const stop = new AbortController();
    const onProgress = (p: Progress) => p.status !== 'running' && stop.abort();
    expect((await svdAsync(M, { signal: stop.signal, onProgress })).status).not.toBe('running');
  });

  test('what onProgress throws comes through', async () => {
    const onProgress = () => {
      throw new Error('mine');
    };
    const d = descend(M);
    await expect(d.run({ onProgress })).rejects.toThrow('mine');
    await expect(svdAsync(M, { onProgress })).rejects.toThrow('mine');
    d.dispose();
  });

  test('onProgress is awaited', async () => {
    const d = descend(big, long);
    let [open, most] = [0, 0];
    const stop = new AbortController();
    const onProgress = async ({ iteration }: Progress) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(d.iteration).toBe(iteration);
      open--;
      if (iteration > 3) stop.abort();
    };
    await expect(d.run({ budgetMs: 0.01, onProgress, signal: stop.signal })).rejects.toThrow(SvdAbortError);
    expect([open, most]).toEqual([0, 1]);
    const rejecting = async () => {
      throw new Error('mine');
    };
    await expect(d.run({ onProgress: rejecting })).rejects.toThrow('mine');
    await expect(svdAsync(M, { onProgress: rejecting })).rejects.toThrow('mine');
    // and it is nobody's any more
    d.step();
    d.dispose();
  });

  test('run after the end, aborted or not, is its result', async () => {
    const d = descend(M);
    const end = bits(await d.run());
    expect(bits(await d.run({ signal: AbortSignal.abort() }))).toEqual(end);
    d.dispose();
  });

  test('disposed of on the way', async () => {
    const d = descend(big, long);
    await expect(d.run({ budgetMs: 1, onProgress: () => d.dispose() })).rejects.toMatchObject({
      code: 'disposed',
    });
  });

  test('bad options are rejections', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: these are the calls that types forbid
    const run = (options: any) => descend(M).run(options);
    await expect(run({ budgetMs: 0 })).rejects.toMatchObject({
      code: 'invalid-option',
      name: 'SvdRangeError',
    });
    await expect(run({ signal: true })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(run({ onProgress: 1 })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(run({ onprogress: run })).rejects.toMatchObject({ code: 'unknown-option' });
    // biome-ignore lint/suspicious/noExplicitAny: as above
    await expect(svdAsync([[Number.NaN]], {} as any)).rejects.toMatchObject({ code: 'non-finite-entry' });
    // biome-ignore lint/suspicious/noExplicitAny: as above
    await expect(svdAsync(M, { speed: 1 } as any)).rejects.toMatchObject({ code: 'unknown-option' });
  });

  test('the matrix is read before svdAsync returns', async () => {
    const mine = [
      [3, 0],
      [4, 5],
    ];
    const running = svdAsync(mine, { budgetMs: 0.01 });
    mine[0]![0] = Number.NaN;
    expect((await running).S[0]).toBeCloseTo(Math.sqrt(45), 8);
  });
});

test('a get(i, j) that makes the memory of the core grow', () => {
  const others: Descent[] = [];
  const entries = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const M = {
    rows: 3,
    columns: 2,
    get(i: number, j: number) {
      if (j === 0) others.push(descend(manualSeed(i).rand(300, 300), { optimizer: adam(), history: 0 }));
      return entries[i]![j]!;
    },
  };
  expect(svd(M).S).toEqual(svd(entries).S);
  expect(library.directSvd(M).S).toEqual(library.directSvd(entries).S);
  expect(svd(entries, { weights: M }).S).toEqual(svd(entries, { weights: entries }).S);
  for (const other of others) other.dispose();
});

describe('steering', () => {
  test('lr from the next iteration on, also as a function', () => {
    const scheduled = svd(M, {
      optimizer: sgd({ lr: (i) => (i < 100 ? 0.9 : i < 150 ? 0.3 : 0.1 / i), momentum: 0.9 }),
      iterations: 300,
      tolerance: 0,
    });
    const d = descend(M, {
      optimizer: sgd({ lr: 0.9, momentum: 0.9 }),
      iterations: 300,
      tolerance: 0,
    });
    d.step(100);
    d.lr = 0.3;
    expect(d.lr).toBe(0.3);
    d.step(50);
    d.lr = (i) => 0.1 / i;
    expect(bits(ended(d))).toEqual(bits(scheduled));
  });

  test('an lr that is a function is called once for each iteration, when its turn has come', () => {
    const calls: [iteration: number, made: number][] = [];
    const lr = (iteration: number) => {
      calls.push([iteration, d.iteration]);
      return 0.1;
    };
    const d = descend(M, { optimizer: sgd({ lr }), iterations: 2000, tolerance: 0 });
    d.step(3);
    d.step(0);
    d.result();
    d.step(1500);
    expect(calls).toEqual(Array.from({ length: 1503 }, (_, i) => [i, i]));
    expect(d.losses.length).toBe(1503);
    d.dispose();
    // as many rates as there are iterations are enough, also where a run converges
    const rates = Array.from({ length: svd(M).iterations }, () => 1);
    const optimizer = levenbergMarquardt({ lr: (i) => rates[i]! });
    expect(bits(svd(M, { optimizer }))).toEqual(bits(svd(M)));
  });

  test('a schedule is of no account beyond the iterations made', () => {
    // 1e10^31 is Infinity
    const lr = library.schedules.exponential({ lr: 1e-9, gamma: 1e10 });
    const d = descend(M, { optimizer: levenbergMarquardt({ lr: lr }), tolerance: 0, iterations: 40 });
    expect(() => d.step(Infinity)).toThrow(/^lr\(31\) is Infinity/);
    expect([d.iteration, d.losses.length]).toEqual([31, 31]);
    d.dispose();
    expect(svd([[2]], { optimizer: levenbergMarquardt({ lr }) }).status).toBe('converged');
  });

  test('what an lr throws loses nothing', () => {
    const constant = { optimizer: sgd({ lr: 0.3, momentum: 0.9 }), iterations: 300 };
    let wrong = true;
    const lr = (i: number) => {
      if (i === 117 && wrong) throw new Error('mine');
      return i === 217 && wrong ? Number.NaN : 0.3;
    };
    const d = descend(M, { ...constant, optimizer: sgd({ lr, momentum: 0.9 }) });
    expect(() => d.step(200)).toThrow(/^mine$/);
    expect([d.iteration, d.losses.length]).toEqual([117, 117]);
    wrong = false;
    d.step(100);
    wrong = true;
    expect(() => d.step(100)).toThrow(/^lr\(217\) is NaN/);
    wrong = false;
    expect(bits(ended(d))).toEqual(bits(svd(M, constant)));
  });

  const busy = expect.objectContaining({ name: 'SvdTypeError', code: 'busy' });

  test('nothing moves a descent while it moves', async () => {
    const whole = bits(svd(M, { optimizer: sgd({ lr: 0.3 }), iterations: 50 }));
    const d: Descent = descend(M, {
      iterations: 50,
      optimizer: sgd({
        lr: (i) => {
          expect(() => d.step()).toThrow(busy);
          // to look at it is not to move it, and its course may change
          expect([d.result().iterations, d.save().run.losses.length, d.iteration]).toEqual([i, i, i]);
          if (i === 20) d.lr = 0.3;
          return 0.3;
        },
      }),
    });
    d.step(10);
    const changes = {
      get momentum() {
        expect(() => d.step()).toThrow(busy);
        return 0;
      },
    };
    d.tune(changes);
    const running = d.run({
      budgetMs: 0.001,
      onProgress: async () => {
        expect(() => d.step()).toThrow(busy);
        await null;
        await expect(d.run()).rejects.toEqual(busy);
      },
    });
    expect(() => d.step()).toThrow(busy);
    expect(bits(await running)).toEqual(whole);
    d.step();
    d.dispose();
  });

  test('an lr may dispose of its descent', () => {
    const lr = () => {
      d.dispose();
      return 0.1;
    };
    const d: Descent = descend(M, { optimizer: sgd({ lr }) });
    expect(() => d.step()).toThrow(expect.objectContaining({ code: 'disposed' }));
  });

  test('tune: other hyper-parameters, the memory kept', () => {
    const d = descend(M, { optimizer: sgd({ lr: 0.9, momentum: 0.9 }), iterations: 1000 });
    d.step(100);
    d.tune({ momentum: 0 });
    expect(d.optimizer).toEqual(sgd({ lr: 0.9, momentum: 0 }));
    // without momentum it goes on as plain gradient descent from the same factors
    const { U, S, V } = d.result();
    const plain = descend(M, { optimizer: sgd({ lr: 0.9 }), init: { U, S, V } });
    expect(d.step(50)).toBeCloseTo(plain.step(50), 12);
    plain.dispose();
    d.tune({ lr: 0.1, momentum: 0.5 });
    expect(d.lr).toBe(0.1);
    const twin = resume(structuredClone(d.save()));
    expect(twin.optimizer).toEqual(sgd({ lr: 0.1, momentum: 0.5 }));
    expect(bits(ended(twin))).toEqual(bits(ended(d)));
  });

  test('tune refuses what would take more or less memory', () => {
    for (const [optimizer, change] of [
      [lbfgs(), { historySize: 5 }],
      [adam(), { amsgrad: true }],
    ] as const) {
      const d = descend(M, { optimizer: optimizer as Optimizer, iterations: 20 });
      const [name] = Object.keys(change);
      expect(() => d.tune(change)).toThrow(
        expect.objectContaining({
          code: 'invalid-hyper-parameter',
          message: expect.stringMatching(`${name} changes how much it remembers`),
        }),
      );
      expect(bits(ended(d))).toEqual(bits(svd(M, { optimizer: optimizer as Optimizer, iterations: 20 })));
    }
  });

  test('tune refuses what the optimizer has not', () => {
    const d = descend(M, { optimizer: adam() });
    // @ts-expect-error: Adam has none
    expect(() => d.tune({ momentum: 0.5 })).toThrow(expect.objectContaining({ code: 'unknown-option' }));
    expect(() => d.tune({ betas: [2, 2] })).toThrow(
      expect.objectContaining({ code: 'invalid-hyper-parameter' }),
    );
    // biome-ignore lint/suspicious/noExplicitAny: this is the call that types forbid
    expect(() => d.tune(null as any)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    expect(() => {
      d.lr = -1;
    }).toThrow(expect.objectContaining({ code: 'invalid-hyper-parameter' }));
    expect(d.optimizer).toEqual(adam());
    d.dispose();
  });

  test('best: the smallest loss on the way, with its terms', () => {
    // momentum carries the ball uphill: stop at the first rise
    const d = descend(M, notebookSgd);
    let smallest = Number.POSITIVE_INFINITY;
    while (d.loss.total < smallest) {
      smallest = d.loss.total;
      d.step(1);
    }
    const best = d.best();
    expect(d.loss.total).toBeGreaterThan(smallest);
    expect(best.loss.total).toBe(smallest);
    const { total, reconstruction, orthonormalityU, orthonormalityV } = best.loss;
    expect(total).toBeCloseTo(reconstruction + (orthonormalityU + orthonormalityV) / 100, 12);
    expect(residuals(M, best).reconstruction ** 2).toBeGreaterThan(reconstruction);
    expect(best.losses).toEqual(d.losses);
    d.dispose();
  });
});

describe('save and resume', () => {
  test('before the first look, and where it has converged by then', () => {
    for (const start of [descend([[2]]), descend(M, { init: svd(M), optimizer: adam({ lr: 0.1 }) })]) {
      const twin = resume(start.save());
      start.step(Infinity);
      twin.step(Infinity);
      expect(bits(twin.result())).toEqual(bits(start.result()));
    }
  });

  test('at a saddle: looking at it again does not move it', () => {
    const diagonal = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) => (i === j ? 5 - i : 0)),
    );
    const pairs = Array.from({ length: 5 }, (_, i) => [Number(i === 3), Number(i === 4)]);
    const init = { U: pairs, S: [2, 1], V: pairs };
    const saddle = descend(diagonal, { rank: 2, init, tolerance: 1e-3, optimizer: sgd({ lr: 0.01 }) });
    expect(saddle.loss.total).toBeGreaterThan(0);
    const twin = resume(saddle.save());
    expect(bits(twin.result())).toEqual(bits(saddle.result()));
    saddle.step(Infinity);
    twin.step(Infinity);
    expect(bits(twin.result())).toEqual(bits(saddle.result()));
  });

  test('nothing that is edited in gets out of its buffers', () => {
    const neighbours = Array.from({ length: 20 }, (_, i) => descend(manualSeed(i).rand(6, 6)));
    const before = neighbours.map((one) => bits(one.result()));
    const d = descend(manualSeed(1).rand(6, 6), { optimizer: lbfgs({ historySize: 1000 }) });
    d.step(3);
    const huge = d.save();
    const settings = { ...huge.run.settings, m: 1e8, n: 1, k: 1, size: 1e8 + 2 };
    expect(() => resume({ ...huge, run: { ...huge.run, settings } })).toThrow(
      /^saved\.run\.matrix\.length is 36/,
    );
    const astray = d.save();
    astray.run.evolving.fill(NaN, 20);
    expect(() => resume(astray)).toThrow(/^saved\.run\.evolving/);
    expect(neighbours.map((one) => bits(one.result()))).toEqual(before);
  });

  test.each(optimizers)('%s: no scalar or state that is edited in hangs or traps', (name, options) => {
    const neighbours = Array.from({ length: 20 }, (_, i) => descend(manualSeed(i).rand(6, 6)));
    const before = neighbours.map((one) => bits(one.result()));
    const make = factories[name] as (options: object) => Optimizer;
    const d = descend(manualSeed(1).rand(6, 5), { optimizer: make(options), rank: 4, tolerance: 0 });
    d.step(3);
    const { length } = d.save().run.evolving;
    const size = (6 + 5 + 1) * 4;
    for (const value of [-500, -1, -1e-300, 0, 0.5, 1e300, Infinity, NaN]) {
      for (let at = 0; at < length; at += at < 20 ? 1 : size / 2) {
        const saved = d.save();
        // one scalar; or all from here on, of theta, of the best guess, of the state
        saved.run.evolving.fill(value, at, at < 20 ? at + 1 : length);
        try {
          const twin = resume(saved, { iterations: 20 });
          twin.step(20);
          twin.dispose();
        } catch (error) {
          expect(error).toMatchObject({
            code: 'invalid-option',
            message: expect.stringMatching(/^saved\.run/),
          });
        }
      }
    }
    expect(neighbours.map((one) => bits(one.result()))).toEqual(before);
  });

  test('what pretends to be an array, or changes once it was read', () => {
    const d = descend(M, { rank: 3, weights: weightsOf(5, 4) });
    d.step(3);
    const good = d.save();
    const whole = bits(ended(resume(good)));
    const refused = expect.objectContaining({ name: 'SvdTypeError', code: 'invalid-option' });
    const { run } = good;
    for (const key of ['matrix', 'weights', 'evolving', 'losses'] as const) {
      const { length } = run[key]!;
      const pretended = {
        length,
        every: () => true,
        slice: () => run[key],
        [Symbol.toStringTag]: 'Float64Array',
      };
      const others: unknown[] = [
        pretended,
        new BigInt64Array(length),
        new DataView(new ArrayBuffer(8)),
        null,
      ];
      others.push(Object.defineProperty(run[key]!.slice(1), 'length', { value: length }));
      for (const other of others) {
        const changed = { ...good, run: { ...run, [key]: other } } as unknown as SavedDescent;
        expect(() => resume(changed)).toThrow(refused);
      }
    }
    // whatever is thrown on the way
    for (const thrown of [new Error('mine'), null, undefined]) {
      const hostile = Object.defineProperty({ ...run }, 'matrix', {
        enumerable: true,
        get() {
          throw thrown;
        },
      });
      expect(() => resume({ ...good, run: hostile })).toThrow(refused);
      for (const mean of [null, 0, '', false]) {
        expect(() => resume({ ...good, run: { ...good.run, mean: mean as never } })).toThrow(refused);
      }
    }
    const changing = structuredClone(good);
    const options = {
      get iterations() {
        for (const one of [changing.run.evolving, changing.run.matrix, changing.run.weights!]) one.fill(-1);
        return 2000;
      },
    };
    expect(bits(ended(resume(changing, options)))).toEqual(whole);
  });

  const scheduled = { optimizer: sgd({ lr: (i) => 0.9 / (1 + i / 100), momentum: 0.9 }), iterations: 500 };

  test('a learning rate that is a function is given again', () => {
    const d = descend(M, scheduled);
    d.step(100);
    const saved = structuredClone(d.save());
    expect(() => resume(saved)).toThrow(/saved\.run\.lr is undefined.*a function.*resume\(saved, \{ lr \}\)/);
    const twin = resume(saved, { lr: scheduled.optimizer.lr });
    expect(bits(ended(twin))).toEqual(bits(ended(d)));
  });

  test('or another one instead', () => {
    const d = descend(M, scheduled);
    d.step(100);
    const twin = resume(d.save(), { lr: 0.25 });
    d.lr = 0.25;
    expect(bits(ended(twin))).toEqual(bits(ended(d)));
  });

  test('with more iterations than it had', () => {
    const d = descend(M, { ...scheduled, iterations: 100 });
    d.step(Infinity);
    expect(d.status).toBe('max-iterations');
    const { lr } = scheduled.optimizer;
    const whole = descend(M, { ...scheduled, iterations: 300 });
    expect(bits(ended(resume(d.save(), { lr, iterations: 300 })))).toEqual(bits(ended(whole)));
    expect(() => resume(d.save(), { lr, iterations: 0 })).toThrow(
      /^resume: iterations is 0; give a whole number/,
    );
  });

  test('later steps do not change what was saved', () => {
    const d = descend(M);
    d.step(3);
    const saved = d.save();
    const before = structuredClone(saved);
    d.step(3);
    d.dispose();
    expect(saved).toEqual(before);
  });

  test('garbage is a typed error and leaves nothing behind', () => {
    const d = descend(M, { rank: 3, weights: weightsOf(5, 4) });
    d.step(3);
    const good = d.save();
    d.dispose();
    // biome-ignore lint/suspicious/noExplicitAny: these are the values that types forbid
    const broken: any[] = [
      undefined,
      null,
      3,
      'descent',
      {},
      { ...good, version: 2 },
      { ...good, scale: Number.NaN },
      { ...good, signs: 'none' },
      { ...good, run: null },
      ...[
        { settings: undefined },
        { settings: { ...good.run.settings, m: 6 } },
        { settings: { ...good.run.settings, k: 0, size: 0 } },
        { settings: { ...good.run.settings, k: 4.5 } },
        { settings: { ...good.run.settings, squared: 1 } },
        { settings: { ...good.run.settings, iterations: 1e99 } },
        { settings: { ...good.run.settings, problem: 7 } },
        { optimizer: undefined },
        { optimizer: { name: 'hope', options: {} } },
        { lr: 'fast' },
        { matrix: Array.from(good.run.matrix) },
        { matrix: good.run.matrix.slice(1) },
        { matrix: good.run.matrix.map(() => Number.NaN) },
        { weights: undefined },
        { weights: good.run.weights!.map(() => -1) },
        { weights: good.run.weights!.map(() => 1.5) },
        { weights: good.run.weights!.slice(1) },
        { evolving: good.run.evolving.slice(1) },
        { evolving: good.run.evolving.map(() => 0.5) },
        { losses: null },
      ].map((change) => ({ ...good, run: { ...good.run, ...change } })),
    ];
    for (const [which, values] of [
      [ENTRIES, [0, 21, Number.NaN]],
      [NORM, [0, -1]],
      [ITERATION, [-1, 0.5, good.run.settings.iterations + 1]],
      [STATUS, [3, 0.5]],
    ] as const) {
      for (const value of values) {
        broken.push({ ...good, run: { ...good.run, evolving: good.run.evolving.with(which, value) } });
      }
    }
    for (const saved of broken) {
      let error: unknown;
      try {
        resume(saved);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, JSON.stringify(saved)?.slice(0, 200)).toMatchObject({
        code: expect.stringMatching(/^invalid-(option|hyper-parameter)$/),
        message: expect.stringMatching(/saved|optimizer/),
      });
    }
    expect(() => resume(good, { lr: -1 })).toThrow(
      expect.objectContaining({ code: 'invalid-hyper-parameter' }),
    );
    resume(good).dispose();
  });
});

test.runIf(typeof Symbol.dispose === 'symbol')('Symbol.dispose', () => {
  const d = descend(M);
  d[Symbol.dispose]();
  expect(() => d.step()).toThrow(expect.objectContaining({ code: 'disposed' }));
});

test.each([1, 4, 5, 8, 40])('a save before any of the iterations of %d columns goes on bit for bit', (n) => {
  for (const M of [manualSeed(n).rand(n, n), manualSeed(n).rand(3 * n, n)]) {
    const whole = svd(M);
    for (const iterations of [0, 1, 2]) {
      const d = descend(M);
      d.step(iterations);
      const twin = resume(structuredClone(d.save()));
      twin.step(Infinity);
      expect(twin.result()).toEqual(whole);
      d.dispose();
      twin.dispose();
    }
  }
});
