/** A descent as plain data, and back. */

import { any, checked, choice, flag, nonNegative, number, parameter, valid, whole } from './check.js';
import { refuse, SvdTypeError } from './errors.js';
import type { Signs } from './factors.js';
import { type LearningRate, type Optimizer, rate } from './optimizers.js';
import { count, countOrNone, oneOfSigns } from './options.js';
import { resultOf, type SvdResult } from './result.js';
import { Buffer, Run, type RunSettings, Scalar, SVD } from './run.js';

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
      matrix: copy(Buffer.matrix),
      weights: settings.weighted ? copy(Buffer.weights) : undefined,
      evolving: copy(Buffer.evolving),
      losses,
    },
    scale,
    signs,
  };
}

/** The factors at the smallest loss so far; the run is not moved. */
export function bestOf(run: Run, signs: Signs): SvdResult {
  run.advance(0);
  const best = run.view(Buffer.best);
  const theta = run.view(Buffer.theta);
  if (best.every((value, at) => value === theta[at])) return resultOf(run, signs);
  // the terms of its loss are not kept: look at it once more, beside the run
  const { run: state, scale } = save(run, signs);
  state.evolving.set(best, (theta.byteOffset - run.view(Buffer.evolving).byteOffset) / 8);
  const beside = revived(state, scale, 0);
  try {
    return resultOf(beside, signs);
  } finally {
    beside.dispose();
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
  const run = revived({ ...state, settings: { ...settings, iterations } }, scale, lr);
  // bit for bit: what was computed anew may differ by rounding from what a line search left
  run.view(Buffer.evolving).set(state.evolving);
  return { run, signs };
}

/** A run with the memory of a saved one, its loss computed anew. */
function revived(state: RunState, scale: number, lr: LearningRate): Run {
  const run = new Run({ ...state.settings, optimizer: { ...state.optimizer, lr } });
  try {
    valid('saved.run.evolving.length', state.evolving.length, choice(null, run.view(Buffer.evolving).length));
    run.view(Buffer.evolving).set(state.evolving);
    for (const which of [Buffer.theta, Buffer.best]) {
      valid('saved.run.evolving', run.view(which), finite);
    }
    run.view(Buffer.matrix).set(state.matrix);
    if (state.settings.weighted) run.view(Buffer.weights).set(state.weights!);
    run.record(state.losses);
    run.scale = scale;
    // its loss is looked at without a rule for the end: neither where it stands nor how is to change
    run.configure(0);
    run.advance(0);
    run.configure(state.settings.tolerance);
    run.view(Buffer.evolving)[Scalar.status] = state.evolving[Scalar.status]!;
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}

const floats = (ok: (x: number) => boolean) =>
  parameter(
    null,
    'a Float64Array of finite numbers (JSON loses it, structuredClone does not)',
    (array: Float64Array) =>
      Object.prototype.toString.call(array) === '[object Float64Array]' && array.every(ok),
  );
const finite = /* @__PURE__ */ floats(Number.isFinite);

/** What was saved, checked. Whatever is wrong with it is one thing: `save` did not return it so. */
function readSaved(saved: SavedDescent) {
  try {
    const { run, scale, signs } = checked<SavedDescent>(
      'saved: ',
      {
        version: choice(null, 1),
        run: any(null),
        scale: number(null, 'a number > 0', (x) => x > 0),
        signs: oneOfSigns(null),
      },
      saved,
    );
    const state = checked<RunState>(
      'saved.run: ',
      {
        settings: any(null),
        optimizer: any(null),
        lr: any(),
        matrix: finite,
        weights: { ...finite, usual: undefined },
        // (the smallest loss so far is infinite at first)
        evolving: floats(() => true),
        losses: finite,
      },
      run,
    );
    const settings = checked<RunState['settings']>(
      'saved.run.settings: ',
      {
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
      },
      state.settings,
    );
    const { m, n, k, size, weighted, iterations } = settings;
    valid('saved.run.settings: k', k, whole(null, 1, Math.min(m, n)));
    valid('saved.run.settings: size', size, choice(null, (m + n + 1) * k));
    const entries = choice(null, m * n);
    valid('saved.run.matrix.length', state.matrix.length, entries);
    if (weighted) valid('saved.run.weights.length', state.weights?.length, entries);
    valid('saved.run.evolving.length', state.evolving.length, whole(null, 2 * size));
    valid('saved.run: iteration', state.evolving[Scalar.iteration]!, whole(null, 0, iterations));
    valid('saved.run: status', state.evolving[Scalar.status], choice(null, 0, 1, 2));
    return { scale, signs, state, settings };
  } catch (error) {
    throw new SvdTypeError('invalid-option', `${(error as Error).message}. Give resume what save() returned`);
  }
}
