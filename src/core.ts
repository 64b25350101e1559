/** The WebAssembly core: compiled once, on first use or by `initialize()`, and how its memory is seen. */

import { instantiateSync } from '@assemblyscript/loader';
import bytes, { file, id } from 'core.wasm';
import { refuse, SvdRangeError, SvdTypeError } from './errors.js';

/** Opaque address in the core's memory. */
export type Pointer = number;

/** What every core exports. */
export interface Shared extends Record<string, unknown> {
  memory: WebAssembly.Memory;
  alloc(length: number): Pointer;
  release(at: Pointer): void;
}

/** The exports of assembly/index.ts. */
interface Exports extends Shared {
  create(
    problem: number,
    optimizer: number,
    vectors: number,
    m: number,
    n: number,
    k: number,
    weighted: boolean,
  ): Pointer;
  configure(
    d: Pointer,
    squared: boolean,
    penaltyU: number,
    penaltyV: number,
    tolerance: number,
    history: number,
  ): void;
  factorize(d: Pointer): void;
  expand(d: Pointer): Pointer;
  reduce(d: Pointer): void;
  forget(d: Pointer): void;
  normalize(d: Pointer, wanted: boolean | number, regularization: number): number;
  orthonormal(d: Pointer): void;
  step(d: Pointer, count: number, lr: number, rates: number): void;
  address(d: Pointer, which: number): Pointer;
  length(d: Pointer, which: number): number;
  pow(x: number, y: number): number;
  halfCosine(x: number): number;
  jacobiScratch(m: number, n: number): number;
  orthonormalize(rows: number, k: number, X: Pointer, r: Pointer, scratch: Pointer): void;
  jacobi(m: number, n: number, M: Pointer, U: Pointer, S: Pointer, V: Pointer, scratch: Pointer): number;
  gemm(mode: number, m: number, n: number, k: number, a: Pointer, b: Pointer, c: Pointer, d: Pointer): void;
}

/** That of this bundle, see tools/cores.js. */
let core: Shared | undefined;

/** Is it the very core that this wrapper was built with? Each build has an id of its own. */
function isOurs(module: WebAssembly.Module): boolean {
  try {
    const [section] = WebAssembly.Module.customSections(module, 'id');
    return String.fromCharCode(...new Uint8Array(section!)) === id;
  } catch {
    // no module, whatever it calls itself
    return false;
  }
}

/** Everything that can keep the core from starting is one clear error, and it can be tried again. */
function noWebAssembly(cause: unknown): never {
  const error = new SvdTypeError(
    'no-webassembly',
    `the core can't start: ${cause}; it needs WebAssembly with SIMD, and where a Content-Security-Policy is set ` +
      `'wasm-unsafe-eval' in its script-src, or initialize(module)`,
  );
  throw Object.assign(error, { cause });
}

/** The running core, started on first use. */
export function wasm<T extends Shared = Exports>(): T {
  if (!core) {
    try {
      core = instantiateSync<Shared>(bytes()).exports;
    } catch (cause) {
      noWebAssembly(cause);
    }
  }
  return core as T;
}

/**
 * Start the WebAssembly core ahead of its first use, compiling it off the main thread; optional.
 *
 * @param module a compiled `gradient-svd/core.wasm`, for hosts that forbid compiling bytes; unused where
 *   the core has started already
 * @throws (as a rejection) SvdTypeError `invalid-option` for any other module, that of another version included;
 *   `no-webassembly` where the host has no WebAssembly, or its Content-Security-Policy lacks `'wasm-unsafe-eval'`.
 *   It may be called again
 * @example
 * ```ts
 * await initialize();
 * ```
 */
export async function initialize(module?: object): Promise<void> {
  if (module !== undefined && !isOurs(module)) {
    const remedy = `the WebAssembly.Module of this version's ${file}, or nothing`;
    refuse(SvdTypeError, 'invalid-option', 'module', module, remedy);
  }
  if (core) return;
  try {
    const compiled = module ?? (await WebAssembly.compile(bytes()));
    core ??= instantiateSync<Shared>(compiled).exports;
  } catch (cause) {
    noWebAssembly(cause);
  }
}

/** A live view on `length` f64 at `at`. Memory growth detaches it: take it anew after anything that allocates. */
export function view(at: Pointer, length: number): Float64Array {
  return new Float64Array(wasm().memory.buffer, at >>> 0, length);
}

let cells: Float64Array = /* @__PURE__ */ new Float64Array(0);

/** All of the core's memory, the f64 at `at` in `memory()[at / 8]`. Detached by growth as a view is. */
export function memory(): Float64Array {
  if (cells.length === 0) cells = view(0, wasm().memory.buffer.byteLength / 8);
  return cells;
}

/** What `allocate(...sizes)` gives, for a matrix `name` of this shape; that it throws says that there is no room. */
export function room<T extends unknown[]>(
  name: string,
  rows: number,
  columns: number,
  allocate: (...sizes: T) => Pointer,
  ...sizes: T
): Pointer {
  try {
    return allocate(...sizes) >>> 0;
  } catch {
    const remedy = 'a smaller matrix or rank, or dispose of descents: WebAssembly memory is full at 4 GiB';
    refuse(SvdRangeError, 'too-large', name, { rows, columns }, remedy);
  }
}

/**
 * Run `work` with scratch buffers of the given lengths (in f64) in the core's memory; they are gone
 * afterwards, whatever happens. `name`, `rows`, `columns` are what an error would talk about.
 */
export function withScratch<T>(
  lengths: readonly number[],
  name: string,
  rows: number,
  columns: number,
  work: (...at: Pointer[]) => T,
): T {
  const taken: Pointer[] = [];
  try {
    for (const length of lengths) taken.push(room(name, rows, columns, wasm().alloc, length));
    return work(...taken);
  } finally {
    for (const at of taken) wasm().release(at);
  }
}
