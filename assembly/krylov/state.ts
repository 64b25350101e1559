// A run: what it looks for, what it asks for, what it has.

import { Layout } from '../layout';
import { Column, Integers, Vector } from '../views';
import { Basis, placeBasis } from './basis';

@unmanaged
export class Krylov extends Basis {
  // What the wrapper reads (sparse/boundary.ts).
  /** The largest residual at the last look, in units of what it may be. */
  worst: f64;
  /** What is asked for: the products Z of `count` panels at X. */
  phase: i32;
  converged: i32;
  count: i32;
  X: Vector;
  Z: Vector;
  /** Leading columns of Q that are left out of M, of those that are `done`. */
  locked: i32;
  passes: i32;
  products: i32;
  /** At the end: singular values, residuals. */
  sigma: Vector;
  residuals: Vector;
  /** Passes that may be made. */
  mayPass: i32;

  /** Singular values that are looked for. */
  k: i32;
  /** Panels that Q has room for while it grows, and panels in all: p(MᵀM) needs room for two X, and the end for Z. */
  room: i32;
  panels: i32;
  tolerance: f64;
  /** Whoever runs this can leave columns out of M. */
  canLock: bool;
  /** It started with what somebody gave, which need not have a part of everything. */
  warm: bool;
  /** ... and random columns have not been tried yet where it is small. */
  given: bool;
  /** The panel of Q that is asked for. */
  at: i32;
  /** The first one since Q was made anew. */
  start: i32;
  /** Leading columns of Q that are done. */
  done: i32;
  /** Products until T is looked at again. */
  wait: i32;
  /** A random block has joined: is V all there is? */
  verifying: bool;
  /** θ behind the k-th that are looked at as well: 1 once a random block has joined, which has to show what it has; else 0. */
  beyond: i32;
  /** No step was left to see whether there is more, or something where there seems to be nothing. */
  open: bool;
  /** Σ θ before it did. */
  before: f64;
  /** Passes until the last look, and `worst` when Q was full last. */
  looked: i32;
  reached: f64;

  // The polynomial of MᵀM (filter.ts): its degree, 1 for MᵀM itself, e, γ, θ and by how much p tells apart what is near
  // θ; how many products are to come, ρ and X before
  degree: i32;
  edge: f64;
  gamma: f64;
  scale: f64;
  steep: f64;
  left: i32;
  ratio: f64;
  earlier: Vector;

  // Rayleigh and Ritz: T, of `ld` rows; T to be destroyed, also [L | I] of the end (gram.ts) and what Q is turned by; rows of Yᵀ
  T: Vector;
  work: Vector;
  E: Vector;
  /** θ, their order, T's diagonal where Q is made anew, and scratch. */
  theta: Vector;
  order: Integers;
  S: Vector;
  e: Vector;
  p: Vector;
  // The end: G = (M V)ᵀ(M V), and what V is turned by.
  G: Vector;
  W: Vector;

  /** Rows of T. */
  get ld(): i32 {
    return 4 * this.room;
  }

  /** Is there room in Q for a block behind so many columns? */
  hasRoom(columns: i32): bool {
    return (columns + 3) >> 2 < this.room;
  }
}

function place(s: Krylov): void {
  const ld = <f64>s.ld;
  const square = ld * ld;
  const width = <f64>(4 * ((s.k + 3) >> 2));
  s.Q = Layout.take(4 * <f64>s.n * <f64>s.panels);
  placeBasis(s, s.panels);
  s.T = Layout.take(square);
  s.work = Layout.take(max(square, 2 * width * width));
  s.E = Layout.take(square);
  s.theta = Layout.take(ld);
  s.order = Layout.integers(ld);
  s.S = Layout.take(ld);
  s.e = Layout.take(ld);
  s.p = Layout.take(ld);
  s.G = Layout.take(width * width);
  s.W = Layout.take(width * width);
  s.sigma = Layout.take(width);
  s.residuals = Layout.take(width);
}

/** Room for a run; `k` columns of vectors of length `n`; traps if there is none. */
export function krylov(n: i32, k: i32, tolerance: f64, passes: i32, seed: f64, canLock: bool): Krylov {
  const s = Layout.draft<Krylov>();
  s.n = n;
  s.k = k;
  // (where it holds everything: one more, as what is locked may leave a panel half empty)
  s.room = (min(2 * k + 40, n + 4) + 3) >> 2;
  s.panels = max(s.room + 3, 2 * ((k + 3) >> 2));
  s.most = n;
  s.mayPass = passes;
  s.tolerance = tolerance;
  s.draw = <u32>seed;
  s.canLock = canLock;
  s.degree = 1;
  s.steep = 1;
  return Layout.block<Krylov>(s, place);
}

/** Column a of V at the end of a run. */
export function rightColumn(s: Krylov, a: i32): Column {
  return Column.of(s.Q, s.n, a);
}
