/** The generator behind `manualSeed`: MT19937 (Matsumoto and Nishimura, 1998), as PyTorch's CPU generator uses it. */

import { valid, whole } from './check.js';
import { refuse, SvdRangeError, SvdTypeError } from './errors.js';
import { Matrix } from './matrix.js';

const N = 624;
const M = 397;

/** Many small decompositions start from one seed: the first block of draws of the seed used last. */
let kept: { seed: number; block: Uint32Array } | undefined;

function firstBlock(seed: number): Uint32Array {
  if (kept?.seed !== seed) {
    const block = new Uint32Array(N);
    // (of which 32 bits are kept)
    block[0] = seed;
    for (let i = 1; i < N; i++) {
      const last = block[i - 1]! ^ (block[i - 1]! >>> 30);
      block[i] = Math.imul(1812433253, last) + i;
    }
    twist(block);
    kept = { seed, block };
  }
  return kept.block;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < N; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
    state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

/** PyTorch's float32 uniform stream on [0, 1); see {@link manualSeed}. */
export interface Generator {
  /**
   * Fill `target` with draws, in order.
   * @throws SvdTypeError `invalid-matrix` if it is no Float64Array
   */
  fill<T extends Float64Array>(target: T): T;
  /**
   * A matrix of uniform draws on [0, 1), row by row: the numbers of `torch.rand(rows, columns)`.
   * @throws SvdRangeError `empty-matrix` if a size is not a whole number >= 1, `too-large`
   * @example
   * ```ts
   * manualSeed(314).rand(5, 4).get(0, 0); // 0.7196354866027832
   * ```
   */
  rand(rows: number, columns: number): Matrix;
}

export class MersenneTwister implements Generator {
  #state: Uint32Array;
  #next = 0;

  constructor(seed: number) {
    this.#state = firstBlock(seed);
  }

  /** (`at` and `count`: so many from there on, for us, who have all of the core's memory in one array) */
  fill<T extends Float64Array>(target: T, at = 0, count?: number): T {
    if (!ArrayBuffer.isView(target) || target[Symbol.toStringTag] !== 'Float64Array') {
      refuse(SvdTypeError, 'invalid-matrix', 'target', target, 'a Float64Array');
    }
    for (const end = at + (count ?? target.length); at < end; at++) {
      if (this.#next === N) {
        // a copy: the first block is shared
        this.#state = this.#state.slice();
        twist(this.#state);
        this.#next = 0;
      }
      let y = this.#state[this.#next++]!;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      y ^= y >>> 18;
      // 24 bits, as float32 has them
      target[at] = (y & 0xffffff) / 0x1000000;
    }
    return target;
  }

  rand(rows: number, columns: number): Matrix {
    const size = whole(null, 1);
    valid('rows', rows, size, 'empty-matrix');
    valid('columns', columns, size, 'empty-matrix');
    if (rows * columns > 2 ** 31) {
      refuse(SvdRangeError, 'too-large', 'the matrix', { rows, columns }, 'fewer rows or columns');
    }
    return new Matrix(rows, columns, this.fill(new Float64Array(rows * columns)));
  }
}

const anySeed = /* @__PURE__ */ whole(null, 0, 2 ** 53 - 1);

/**
 * PyTorch's generator after `torch.manual_seed(seed)`; its draws are the same numbers.
 *
 * @param seed a whole number, 0 .. 2^53 - 1, of which (as in PyTorch) the lowest 32 bits count
 * @throws SvdRangeError `invalid-option` for any other seed
 * @see https://pytorch.org/docs/1.13/generated/torch.manual_seed.html
 */
export function manualSeed(seed: number): Generator {
  valid('seed', seed, anySeed);
  return new MersenneTwister(seed);
}
