// One buffer after another. What is to be laid out is laid out twice by the same code: from 0 on, which tells what it
// comes to, and then in place.

import { Bounds } from './bounds';
import { alloc } from './memory';
import { Integers, Vector } from './views';

/** What an optimizer can say of its own buffers, in words of 4 bytes: where they are. */
export const PLACES: usize = 48;

let cursor: f64 = 0;
/** Room for the largest head. */
const drafted = memory.data(512, 16);
let counting = false;

export class Layout {
  /** From here on, in words of 8 bytes. (f64: what comes to more than there is must be seen to.) */
  static begin(words: f64): void {
    cursor = words;
    counting = words == 0;
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
    const start = (<usize>at) << 3;
    if (!ASC_NO_ASSERT && !counting) Layout.open(start, words, times);
    return Vector.at(start);
  }

  /** Room for so many integers. */
  static integers(count: f64): Integers {
    return changetype<Integers>(Layout.take(0.5 * (count + 1)));
  }

  /** A head of zeros, in no place to stay. */
  static draft<T>(): T {
    memory.fill(drafted, 0, offsetof<T>());
    return changetype<T>(drafted);
  }

  /**
   * A block of memory that begins with a copy of `head`, followed by the buffers that `place` lays out, of any content;
   * traps if there is no room for it.
   */
  @inline
  static block<T>(head: T, place: (x: T) => void): T {
    return changetype<T>(Layout.placed(changetype<usize>(head), offsetof<T>(), place.index));
  }

  /** (one for all T, so that the core has it once) */
  private static placed(head: usize, size: usize, place: u32): usize {
    Layout.begin(0);
    Layout.take(<f64>size / 8);
    call_indirect<void>(place, head);
    const at = alloc(cursor);
    memory.copy(at, head, size);
    Layout.begin(<f64>(at >> 3));
    Layout.take(<f64>size / 8);
    call_indirect<void>(place, at);
    return at;
  }

  private static open(start: usize, words: f64, times: f64): void {
    const room = (<usize>Layout.room(words)) << 3;
    for (let i: f64 = 0; i < times; i++, start += room) Bounds.open(start, (<usize>words) << 3, room);
  }
}
