/** The core of `gradient-svd/sparse` and how its memory is seen. */

import { memory, type Pointer, type Shared, wasm } from '../core.js';

/** The exports of assembly/sparse.ts. */
interface Exports extends Shared {
  csr(rows: number, columns: number, entries: number): Pointer;
  csrField(a: Pointer, which: number): Pointer;
  assemble(a: Pointer, row: Pointer): void;
  transpose(a: Pointer): Pointer;
}

/** The running core. */
export const sparse = () => wasm<Exports>();

/** A live view on `length` i32 at `at`: to be used before anything allocates. */
export const integers = (at: Pointer, length: number) => new Int32Array(memory().buffer, at, length);
