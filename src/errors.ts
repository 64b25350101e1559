/**
 * The errors of this package. Each is a `TypeError` or a `RangeError` with a stable `code`, and a
 * message that names the argument, what came, and what is expected.
 */

/** What went wrong, stable across versions; switch on it rather than on a message. */
export type ErrorCode =
  | 'invalid-matrix'
  | 'empty-matrix'
  | 'ragged-matrix'
  | 'non-finite-entry'
  | 'invalid-option'
  | 'unknown-option'
  | 'invalid-rank'
  | 'invalid-hyper-parameter'
  | 'shape-mismatch'
  | 'too-large'
  | 'no-webassembly'
  | 'disposed'
  | 'aborted';

/** Wrong kind of argument; a `TypeError` with a stable `code`. */
export class SvdTypeError extends TypeError {
  override readonly name = 'SvdTypeError';
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Right kind, impossible value; a `RangeError` with a stable `code`. */
export class SvdRangeError extends RangeError {
  override readonly name = 'SvdRangeError';
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** How a value is shown in a message: short, and telling strings from numbers. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value))
    return value.length > 4 ? `an array of ${value.length}` : `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    return keys.length > 4 ? 'an object' : `{ ${keys.join(', ')} }`;
  }
  return String(value);
}
