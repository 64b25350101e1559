// Entries v of rows i and columns j, those that are fitted and those that are held out, and factors for them.

import { Layout } from '../layout';
import { draw, GOLDEN } from '../random';
import { Integers, Pairs, Vector } from '../views';
import {
  FACTORS,
  HELD,
  HELD_COLUMN,
  HELD_ROW,
  HELD_VALUE,
  HIGH,
  KAPPA,
  LAMBDA,
  LD,
  LEAST,
  LOSS,
  LOW,
  MEAN,
  NUMBERS,
  RMSE,
  WEIGHTS,
} from './boundary';

/** Of what is added up, the share that rounding takes: 2⁻⁵⁰. */
export const ROUNDING: f64 = 8.881784197001252e-16;

/** Its arrays lie behind it, in one block that `release` frees. */
@unmanaged
export class Fit {
  lambda: f64;
  kappa: f64;
  mean: f64;
  /** what is descended on */
  loss: f64;
  /** root mean square of the errors of the entries that are held out; 0 without */
  rmse: f64;
  /** predictions are held within these */
  low: f64;
  high: f64;
  /** the least `rmse` since `begin`, of the factors that `best` has */
  least: f64;
  /** Σ w */
  weights: f64;

  /** numbers in a row of A or B: k, the bias and the one, rounded up to fours */
  ld: i32;
  /** entries that are held out */
  held: i32;
  heldRow: Integers;
  heldColumn: Integers;
  heldValue: Vector;
  /** [A | B], row by row */
  factors: Vector;
  /** of the layout of the factors: g, ... */
  slopes: Vector;
  /** ... that of the step before, in place of which z comes, ... */
  before: Vector;
  /** ... the direction, and the best factors so far */
  direction: Vector;
  best: Vector;
  /** λ s or κ, whichever is that of the number; 0 for what is not moved */
  penalty: Vector;
  /** two of that layout, pair by pair: what the kernels go by (kernels/entries.ts) */
  both: Vector;

  rows: i32;
  columns: i32;
  k: i32;
  /** entries that are fitted */
  count: i32;
  /** of the random start and of the share that is held out, and that share */
  seed: u32;
  share: f64;
  /** iterations since `least` */
  waited: i32;
  /** is P a direction that has been gone? */
  gone: bool;
  /** have entries weights? */
  weighs: bool;
  /** are there biases, and ones? */
  biases: bool;
  /** do rows count by what they weigh in the penalty? */
  weighted: bool;
  /** g·z: about what is left to gain */
  gain: f64;
  /** Σ w v² */
  squares: f64;
  /** bound on how far the errors are from those of the factors: a weighted norm */
  drift: f64;

  /** where the entries of each row start; column, v, w (null where all are 1) and error of each entry */
  starts: Integers;
  column: Integers;
  value: Vector;
  weight: Vector | null;
  error: Vector;
  /** w times that: the same place where all weights are 1 */
  pull: Vector;
  /** two numbers an entry: along P its error changes by the first times t and the second times t² */
  change: Vector;
  /** of each row, then of each column: Σ w, and s */
  weightOf: Vector;
  scale: Vector;
  // by number: weighted means of the squares of A and of B
  squaresA: Vector;
  squaresB: Vector;
  /** scratch: a k x k matrix, and a vector */
  gram: Vector;

  /** A loss that can no more be seen beside the entries. */
  @inline
  get nothing(): f64 {
    return ROUNDING * ROUNDING * this.squares;
  }

  /** Rows of A and of B. */
  @inline
  get all(): i32 {
    return this.rows + this.columns;
  }

  /** Length of what has the layout of the factors. */
  @inline
  get size(): i32 {
    return this.all * this.ld;
  }

  /** Row r of what has this layout; the columns' come behind the rows'. */
  @inline
  row(x: Vector, r: i32): Vector {
    return x.from(r * this.ld);
  }

  /** Row r of `both`, and its length. */
  @inline
  pairsOf(r: i32): usize {
    return this.row(this.both, 2 * r).pointer;
  }

  @inline
  get bytes(): usize {
    return 2 * Pairs.bytes(this.ld);
  }

  /** Where the bias of row r stands in it, and the one that multiplies the other side's. */
  @inline
  biasAt(r: i32): i32 {
    return r < this.rows ? this.k : this.k + 1;
  }

  @inline
  oneAt(r: i32): i32 {
    return r < this.rows ? this.k + 1 : this.k;
  }
}

// the build ends here where this and the numbers drift apart
if (
  offsetof<Fit>('lambda') != 8 * LAMBDA ||
  offsetof<Fit>('kappa') != 8 * KAPPA ||
  offsetof<Fit>('mean') != 8 * MEAN ||
  offsetof<Fit>('loss') != 8 * LOSS ||
  offsetof<Fit>('rmse') != 8 * RMSE ||
  offsetof<Fit>('low') != 8 * LOW ||
  offsetof<Fit>('high') != 8 * HIGH ||
  offsetof<Fit>('least') != 8 * LEAST ||
  offsetof<Fit>('weights') != 8 * WEIGHTS ||
  offsetof<Fit>('ld') != 8 * NUMBERS ||
  offsetof<Fit>('ld') != 4 * LD ||
  offsetof<Fit>('held') != 4 * HELD ||
  offsetof<Fit>('heldRow') != 4 * HELD_ROW ||
  offsetof<Fit>('heldColumn') != 4 * HELD_COLUMN ||
  offsetof<Fit>('heldValue') != 4 * HELD_VALUE ||
  offsetof<Fit>('factors') != 4 * FACTORS
) {
  ERROR('Fit is not what boundary.ts says');
}

function place(f: Fit): void {
  const count = <f64>f.count;
  const held = <f64>f.held;
  const all = <f64>f.rows + <f64>f.columns;
  const ld = <f64>f.ld;
  const size = all * ld;
  f.factors = Layout.take(size);
  f.slopes = Layout.take(size);
  f.before = Layout.take(size);
  f.direction = Layout.take(size);
  f.best = Layout.take(f.held ? size : 0);
  f.penalty = Layout.take(size);
  f.both = Layout.take(2 * size);
  f.weightOf = Layout.take(all);
  f.scale = Layout.take(all);
  f.squaresA = Layout.take(ld);
  f.squaresB = Layout.take(ld);
  f.gram = Layout.take(ld * ld);
  // (and one more, for `arrange`)
  f.starts = Layout.integers(<f64>f.rows + 2);
  f.column = Layout.integers(count);
  f.value = Layout.take(count);
  f.error = Layout.take(count);
  f.change = Layout.take(2 * count);
  f.weight = f.weighs ? Layout.take(count) : null;
  f.pull = f.weighs ? Layout.take(count) : f.error;
  f.heldRow = Layout.integers(held);
  f.heldColumn = Layout.integers(held);
  f.heldValue = Layout.take(held);
}

/** Is entry e one of the `share` that is held out? */
export function isHeld(e: i32, seed: u32, share: f64): bool {
  return <f64>draw(seed + <u32>e * GOLDEN) < share * 4294967296;
}

/** How many are. */
function countHeld(count: i32, seed: u32, share: f64): i32 {
  let held = 0;
  for (let e = 0; e < count; e++) if (isHeld(e, seed, share)) held++;
  return held;
}

/** Room for `count` entries, of which a share is held out, and for so many others that are `held` out. */
export function createFit(
  rows: i32,
  columns: i32,
  k: i32,
  count: i32,
  held: i32,
  seed: u32,
  share: f64,
  weights: bool,
  biases: bool,
  weighted: bool,
): Fit {
  const out = countHeld(count, seed, share);
  const draft = Layout.draft<Fit>();
  draft.rows = rows;
  draft.columns = columns;
  draft.k = k;
  draft.ld = (k + 2 + 3) & ~3;
  draft.count = count - out;
  draft.held = held + out;
  draft.seed = seed;
  draft.share = share;
  draft.weighs = weights;
  draft.biases = biases;
  draft.weighted = weighted;
  draft.low = -Infinity;
  draft.high = Infinity;
  const f = Layout.block<Fit>(draft, place);
  // zeros but for the entries
  memory.fill(f.factors.pointer, 0, f.column.pointer - f.factors.pointer);
  return f;
}
