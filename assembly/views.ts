// How the core sees its memory: a vector of numbers, and the same two numbers at a time. A view is a pointer and no
// more; it knows no length. Matrices are vectors too, row by row: entry i, j of X (rows x k) is X[i * k + j].

/** x[i] is the i-th number. */
@unmanaged
export class Vector {
  [key: i32]: f64;

  @operator('[]')
  @inline
  get(i: i32): f64 {
    return load<f64>(changetype<usize>(this) + ((<usize>i) << 3));
  }

  @operator('[]=')
  @inline
  set(i: i32, value: f64): void {
    store<f64>(changetype<usize>(this) + ((<usize>i) << 3), value);
  }

  @inline
  static at(pointer: usize): Vector {
    return changetype<Vector>(pointer);
  }

  /** What begins with the i-th number. */
  @inline
  from(i: i32): Vector {
    return changetype<Vector>(changetype<usize>(this) + ((<usize>i) << 3));
  }

  /** The same, two at a time. */
  @inline
  get pairs(): Pairs {
    return changetype<Pairs>(this);
  }
}

/**
 * x[i] is a pair, the i-th number and the next; + - * / are those of its numbers (lib/vector.ts). What is seen so has a
 * zero to spare at its end.
 */
@unmanaged
export class Pairs {
  [key: i32]: v128;

  @operator('[]')
  @inline
  get(i: i32): v128 {
    return v128.load(changetype<usize>(this) + ((<usize>i) << 3));
  }

  @operator('[]=')
  @inline
  set(i: i32, value: v128): void {
    v128.store(changetype<usize>(this) + ((<usize>i) << 3), value);
  }
}

const held = memory.data(80, 16);

/** Pairs in registers. */
export class Pair {
  /** x twice */
  @inline
  static of(x: f64): v128 {
    return f64x2.splat(x);
  }

  /**
   * x twice, for a loop with stores: what V8 (11.3) can compute it computes anew in each round, but it moves no load past
   * a store. Slots 0 to 9.
   */
  @inline
  static hold(slot: usize, x: f64): v128 {
    store<f64>(held + (slot << 3), x);
    return v128.load64_splat(held + (slot << 3));
  }

  @inline
  static first(a: v128): f64 {
    return f64x2.extract_lane(a, 0);
  }

  @inline
  static second(a: v128): f64 {
    return f64x2.extract_lane(a, 1);
  }

  /** Of its two numbers. */
  @inline
  static sum(a: v128): f64 {
    return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  }
}
