/**
 * gradient-svd/sparse: sparse matrices, and those larger than memory.
 *
 * @module gradient-svd/sparse
 */

export { initialize } from '../core.js';
export { type ErrorCode, SvdRangeError, SvdTypeError } from '../errors.js';
export type { SvdFactors } from '../factors.js';
export { Matrix, type MatrixInput, type NumericArray } from '../matrix.js';
export type { Coo, Csr, Shape, SparseInput, Triplets } from './matrix.js';
