/** A run of assembly/krylov/ in the core: its memory, what it asks for, what comes out of it. */

import {
  CONVERGED,
  DONE,
  MAY_PASS,
  PASSES,
  PHASE,
  PRODUCTS,
  RESIDUALS,
  SIGMA,
  VALUES,
  WORST,
  X,
} from '../../assembly/sparse/boundary.js';
import { valid, whole } from '../check.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { refuse, SvdRangeError } from '../errors.js';
import { readFactors } from '../factors.js';
import { SvdAbortError, turn } from '../host.js';
import { checkNorm, type Floats, type Matrix } from '../matrix.js';
import { field, integers, matrixAt, sparse } from './core.js';
import { type Entries, toCore } from './matrix.js';
import type { Checked, SvdsAsyncOptions, SvdsCertificate, SvdsProgress, SvdsResult } from './options.js';

/**
 * The k largest singular values of an m x n matrix, or of its transpose if that is `wide`: vectors of the shorter side
 * are kept, and, where m is known, U. To be disposed of.
 */
export class Run {
  readonly wide: boolean;
  /** The length of the vectors that are kept. */
  readonly short: number;
  /** What M is multiplied by, a power of two: that of the first numbers that are not all 0; 0 before. */
  #unit = 0;
  #matrix: Pointer = 0;
  readonly #k: number;
  readonly #iterations: number;
  readonly #taken: Pointer[] = [];
  readonly pointer: Pointer;
  /** U of the longer side; 0 where nothing of length m is kept. */
  readonly left: Pointer = 0;

  constructor(
    readonly m: number | undefined,
    readonly n: number,
    { rank, tolerance, iterations, seed, init }: Checked,
  ) {
    this.wide = m !== undefined && m < n;
    const [long, short] = this.wide ? [n, m!] : [m, n];
    this.short = short;
    this.#k = valid('rank', rank, whole(null, 1, short), 'invalid-rank');
    this.#iterations = iterations;
    const start =
      typeof init === 'string' ? undefined : readFactors(init, 'init', { m: m as number, n, k: rank });
    const { krylov, left, warm } = sparse();
    const known = long !== undefined;
    this.pointer = this.#room(() => krylov(short, rank, tolerance, iterations, seed, known));
    if (known) this.left = this.#room(() => left(long, rank));
    if (!start) return;
    withScratch([short * rank], 'init', short, rank, (at) => {
      view(at, short * rank).set(this.wide ? start.U : start.V);
      warm(this.pointer, at);
    });
  }

  /** Room in the core that goes when the run is disposed of. */
  #room(allocate: () => Pointer): Pointer {
    try {
      const at = room('A', this.m ?? this.n, this.n, allocate);
      this.#taken.push(at);
      return at;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  state(which: number): number {
    return field(this.pointer, which);
  }

  get phase(): number {
    return this.state(PHASE);
  }

  get passes(): number {
    return this.state(PASSES);
  }

  get progress(): SvdsProgress {
    const residual = view(this.pointer, WORST + 1)[WORST]!;
    return { passes: this.passes, iterations: this.#iterations, residual };
  }

  /** Numbers of M, or of products with it, into the unit of the run. */
  scale(count: number, at: Pointer, name: string): void {
    this.#unit = sparse().scaleTo(this.#unit, count, at);
    if (this.#unit < 0) {
      const remedy = 'A in units that bring it near to 1, all of it within 70 decades';
      refuse(SvdRangeError, 'non-finite-entry', name, Infinity, remedy);
    }
  }

  /** The matrix, or its transpose if it is `wide`, into the core. */
  read(from: Entries): void {
    const { pointer, count } = toCore(from, 'A', this.wide);
    this.#taken.push(pointer);
    this.#matrix = pointer;
    this.scale(count, field(pointer, VALUES), 'a sum of entries of A');
  }

  /** At most so many passes over a matrix in the core. */
  go(passes: number): void {
    sparse().run(this.#matrix, this.pointer, this.left, passes);
  }

  /** Goes on with the products that were asked for. */
  advance(): void {
    sparse().proceed(this.pointer, this.left);
  }

  /** The next step is the last. */
  stop(): void {
    integers(this.pointer, MAY_PASS + 1)[MAY_PASS] = this.passes;
  }

  /** Singular values and residuals come in units of M scaled. */
  #unscaled(which: number): Floats {
    return view(this.state(which), this.#k).map((x) => x / (this.#unit || 1));
  }

  get certificate(): SvdsCertificate & { S: Floats } {
    const S = this.#unscaled(SIGMA);
    checkNorm(S[0]!);
    return {
      S,
      status: this.state(CONVERGED) ? 'converged' : 'max-iterations',
      // (of the largest float64 they may be twice as much)
      residuals: this.#unscaled(RESIDUALS).map((one) => Math.min(one, Number.MAX_VALUE)),
      passes: this.passes,
      products: this.state(PRODUCTS),
    };
  }

  /** Columns of panels as they are to be signed, so that the largest entry of those at `by` becomes positive. */
  vectors(by: Pointer, byRows: number, ...panels: [at: Pointer, rows: number][]): Matrix[] {
    const k = this.#k;
    const most = Math.max(...panels.map(([, rows]) => rows));
    const { signsOf, fromPanels } = sparse();
    return withScratch([k, most * k], 'the result', most, k, (signs, to) => {
      signsOf(byRows, k, by, signs);
      return panels.map(([at, rows]) => {
        fromPanels(rows, k, at, signs, to);
        return matrixAt(to, rows, k);
      });
    });
  }

  /** All that there is at the end, where U was kept. */
  get result(): SvdsResult {
    const { wide, left } = this;
    const m = this.m!;
    const short = this.state(X);
    const long = sparse().leftAt(left, 0) >>> 0;
    const [atU, atV] = wide ? [short, long] : [long, short];
    const [U, V] = this.vectors(atU, m, [atU, m], [atV, this.n]) as [Matrix, Matrix];
    const { S, ...certificate } = this.certificate;
    return { U, S, V, ...certificate };
  }

  dispose(): void {
    for (const at of this.#taken.splice(0)) sparse().release(at);
  }
}

/** When the host had its turn last. */
let turned = 0;

/** Between passes: progress, the host's turn about every 20 ms, the signal. */
export async function pause(
  run: Run,
  { signal, onProgress }: Pick<SvdsAsyncOptions, 'signal' | 'onProgress'>,
  soFar?: () => SvdsResult,
): Promise<void> {
  if (onProgress) await onProgress(run.progress);
  if (performance.now() - turned > 20) {
    await turn();
    turned = performance.now();
  }
  if (signal?.aborted && run.phase !== DONE) {
    throw new SvdAbortError(signal.reason, `pass ${run.passes}`, soFar?.());
  }
}
