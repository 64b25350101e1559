/**
 * Mutants that no test can tell from what they were made of, and why: by file, line and what became of it (as
 * index.js shows them), for as long as that text is there.
 */
export const equivalent = [
  {
    reason: 'a block of that very size: a rest of 0 bytes in place of none',
    mutants: [['assembly/memory.ts', 'if (block.size > size) {', 'if (block.size >= size) {']],
  },
];
