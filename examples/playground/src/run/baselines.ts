/** The simple guesses that a descent has to beat where entries are hidden. */
import type { Problem } from '../model/matrices.js';
import type { Baseline } from '../model/protocol.js';

function mean(values: Float64Array): number | undefined {
  const known = values.filter((x) => !Number.isNaN(x));
  return known.length > 0 ? known.reduce((sum, x) => sum + x, 0) / known.length : undefined;
}

/** Root mean square error over the hidden entries. */
export function heldOutError({ held }: Problem, guess: ArrayLike<number>): number {
  return Math.sqrt(held.reduce((sum, { at, value }) => sum + (guess[at]! - value) ** 2, 0) / held.length);
}

/** Means of all, of rows, of columns, and both together; the best first. */
export function baselines(problem: Problem): Baseline[] {
  const { rows, columns, data } = problem;
  if (problem.held.length === 0) return [];
  const all = mean(data) ?? 0;
  const byRow = Array.from({ length: rows }, (_, i) => mean(data.subarray(i * columns, (i + 1) * columns)));
  const byColumn = Array.from({ length: columns }, (_, j) =>
    mean(data.filter((_, at) => at % columns === j)),
  );
  const row = (at: number) => byRow[Math.floor(at / columns)] ?? all;
  const column = (at: number) => byColumn[at % columns] ?? all;
  const guesses: [string, (at: number) => number][] = [
    ['mean of all', () => all],
    ['row means', row],
    ['column means', column],
    ['row and column means', (at) => row(at) + column(at) - all],
  ];
  return guesses
    .map(([name, of]) => {
      const guess = data.map((_, at) => of(at));
      return { name, guess, error: heldOutError(problem, guess) };
    })
    .sort((a, b) => a.error - b.error);
}
