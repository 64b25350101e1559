/** The defaults on the zoo of examples/, from one seed and without its largest matrices; `npm run zoo` runs all. */
import { describe, expect, test } from 'vitest';
// @ts-expect-error: the examples are plain JavaScript
import { errors } from '../examples/zoo/errors.js';
// @ts-expect-error: the examples are plain JavaScript
import { zoo } from '../examples/zoo/matrices.js';
import { svd } from '../src/index.js';

interface Animal {
  name: string;
  make(seed: number): number[][];
}

describe('the zoo', () => {
  test.each((zoo as Animal[]).filter(({ name }) => !/128|256/.test(name)))('$name', ({ make }) => {
    const M = make(314);
    const result = svd(M);
    expect(result.status).toBe('converged');
    expect(result.iterations).toBeLessThanOrEqual(40);
    const { sigma, residual, orthonormality } = errors(M, result);
    expect(Math.max(sigma, residual, orthonormality)).toBeLessThanOrEqual(1);
  });
});
