// One descent: the problem, its buffers, and everything that changes while it runs.
//
// theta = [U (m x k) | d (k) | V (n x k)] (or [X (n x n)] for the inverse) is one flat f64 vector;
// the gradient and every optimizer state vector have the same layout, so an optimizer is a loop over
// flat vectors and knows nothing of matrices.

import { BEST_TOTAL, CONJUGATE_GRADIENTS, ENTRIES, ITERATION, LEVENBERG_MARQUARDT, NORM, ORTHONORMALITY, ORTHONORMALITY_U, ORTHONORMALITY_V, RECONSTRUCTION, SLICE, STATIONARITY, STATUS, SVD, TOTAL } from './boundary';
import { blockScratch } from './blocks';
import { jacobiScratch } from './jacobi';
import { pairOf } from './kernels/householder';
import { alloc } from './memory';
import { Pairs } from './views';

/** Hyper-parameters an optimizer can have. */
export const HYPERS: i32 = 16;

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
  /** what an optimizer keeps besides its vectors */
  a: f64;
  b: f64;
  c: f64;
  d: f64;
  e: f64;
  f: f64;
}

// the build ends here where this and the numbers drift apart
if (
  offsetof<Scalars>('iteration') != 8 * ITERATION || offsetof<Scalars>('status') != 8 * STATUS
  || offsetof<Scalars>('total') != 8 * TOTAL || offsetof<Scalars>('reconstruction') != 8 * RECONSTRUCTION
  || offsetof<Scalars>('orthonormalityU') != 8 * ORTHONORMALITY_U
  || offsetof<Scalars>('orthonormalityV') != 8 * ORTHONORMALITY_V
  || offsetof<Scalars>('stationarity') != 8 * STATIONARITY || offsetof<Scalars>('orthonormality') != 8 * ORTHONORMALITY
  || offsetof<Scalars>('bestTotal') != 8 * BEST_TOTAL || offsetof<Scalars>('entries') != 8 * ENTRIES
  || offsetof<Scalars>('norm') != 8 * NORM
) ERROR('Scalars is not what boundary.ts says');

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
  /** does the workspace hold the loss and slopes of this theta? */
  fresh: bool;
  /** ... though the loop has not looked at it: an optimizer had to know them */
  evaluated: bool;
  /** record the loss every so many iterations; 0 = never */
  history: i32;
  /** losses recorded in this slice */
  recorded: i32;
  /** length of theta, in f64 */
  size: i32;
  penaltyU: f64;
  penaltyV: f64;
  tolerance: f64;

  /** as it is given, rows by rows */
  given: usize;
  /** what is descended on: M as it is given, or R = QᵀM, or L = M Q */
  M: usize;
  /** Q, rows x k; 0 where what is descended on is M itself */
  basis: usize;
  /** at most 1; 0 when every entry has weight 1 */
  weights: usize;

  // what evolves: all that a saved descent needs
  scalars: Scalars;
  evolvingSize: i32;
  theta: usize;
  best: usize;
  state: usize;

  // the workspace
  grad: usize;
  /** R = w ∘ (U diag(s) Vᵀ - M), m x n */
  R: usize;
  /** V diag(s), n x k, or scratch of 4 n */
  W: usize;
  /** P = R V, m x k */
  P: usize;
  /** Q = Rᵀ U, n x k */
  Q: usize;
  /** UᵀU - I and VᵀV - I, k x k */
  GU: usize;
  GV: usize;
  /** the diagonal S, k */
  s: usize;
  /** diag(Uᵀ R V), k */
  t: usize;
  /** scratch to make U or V orthonormal */
  columns: usize;
  hyper: usize;
  lrs: usize;
  losses: usize;

  @inline get entries(): f64 { return this.scalars.entries; }
  @inline get norm(): f64 { return this.scalars.norm; }
  @inline get U(): usize { return this.theta; }
  @inline get d(): usize { return this.theta + (<usize>(this.m * this.k) << 3); }
  @inline get V(): usize { return this.theta + (<usize>((this.m + 1) * this.k) << 3); }
  // what an optimizer sees
  @inline get θ(): Pairs { return changetype<Pairs>(this.theta); }
  @inline get gradient(): Pairs { return changetype<Pairs>(this.grad); }
  /** Its i-th state vector. */
  @inline memory(i: i32): Pairs { return changetype<Pairs>(this.vector(i)); }
  /** Its hyper-parameters, by the names it gives them: in the order of the wrapper's entry. */
  @inline options<T>(): T { return changetype<T>(this.hyper); }
  /** The numbers it keeps besides its vectors, six at most, by the names it gives them. */
  @inline kept<T>(): T { return changetype<T>(changetype<usize>(this.scalars) + offsetof<Scalars>('a')); }
  /** The number of the update that is under way, from 1 on. */
  @inline get step(): f64 { return this.scalars.iteration + 1; }
  /** The optimizer's i-th state vector. */
  @inline vector(i: i32): usize { return this.state + <usize>i * bytes(this.size); }
  /** The optimizer's i-th hyper-parameter, in the order of the wrapper's table. */
  @inline h(i: i32): f64 { return load<f64>(this.hyper + (<usize>i << 3)); }
}

let cursor: usize = 0;

/**
 * A buffer of so many words takes a whole number of pairs and has at least three words, 0, to spare: loops that go
 * by pairs or fours may run over its end.
 */
// @ts-ignore: decorator
@inline
function bytes(words: i32): usize {
  return <usize>((words + 4) & ~1) << 3;
}

function take(words: i32, times: i32 = 1): usize {
  const at = cursor;
  cursor += <usize>times * bytes(words);
  return at;
}

/**
 * A new descent with zeroed buffers; traps if it would not fit into memory (nothing is allocated then).
 * `size` is the length of theta, `vectors` the number of state vectors of the optimizer.
 */
export function create(
  problem: i32, optimizer: i32, vectors: i32, m: i32, n: i32, k: i32, size: f64, weighted: bool,
): Descent {
  const head = offsetof<Descent>(), scalars = <i32>offsetof<Scalars>() / 8, rows = max(m, n), wide = m < n;
  const square = problem == SVD && optimizer == LEVENBERG_MARQUARDT && k == min(m, n) && !weighted, other = square && m != n;
  const cells = <f64>m * <f64>n, small = optimizer == CONJUGATE_GRADIENTS ? jacobiScratch(k, k) : 0;
  const columns = max(pairOf(rows, k) + (square ? blockScratch(k) : 0), small);
  if (square) {
    // all that it keeps is theta
    vectors = 0;
    m = n = k;
    size = <f64>k * <f64>(2 * k + 1);
  }
  const mn = <f64>m * <f64>n;
  // M and the weights; R, Q of M; R; theta, best, grad and the state; W, P, Q, G; s, t and all else; up to four words to
  // spare each
  const words = cells * (weighted ? 2 : 1) + (other ? mn + cells : 0) + mn + (size + 4) * <f64>(3 + vectors)
    + <f64>max(k, 4) * <f64>n + <f64>k * (<f64>m + <f64>n + <f64>(2 * k + 2))
    + <f64>(<i32>head / 8 + scalars + HYPERS + 2 * SLICE + 88) + columns;
  const at = alloc(words);
  // (the rates and losses, last, are written before they are read)
  memory.fill(at, 0, <usize>(words - 2 * SLICE) << 3);
  cursor = at;
  take(<i32>head / 8);

  const d = changetype<Descent>(at);
  d.problem = problem;
  d.optimizer = optimizer;
  d.m = m;
  d.n = n;
  d.k = k;
  d.rows = rows;
  d.cells = <i32>cells;
  d.size = <i32>size;
  d.square = square;
  d.wide = wide;

  d.given = d.M = take(d.cells);
  if (weighted) d.weights = take(d.cells);
  if (other) {
    d.M = take(m * n);
    d.basis = take(d.cells);
  }

  d.scalars = changetype<Scalars>(take(scalars));
  d.theta = take(d.size);
  d.best = take(d.size);
  d.state = take(d.size, vectors);
  d.evolvingSize = <i32>((cursor - changetype<usize>(d.scalars)) >> 3);
  d.scalars.bestTotal = Infinity;

  d.grad = take(d.size);
  d.R = take(m * n);
  d.W = take(max(k, 4) * n);
  d.P = take(m * k);
  d.Q = take(n * k);
  d.GU = take(k * k);
  d.GV = take(k * k);
  d.s = take(k);
  d.t = take(k);
  d.columns = take(<i32>columns);
  d.hyper = take(HYPERS);
  d.lrs = take(SLICE);
  d.losses = take(SLICE);
  return d;
}
