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
  | 'busy'
  | 'aborted';

/** Wrong kind of argument, or a name that is none; a `TypeError` with a stable `code`. */
export class SvdTypeError extends TypeError {
  override readonly name = 'SvdTypeError';
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Impossible value, above all where a number is asked for; a `RangeError` with a stable `code`. */
export class SvdRangeError extends RangeError {
  override readonly name = 'SvdRangeError';
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Every complaint is this one sentence: what it is about, what came, and what to give instead.
 * `Kind` is {@link SvdTypeError} for a wrong kind of argument, {@link SvdRangeError} for an impossible value.
 */
export function refuse(
  Kind: typeof SvdTypeError | typeof SvdRangeError,
  code: ErrorCode,
  what: string,
  came: unknown,
  remedy: string,
): never {
  throw new Kind(code, `${what} is ${show(came)}; give ${remedy}`);
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isRevoked(value);

export const hasMethod = (value: unknown, name: PropertyKey): boolean =>
  isObject(value) && typeof (value as Record<PropertyKey, unknown>)[name] === 'function';

/** Has it, of its own or by its class? What somebody added to Object.prototype it has not. */
export const has = (object: object, key: string): boolean =>
  key in object && (!(key in Object.prototype) || Object.hasOwn(object, key));

/** `object[key]`, if it has that. */
export const member = (object: object, key: string): unknown =>
  has(object, key) ? (object as Record<string, unknown>)[key] : undefined;

export function isArray(value: unknown): value is readonly unknown[] {
  // (asked of every row: once)
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Of a revoked Proxy nothing can be asked; that is all that makes Array.isArray throw. */
function isRevoked(value: unknown): boolean {
  try {
    // its answer is used, or bundlers that hold it for pure leave out the call
    return (Array.isArray(value) as unknown) === undefined;
  } catch {
    return true;
  }
}

/** `work` that reads `parts`, all that is asked of on the way. */
export function reading<T>(name: string, parts: readonly unknown[], work: () => T, code?: ErrorCode): T {
  try {
    return work();
  } catch (error) {
    unread(error, name, parts, code);
  }
}

/** Throws the error that came while `parts` were read, or a clearer one. */
export function unread(error: unknown, name: string, parts: readonly unknown[], code?: ErrorCode): never {
  for (const part of parts) readable(part, name, code);
  throw error;
}

/** After an error while `value` was read: what a getter throws comes out as it is, but not what a revoked Proxy does. */
export function readable(value: unknown, name: string, code: ErrorCode = 'invalid-matrix'): void {
  if (typeof value === 'object' && value !== null && !isObject(value)) {
    refuse(SvdTypeError, code, name, value, 'what can be read to its end');
  }
}

/** How a value is shown in a message: short, telling strings from numbers; of a matrix the shape. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (isRevoked(value)) return 'a revoked Proxy';
  if (isArray(value)) {
    const { length } = value;
    if (typeof length === 'number' && length < 5)
      return `[${Array.from({ length }, (_, at) => shallow(value[at])).join(', ')}]`;
  }
  if (!isObject(value)) return String(value);
  const { rows, columns } = value as { rows?: unknown; columns?: unknown };
  return rows === undefined ? 'an object' : `${shallow(rows)} x ${shallow(columns)}`;
}

/** What is within something else, without what is within it: that might be itself. */
const shallow = (value: unknown): string =>
  isArray(value) ? 'an array' : isObject(value) ? 'an object' : show(value);
