/** The core of `gradient-svd/sparse` and how its memory is seen. */

import { type Pointer, type Shared, view, wasm } from '../core.js';
import { Matrix } from '../matrix.js';

/** The exports of assembly/sparse.ts. */
interface Exports extends Shared {
  csr(rows: number, columns: number, entries: number): Pointer;
  assemble(a: Pointer, row: Pointer): void;
  createFit(
    rows: number,
    columns: number,
    k: number,
    count: number,
    held: number,
    seed: number,
    share: number,
    weights: boolean,
    biases: boolean,
    weighted: boolean,
  ): Pointer;
  arrange(f: Pointer, count: number, row: Pointer, column: Pointer, value: Pointer, weight: Pointer): void;
  scatter(f: Pointer, size: number): void;
  begin(f: Pointer, lambda: number): void;
  descend(
    f: Pointer,
    count: number,
    tolerance: number,
    patience: number,
    losses: Pointer,
    errors: Pointer,
  ): number;
  restore(f: Pointer): void;
  foldIn(
    count: number,
    size: number,
    lambda: number,
    kappa: number,
    Y: Pointer,
    H: Pointer,
    x: Pointer,
  ): void;
  scaleTo(unit: number, n: number, x: Pointer): number;
  multiply(a: Pointer, k: number, V: Pointer, by: Pointer, X: Pointer, T: Pointer, U: Pointer): void;
  krylov(n: number, k: number, tolerance: number, most: number, seed: number, canLock: boolean): Pointer;
  warm(s: Pointer, V: Pointer): void;
  proceed(s: Pointer, l: Pointer): number;
  run(a: Pointer, s: Pointer, l: Pointer, passes: number): number;
  clear(s: Pointer): void;
  addBlock(a: Pointer, s: Pointer): void;
  left(m: number, k: number): Pointer;
  leftAt(l: Pointer, q: number): Pointer;
  leftGram(l: Pointer, s: Pointer): void;
  deflate(l: Pointer, locked: number): void;
  mendLeft(l: Pointer, s: Pointer, q: number): boolean;
  lookAtMended(s: Pointer, q: number): void;
  judge(s: Pointer): void;
  signsOf(rows: number, k: number, from: Pointer, signs: Pointer): void;
  fromPanels(rows: number, k: number, from: Pointer, signs: Pointer, to: Pointer): void;
}

/** The running core. */
export const sparse = () => wasm<Exports>();

/** A live view on `length` i32 at `at`: to be used before anything allocates. */
export const integers = (at: Pointer, length: number) => new Int32Array(sparse().memory.buffer, at, length);

/** Word `which` of what is at `at`: a number of things, or where something is. */
export const field = (at: Pointer, which: number): number => integers(at, which + 1)[which]! >>> 0;

/** A copy of the matrix at `at`, row by row. */
export const matrixAt = (at: Pointer, rows: number, columns: number): Matrix =>
  new Matrix(rows, columns, view(at, rows * columns).slice());
