import { expect } from 'vitest';

/**
 * Every listed loss within max(1e-11, 100 x its spread) relative of PyTorch's; where that exceeds 1e-3
 * (late Adam iterations, losses at rounding level: chaotic), of the same order of magnitude.
 */
export function expectLosses(
  losses: ArrayLike<number>,
  lossAt: Record<string, number>,
  spreadAt: Record<string, number>,
): void {
  for (const [iteration, expected] of Object.entries(lossAt)) {
    const loss = losses[Number(iteration)]!;
    const bound = Math.max(1e-11, 100 * (spreadAt[iteration] ?? 0));
    if (bound > 1e-3) expect(Math.abs(Math.log10(loss / expected)), `loss ${iteration}`).toBeLessThan(1);
    else
      expect(
        Math.abs(loss / expected - 1),
        `loss ${iteration}: ${loss}, not ${expected}`,
      ).toBeLessThanOrEqual(bound);
  }
}
