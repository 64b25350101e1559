// How the core sees its memory: a vector of numbers, and the same two numbers at a time. A view is a pointer and no
// more; it knows no length (the debug build knows: bounds.ts). Matrices are vectors too, row by row: entry i, j of X (rows x k) is X[i * k + j].
//
// The four classes differ in `place` and in what is there, and each has its own `get` and `set`: what they would inherit could not
// call the `place` of its heirs, as views are no objects with methods to look up.

import { Bounds } from './bounds';

/** x[i] is the i-th number. */
@unmanaged
export class Vector {
  [key: i32]: f64;

  @operator('[]')
  @inline
  get(i: i32): f64 {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(i));
    return load<f64>(this.place(i));
  }

  @operator('[]=')
  @inline
  set(i: i32, value: f64): void {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(i));
    store<f64>(this.place(i), value);
  }

  /** The one that begins there. */
  @inline
  static at(pointer: usize): Vector {
    return changetype<Vector>(pointer);
  }

  @inline
  private place(i: i32): usize {
    return changetype<usize>(this) + ((<usize>i) << 3);
  }

  /** For the kernels, which go by pointers. */
  @inline
  get pointer(): usize {
    return changetype<usize>(this);
  }

  /** n zeros */
  @inline
  clear(n: i32): void {
    if (!ASC_NO_ASSERT) Bounds.checkRoom(this.pointer, this.place(n));
    memory.fill(changetype<usize>(this), 0, (<usize>n) << 3);
  }

  /** What begins with the i-th number. */
  @inline
  from(i: i32): Vector {
    return changetype<Vector>(this.place(i));
  }

  /** The same, two at a time. */
  @inline
  get pairs(): Pairs {
    return changetype<Pairs>(this);
  }
}

/** x[i] is the i-th of integers of 32 bits. */
@unmanaged
export class Integers {
  [key: i32]: i32;

  @operator('[]')
  @inline
  get(i: i32): i32 {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(i) & ~7);
    return load<i32>(this.place(i));
  }

  @operator('[]=')
  @inline
  set(i: i32, value: i32): void {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(i) & ~7);
    store<i32>(this.place(i), value);
  }

  @inline
  private place(i: i32): usize {
    return changetype<usize>(this) + ((<usize>i) << 2);
  }

  @inline
  get pointer(): usize {
    return changetype<usize>(this);
  }

  /** n zeros */
  @inline
  clear(n: i32): void {
    memory.fill(changetype<usize>(this), 0, (<usize>n) << 2);
  }

  /** What begins with the i-th of them. */
  @inline
  from(i: i32): Integers {
    return changetype<Integers>(this.place(i));
  }
}

/** Bytes of a row of a panel: a matrix of four columns, row by row. */
export const ROW: usize = 32;

/** x[i] is the i-th number of a column of a panel (kernels/panels.ts). */
@unmanaged
export class Column {
  [key: i32]: f64;

  @operator('[]')
  @inline
  get(i: i32): f64 {
    if (!ASC_NO_ASSERT) Bounds.check(changetype<usize>(this), this.place(i));
    return load<f64>(this.place(i));
  }

  @operator('[]=')
  @inline
  set(i: i32, value: f64): void {
    if (!ASC_NO_ASSERT) Bounds.check(changetype<usize>(this), this.place(i));
    store<f64>(this.place(i), value);
  }

  @inline
  private place(i: i32): usize {
    return changetype<usize>(this) + <usize>i * ROW;
  }

  /** Column a of the panels at X, each of so many rows. (A call a column: it is asked for outside of loops over rows.) */
  static of(X: Vector, rows: i32, a: i32): Column {
    return changetype<Column>(Column.panel(X, rows, a >> 2).from(a & 3));
  }

  /** Panel q of those at X. */
  @inline
  static panel(X: Vector, rows: i32, q: i32): Vector {
    return Vector.at(X.pointer + <usize>q * <usize>rows * ROW);
  }
}

/** Bytes from pair to pair. */
export const PAIR: usize = 16;

/**
 * x[at] is a pair, the number so many bytes on and the next (an index would have to be shifted in every round: 3% of an
 * iteration); + - * / are those of its numbers (lib/vector.ts). What is seen so has a zero to spare at its end.
 */
@unmanaged
export class Pairs {
  [key: usize]: v128;

  /** Where n numbers end. */
  @inline
  static bytes(n: i32): usize {
    return (<usize>n) << 3;
  }

  @inline
  private get pointer(): usize {
    return changetype<usize>(this);
  }

  @inline
  private place(at: usize): usize {
    return changetype<usize>(this) + at;
  }

  @operator('[]')
  @inline
  get(at: usize): v128 {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(at));
    return v128.load(this.place(at));
  }

  @operator('[]=')
  @inline
  set(at: usize, value: v128): void {
    if (!ASC_NO_ASSERT) Bounds.check(this.pointer, this.place(at));
    v128.store(this.place(at), value);
  }
}

const held = memory.data(8, 8);

/** Pairs in registers. */
export class Pair {
  /** x twice */
  @inline
  static of(x: f64): v128 {
    return f64x2.splat(x);
  }

  /**
   * x twice, for a loop with stores: what V8 (11.3) can compute it computes anew in each round, but it moves no load past
   * a store.
   */
  @inline
  static hold(x: f64): v128 {
    store<f64>(held, x);
    return v128.load64_splat(held);
  }

  @inline
  static first(a: v128): f64 {
    return f64x2.extract_lane(a, 0);
  }

  @inline
  static second(a: v128): f64 {
    return f64x2.extract_lane(a, 1);
  }

  /** a and b */
  @inline
  static both(a: f64, b: f64): v128 {
    return f64x2.replace_lane(f64x2.splat(a), 1, b);
  }

  /** The first, twice. */
  @inline
  static firsts(a: v128): v128 {
    return v128.shuffle<f64>(a, a, 0, 2);
  }

  /** The second, twice. */
  @inline
  static seconds(a: v128): v128 {
    return v128.shuffle<f64>(a, a, 1, 3);
  }

  /** `size` with the signs of a, 0 where a is 0 */
  @inline
  static signed(size: v128, a: v128): v128 {
    return v128.or(v128.and(f64x2.ne(a, f64x2.splat(0)), size), v128.and(a, f64x2.splat(-0.0)));
  }

  /** Of its two numbers. */
  @inline
  static sum(a: v128): f64 {
    return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  }
}
