/** Both notebooks against PyTorch's own numbers. */
import { describe, expect, test } from 'vitest';
import { adam, manualSeed, notebookAdam, notebookSgd, residuals, sgd, svd } from '../src/index.js';
import reference from './reference/notebook.json';
import draws from './reference/torch-rand.json';
import { expectLosses } from './support/parity.js';

test('manualSeed().rand() draws the numbers of torch.rand', () => {
  for (const [seed, expected] of Object.entries(draws.rand)) {
    const { data } = manualSeed(Number(seed)).rand(1, 1300);
    expect(draws.indices.map((i) => data[i])).toEqual(expected);
  }
});

test('the ready options are those of the notebooks', () => {
  expect(notebookSgd.optimizer).toEqual(sgd({ lr: 0.9, momentum: 0.9 }));
  expect(notebookAdam.optimizer).toEqual(
    adam({ lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 1e-5 }),
  );
});

describe.each(reference.runs)('$optimizer on $matrix', (run) => {
  const options = run.optimizer === 'sgd' ? notebookSgd : notebookAdam;
  const result = svd(run.M, options);

  test('starts from the same factors', () => {
    const m = run.M.length;
    const n = run.M[0]!.length;
    const generator = manualSeed(run.seed);
    expect(generator.rand(m, n).toArray()).toEqual(run.init.U);
    expect(Array.from(generator.rand(1, n).data)).toEqual(run.init.diagSqrt);
    expect(generator.rand(n, n).toArray()).toEqual(run.init.V);
  });

  test('has the same losses', () => {
    expect(result.losses.length).toBe(run.iterations);
    expect(result.status).toBe('max-iterations');
    expectLosses(result.losses, run.lossAt, run.spreadAt);
  });

  test('ends with the same singular values', () => {
    const within = run.optimizer === 'adam' ? 2e-4 : run.matrix === 'M3' ? 1e-6 : 1e-8;
    run.S.forEach((s, c) => expect(Math.abs(result.S[c]! - s)).toBeLessThan(within));
  });
});

test('the digits the notebooks print for M1', () => {
  const M1 = manualSeed(314).rand(5, 4);
  const bySgd = svd(M1, notebookSgd);
  expect(Array.from(bySgd.S, (s) => s.toFixed(4))).toEqual(['2.3398', '0.6873', '0.2592', '0.1177']);
  expect(residuals(M1, bySgd).reconstruction).toBeLessThan(1e-14);

  const byAdam = svd(M1, notebookAdam);
  [2.3382, 0.689, 0.2601, 0.1181].forEach((s, c) => expect(Math.abs(byAdam.S[c]! - s)).toBeLessThan(1e-4));
  // its weight decay leaves a bias; the lengths of the columns still wander by 3e-4 in the last iterations
  [1.0007, 0.9974, 0.9965, 0.9962].forEach((expected, c) => {
    const square = byAdam.U.toArray().reduce((sum, row) => sum + row[c]! ** 2, 0);
    expect(Math.abs(square - expected)).toBeLessThan(5e-4);
  });
});
