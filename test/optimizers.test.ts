/** Every optimizer against PyTorch's own trajectories on M1. */
import { describe, expect, test } from 'vitest';
import { BEST, GRADIENT, MATRIX, SVD, THETA } from '../assembly/boundary.js';
import { memory, wasm } from '../src/core.js';
import * as api from '../src/index.js';
import { Run } from '../src/run.js';
import reference from './reference/optimizers.json';
import { expectLosses } from './support/parity.js';

const M1 = api.manualSeed(314).rand(5, 4);
const makers: Record<string, (options: never) => api.Optimizer> = { ...api, adamw: api.adamW } as never;

describe.each(reference.runs)('$name', (run) => {
  const optimizer = makers[run.optimizer]!(run.options as never);
  const { U, S, V, losses } = api.svd(M1, {
    ...api.notebookSgd,
    optimizer,
    iterations: reference.iterations,
  });

  test('has the losses of PyTorch', () => expectLosses(losses, run.lossAt, run.spreadAt));

  test('ends with the factors of PyTorch', () => {
    if (100 * run.spreadAt['299'] >= 1e-9) return;
    const { diagSqrt } = run.final;
    const order = [...diagSqrt.keys()].sort((a, b) => diagSqrt[b]! ** 2 - diagSqrt[a]! ** 2);
    order.forEach((from, c) => {
      expect(Math.abs(Math.sqrt(S[c]!) - Math.abs(diagSqrt[from]!))).toBeLessThan(1e-7);
      run.final.U.forEach((row, i) => expect(Math.abs(U.get(i, c) - row[from]!)).toBeLessThan(1e-7));
      run.final.V.forEach((row, i) => expect(Math.abs(V.get(i, c) - row[from]!)).toBeLessThan(1e-7));
    });
  });
});

const all: api.Optimizer[] = [
  api.sgd({ lr: 0.1, momentum: 0.9 }),
  api.adam({ amsgrad: true }),
  api.adamW(),
  api.nadam(),
  api.radam(),
  api.adamax(),
  api.adagrad(),
  api.adadelta(),
  api.rmsprop({ momentum: 0.9, centered: true }),
  api.rprop(),
  api.asgd(),
  api.lbfgs({ historySize: 5 }),
];

describe.each(all)('$name', (optimizer) => {
  // an odd number of parameters: loops go by pairs
  const M = api.manualSeed(1).rand(4, 3);
  const options = { ...api.notebookSgd, optimizer, iterations: 60 };

  test('saved and resumed, has the same bits', () => {
    const whole = api.descend(M, options);
    whole.step(60);
    const first = api.descend(M, options);
    first.step(23);
    const second = api.resume(structuredClone(first.save()));
    second.step(37);
    expect(second.losses).toEqual(whole.losses);
    expect(second.result()).toEqual(whole.result());
    for (const d of [whole, first, second]) d.dispose();
  });

  test('goes down', () => {
    const { losses, loss } = api.svd(M, { ...options, iterations: 500 });
    expect(loss.total).toBeLessThan(losses[0]!);
  });

  test('with a rate of 0, stays', () => {
    if (optimizer.name === 'rprop') return;
    const still = { ...optimizer, lr: 0 };
    const { losses } = api.svd(M, { ...options, optimizer: still, iterations: 5 });
    expect(new Set(losses).size).toBe(1);
  });
});

describe('lbfgs', () => {
  const transposed = (X: api.Matrix) => X.toArray()[0]!.map((_, j) => X.toArray().map((row) => row[j]!));
  const five = {
    M1: M1.toArray(),
    M2: api.manualSeed(315).rand(4, 4).toArray(),
    M3: api.manualSeed(316).rand(7, 4).toArray(),
    M4: transposed(api.manualSeed(317).rand(3, 4)),
    M5: api.manualSeed(317).rand(4, 3).toArray(),
  };

  test.each(Object.entries(five))('converges on %s', (_, M) => {
    for (const optimizer of [api.lbfgs(), api.lbfgs({ historySize: 3 })]) {
      for (const seed of [314, 1, 2, 3, 4]) {
        const result = api.svd(M, { optimizer, seed, diagonal: 'signed', normalize: true });
        expect(result.status).toBe('converged');
        expect(result.loss.total).toBeLessThan(1e-20);
        expect(api.compare(result, api.directSvd(M)).S).toBeLessThan(1e-10);
      }
    }
  });

  test('never goes up: a step is accepted only below', () => {
    const { losses } = api.svd(M1, { ...api.notebookSgd, optimizer: api.lbfgs(), iterations: 500 });
    // the last iterations are at rounding, where there is no way down and none is taken
    for (let i = 1; i < losses.length; i++) expect(losses[i]!).toBeLessThanOrEqual(losses[i - 1]!);
    expect(losses.at(-1)).toBeLessThan(1e-26);
  });

  test('whatever the first step', () => {
    for (const lr of [1e-3, 1, 1e3, 1e6]) {
      const { status } = api.svd(M1, { optimizer: api.lbfgs({ lr }) });
      expect(status).toBe('converged');
    }
  });
});

/** Theta before each of some iterations, and after it the gradient that was used last and what the optimizer keeps. */
function trajectory(optimizer: api.Optimizer, iterations: number, seed = 3) {
  const [m, n, k] = [4, 3, 2];
  const size = (m + n + 1) * k;
  const run = new Run({
    ...{ problem: SVD, m, n, k, size, weighted: false, squared: false, penaltyU: 0.3, penaltyV: 0.7 },
    ...{ optimizer, iterations, tolerance: 0, history: 0 },
  });
  run.view(MATRIX).set(api.manualSeed(2).rand(m, n).data);
  wasm().normalize(run.pointer, 0, 0);
  run.view(THETA).set(api.manualSeed(seed).rand(1, size).data);
  const points = Array.from({ length: iterations }, () => {
    const theta = run.view(THETA).slice();
    const loss = run.loss.total;
    run.step(1);
    // (what an optimizer keeps of theta's size begins behind the best so far)
    const kept = run.at(BEST) + size;
    return { theta, loss, gradient: run.view(GRADIENT).slice(), kept: memory().slice(kept, kept + size + 8) };
  });
  run.dispose();
  return points;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const minus = (a: Float64Array, b: Float64Array) => a.map((x, i) => x - b[i]!);

test('rprop: steps grow to the largest, and no further', () => {
  const points = trajectory(api.rprop({ lr: 0.001, stepSizes: [1e-6, 0.0015] }), 12);
  const steps = points.slice(1).map(({ theta }, i) => minus(theta, points[i]!.theta).map(Math.abs));
  const most = Math.max(...steps.flatMap((step) => [...step]));
  expect(most).toBeCloseTo(0.0015, 12);
});

test('lbfgs: the direction is that of the last historySize pairs, by their BFGS updates', () => {
  const historySize = 3;
  const points = trajectory(api.lbfgs({ historySize }), 9);
  // (it ends with the gradient where it comes to)
  const gradients = [trajectory(api.sgd({ lr: 0 }), 1)[0]!, ...points].map(({ gradient }) => gradient);
  for (let at = 2; at < 8; at++) {
    const pairs = Array.from({ length: Math.min(at, historySize) }, (_, i) => {
      const to = at - i;
      return {
        s: minus(points[to]!.theta, points[to - 1]!.theta),
        y: minus(gradients[to]!, gradients[to - 1]!),
      };
    }).reverse();
    // H as a matrix: H <- (I - s yᵀ/yᵀs) H (I - y sᵀ/yᵀs) + s sᵀ/yᵀs
    const apply = (count: number, g: Float64Array): Float64Array => {
      if (count === 0) {
        const { s, y } = pairs.at(-1)!;
        return g.map((x) => (x * dot(s, y)) / dot(y, y));
      }
      const { s, y } = pairs[count - 1]!;
      const a = dot(s, g) / dot(s, y);
      const inner = apply(
        count - 1,
        g.map((x, i) => x - a * y[i]!),
      );
      const b = dot(y, inner) / dot(s, y);
      return inner.map((x, i) => x + (a - b) * s[i]!);
    };
    const expected = apply(pairs.length, gradients[at]!).map((x) => -x);
    const step = minus(points[at + 1]!.theta, points[at]!.theta);
    const cosine = dot(step, expected) / Math.sqrt(dot(step, step) * dot(expected, expected));
    expect(1 - cosine, `iteration ${at}`).toBeLessThan(1e-10);
  }
});

test('lbfgs: every step satisfies the strong Wolfe conditions', () => {
  for (const seed of [3, 4, 5, 6, 7, 8]) {
    const points = trajectory(api.lbfgs(), 25, seed);
    const gradients = [trajectory(api.sgd({ lr: 0 }), 1, seed)[0]!, ...points].map(
      ({ gradient }) => gradient,
    );
    for (let at = 0; at < 24; at++) {
      const step = minus(points[at + 1]!.theta, points[at]!.theta);
      const [before, after] = [dot(gradients[at]!, step), dot(gradients[at + 1]!, step)];
      const lower = points[at]!.loss - points[at + 1]!.loss;
      expect(lower, `seed ${seed}, iteration ${at}`).toBeGreaterThanOrEqual(-1e-4 * before * (1 - 1e-9));
      expect(Math.abs(after), `seed ${seed}, iteration ${at}`).toBeLessThanOrEqual(
        -0.9 * before * (1 + 1e-9),
      );
    }
  }
});

test('asgd: the average is that of the points from t0 on', () => {
  const points = trajectory(api.asgd({ lr: 0.01, t0: 3 }), 12);
  // ā += (θ - ā)/max(1, t - t0) after the t-th step, one step late as in torch
  let mean = points[1]!.theta;
  for (let t = 2; t < 12; t++) {
    const rate = 1 / Math.max(1, t - 1 - 3);
    mean = mean.map((x, i) => x + rate * (points[t]!.theta[i]! - x));
    const { kept } = points[t - 1]!;
    const found = [...Array(8).keys()].some((from) =>
      mean.every((x, i) => Math.abs(kept[from + i]! - x) < 1e-6),
    );
    expect(found, `step ${t}`).toBe(true);
  }
});
