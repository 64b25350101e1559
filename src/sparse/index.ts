/**
 * gradient-svd/sparse: sparse matrices, and those larger than memory.
 *
 * @module gradient-svd/sparse
 */

export { initialize } from '../core.js';
export { type ErrorCode, SvdRangeError, SvdTypeError } from '../errors.js';
export type { SvdFactors } from '../factors.js';
export { SvdAbortError } from '../host.js';
export { Matrix, type MatrixInput, type NumericArray } from '../matrix.js';
export {
  Factorization,
  type FactorizationData,
  type FactorizationStatus,
  FactorRow,
  factorization,
  type Recommendation,
  type RecommendOptions,
} from './factorization.js';
export {
  type FactorizeAsyncOptions,
  type FactorizeOptions,
  type FactorizeProgress,
  factorize,
  factorizeAsync,
} from './factorize.js';
export type { Coo, Csr, Shape, SparseInput, Triplets } from './matrix.js';
