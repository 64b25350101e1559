// One descent: the problem, its buffers (laid out in create.ts), and everything that changes while it runs.
//
// theta = [U (m x k) | d (k) | V (n x k)] (or [X (n x n)] for the inverse) is one flat vector; the gradient and every
// state vector of an optimizer have the same layout, so an optimizer is a loop over flat vectors and knows nothing of
// matrices.

import {
  BEST_TOTAL,
  ENTRIES,
  ITERATION,
  NORM,
  ORTHONORMALITY,
  ORTHONORMALITY_U,
  ORTHONORMALITY_V,
  RECONSTRUCTION,
  STATIONARITY,
  STATUS,
  TOTAL,
} from './boundary';
import { Pairs, Vector } from './views';

/** Hyper-parameters an optimizer can have. */
export const HYPERS: i32 = 16;
/** Numbers it can keep besides its vectors. */
export const KEPT: i32 = 6;
/** What it can say of its own buffers, in bytes: where they are. */
export const PLACES: usize = 192;

/** The scalars at the head of what evolves. */
@unmanaged
export class Scalars {
  iteration: f64;
  status: f64;
  // the loss at theta and its terms
  total: f64;
  reconstruction: f64;
  orthonormalityU: f64;
  orthonormalityV: f64;
  /** norm of the gradient by U diag(s) and V diag(s), relative to |M|: 0 where U, V are singular vectors */
  stationarity: f64;
  /** max |UᵀU - I|, |VᵀV - I| */
  orthonormality: f64;
  bestTotal: f64;
  /** Σ weights, or mn: what the reconstruction loss is divided by */
  entries: f64;
  /** Frobenius norm of M as it is descended on */
  norm: f64;
  /** weight of |A|² + |B|² (2 ΣS at the optimum) beside Σ w R², M and w as they are descended on */
  lambda: f64;
}

// the build ends here where this and the numbers drift apart
if (
  offsetof<Scalars>('iteration') != 8 * ITERATION ||
  offsetof<Scalars>('status') != 8 * STATUS ||
  offsetof<Scalars>('total') != 8 * TOTAL ||
  offsetof<Scalars>('reconstruction') != 8 * RECONSTRUCTION ||
  offsetof<Scalars>('orthonormalityU') != 8 * ORTHONORMALITY_U ||
  offsetof<Scalars>('orthonormalityV') != 8 * ORTHONORMALITY_V ||
  offsetof<Scalars>('stationarity') != 8 * STATIONARITY ||
  offsetof<Scalars>('orthonormality') != 8 * ORTHONORMALITY ||
  offsetof<Scalars>('bestTotal') != 8 * BEST_TOTAL ||
  offsetof<Scalars>('entries') != 8 * ENTRIES ||
  offsetof<Scalars>('norm') != 8 * NORM
) {
  ERROR('Scalars is not what boundary.ts says');
}

@unmanaged
export class Descent {
  problem: i32;
  optimizer: i32;
  /** what is descended on is m x n: M, or k x k, its factor R or L */
  m: i32;
  n: i32;
  k: i32;
  /** entries of M, and its longer side */
  cells: i32;
  rows: i32;
  /** S = d² ('squared') or S = d ('signed') */
  squared: bool;
  /** Levenberg-Marquardt on a full matrix at full rank: U and V are square, of M = Q R or L Qᵀ if M is not */
  square: bool;
  /** is M = L Qᵀ? */
  wide: bool;
  /** are there weights? */
  weighted: bool;
  /** Levenberg-Marquardt at a lower rank: columns that its subspace has room for; otherwise 0 */
  room: i32;
  /** are theta and the gradient those of the subspace as it is? */
  solved: bool;
  /** has the loop judged this theta? Then the scalars and the workspace are those of it. */
  fresh: bool;
  /** has the optimizer evaluated it already, for a search of its own? */
  evaluated: bool;
  /** record the loss every so many iterations; 0 = never */
  history: i32;
  /** losses recorded in this slice */
  recorded: i32;
  /** length of theta */
  size: i32;
  /** state vectors of the optimizer, and words from one to the next (V8 would compute them in every round of a loop) */
  vectors: i32;
  stride: i32;
  penaltyU: f64;
  penaltyV: f64;
  tolerance: f64;

  /** as it is given, rows by rows */
  given: Vector;
  /** what is descended on: M as it is given, or R = QᵀM, or L = M Q */
  M: Vector;
  /** Q, rows x k; null where what is descended on is M itself */
  basis: Vector | null;
  /** theta of M itself, where there is Q */
  expanded: Vector;
  /** at most 1; null when every entry has weight 1 */
  weights: Vector | null;

  // what evolves: all that a saved descent needs
  scalars: Scalars;
  evolvingSize: i32;
  /** [U | d | V] */
  theta: Vector;
  d: Vector;
  V: Vector;
  best: Vector;
  state: Vector;

  // the workspace
  grad: Vector;
  /** R = w ∘ (U diag(s) Vᵀ - M), m x n */
  R: Vector;
  /** V diag(s), n x k, or scratch of 4 n */
  W: Vector;
  /** P = R V, m x k, with room for theta */
  P: Vector;
  /** Q = Rᵀ U, n x k */
  Q: Vector;
  /** UᵀU - I and VᵀV - I, k x k */
  GU: Vector;
  GV: Vector;
  /** the diagonal S, k */
  s: Vector;
  /** diag(Uᵀ R V), k, or scratch of 4 */
  t: Vector;
  /** scratch to make U, V or Q orthonormal */
  columns: Vector;
  hyper: Vector;
  rates: Vector;
  losses: Vector;

  @inline
  get entries(): f64 {
    return this.scalars.entries;
  }

  @inline
  get norm(): f64 {
    return this.scalars.norm;
  }

  @inline
  get U(): Vector {
    return this.theta;
  }

  // what an optimizer sees

  @inline
  get θ(): Pairs {
    return this.theta.pairs;
  }

  /** Where theta ends, and all that has its layout. */
  @inline
  get end(): usize {
    return Pairs.bytes(this.size);
  }

  @inline
  get gradient(): Pairs {
    return this.grad.pairs;
  }

  /** Its i-th state vector. */
  @inline
  vector(i: i32): Vector {
    return this.state.from(i * this.stride);
  }

  @inline
  memory(i: i32): Pairs {
    return this.vector(i).pairs;
  }

  /** Its hyper-parameters, by the names it gives them: in the order of the wrapper's entry. */
  @inline
  options<T>(): T {
    return changetype<T>(this.hyper);
  }

  /** The numbers it keeps besides its vectors, KEPT at most, by the names it gives them. */
  @inline
  kept<T>(): T {
    return changetype<T>(changetype<usize>(this.scalars) + offsetof<Scalars>());
  }

  /** Where its own buffers are, PLACES in bytes at most, by the names it gives them. */
  @inline
  places<T>(): T {
    return changetype<T>(changetype<usize>(this) + offsetof<Descent>());
  }

  /** The number of the update that is under way, from 1 on. */
  @inline
  get step(): f64 {
    return this.scalars.iteration + 1;
  }
}
