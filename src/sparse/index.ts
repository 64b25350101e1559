/**
 * gradient-svd/sparse: the singular value decomposition of sparse matrices, and of those larger than memory.
 *
 * @module gradient-svd/sparse
 */

export { initialize } from '../core.js';
export { type ErrorCode, SvdRangeError, SvdTypeError } from '../errors.js';
export type { SvdFactors, SvdFactorsInput } from '../factors.js';
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
export type {
  SvdsAsyncOptions,
  SvdsBlocksResult,
  SvdsCertificate,
  SvdsOptions,
  SvdsProgress,
  SvdsResult,
} from './options.js';
export { type Block, type BlocksInput, type OperatorInput, project } from './products.js';
export { svds, svdsAsync } from './svds.js';
