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
    reason: 'writing behind the end of a typed array does nothing',
    mutants: [
      ['src/random.ts', 'for (let i = 0; i < N; i++) {', 'for (let i = 0; i <= N; i++) {'],
      [
        'src/sparse/factorize.ts',
        'if (biases) bias[of][r] = factors[from]!;',
        'if (true) bias[of][r] = factors[from]!;',
      ],
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
  {
    reason: 'the diagonal becomes half of the sum of itself and itself',
    mutants: [
      [
        'assembly/krylov/ritz.ts',
        'for (let i = 0; i < c; i++) {',
        'for (let i = 0; i <= c; i++) {',
        'if (i >= first) T[i * ld + c] = (T[i * ld + c] + T[c * ld + i]) / 2;',
      ],
    ],
  },
  {
    reason:
      'a quotient has the sign of the product, and the divisor is not 0: the bracket is wider than NARROW',
    mutants: [
      [
        'assembly/optimizers/lbfgs.ts',
        'if (trial.slope * (high.t - low.t) >= 0) move(low, high);',
        'if (trial.slope / (high.t - low.t) >= 0) move(low, high);',
      ],
    ],
  },
  {
    reason: 'at least one iteration was made: the core returns STOOD + 1 or more, or less than STOOD',
    mutants: [
      [
        'src/sparse/factorize.ts',
        "if (done >= STOOD) this.#status = done < WORSE ? 'converged' : 'validation';",
        "if (done > STOOD) this.#status = done < WORSE ? 'converged' : 'validation';",
      ],
    ],
  },
  {
    reason:
      'where nothing is locked nothing is taken away; at the end it is from scratch that nobody reads any more',
    mutants: [
      [
        'src/sparse/products.ts',
        'if (locked && !final) deflate(left, locked);',
        'if (true) deflate(left, locked);',
      ],
    ],
  },
  {
    reason: 'memory that is taken anew in place of what was kept: time only',
    mutants: [['src/direct.ts', 'if (size === KEPT && !kept) kept = block;', 'if (false) kept = block;']],
  },
  {
    reason: 'the factors that are there are looked at once more, which has the same bits: time only',
    mutants: [
      [
        'src/save.ts',
        'if (best.every((value, at) => value === theta[at])) return resultOf(run, signs);',
        'if (best.every(() => undefined)) return resultOf(run, signs);',
      ],
    ],
  },
  {
    reason: 'theta has d behind U: what changes its sign is set right after to the root of what it was',
    mutants: [
      [
        'assembly/problems/svd/residual.ts',
        'if (s < 0) for (let i = 0; i < d.m; i++) U[i * k + c] = -U[i * k + c];',
        'if (s < 0) for (let i = 0; i <= d.m; i++) U[i * k + c] = -U[i * k + c];',
      ],
    ],
  },
  {
    reason: 'buffers begin anew where nothing is laid out any more',
    mutants: [
      ['assembly/layout.ts', 'if (moved) Layout.begin(at, size);', 'if (true) Layout.begin(at, size);'],
    ],
  },
  {
    reason: 'without biases that place is that of the value, which is written next',
    mutants: [
      ['src/sparse/factorization.ts', 'if (biased) rows[at + k] = 1;', 'if (true) rows[at + k] = 1;'],
    ],
  },
  {
    reason: 'there is no column behind the last to make a pair with',
    mutants: [
      [
        'assembly/optimizers/levenberg-marquardt/pairs.ts',
        'for (let i = 0; i < k; i++) {',
        'for (let i = 0; i <= k; i++) {',
        'for (let j = i + 1; j < k; j++) {',
      ],
    ],
  },
  {
    reason: 'options with a default are never null: they are looked at in vain',
    mutants: [
      [
        'src/check.ts',
        'const needed = entries.filter(([, { usual }]) => usual === null).map(([key]) => key as keyof T & string);',
        'const needed = entries.map(([key]) => key as keyof T & string);',
      ],
    ],
  },
  {
    reason: 'G is cleared where the end begins (assembly/krylov/end.ts): time only',
    mutants: [
      ['src/sparse/products.ts', 'if (final) leftGram(left, pointer);', 'if (true) leftGram(left, pointer);'],
    ],
  },
  {
    reason: 'a new view of the same memory for each number: time only',
    mutants: [['src/sparse/matrix.ts', 'if (to.length === 0) to = place();', 'if (true) to = place();']],
  },
  {
    reason: 'where a step changes nothing any more, neither do those that follow: time only',
    mutants: [['assembly/kernels/quartic.ts', 'if (next == t) break;', 'if (next == t) {}']],
  },
  {
    reason: 'the column behind the four is of the next panel, whose turn sets it anew',
    mutants: [
      [
        'assembly/sparse/left.ts',
        'for (let c = 0, a = 4 * q; c < 4; c++, a++) {',
        'for (let c = 0, a = 4 * q; c <= 4; c++, a++) {',
        'if (!isSmall(s, a)) continue;',
      ],
    ],
  },
  {
    reason: 'room for more losses is taken one earlier',
    mutants: [['src/run.ts', 'if (end > this.#losses.length) {', 'if (end >= this.#losses.length) {']],
  },
];
