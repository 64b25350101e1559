// One buffer after another. What is to be laid out is laid out where the last one was, which tells what it comes to, and once
// more by the same code if its place is another one: of many that are as large and come one by one, only the first.

import { Bounds } from './bounds';
import { alloc } from './memory';
import { Integers, Vector } from './views';

/** Bytes of the largest head. */
export const HEAD: usize = 512;

let cursor: f64 = 0;
const drafted = memory.data(HEAD, 16);
let counting = false;
/** Where the last one was. */
let last: usize = 0;
let moved = false;

export class Layout {
  /** From here on, with a head of so many bytes. (Words of 8 bytes, f64: what comes to more than there is must be seen to.) */
  private static begin(at: usize, size: usize): void {
    cursor = <f64>(at >> 3);
    Layout.take(<f64>size / 8);
  }

  /** Words so far. */
  @inline
  static get end(): f64 {
    return cursor;
  }

  /**
   * A buffer of so many words takes a whole number of pairs and has at least three words, 0, to spare: loops that go by
   * pairs or fours may run over its end.
   */
  @inline
  static room(words: f64): f64 {
    return 2 * floor(0.5 * words + 2);
  }

  /** A buffer of so many words. */
  static take(words: f64): Vector {
    return Layout.several(1, words);
  }

  /** So many buffers of so many words; the first of them. */
  static several(times: f64, words: f64): Vector {
    const at = cursor;
    cursor += times * Layout.room(words);
    const start = 8 * <usize>at;
    if (!ASC_NO_ASSERT && !counting) Layout.open(start, words, times);
    return Vector.at(start);
  }

  /** Room for so many integers. */
  static integers(count: f64): Integers {
    return changetype<Integers>(Layout.take(0.5 * (count + 1)));
  }

  /** Zeros from the start of one buffer to the start of another. */
  static clear(from: Vector, to: Vector): void {
    memory.fill(from.pointer, 0, to.pointer - from.pointer);
  }

  /** A head of zeros, in no place to stay, with so many bytes more. */
  static draft<T>(more: usize = 0): T {
    memory.fill(drafted, 0, offsetof<T>() + more);
    return changetype<T>(drafted);
  }

  /** Counting begins, with a head of so many bytes. */
  static count(size: usize): void {
    counting = true;
    Layout.begin(last, size);
  }

  /**
   * A block of memory for what was counted, of any content but for the head, a copy of that at `head`; where that has
   * `moved`, the same is to be laid out in there. Traps if there is no room for it, and changes nothing then.
   */
  static settle(head: usize, size: usize): usize {
    const at = alloc(cursor - <f64>(last >> 3));
    memory.copy(at, head, size);
    counting = false;
    // (the debug build is to know of each buffer)
    moved = !ASC_NO_ASSERT || at != last;
    last = at;
    if (moved) Layout.begin(at, size);
    return at;
  }

  /** Is the block another one than was laid out? */
  @inline
  static get moved(): bool {
    return moved;
  }

  /** Both: a block that begins with a copy of `head`, followed by the buffers that `place` lays out. */
  @inline
  static block<T>(head: T, place: (x: T) => void): T {
    return changetype<T>(Layout.placed(changetype<usize>(head), offsetof<T>(), place.index));
  }

  /** (one for all T, so that the core has it once) */
  private static placed(head: usize, size: usize, place: u32): usize {
    Layout.count(size);
    call_indirect<void>(place, head);
    const at = Layout.settle(head, size);
    if (Layout.moved) call_indirect<void>(place, at);
    return at;
  }

  private static open(start: usize, words: f64, times: f64): void {
    const room = 8 * <usize>Layout.room(words);
    for (let i: f64 = 0; i < times; i++, start += room) Bounds.open(start, 8 * <usize>words, room);
  }
}
