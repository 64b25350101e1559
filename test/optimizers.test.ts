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
