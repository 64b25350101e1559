/** The asynchronous driver: a run to its end in slices, between which the host has its turn. */

import { parameter, type Table } from './check.js';
import { SvdRangeError } from './errors.js';
import type { Signs } from './factors.js';
import { SvdAbortError, turn, watchTable } from './host.js';
import { resultOf, type SvdResult } from './result.js';
import type { Loss, Run, Status } from './run.js';
import { bestOf } from './save.js';

/** What {@link Descent.run} and {@link svdAsync} tell after each slice. */
export interface Progress {
  /** Updates made so far. */
  readonly iteration: number;
  /** Most updates there will be. */
  readonly iterations: number;
  readonly status: Status;
  /** The loss of the guess as it is now. */
  readonly loss: Loss;
}

/** Options of {@link Descent.run} and {@link svdAsync}. */
export interface RunOptions {
  /** An AbortSignal to stop early: the promise is rejected with an {@link SvdAbortError}. */
  signal?: { readonly aborted: boolean; readonly reason?: unknown };
  /** Called after each slice, before the host gets its turn; a promise it returns is awaited. */
  onProgress?: (progress: Progress) => unknown;
  /** Let the host have its turn about every so many milliseconds, > 0; default 75. One iteration is never split. */
  budgetMs?: number;
}

export const runTable: Table<Required<RunOptions>> = /* @__PURE__ */ (() => ({
  ...watchTable,
  budgetMs: parameter(75, 'a number > 0', (ms) => typeof ms === 'number' && ms > 0, SvdRangeError),
}))();

/** To the end in slices, so that the host gets its turn about every `budgetMs`. */
export async function runInSlices(
  run: Run,
  signs: Signs,
  { signal, onProgress, budgetMs }: RunOptions & { budgetMs: number },
): Promise<SvdResult> {
  const { iterations } = run.settings;
  /** iterations that take about an eighth of the budget; found by doubling and halving */
  let chunk = 1;
  for (;;) {
    if (signal?.aborted && run.status === 'running') {
      const best = bestOf(run, signs);
      throw new SvdAbortError(signal.reason, `iteration ${best.iterations}`, best);
    }
    const start = performance.now();
    let before = start;
    do {
      run.step(chunk);
      const now = performance.now();
      if (now - before < budgetMs / 16) chunk = Math.min(2 * chunk, iterations);
      else if (now - before > budgetMs / 8) chunk = Math.ceil(chunk / 2);
      before = now;
    } while (run.status === 'running' && before - start < (7 / 8) * budgetMs);
    const { iteration, status, loss } = run;
    if (onProgress) await onProgress({ iteration, iterations, status, loss });
    if (run.status !== 'running') return resultOf(run, signs);
    await turn();
  }
}
