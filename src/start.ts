/** The start of a descent on an SVD: M, its weights and the first guess go into the core. */

import { MATRIX, SVD, THETA, WEIGHTS } from '../assembly/boundary.js';
import { checked, nonNegative, valid, whole } from './check.js';
import { memory, wasm } from './core.js';
import { refuse, SvdRangeError } from './errors.js';
import { readFactors } from './factors.js';
import { checkFinite, checkScale, entry, type MatrixInput, type Source, source } from './matrix.js';
import { resolve } from './optimizers.js';
import type { Checked } from './options.js';
import { manualSeed } from './random.js';
import { Run } from './run.js';

/** The run of an SVD before its first iteration; to be disposed of, whatever happens. */
export function begin(M: MatrixInput, options: Checked): Run {
  const from = source(M, 'M');
  const { rows: m, columns: n } = from;
  const { optimizer, penalty, missing } = options;
  const most = Math.min(m, n);
  const { rank: k = most } = options;
  if (k !== most) valid('rank', k, whole(null, 1, most), 'invalid-rank');
  const weights = options.weights === undefined ? undefined : source(options.weights, 'weights', m, n);
  const defaults = resolve(optimizer);
  const { U, V } =
    typeof penalty === 'number'
      ? { U: penalty, V: penalty }
      : checked<typeof penalty>('penalty.', { U: nonNegative(null), V: nonNegative(null) }, penalty);
  const run = new Run({
    problem: SVD,
    m,
    n,
    k,
    size: (m + n + 1) * k,
    weighted: weights !== undefined || missing === 'nan',
    squared: options.diagonal === 'squared',
    penaltyU: U,
    penaltyV: V,
    optimizer,
    iterations: options.iterations ?? defaults.iterations,
    tolerance: options.tolerance ?? defaults.tolerance,
    history: options.history,
  });
  try {
    from.copyTo(memory, run.at(MATRIX), missing === 'nan');
    if (run.settings.weighted) {
      const left = weigh(run, weights, missing === 'nan');
      if (left < k) {
        if (options.rank !== undefined) {
          refuse(
            SvdRangeError,
            'invalid-rank',
            'rank',
            k,
            `at most ${left}: other rows or columns of M are empty`,
          );
        }
        run.dispose();
        return begin(M, { ...options, rank: left });
      }
    }
    const remedy = "a finite number (or NaN with missing: 'nan')";
    if (options.center === 'columns') {
      checkFinite(run.view(MATRIX), n, 'M', remedy);
      center(run);
    }
    run.normalize(options.normalize, remedy);
    guess(run, options);
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** The first guess. */
function guess(run: Run, { init, seed }: Checked): void {
  const { m, n, k, squared } = run.settings;
  if (init === 'orthonormal') {
    manualSeed(seed).fill(run.view(THETA));
    wasm().orthonormal(run.pointer);
    return;
  }
  if (init === 'uniform') {
    run.theta = manualSeed(seed).fill(new Float64Array(run.settings.size));
    return;
  }
  const { theta, S } = readFactors(init, 'init', { m, n, k });
  for (let c = 0; c < k; c++) {
    if (squared && S[c]! < 0) refuse(SvdRangeError, 'invalid-option', `init.S[${c}]`, S[c], 'a number >= 0');
    const s = S[c]! / run.scale;
    checkScale(`init.S[${c}]`, S[c]!, Number.isFinite(s), 'a number nearer to the norm of M');
    S[c] = squared ? Math.sqrt(s) : s;
  }
  run.theta = theta;
}

/** M minus the mean of each column, weighted as its entries are: once more of what is left, for its last digits. */
function center(run: Run): void {
  const { n, weighted } = run.settings;
  const M = run.view(MATRIX);
  const weights = weighted ? run.view(WEIGHTS) : undefined;
  const weight = (at: number) => weights?.[at] ?? 1;
  const totals = new Float64Array(n);
  const mean = new Float64Array(n);
  M.forEach((_, at) => (totals[at % n]! += weight(at)));
  for (let pass = 0; pass < 2; pass++) {
    const more = new Float64Array(n);
    M.forEach((x, at) => (more[at % n]! += (weight(at) / (totals[at % n]! || 1)) * x));
    M.forEach((_, at) => (M[at]! -= more[at % n]!));
    more.forEach((x, j) => (mean[j]! += x));
  }
  run.mean = mean;
}

/** Weights in, missing entries out (weight 0, and 0 in M); the rank that rows and columns with entries can have. */
function weigh(run: Run, given: Source | undefined, nanIsMissing: boolean): number {
  const { n } = run.settings;
  run.view(WEIGHTS).fill(1);
  given?.copyTo(() => run.view(WEIGHTS));
  const M = run.view(MATRIX);
  const weights = run.view(WEIGHTS);
  checkFinite(weights, n, 'weights', 'a finite number >= 0');
  const rows = new Set<number>();
  const columns = new Set<number>();
  for (let at = 0; at < M.length; at++) {
    if (weights[at]! < 0) {
      refuse(SvdRangeError, 'invalid-option', entry('weights', at, n), weights[at], 'a number >= 0');
    }
    if (nanIsMissing && Number.isNaN(M[at])) weights[at] = 0;
    if (weights[at] === 0) M[at] = 0;
    else {
      rows.add(Math.floor(at / n));
      columns.add(at % n);
    }
  }
  if (rows.size === 0) {
    throw new SvdRangeError('empty-matrix', 'every entry of M is missing or has weight 0; give at least one');
  }
  return Math.min(rows.size, columns.size);
}
