// One buffer after another. What is to be laid out is laid out twice by the same code: from 0 on, which tells what it
// comes to, and then in place.

import { Bounds } from './bounds';
import { Vector } from './views';

/** Buffers of its own that an optimizer can have besides its vectors. */
export const PLACES: usize = 14;

let cursor: f64 = 0;
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

  /** Room for so many buffers of so many words; the first of them. */
  static take(words: f64, times: f64 = 1): Vector {
    const at = cursor;
    cursor += times * Layout.room(words);
    const start = (<usize>at) << 3;
    if (!ASC_NO_ASSERT && !counting) Layout.open(start, words, times);
    return Vector.at(start);
  }

  private static open(start: usize, words: f64, times: f64): void {
    const room = (<usize>Layout.room(words)) << 3;
    for (let i: f64 = 0; i < times; i++, start += room) Bounds.open(start, (<usize>words) << 3, room);
  }
}
