/** The start of a descent on an SVD: M, its weights and the first guess go into the core. */

import { MATRIX, SVD, THETA, WEIGHTS } from '../assembly/boundary.js';
import { checked, nonNegative, valid, whole } from './check.js';
import { memory, wasm } from './core.js';
import { refuse, SvdRangeError, SvdTypeError } from './errors.js';
import { readFactors } from './factors.js';
import { checkFinite, checkScale, copyTo, entry, type MatrixInput, type Source, source } from './matrix.js';
import type { Optimizer } from './optimizer.js';
import { conjugateGradients, levenbergMarquardt } from './optimizers.js';
import type { Checked } from './options.js';
import { MersenneTwister } from './random.js';
import { resolve } from './resolve.js';
import { Run } from './run.js';

/** Lighter than this beside the heaviest, a weight would be lost in the rounding of the smallest numbers. */
const LIGHTEST = 1e-290;

/** The run of an SVD before its first iteration; to be disposed of, whatever happens. */
export function begin(M: MatrixInput, options: Checked): Run {
  const from = source(M, 'M');
  const { rows: m, columns: n } = from;
  const { penalty, missing, regularization } = options;
  const most = Math.min(m, n);
  const { rank: k = most } = options;
  if (k !== most) valid('rank', k, whole(null, 1, most), 'invalid-rank');
  const weights = options.weights === undefined ? undefined : source(options.weights, 'weights', m, n);
  const gaps = weights !== undefined || missing === 'nan';
  const optimizer = chosen(options, gaps);
  const defaults = resolve(optimizer);
  // (conjugateGradients takes weights of 1 where there are none)
  const weighted = gaps || optimizer.name === 'conjugateGradients';
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
    weighted,
    squared: options.diagonal === 'squared',
    penaltyU: U,
    penaltyV: V,
    optimizer,
    iterations: options.iterations ?? defaults.iterations,
    tolerance: options.tolerance ?? defaults.tolerance,
    history: options.history,
  });
  try {
    copyTo(memory, from, run.at(MATRIX), missing === 'nan');
    if (weighted && !weigh(run, weights, options)) {
      // all alike is none
      run.dispose();
      return begin(M, { ...options, missing: 'error', weights: undefined } as unknown as Checked);
    }
    const remedy = "a finite number (a gap: NaN with missing: 'nan')";
    if (options.center === 'columns') {
      checkFinite(run.view(MATRIX), n, 'M', remedy);
      center(run);
    }
    run.normalize(options.normalize, remedy, regularization);
    guess(run, options);
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}

// (made once: that is a tenth of the time of a 5 x 4)
const forWhole = /* @__PURE__ */ levenbergMarquardt();
const forGaps = /* @__PURE__ */ conjugateGradients();

/** The optimizer asked for, or the one for this problem. */
function chosen({ optimizer, regularization }: Checked, weighted: boolean): Optimizer {
  if (optimizer === undefined) return weighted || regularization > 0 ? forGaps : forWhole;
  if (regularization > 0 && resolve(optimizer).optimizer.name !== 'conjugateGradients') {
    const remedy = '0, or conjugateGradients() for optimizer: no other knows it';
    refuse(SvdRangeError, 'invalid-option', 'regularization', regularization, remedy);
  }
  return optimizer;
}

/** The first guess. */
function guess(run: Run, { init, seed }: Checked): void {
  const { m, n, k, size, squared } = run.settings;
  if (init === 'orthonormal') {
    // (with gaps the start is what M is, zeros in its gaps, and not what was drawn)
    const { name } = run.optimizer;
    const generator = new MersenneTwister(name === 'conjugateGradients' ? 314 : seed);
    // (at full rank U and V are reflections of k draws each)
    const square = name === 'levenbergMarquardt' && k === Math.min(m, n);
    generator.fill(memory(), run.at(THETA), square ? 2 * k : size);
    wasm().orthonormal(run.pointer);
    return;
  }
  if (init === 'uniform') {
    run.theta = new MersenneTwister(seed).fill(new Float64Array(size));
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
  // (seen from the space of M, what is near the end of float64 may be beyond it)
  const ok = run.theta.every(Number.isFinite);
  checkScale('the norm of init', Infinity, ok, 'U and V whose columns are nearer to length 1');
}

/** M minus the mean of each column, weighted as its entries are: once more of what is left, for its last digits. */
function center(run: Run): void {
  const { n, weighted } = run.settings;
  const M = run.view(MATRIX);
  const weights = weighted ? run.view(WEIGHTS) : undefined;
  // (relative to the largest: a sum of weights near the end of float64 would overflow)
  const heaviest = weights?.reduce((x, y) => Math.max(x, y)) ?? 1;
  const weight = (at: number) => (weights?.[at] ?? 1) / heaviest;
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

/** Weights in, missing entries out (weight 0, and 0 in M); false if all weights are alike and need not be kept. */
function weigh(run: Run, given: Source | undefined, options: Checked): boolean {
  const { rank, missing, optimizer, regularization } = options;
  const { n, k } = run.settings;
  run.view(WEIGHTS).fill(1);
  if (given) copyTo(memory, given, run.at(WEIGHTS));
  const M = run.view(MATRIX);
  const weights = run.view(WEIGHTS);
  checkFinite(weights, n, 'weights', 'a finite number >= 0');
  const rows = new Set<number>();
  const columns = new Set<number>();
  let [least, heaviest, gap] = [Infinity, 0, -1];
  for (let at = 0; at < M.length; at++) {
    if (weights[at]! < 0) {
      refuse(SvdRangeError, 'invalid-option', entry('weights', at, n), weights[at], 'a number >= 0');
    }
    if (missing === 'nan' && Number.isNaN(M[at])) weights[at] = 0;
    if (weights[at] === 0) {
      M[at] = 0;
      gap = at;
    } else {
      rows.add(Math.floor(at / n));
      columns.add(at % n);
      least = Math.min(least, weights[at]!);
      heaviest = Math.max(heaviest, weights[at]!);
    }
  }
  if (rows.size === 0) {
    throw new SvdRangeError('empty-matrix', 'every entry of M is missing or has weight 0; give one');
  }
  if (least / heaviest < LIGHTEST) {
    const remedy = `weights of at least ${LIGHTEST} of the largest, ${heaviest}, or 0`;
    refuse(SvdRangeError, 'invalid-option', entry('weights', weights.indexOf(least), n), least, remedy);
  }
  if (gap >= 0 && rank === undefined) {
    const remedy = `a rank below ${k}: ${entry('M', gap, n)} is missing, and at full rank any value fits there`;
    refuse(SvdRangeError, 'invalid-rank', 'rank', rank, remedy);
  }
  const most = Math.min(rows.size, columns.size);
  if (most < k) {
    refuse(SvdRangeError, 'invalid-rank', 'rank', k, `at most ${most}: other rows or columns of M are empty`);
  }
  const unweighted = run.optimizer.name === 'levenbergMarquardt';
  const usual = (optimizer === undefined && regularization === 0) || unweighted;
  if (usual && gap < 0 && least === heaviest) return false;
  if (unweighted) {
    const remedy = 'none (then conjugateGradients()): it knows no gaps or weights';
    refuse(SvdTypeError, 'invalid-option', 'optimizer', run.optimizer.name, remedy);
  }
  return true;
}
