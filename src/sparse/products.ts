/** Matrices that are elsewhere: products made by somebody else, and blocks of rows that are read anew in each pass. */

import { COUNT, DONE, FINAL, LOCKED, PRODUCT, READY, VALUES, X, Z } from '../../assembly/sparse/boundary.js';
import { valid, whole } from '../check.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { hasMethod, isObject, readable, refuse, SvdRangeError, SvdTypeError } from '../errors.js';
import { readFactors, type SvdFactorsInput } from '../factors.js';
import { checkFinite, copied, type Matrix, type MatrixInput, oneByOne } from '../matrix.js';
import { field, matrixAt, sparse } from './core.js';
import {
  type Entries,
  entriesOf,
  type InCore,
  isListed,
  type SparseInput,
  shapeOf,
  toCore,
} from './matrix.js';
import type { Checked, SvdsAsyncOptions, SvdsBlocksResult, SvdsResult } from './options.js';
import { pause, Run } from './run.js';

/** A matrix known by its products alone, with a few columns (four) at a time. */
export interface OperatorInput {
  readonly rows: number;
  readonly columns: number;
  /** M X (rows x b) for X (columns x b). */
  multiply(X: Matrix): MatrixInput | Promise<MatrixInput>;
  /** Mᵀ Y (columns x b) for Y (rows x b). */
  multiplyTransposed(Y: Matrix): MatrixInput | Promise<MatrixInput>;
}

/** Some rows of a matrix: dense, or sparse with the columns of the whole. */
export type Block = MatrixInput | SparseInput;

/** A matrix by blocks of rows: `blocks()` gives the same ones, in the same order, each time it is called. */
export interface BlocksInput {
  readonly columns: number;
  /** The blocks from first to last: rows of M, dense or sparse, as many at a time as you like: bits don't depend on it. */
  blocks(): AsyncIterable<Block> | Iterable<Block>;
}

type Watch = Pick<SvdsAsyncOptions, 'signal' | 'onProgress'>;
type Options = Checked & Watch;

export const isBlocks = (A: unknown): A is BlocksInput => hasMethod(A, 'blocks');
export const isOperator = (A: unknown): A is OperatorInput => hasMethod(A, 'multiply');

/** Panels have four columns. */
const B = 4;

/** The products of an operator, as the run asks for them. */
class Operator {
  constructor(
    readonly A: OperatorInput,
    readonly run: Run,
  ) {}

  /** Panel `to` = the product of the panel at `from`, scaled: of one whose rows are as many as the run keeps, or `back`. */
  async #product(from: Pointer, to: Pointer, back: boolean): Promise<void> {
    const { wide, m, n } = this.run;
    const transposed = wide !== back;
    const [rows, columns] = transposed ? [n, m!] : [m!, n];
    const name = transposed ? 'multiplyTransposed' : 'multiply';
    const given = this.A[name](matrixAt(from, columns, B));
    readable(given, `A.${name}(X)`);
    const { data } = copied(await given, `A.${name}(X)`, rows, B);
    checkFinite(data, B, `A.${name}(X)`);
    view(to, data.length).set(data);
    this.run.scale(data.length, to, 'a product of A');
  }

  async serve(): Promise<void> {
    const { run } = this;
    const { left, pointer } = run;
    const { leftAt, deflate, leftGram } = sparse();
    const final = run.phase === FINAL;
    const locked = run.state(LOCKED);
    for (let q = 0; q < run.state(COUNT); q++) {
      const T = leftAt(left, final ? q : -1) >>> 0;
      const step = 8 * B * run.short * q;
      await this.#product(run.state(X) + step, T, false);
      if (locked && !final) deflate(left, locked);
      await this.#product(T, run.state(Z) + step, true);
    }
    if (final) leftGram(left, pointer);
  }

  /** Small columns of U are mended. */
  async complete(): Promise<void> {
    const { run } = this;
    const { left, pointer } = run;
    const { leftAt, mendLeft, lookAtMended, judge } = sparse();
    for (let q = 0; q < run.state(COUNT); q++) {
      if (!mendLeft(left, pointer, q)) continue;
      await this.#product(leftAt(left, q) >>> 0, run.state(Z), true);
      lookAtMended(pointer, q);
    }
    judge(pointer);
  }
}

/** To the end of a run: what it asks for is served, and the host has its turn. */
async function drive(run: Run, options: Options, serve: () => Promise<void>): Promise<void> {
  while (run.phase !== DONE) {
    if (run.phase !== READY) await serve();
    run.advance();
    await pause(run, options);
  }
}

export async function ofOperator(A: OperatorInput, options: Options): Promise<SvdsResult> {
  if (!hasMethod(A, 'multiplyTransposed')) {
    refuse(SvdTypeError, 'invalid-matrix', 'A.multiplyTransposed', A.multiplyTransposed, 'a function');
  }
  const run = new Run(...shapeOf('A', A), options);
  try {
    const operator = new Operator(A, run);
    await drive(run, options, () => operator.serve());
    await operator.complete();
    return run.result;
  } finally {
    run.dispose();
  }
}

/** A block's entries: those of a dense one that are not 0. */
function entriesOfBlock(block: Block, name: string, columns: number): Entries {
  const isSparse = isObject(block) && isListed(block);
  if (isSparse) {
    const entries = entriesOf(block as SparseInput, name);
    if (entries.columns !== columns) {
      refuse(SvdRangeError, 'shape-mismatch', `${name}.columns`, entries.columns, `${columns}`);
    }
    return entries;
  }
  const { rows, data } = copied(block as MatrixInput, name, undefined, columns);
  checkFinite(data, columns, name);
  let count = 0;
  for (const value of data) if (value !== 0) count++;
  return {
    rows,
    columns,
    count,
    copyTo(row, column, values) {
      const [down, across, to] = [row(), column(), values()];
      for (let i = 0, at = 0, e = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++, at++) {
          if (data[at] === 0) continue;
          down[e] = i;
          across[e] = j;
          to[e++] = data[at]!;
        }
      }
    },
  };
}

/** Blocks, or promises of them, that are there at once. (What is revoked could not even be awaited.) */
function* atOnce(blocks: Iterable<Block>): Generator<Block> {
  for (const block of oneByOne(blocks, 'A.blocks()')) {
    readable(block, 'a block');
    yield block;
  }
}

/** The blocks of one pass, each in the core while it is worked on. */
async function* inTurn(A: BlocksInput): AsyncGenerator<InCore> {
  const [, columns] = shapeOf('A', { rows: 1, columns: A.columns });
  const blocks = A.blocks();
  const async = hasMethod(blocks, Symbol.asyncIterator);
  if (!async && !hasMethod(blocks, Symbol.iterator)) {
    refuse(SvdTypeError, 'invalid-matrix', 'A.blocks()', blocks, 'an iterable of rows, async or not');
  }
  let at = 0;
  for await (const block of async ? blocks : atOnce(blocks as Iterable<Block>)) {
    const name = `block ${at++}`;
    const matrix = toCore(entriesOfBlock(block, name, columns), name);
    try {
      yield matrix;
    } finally {
      sparse().release(matrix.pointer);
    }
  }
}

/** One pass, with a pause after each block; returns how many rows it has seen. */
async function pass(A: BlocksInput, run: Run, breathe: () => Promise<void>): Promise<number> {
  const { pointer } = run;
  const { clear, addBlock } = sparse();
  let rows = 0;
  clear(pointer);
  for await (const block of inTurn(A)) {
    run.scale(block.count, field(block.pointer, VALUES), 'a block of A');
    room('A', block.rows, block.columns, () => {
      addBlock(block.pointer, pointer);
      return pointer;
    });
    rows += block.rows;
    await breathe();
  }
  return rows;
}

export async function ofBlocks(A: BlocksInput, options: Options): Promise<SvdsBlocksResult> {
  const [, columns] = shapeOf('A', { rows: 1, columns: A.columns });
  const run = new Run(undefined, columns, options);
  try {
    let rows = 0;
    await drive(run, options, async () => {
      const seen = await pass(A, run, () => pause(run, { signal: options.signal }));
      if (run.phase === PRODUCT && run.passes === 0) {
        rows = seen;
        if (rows === 0) refuse(SvdRangeError, 'empty-matrix', 'rows in A.blocks()', rows, 'at least one');
        valid('rank', options.rank, whole(null, 1, rows), 'invalid-rank');
      }
      if (seen !== rows) {
        refuse(SvdRangeError, 'shape-mismatch', 'rows in A.blocks()', seen, `${rows} as in the first pass`);
      }
    });
    const at = run.state(X);
    const [V] = run.vectors(at, columns, [at, columns]) as [Matrix];
    return { rows, V, ...run.certificate };
  } finally {
    run.dispose();
  }
}

/** U (rows x k) = M V diag(1/S) of a matrix in the core; columns of what counts as zero are 0. */
function leftOf(matrix: InCore, k: number, V: Float64Array, by: Float64Array): Matrix {
  const { rows, columns } = matrix;
  const lengths = [columns * k, k, columns * B, rows * B, rows * k];
  return withScratch(lengths, 'U', rows, k, (v, s, x, t, u) => {
    view(v, V.length).set(V);
    view(s, k).set(by);
    sparse().multiply(matrix.pointer, k, v, s, x, t, u);
    const U = matrixAt(u, rows, k);
    checkFinite(U.data, k, 'rows V / S', 'rows and factors in units that bring them near to 1');
    return U;
  });
}

/** V and 1/S of factors, of which U may be missing; singular values that are but rounding count as zero. */
function folding(factors: Pick<SvdFactorsInput, 'S' | 'V'>): {
  n: number;
  k: number;
  V: Float64Array;
  by: Float64Array;
} {
  const given = isObject(factors) ? { ...factors, U: factors.V } : factors;
  const { n, k, ...read } = readFactors(given as SvdFactorsInput, 'factors');
  const limit = n * Number.EPSILON * (read.S[0] ?? 0);
  return { n, k, V: read.V, by: read.S.map((s) => (s > limit ? 1 / s : 0)) };
}

/**
 * Rows in the coordinates of U, without a new decomposition: rows V diag(1/S). Rows of M give theirs of U; with blocks,
 * U comes block by block.
 *
 * @param A sparse rows in any {@link SparseInput} form, or blocks of rows
 * @param factors `{ S, V }`, what {@link svds} or {@link svdsAsync} found
 * @returns a matrix, or for blocks an async generator of one for each
 * @throws SvdRangeError `shape-mismatch` if rows and factors do not fit together
 * @example
 * ```ts
 * const A = { rows: 2, columns: 2, data: [3, 4, 5], row: [0, 1, 1], col: [0, 0, 1] };
 * project(A, svds(A, { rank: 2 })).toArray(); // [[0.32, 0.95], [0.95, -0.32]], which is U
 * ```
 */
export function project(A: BlocksInput, factors: Pick<SvdFactorsInput, 'S' | 'V'>): AsyncGenerator<Matrix>;
export function project(A: SparseInput, factors: Pick<SvdFactorsInput, 'S' | 'V'>): Matrix;
export function project(
  A: SparseInput | BlocksInput,
  factors: Pick<SvdFactorsInput, 'S' | 'V'>,
): Matrix | AsyncGenerator<Matrix> {
  const { n, k, V, by } = folding(factors);
  if (isBlocks(A)) return projected(A, k, V, by);
  const matrix = toCore(entriesOf(A, 'A', { columns: n }), 'A');
  try {
    if (matrix.columns !== n) refuse(SvdRangeError, 'shape-mismatch', 'A.columns', matrix.columns, `${n}`);
    return leftOf(matrix, k, V, by);
  } finally {
    sparse().release(matrix.pointer);
  }
}

async function* projected(
  A: BlocksInput,
  k: number,
  V: Float64Array,
  by: Float64Array,
): AsyncGenerator<Matrix> {
  for await (const block of inTurn(A)) yield leftOf(block, k, V, by);
}
