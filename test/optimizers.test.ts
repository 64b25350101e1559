/** Every optimizer against PyTorch's own trajectories on M1. */
import { describe, expect, test } from 'vitest';
import * as api from '../src/index.js';
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
