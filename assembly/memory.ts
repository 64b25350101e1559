// Memory by the block, as in chapter 8.7 of Kernighan and Ritchie: the free blocks are a list in order of address,
// the first that is large enough is taken from, and neighbours that are free become one. (A descent is one
// block, so that the list is short. AssemblyScript's own allocator is three times the code and stops at 1 GiB.)

import { Bounds } from './bounds';

/** What is ahead of a block: 16 bytes, so that all that follows is aligned for v128. */
@unmanaged
class Block {
  /** in bytes, these 16 included */
  size: usize;
  next: Block | null;
  unused: u64;

  /** Where the next one begins, free or not. */
  @inline
  get end(): usize {
    return changetype<usize>(this) + this.size;
  }
}

const HEAD: usize = offsetof<Block>();
/** wasm32 has 4 GiB (asconfig.json: less a page, so that their bytes can be counted); the rest is for static data. */
const MOST_WORDS: f64 = 536000000;

const list = changetype<Block>(memory.data(16, 16));

/** A block of so many words, of any content; traps if there is no room for it, and then changes nothing. */
export function alloc(words: f64): usize {
  const at = find(words);
  if (!ASC_NO_ASSERT) Bounds.open(at, (<usize>words) << 3, (((<usize>words) << 3) + 15) & ~15);
  return at;
}

function find(words: f64): usize {
  if (words > MOST_WORDS) unreachable();
  const size = (((<usize>words) << 3) + HEAD + 15) & ~15;
  // (ends: what is not found in the first round is there in the second, as memory has grown, or it traps; the lists are
  // finite, in order of address)
  while (true) {
    let last = list,
      block = last.next;
    while (block) {
      if (block.size > size) {
        // its end
        block.size -= size;
        block = changetype<Block>(block.end);
        block.size = size;
        return changetype<usize>(block) + HEAD;
      }
      if (block.size == size) {
        last.next = block.next;
        return changetype<usize>(block) + HEAD;
      }
      last = block;
      block = block.next;
    }
    // what is free at the end is added to
    const free = last.end == (<usize>memory.size()) << 16 ? last.size : 0;
    const pages = <i32>((size - free + 0xffff) >> 16),
      grown = memory.grow(pages);
    if (grown < 0) unreachable();
    const more = changetype<Block>((<usize>grown) << 16);
    more.size = (<usize>pages) << 16;
    release(changetype<usize>(more) + HEAD);
  }
}

export function release(at: usize): void {
  const block = changetype<Block>(at - HEAD);
  if (!ASC_NO_ASSERT) Bounds.close(at, block.end);
  let last = list,
    next = last.next;
  while (next && changetype<usize>(next) < changetype<usize>(block)) {
    last = next;
    next = next.next;
  }
  if (next && block.end == changetype<usize>(next)) {
    block.size += next.size;
    block.next = next.next;
  } else block.next = next;
  if (last.end == changetype<usize>(block)) {
    last.size += block.size;
    last.next = block.next;
  } else last.next = block;
}
