/** The inverse notebook against PyTorch's own numbers, and inverses by other optimizers. */
import { describe, expect, test } from 'vitest';
import { adam, invert, manualSeed, matrix, notebookInverse, rprop, sgd } from '../src/index.js';
import reference from './reference/inverse.json';
import { gaussian } from './support/matrices.js';

describe.each(reference.runs)('$name', ({ M, lossAt, X }) => {
  const result = invert(M, notebookInverse);

  test('has the losses of PyTorch', () => {
    expect(result.losses.length).toBe(reference.iterations);
    expect(result.status).toBe('max-iterations');
    for (const [iteration, expected] of Object.entries(lossAt)) {
      const loss = result.losses[Number(iteration)]!;
      if (expected > 1e-18) expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-9);
      else expect(loss).toBeLessThan(1e-18);
    }
  });

  test('has the inverse of PyTorch', () => {
    X.forEach((row, i) => row.forEach((x, j) => expect(Math.abs(result.X.get(i, j) - x)).toBeLessThan(1e-8)));
  });
});

const off = (M: { rows: number; get(i: number, j: number): number }, X: typeof M) => {
  let most = 0;
  for (let i = 0; i < M.rows; i++) {
    for (let j = 0; j < M.rows; j++) {
      let sum = i === j ? -1 : 0;
      for (let l = 0; l < M.rows; l++) sum += X.get(i, l) * M.get(l, j);
      most = Math.max(most, Math.abs(sum));
    }
  }
  return most;
};

test.each([1, 2, 3, 4, 8, 16, 32])('%i columns by default, in any units', (n) => {
  for (const unit of [1, 1e-150, 1e150]) {
    const M = manualSeed(n).rand(n, n);
    for (let at = 0; at < M.data.length; at++) M.data[at]! *= unit;
    const { X, status, loss, losses, iterations } = invert(M);
    expect(status).toBe('converged');
    expect(losses.length).toBe(iterations);
    expect(loss).toBeLessThanOrEqual(1e-20);
    expect(off(M, X)).toBeLessThan(1e-8);
  }
});

test('an inverse with large entries: converged is as good as rounding lets it be', () => {
  for (const seed of [1, 2, 3, 4]) {
    const M = matrix(gaussian(seed, 20, 20));
    const { X, status, iterations } = invert(M);
    expect(status).toBe('converged');
    expect(iterations).toBeLessThan(100);
    expect(off(M, X)).toBeLessThan(1e-9);
  }
});

test('any optimizer, a warm start', () => {
  const M = manualSeed(314).rand(4, 4);
  for (const optimizer of [sgd({ lr: 2, momentum: 0.97 }), rprop({ stepSizes: [0, 50] })]) {
    const { status, X } = invert(M, { optimizer });
    expect(status).toBe('converged');
    expect(off(M, X)).toBeLessThan(1e-8);
  }
  const { X } = invert(M);
  expect(invert(M, { init: X, normalize: false }).iterations).toBe(0);
  expect(invert(M, { init: X }).iterations).toBeLessThanOrEqual(1);
  expect(invert(M, { optimizer: adam(), iterations: 7, history: 2 }).losses.length).toBe(4);
});

test('no inverse, no claim', () => {
  const singular = [
    [1, 2],
    [2, 4],
  ];
  const { status, X, loss } = invert(singular, { iterations: 500 });
  expect(status).toBe('max-iterations');
  // the pseudoinverse is as near to an inverse as it gets: X M is a projection on one dimension
  expect(loss).toBeCloseTo(0.25, 10);
  expect(X.data.every(Number.isFinite)).toBe(true);
  expect(invert([[0]], { iterations: 5 })).toMatchObject({ status: 'max-iterations', loss: 1 });
  expect(invert(singular, { optimizer: sgd({ lr: 1e3 }) }).status).toBe('diverged');
});
