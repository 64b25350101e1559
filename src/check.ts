/** Options of every kind, checked: a table says of each what it is by default, and what else it may be. */

import { type ErrorCode, isArray, isObject, refuse, SvdRangeError, SvdTypeError, unread } from './errors.js';

/** What an option may be; `T` is its type. */
export interface Parameter<T = unknown> {
  /** (there for TypeScript only) */
  readonly type?: T;
  /** Its default; `null` = it must be given. */
  readonly usual: unknown;
  readonly ok: (value: never) => boolean;
  /** What is ok, in words. */
  readonly range: string;
  /** What a bad value of it throws. */
  readonly Kind: typeof SvdTypeError | typeof SvdRangeError;
  /** Of a list of numbers: how many. They are read once, as each may be a getter. */
  readonly count: number;
}

export type Table<T = unknown> = Readonly<Record<keyof T, Parameter>>;

export const parameter = <T = unknown>(
  usual: unknown,
  range: string,
  ok: (value: never) => boolean,
  Kind: Parameter['Kind'] = SvdTypeError,
  count = 0,
): Parameter<T> => ({ usual, ok, range, Kind, count });

/** Anything, as far as a table can say. */
export const any = (usual?: unknown) => parameter(usual, '', () => true);

type Usual = number | null | undefined;

export const number = (usual: Usual, range = 'a number', ok: (x: number) => boolean = () => true) =>
  parameter<number>(usual, range, (x: number) => Number.isFinite(x) && ok(x), SvdRangeError);

export const nonNegative = (usual: Usual) => number(usual, 'a number >= 0', (x) => x >= 0);

export const positive = (usual: Usual) => number(usual, 'a number > 0', (x) => x > 0);

export const share = (usual: Usual) => number(usual, 'a number in [0, 1]', (x) => x >= 0 && x <= 1);

export const whole = (usual: Usual, least: number, most = Infinity) =>
  number(
    usual,
    `a whole number ${most < Infinity ? `from ${least} to ${most}` : `>= ${least}`}`,
    (x) => Number.isInteger(x) && x >= least && x <= most,
  );

export const choice = (usual: unknown, ...values: readonly unknown[]) =>
  parameter(usual, values.map((value) => JSON.stringify(value)).join(' or '), (x) => values.includes(x));

export const flag = (usual: boolean | null) =>
  parameter<boolean>(usual, 'true or false', (x) => typeof x === 'boolean');

/** `value`, if it may be the option `name`. */
export function valid<T>(
  name: string,
  value: T,
  { ok, range, Kind }: Parameter,
  code: ErrorCode = 'invalid-option',
): T {
  if (!ok(value as never)) refuse(code === 'invalid-option' ? Kind : SvdRangeError, code, name, value, range);
  return value;
}

/** Whether at most so many letters were added, left out or changed between a and b. */
function near(a: string, b: string, slips: number): boolean {
  if (a === b || slips === 0) return a === b;
  let at = 0;
  while (a[at] === b[at]) at++;
  const [x, y] = [a.slice(at), b.slice(at)];
  const [x1, y1] = [x.slice(1), y.slice(1)];
  return near(x1, y1, slips - 1) || near(x1, y, slips - 1) || near(x, y1, slips - 1);
}

/** What other libraries call it. */
const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  rank: /^(k|n_?(components|factors))$/i,
  seed: /^random_?state$/i,
  lr: /^(learning_?rate|alpha|eta)$/i,
  iterations: /epochs$/i,
  regularization: /^lambda$/i,
};

/** The known name that was probably meant: what others call it, a slip of the pen away, or with a beginning in common (tol, max_iter). */
function meant(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  return (
    known.find((one) => near(name, one, one.length > 5 ? 2 : 1) || ELSEWHERE[one]?.test(name)) ??
    known.find((one) => given.length > 2 && (one.startsWith(given) || given.includes(one.slice(0, 4))))
  );
}

const didYouMean = (name: string, known: readonly string[]): string => {
  const near = meant(name, known);
  return near ? `; did you mean ${near}?` : '';
};

/**
 * What was `given` as options, each one known and valid, defaults filled in; messages start with `prefix`, that of an
 * unknown name ends with `hint`.
 */
export function checked<T>(
  prefix: string,
  table: Table<T>,
  given: unknown,
  code?: ErrorCode,
  hint?: (name: string) => string | undefined,
): T {
  const name = prefix ? prefix.replace(/\W+$/, '') : 'options';
  if (!isObject(given)) refuse(SvdTypeError, 'invalid-option', name, given, 'an object of options');
  const parts: unknown[] = [given];
  // (not `reading`: what it would be called with is most of the garbage where there are no options)
  try {
    return each(prefix, table, given, parts, code, hint);
  } catch (error) {
    unread(error, name, parts, 'invalid-option');
  }
}

/** The same, of an object; all that is asked of on the way is in `parts`. */
function each<T>(
  prefix: string,
  table: Table<T>,
  given: object,
  parts: unknown[],
  code?: ErrorCode,
  hint?: (name: string) => string | undefined,
): T {
  const { all, needed } = usual(table);
  const keys = Object.keys(given);
  // (as in svd(M): nobody writes into options)
  if (keys.length === 0 && needed.length === 0) return all;
  const options = { ...all };
  // own properties alone: what somebody adds to Object.prototype is no option
  for (const key of keys as (keyof T & string)[]) {
    if (!Object.hasOwn(table, key)) {
      const known = Object.keys(table);
      const ending = hint?.(key) ?? didYouMean(key, known);
      throw new SvdTypeError(
        'unknown-option',
        `${prefix}"${key}" is no option; there are ${known.join(', ')}${ending}`,
      );
    }
    let value = (given as T)[key];
    const { count: length } = table[key];
    if (length && isArray(value)) {
      const list: readonly unknown[] = value;
      parts[1] = list;
      if (list.length === length) value = Array.from({ length }, (_, at) => list[at]) as T[typeof key];
    }
    if (value !== undefined) options[key] = valid(prefix + key, value, table[key], code);
  }
  for (const key of needed) {
    if (options[key] === null) valid(prefix + key, undefined, table[key], code);
  }
  return options;
}

/** What a table's options are by default, and those that have none: null. */
interface Defaults<T> {
  readonly all: T;
  readonly needed: readonly (keyof T & string)[];
}

const defaults = /* @__PURE__ */ new WeakMap<object, unknown>();

function usual<T>(table: Table<T>): Defaults<T> {
  let known = defaults.get(table) as Defaults<T> | undefined;
  if (!known) {
    const entries = Object.entries<Parameter>(table);
    const all = Object.freeze(Object.fromEntries(entries.map(([key, { usual }]) => [key, usual]))) as T;
    const needed = entries.filter(([, { usual }]) => usual === null).map(([key]) => key as keyof T & string);
    known = { all, needed };
    defaults.set(table, known);
  }
  return known;
}
