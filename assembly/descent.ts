// One descent: the problem, its buffers, and everything that changes while it runs.
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
  SLICE,
  STATIONARITY,
  STATUS,
  SVD,
  TOTAL,
} from './boundary';
import { jacobiScratch } from './direct/jacobi';
import { orthonormalizeScratch } from './kernels/householder';
import { Layout, PLACES } from './layout';
import { alloc } from './memory';
import { conjugateGradients, levenbergMarquardt } from './optimizers/boundary';
import { placeScratch, placeState, room } from './optimizers/levenberg-marquardt/bases';
import { placeBlock } from './optimizers/levenberg-marquardt/blocks';
import { Pairs, Vector } from './views';

/** Hyper-parameters an optimizer can have. */
export const HYPERS: i32 = 16;
/** Numbers it can keep besides its vectors. */
const KEPT: i32 = 6;

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
  /** Levenberg-Marquardt at a lower rank: columns that its subspace has room for; otherwise 0 */
  room: i32;
  /** are theta and the gradient those of the subspace as it is? */
  solved: bool;
  /** does the workspace hold the loss and slopes of this theta? */
  fresh: bool;
  /** ... though the loop has not looked at it: an optimizer had to know them */
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
  /** scratch to make U or V orthonormal, and for an SVD of a subspace or of k x k */
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

  /** Where its own buffers are, PLACES at most, by the names it gives them. */
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

/** A buffer that is somewhere. */
const HERE = Vector.at(8);

/** The one that is being laid out: a descent is of no size before that. */
const draft = changetype<Descent>(memory.data(offsetof<Descent>() + PLACES * sizeof<usize>(), 16));

/** Places the buffers of a descent from `at` on. */
function layout(d: Descent, at: f64): void {
  const m = <f64>d.m;
  const n = <f64>d.n;
  const k = <f64>d.k;
  const cells = d.square ? <f64>d.rows * k : m * n;
  const theta = d.problem == SVD ? (m + n + 1) * k : m * n;
  Layout.begin(at);
  Layout.take(<f64>(offsetof<Descent>() + PLACES * sizeof<usize>()) / 8);
  d.given = d.M = Layout.take(cells);
  if (d.weights) d.weights = Layout.take(cells);
  if (d.basis) {
    d.M = Layout.take(k * k);
    d.basis = Layout.take(cells);
  }

  const evolving = Layout.end;
  d.scalars = changetype<Scalars>(Layout.take(<f64>offsetof<Scalars>() / 8 + <f64>KEPT));
  d.theta = Layout.take(theta);
  d.d = d.theta.from(d.m * d.k);
  d.V = d.d.from(d.k);
  d.best = Layout.take(theta);
  d.state = d.room ? placeState(d) : Layout.several(<f64>d.vectors, theta);
  d.stride = <i32>Layout.room(theta);
  d.evolvingSize = <i32>(Layout.end - evolving);

  d.grad = Layout.take(theta);
  d.R = Layout.take(m * n);
  d.W = Layout.take(max(k, 4) * n);
  d.P = Layout.take(theta);
  d.Q = Layout.take(n * k);
  d.GU = Layout.take(k * k);
  d.GV = Layout.take(k * k);
  d.s = Layout.take(k);
  d.t = Layout.take(max(k, 4));
  d.columns = Layout.take(columnsOf(d));
  if (d.room) placeScratch(d);
  if (d.square) placeBlock(d);
  d.hyper = Layout.take(<f64>HYPERS);
  // (these, last, are written before they are read)
  d.rates = Layout.take(<f64>SLICE);
  d.losses = Layout.take(<f64>SLICE);
}

/** What U, V or Q needs to become orthonormal, and what an SVD of a subspace or of k x k needs. */
function columnsOf(d: Descent): f64 {
  const columns = max(orthonormalizeScratch(d.rows, max(d.k, 4)), jacobiScratch(d.room, d.room));
  return d.optimizer == conjugateGradients ? max(columns, jacobiScratch(d.k, d.k)) : columns;
}

/**
 * A new descent with zeroed buffers; traps if it would not fit into memory (nothing is allocated then). `vectors` is the
 * number of state vectors of the optimizer.
 */
export function create(
  problem: i32,
  optimizer: i32,
  vectors: i32,
  m: i32,
  n: i32,
  k: i32,
  weighted: bool,
): Descent {
  const full = problem == SVD && optimizer == levenbergMarquardt && !weighted;
  const square = full && k == min(m, n);
  draft.problem = problem;
  draft.optimizer = optimizer;
  draft.square = square;
  draft.room = full && !square ? room(min(m, n), k) : 0;
  draft.wide = m < n;
  draft.m = square ? k : m;
  draft.n = square ? k : n;
  draft.k = k;
  draft.rows = max(m, n);
  draft.vectors = vectors;
  // (where they are is found out below)
  draft.basis = square && m != n ? HERE : null;
  draft.weights = weighted || optimizer == conjugateGradients ? HERE : null;
  layout(draft, 0);

  const words = Layout.end;
  const at = alloc(words);
  Vector.at(at).clear(<i32>words - 2 * SLICE);
  const d = changetype<Descent>(at);
  memory.copy(at, changetype<usize>(draft), offsetof<Descent>());
  layout(d, <f64>(at >> 3));
  d.cells = m * n;
  d.size = problem == SVD ? (d.m + d.n + 1) * k : m * n;
  d.scalars.bestTotal = Infinity;
  return d;
}
