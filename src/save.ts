/** A descent as plain data, and back. */

import {
  BEST,
  CONVERGED,
  DIVERGED,
  ENTRIES,
  EVOLVING,
  ITERATION,
  MATRIX,
  NORM,
  RUNNING,
  STATUS,
  SVD,
  THETA,
  WEIGHTS,
} from '../assembly/boundary.js';
import {
  any,
  checked,
  choice,
  flag,
  nonNegative,
  number,
  type Parameter,
  parameter,
  positive,
  type Table,
  valid,
  whole,
} from './check.js';
import { wasm } from './core.js';
import { refuse, SvdTypeError } from './errors.js';
import type { Signs } from './factors.js';
import type { Floats } from './matrix.js';
import { type LearningRate, type Optimizer, rate } from './optimizer.js';
import { count, countOrNone, oneOfSigns } from './options.js';
import { remade, resolve } from './resolve.js';
import { resultOf, type SvdResult } from './result.js';
import { Run, type RunSettings } from './run.js';

/** A run as it was; plain data. */
interface RunState {
  readonly settings: Omit<RunSettings, 'optimizer'>;
  readonly optimizer: Pick<Optimizer, 'name' | 'options'>;
  /** undefined where it was a function: those can't be cloned */
  readonly lr: number | undefined;
  readonly matrix: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly evolving: Float64Array;
  readonly losses: Float64Array;
  /** of the columns, if they were subtracted */
  readonly mean?: Floats | undefined;
}

/** A saved descent: plain data that survives structuredClone, postMessage and IndexedDB. */
export interface SavedDescent {
  readonly version: 1;
  readonly run: RunState;
  readonly scale: number;
  readonly signs: Signs;
}

export function save(run: Run, signs: Signs): SavedDescent {
  // the loss is part of what evolves
  run.advance(0);
  const { scale, losses } = run;
  const { optimizer: _, ...settings } = run.settings;
  const { name, lr, options } = run.optimizer;
  const copy = (which: number) => run.view(which).slice();
  return {
    version: 1,
    run: {
      settings,
      optimizer: { name, options },
      lr: typeof lr === 'number' ? lr : undefined,
      matrix: copy(MATRIX),
      weights: settings.weighted ? copy(WEIGHTS) : undefined,
      evolving: copy(EVOLVING),
      losses,
      mean: run.mean?.slice(),
    },
    scale,
    signs,
  };
}

/** The factors at the smallest loss so far; the run is not moved. */
export function bestOf(run: Run, signs: Signs): SvdResult {
  run.advance(0);
  const best = run.view(BEST);
  const theta = run.view(THETA);
  if (best.every((value, at) => value === theta[at])) return resultOf(run, signs);
  // the terms of its loss are not kept: look at it once more, and back
  const evolving = run.view(EVOLVING).slice();
  theta.set(best);
  run.look();
  try {
    return resultOf(run, signs);
  } finally {
    run.restore(evolving);
  }
}

/** Options of {@link resume}. */
export interface ResumeOptions {
  lr?: LearningRate;
  iterations?: number;
}

/** The run that was saved, and how its signs are chosen; see {@link resume}. */
export function restored(saved: SavedDescent, options: ResumeOptions): { run: Run; signs: Signs } {
  const { scale, signs, state, settings } = readSaved(saved);
  const { lr = state.lr, iterations } = checked<{ lr: LearningRate | undefined; iterations: number }>(
    'resume: ',
    { lr: rate(undefined), iterations: count(settings.iterations) },
    options,
    'invalid-hyper-parameter',
  );
  if (lr === undefined) {
    refuse(SvdTypeError, 'invalid-option', 'saved.run.lr', lr, 'it again, a function: resume(saved, { lr })');
  }
  valid('saved.run.lr', lr, rate(null), 'invalid-hyper-parameter');
  const run = new Run({ ...settings, iterations, optimizer: remade(state.optimizer, { lr }) });
  try {
    const { evolving, matrix, weights, losses, mean } = state;
    const { length } = run.view(EVOLVING);
    valid('saved.run.evolving.length', evolving.length, choice(null, length));
    run.view(MATRIX).set(matrix);
    wasm().factorize(run.pointer);
    if (weights) run.view(WEIGHTS).set(weights);
    run.record(losses, 0, losses.length);
    run.scale = scale;
    run.mean = mean;
    run.view(EVOLVING).set(evolving);
    for (const which of [THETA, BEST]) valid('saved.run.evolving', run.view(which), finite);
    run.restore(evolving);
    return { run, signs };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

const savedTable: Table<SavedDescent> = /* @__PURE__ */ (() => ({
  version: choice(null, 1),
  run: any(null),
  scale: positive(null),
  signs: oneOfSigns(null),
}))();

const stateTable: Table<RunState> = /* @__PURE__ */ (() => ({
  settings: any(null),
  optimizer: any(null),
  lr: any(),
  matrix: any(null),
  weights: any(),
  evolving: any(null),
  losses: any(null),
  mean: any(),
}))();

const settingsTable: Table<RunState['settings']> = /* @__PURE__ */ (() => ({
  problem: choice(null, SVD),
  m: count(null),
  n: count(null),
  k: any(null),
  size: any(null),
  weighted: flag(null),
  squared: flag(null),
  penaltyU: nonNegative(null),
  penaltyV: nonNegative(null),
  iterations: count(null),
  tolerance: nonNegative(null),
  history: countOrNone(null),
}))();

type Lists = 'matrix' | 'weights' | 'evolving' | 'losses' | 'mean';

/** (Whatever else says that it is a typed array, this knows.) */
const array = /* @__PURE__ */ (() =>
  parameter(null, 'a Float64Array (JSON loses it, structuredClone does not)', ArrayBuffer.isView))();
const finite = /* @__PURE__ */ (() =>
  parameter(null, 'finite numbers', (x: Float64Array) => x.every(Number.isFinite)))();
const fractions = /* @__PURE__ */ (() =>
  parameter(null, 'numbers from 0 to 1', (x: Float64Array) => x.every((one) => one >= 0 && one <= 1)))();

/** A copy of so many numbers of such `content`, so that nobody changes what was checked. */
function copied(state: RunState, key: Lists, length: Parameter, content = finite): Floats {
  const name = `saved.run.${key}`;
  const copy = new Float64Array(valid(name, state[key] as Float64Array, array));
  valid(`${name}.length`, copy.length, length);
  return valid(name, copy, content);
}

/** The scalars among what evolves: any others do no harm. */
function checkScalars(evolving: Float64Array, { m, n, iterations }: RunState['settings']): void {
  const check = (name: string, which: number, range: Parameter) =>
    valid(`saved.run: ${name}`, evolving[which], range);
  check('iteration', ITERATION, whole(null, 0, iterations));
  check('status', STATUS, choice(null, RUNNING, CONVERGED, DIVERGED));
  // Σ weights
  check(
    'entries',
    ENTRIES,
    number(null, `a number from 0 to ${m * n}`, (x) => x > 0 && x <= m * n),
  );
  check('norm', NORM, positive(null));
}

/** What was saved, checked. Whatever is wrong with it is one thing: `save` did not return it so. */
function readSaved(saved: SavedDescent) {
  try {
    const { run, scale, signs } = checked<SavedDescent>('saved: ', savedTable, saved);
    const state = checked<RunState>('saved.run: ', stateTable, run);
    const settings = checked<RunState['settings']>('saved.run.settings: ', settingsTable, state.settings);
    const { m, n, k, size, weighted, history } = settings;
    valid('saved.run.settings: k', k, whole(null, 1, Math.min(m, n)));
    valid('saved.run.settings: size', size, choice(null, (m + n + 1) * k));
    const entries = choice(null, m * n);
    const matrix = copied(state, 'matrix', entries);
    const weights = weighted ? copied(state, 'weights', entries, fractions) : undefined;
    // (nothing is allocated for more than there is)
    const optimizer = remade({ lr: 0, ...state.optimizer });
    const own = optimizer.name === 'levenbergMarquardt';
    const least = own ? 2 * k * k : (2 + resolve(optimizer).vectors) * size;
    const evolving = copied(state, 'evolving', whole(null, least), any());
    checkScalars(evolving, settings);
    const recorded = history && Math.ceil(evolving[ITERATION]! / history);
    const losses = copied(state, 'losses', choice(null, recorded));
    const mean = state.mean === undefined ? undefined : copied(state, 'mean', choice(null, n));
    return {
      scale,
      signs,
      settings,
      state: { ...state, optimizer, matrix, weights, losses, mean, evolving },
    };
  } catch (error) {
    throw new SvdTypeError(
      'invalid-option',
      `${(error as Error)?.message}. Give resume what save() returned`,
    );
  }
}
