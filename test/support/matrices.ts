import { manualSeed, svd } from '../../src/index.js';

type Rows = number[][];

/** Normal draws (Box and Muller). */
export function gaussian(seed: number, m: number, n: number): Rows {
  const { data } = manualSeed(seed).rand(2, m * n);
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const at = i * n + j;
      return Math.sqrt(-2 * Math.log(1 - data[at]!)) * Math.cos(2 * Math.PI * data[m * n + at]!);
    }),
  );
}

export function multiply(A: Rows, B: Rows): Rows {
  return A.map((row) => B[0]!.map((_, j) => row.reduce((sum, a, l) => sum + a * B[l]![j]!, 0)));
}

/** Σ of squares of the entries. */
export function squares(M: Rows): number {
  return M.flat().reduce((sum, x) => sum + x * x, 0);
}

/** A square matrix with these singular values, between random orthogonal ones. */
export function ofSpectrum(seed: number, spectrum: readonly number[]): Rows {
  const n = spectrum.length;
  const U = svd(gaussian(seed, n, n)).U.toArray();
  const V = svd(gaussian(seed + 1, n, n)).V.toArray();
  return multiply(
    U.map((row) => row.map((x, c) => x * spectrum[c]!)),
    V[0]!.map((_, j) => V.map((row) => row[j]!)),
  );
}
