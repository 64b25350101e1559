// Only in the debug build: where buffers begin and end, so that views (views.ts) can check every index. In the release
// build nothing of this is compiled.

/** Buffers at most, of all descents and scratch at one time. */
const MOST: i32 = 1 << 16;

@unmanaged
class Region {
  start: usize;
  /** of its numbers */
  end: usize;
  /** of its room: the zeros to spare */
  room: usize;
}

const regions: usize = ASC_NO_ASSERT ? 0 : memory.data((1 << 16) * 12, 16);
let count = 0;
/** Where those were that were asked for last: the number of a region for some bits of a pointer. */
const SLOTS: i32 = 1 << 10;
const found: usize = ASC_NO_ASSERT ? 0 : memory.data((1 << 10) * 4, 4);

export class Bounds {
  @inline
  static region(i: i32): Region {
    return changetype<Region>(regions + <usize>i * offsetof<Region>());
  }

  @inline
  private static has(i: i32, at: usize): bool {
    const region = Bounds.region(i);
    return at >= region.start && at < region.room;
  }

  /** A buffer of so many bytes, and so many with its room. What was there is no more. */
  static open(start: usize, size: usize, room: usize): void {
    let i = 0;
    while (i < count && Bounds.region(i).start != start) i++;
    if (i == MOST) unreachable();
    if (i == count) count++;
    const region = Bounds.region(i);
    region.start = start;
    region.end = start + size;
    region.room = start + room;
  }

  /** All buffers between these are gone. */
  static close(start: usize, end: usize): void {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const region = Bounds.region(i);
      if (region.start >= start && region.start < end) continue;
      memory.copy(changetype<usize>(Bounds.region(kept)), changetype<usize>(region), offsetof<Region>());
      kept++;
    }
    count = kept;
  }

  /** The innermost buffer around `at`; null for static data. */
  static around(at: usize): Region | null {
    if (at < __heap_base) return null;
    const slot = found + (((at >> 3) & (SLOTS - 1)) << 2);
    const guess = load<i32>(slot);
    if (guess < count && Bounds.has(guess, at)) return Bounds.region(guess);
    for (let i = count - 1; i >= 0; i--) {
      if (!Bounds.has(i, at)) continue;
      store<i32>(slot, i);
      return Bounds.region(i);
    }
    // a view of what nobody allocated
    unreachable();
    return null;
  }

  /** Traps unless the number at `at` is one of the buffer in which the view begins. */
  static check(view: usize, at: usize): void {
    const region = Bounds.around(view);
    if (region && !(at >= region.start && at + 8 <= region.end)) unreachable();
  }

  /** The same for what a view may begin with: its end as well, and what is to spare. */
  static checkRoom(view: usize, at: usize): void {
    const region = Bounds.around(view);
    if (region && !(at >= region.start && at <= region.room)) unreachable();
  }
}
