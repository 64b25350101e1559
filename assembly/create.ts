// A new descent: its buffers, one after another. What an optimizer has beside state vectors it lays out itself.

import { SLICE, SVD } from './boundary';
import { Descent, HYPERS, KEPT, PLACES, Scalars } from './descent';
import { orthonormalizeScratch } from './kernels/householder';
import { HEAD, Layout } from './layout';
import { conjugateGradients, levenbergMarquardt } from './optimizers/boundary';
import { placeScratch as placeGradients } from './optimizers/conjugate-gradients';
import { placeScratch, placeState, room } from './optimizers/levenberg-marquardt/bases';
import { placeBlock } from './optimizers/levenberg-marquardt/blocks';
import { placeFactor } from './problems/svd/basis';

/** Bytes of its head. */
const SIZE: usize = offsetof<Descent>() + PLACES;

// the build ends here where there is no room for it
if (SIZE > HEAD) ERROR('a Descent is more than HEAD');

function place(d: Descent): void {
  const m = <f64>d.m;
  const n = <f64>d.n;
  const k = <f64>d.k;
  const theta = d.problem == SVD ? (m + n + 1) * k : m * n;
  const cells = d.square ? <f64>d.rows * k : m * n;
  d.size = <i32>theta;
  d.cells = <i32>cells;
  d.given = d.M = Layout.take(cells);
  if (d.weighted) d.weights = Layout.take(cells);
  if (d.square && d.rows > d.k) placeFactor(d);

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
  if (d.room) placeScratch(d);
  if (d.square) placeBlock(d);
  if (d.optimizer == conjugateGradients) placeGradients(d);
  d.hyper = Layout.take(<f64>HYPERS);
  // these, last, are written before they are read, and stay as they are found
  d.rates = Layout.take(<f64>SLICE);
  d.losses = Layout.take(<f64>SLICE);
  if (d.problem == SVD) d.columns = Layout.take(orthonormalizeScratch(d.rows, d.k));
  if (d.basis) d.expanded = Layout.take((<f64>d.rows + k + 1) * k);
}

/**
 * A new descent with zeros in its buffers, but the last ones; traps if it would not fit into memory (nothing is allocated then). `vectors` is the
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
  const whole = problem == SVD && optimizer == levenbergMarquardt && !weighted;
  const square = whole && k == min(m, n);
  const head = Layout.draft<Descent>(PLACES);
  head.problem = problem;
  head.optimizer = optimizer;
  head.square = square;
  head.room = whole && !square ? room(min(m, n), k) : 0;
  head.wide = m < n;
  head.weighted = weighted || optimizer == conjugateGradients;
  head.m = square ? k : m;
  head.n = square ? k : n;
  head.k = k;
  head.rows = max(m, n);
  head.vectors = vectors;
  Layout.count(SIZE);
  place(head);
  const d = changetype<Descent>(Layout.settle(changetype<usize>(head), SIZE));
  if (Layout.moved) place(d);
  Layout.clear(d.given, d.rates);
  d.scalars.bestTotal = Infinity;
  return d;
}
