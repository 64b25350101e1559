/** A run of assembly/krylov/ in the core: its memory, what it asks for, what comes out of it. */

import {
  CONVERGED,
  COUNT,
  FINAL,
  LOCKED,
  PASSES,
  PHASE,
  PRODUCTS,
  RESIDUALS,
  SIGMA,
  WORST,
  X,
  Z,
} from '../../assembly/sparse/boundary.js';
import { valid, whole } from '../check.js';
import { type Pointer, room, view, withScratch } from '../core.js';
import { readFactors } from '../factors.js';
import { checkNorm, type Floats, Matrix } from '../matrix.js';
import { sparse } from './core.js';
import type { Checked, SvdsCertificate, SvdsProgress, SvdsResult } from './options.js';

/**
 * The k largest singular values of an m x n matrix, or of its transpose if that is `wide`: vectors of the shorter side
 * are kept, and, where m is known, U. To be disposed of.
 */
export class Run {
  readonly wide: boolean;
  /** What M is multiplied by, a power of two; known with the first entries. */
  unit = 0;
  readonly #k: number;
  readonly #n: number;
  readonly #iterations: number;
  readonly #taken: Pointer[] = [];
  readonly #run: Pointer;
  /** U of the longer side; 0 where nothing of length m is kept. */
  readonly left: Pointer = 0;

  constructor(
    readonly m: number | undefined,
    n: number,
    { rank, tolerance, iterations, seed, init }: Checked,
  ) {
    this.wide = m !== undefined && m < n;
    const [long, short] = this.wide ? [n, m!] : [m, n];
    this.#k = valid('rank', rank, whole(null, 1, short), 'invalid-rank');
    this.#n = n;
    this.#iterations = iterations;
    const start =
      typeof init === 'string' ? undefined : readFactors(init, 'init', { m: m as number, n, k: rank });
    const { krylov, left, warm } = sparse();
    const known = long !== undefined;
    this.#run = this.#room(() => krylov(short, rank, tolerance, iterations, seed, known));
    if (known) this.left = this.#room(() => left(long, rank));
    if (!start) return;
    withScratch([short * rank], 'init', short, rank, (at) => {
      view(at, short * rank).set(this.wide ? start.U : start.V);
      warm(this.#run, at);
    });
  }

  #room(allocate: () => Pointer): Pointer {
    try {
      const at = room('A', this.m ?? this.#n, this.#n, allocate);
      this.#taken.push(at);
      return at;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #state(which: number): number {
    return sparse().state(this.#run, which);
  }

  get phase(): number {
    return this.#state(PHASE);
  }

  get passes(): number {
    return this.#state(PASSES);
  }

  /** Panels that products are asked for. */
  get count(): number {
    return this.#state(COUNT);
  }

  get progress(): SvdsProgress {
    return { passes: this.passes, iterations: this.#iterations, residual: this.#state(WORST) };
  }

  /** Where the panels are whose products are asked for, and where these belong. */
  get asked(): { pointer: Pointer; X: Pointer; Z: Pointer; locked: number; final: boolean } {
    return {
      pointer: this.#run,
      X: this.#state(X),
      Z: this.#state(Z),
      locked: this.#state(LOCKED),
      final: this.phase === FINAL,
    };
  }

  /** At most so many passes over a matrix in the core. */
  go(matrix: Pointer, passes: number): void {
    sparse().run(matrix, this.#run, this.left, passes);
  }

  /** Goes on with the products that were asked for. */
  advance(): void {
    sparse().proceed(this.#run, this.left);
  }

  /** The next step is the last. */
  stop(): void {
    sparse().stopAt(this.#run, this.passes);
  }

  /** Singular values and residuals come in units of M scaled. */
  #unscaled(which: number): Floats {
    const found = view(this.#state(which), this.#k).slice();
    for (let a = 0; a < found.length; a++) found[a]! /= this.unit;
    checkNorm(found[0]!);
    return found;
  }

  get certificate(): SvdsCertificate & { S: Floats } {
    return {
      S: this.#unscaled(SIGMA),
      status: this.#state(CONVERGED) ? 'converged' : 'max-iterations',
      residuals: this.#unscaled(RESIDUALS),
      passes: this.passes,
      products: this.#state(PRODUCTS),
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
        return new Matrix(rows, k, view(to, rows * k).slice());
      });
    });
  }

  /** All that there is at the end, where U was kept. */
  get result(): SvdsResult {
    const { wide, left } = this;
    const m = this.m!;
    const short = this.asked.X;
    const long = sparse().leftAt(left, 0) >>> 0;
    const [atU, atV] = wide ? [short, long] : [long, short];
    const [U, V] = this.vectors(atU, m, [atU, m], [atV, this.#n]) as [Matrix, Matrix];
    const { S, ...certificate } = this.certificate;
    return { U, S, V, ...certificate };
  }

  dispose(): void {
    for (const at of this.#taken.splice(0)) sparse().release(at);
  }
}
