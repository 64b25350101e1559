/**
 * gradient-svd: the singular value decomposition by gradient descent.
 *
 * @module gradient-svd
 */

export { initialize } from './core.js';
export { Descent, descend, resume } from './descent.js';
export { directSvd } from './direct.js';
export { type ErrorCode, SvdRangeError, SvdTypeError } from './errors.js';
export {
  type Comparison,
  compare,
  condition,
  full,
  project,
  pseudoInverse,
  type RankOptions,
  type Residuals,
  rank,
  reconstruct,
  residuals,
  type Signs,
  type SvdFactors,
  type SvdFactorsInput,
  solve,
} from './factors.js';
export { SvdAbortError } from './host.js';
export { type InvertOptions, type InvertResult, invert, notebookInverse } from './inverse.js';
export { type Floats, Matrix, type MatrixInput, matrix, type NumericArray } from './matrix.js';
export type { LearningRate, Optimizer, OptimizerName } from './optimizer.js';
export * from './optimizers.js';
export type { Center, SvdOptions } from './options.js';
export { type Generator, manualSeed } from './random.js';
export type { HyperParameters } from './resolve.js';
export type { Centered, SvdResult } from './result.js';
export type { Loss, Status } from './run.js';
export type { SavedDescent } from './save.js';
export {
  type CosineOptions,
  type ExponentialOptions,
  type LinearWarmupOptions,
  type OneCycleOptions,
  type Schedule,
  type StepOptions,
  schedules,
} from './schedules.js';
export type { Progress, RunOptions } from './slices.js';
export { notebookAdam, notebookSgd, svd, svdAsync } from './svd.js';
