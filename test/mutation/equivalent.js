/**
 * Mutants that no test can tell from what they were made of, and why: by file, text and what became of it (as
 * index.js shows them), for as long as that text is there; a fourth text is the line that follows.
 */
export const equivalent = [
  {
    reason: 'a block of that very size: a rest of 0 bytes in place of none',
    mutants: [['assembly/memory.ts', 'if (block.size > size) {', 'if (block.size >= size) {']],
  },
  {
    reason:
      'the entries next to the diagonal are copied once more, and the diagonal (0 where the sign is -1) onto itself',
    mutants: [['assembly/kernels/matmul.ts', 'const i = max(first, j + 1);', 'const i = max(first, j - 1);']],
  },
  {
    reason: 'entries in order are sorted, which leaves them as they are: time only',
    mutants: [['assembly/sparse/csr.ts', 'let sorted = true;', 'let sorted = false;']],
  },
  {
    reason: 'one round more takes or writes the zeros that every buffer has to spare behind its end',
    mutants: [
      [
        'assembly/optimizers/conjugate-gradients.ts',
        'for (let i = 0; i < rows; i++) sum += a[i] * X[i * k + c] * X[i * k + c];',
        'for (let i = 0; i <= rows; i++) sum += a[i] * X[i * k + c] * X[i * k + c];',
      ],
    ],
  },
  {
    reason:
      'one round more: what is compared is undefined and never smaller, and the first k of the order count',
    mutants: [
      ['src/factors.ts', 'for (let c = 0; c < k; c++) {', 'for (let c = 0; c <= k; c++) {', 'let at = c;'],
    ],
  },
  {
    reason: 'writing behind the end of a typed array does nothing',
    mutants: [
      [
        'src/sparse/run.ts',
        'for (let a = 0; a < found.length; a++) found[a]! /= this.unit;',
        'for (let a = 0; a <= found.length; a++) found[a]! /= this.unit;',
      ],
    ],
  },
  {
    reason: 'FIRST + SECOND instead of FIRST: the transpose of one column is the same numbers',
    mutants: [
      [
        'assembly/problems/svd/outside.ts',
        'gemm(SET + FIRST, k, 1, rows, B, x, g, null);',
        'gemm(SET - FIRST, k, 1, rows, B, x, g, null);',
      ],
    ],
  },
  {
    reason: 'sigma > 0 needs a weight where x and y are not 0: the root is finite, the test is for underflow',
    mutants: [
      [
        'assembly/optimizers/conjugate-gradients.ts',
        'if (!isFinite(root)) return false;',
        'if (!isFinite(root)) return true;',
      ],
    ],
  },
  {
    reason: 'writing behind the end of a typed array does nothing',
    mutants: [
      [
        'src/factors.ts',
        'for (let j = 0; j < n; j++) V[j * k + c] = flip * theta[(m + 1 + j) * k + from]!;',
        'for (let j = 0; j <= n; j++) V[j * k + c] = flip * theta[(m + 1 + j) * k + from]!;',
      ],
      ['src/random.ts', 'for (let i = 0; i < N; i++) {', 'for (let i = 0; i <= N; i++) {'],
    ],
  },
  {
    reason: 'the row behind the last of a former factorization has no factors to take, and no bias',
    mutants: [
      ['src/sparse/factorize.ts', 'if (r >= init[of].rows) continue;', 'if (r > init[of].rows) continue;'],
    ],
  },
  {
    reason: 'what comes after the last row of a CSR is nothing: its end is that of the entries',
    mutants: [
      [
        'src/sparse/matrix.ts',
        'for (let i = 0; i < rows; i++) to.fill(i, starts[i], starts[i + 1]);',
        'for (let i = 0; i <= rows; i++) to.fill(i, starts[i], starts[i + 1]);',
      ],
    ],
  },
  {
    reason: 'a reading of the clock: the length of a slice, not what is in it',
    mutants: [
      [
        'src/slices.ts',
        'else if (now - before > budgetMs / 8) chunk = Math.ceil(chunk / 2);',
        'else if (now - before >= budgetMs / 8) chunk = Math.ceil(chunk / 2);',
      ],
    ],
  },
  {
    reason: 'all of a symmetric product in place of its lower half: time only',
    mutants: [
      [
        'assembly/kernels/matmul.ts',
        'multiply(true, SET, k, k, rows, X, 1, k, X, k, 1, G, null, k);',
        'multiply(false, SET, k, k, rows, X, 1, k, X, k, 1, G, null, k);',
      ],
    ],
  },
];
