import { expect } from 'vitest';

/** The median of the losses around an iteration. */
function around(losses: ArrayLike<number>, iteration: number): number {
  const near = Array.from(losses).slice(Math.max(0, iteration - 50), iteration + 51);
  return near.sort((a, b) => a - b)[near.length >> 1]!;
}

/**
 * Every listed loss within max(1e-11, 100 x its spread) relative of PyTorch's. Where that exceeds 1e-3
 * (late Adam iterations, losses at rounding level) a single loss is chaotic, PyTorch's own jump by a
 * factor of 20 from one to the next: there the median around it is of the same order of magnitude, or both
 * are below 1e-30, where a loss is nothing but the rounding errors of its sums.
 */
export function expectLosses(
  losses: ArrayLike<number>,
  lossAt: Record<string, number>,
  spreadAt: Record<string, number>,
): void {
  for (const [iteration, expected] of Object.entries(lossAt)) {
    const loss = losses[Number(iteration)]!;
    const bound = Math.max(1e-11, 100 * (spreadAt[iteration] ?? 0));
    if (bound > 1e-3) {
      const rounded = (x: number) => Math.log10(Math.max(x, 1e-30));
      expect(
        Math.abs(rounded(around(losses, Number(iteration))) - rounded(expected)),
        `loss ${iteration}`,
      ).toBeLessThan(1);
    } else {
      expect(
        Math.abs(loss / expected - 1),
        `loss ${iteration}: ${loss}, not ${expected}`,
      ).toBeLessThanOrEqual(bound);
    }
  }
}
