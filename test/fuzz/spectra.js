/** What svds claims, recomputed from the entries; singular values by Jacobi, block by block. */
import { jacobi, largest, table, times, transposed } from './algebra.js';
import { demand } from './certificate.js';

/** Entries of one place added, in the order in which they came, and in units that bring the largest near 1. */
export function merged({ entries }) {
  const sums = new Map();
  for (const [i, j, x] of entries) {
    const key = i * 2 ** 26 + j;
    const at = sums.get(key);
    if (at) at[2] += x;
    else sums.set(key, [i, j, x]);
  }
  const list = [...sums.values()];
  const most = list.reduce((most, [, , x]) => Math.max(most, Math.abs(x)), 0);
  const by = most > 0 ? 2 ** Math.max(Math.floor(Math.log2(most)), -1074) : 1;
  return { by, list: list.map(([i, j, x]) => [i, j, x / by]) };
}

/** Rows and columns that hang together, as dense matrices. */
function parts(m, n, list) {
  const root = Array.from({ length: m + n }, (_, i) => i);
  const find = (i) => {
    while (root[i] !== i) i = root[i] = root[root[i]];
    return i;
  };
  const there = list.filter(([, , x]) => x !== 0);
  for (const [i, j] of there) root[find(i)] = find(m + j);
  const found = new Map();
  for (const one of there) {
    const key = find(one[0]);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  return [...found.values()].map((some) => {
    const [rows, columns] = [0, 1].map(
      (which) => new Map([...new Set(some.map((one) => one[which]))].map((i, at) => [i, at])),
    );
    const M = table(rows.size, columns.size, () => 0);
    for (const [i, j, x] of some) M[rows.get(i)][columns.get(j)] = x;
    return M;
  });
}

/** All singular values, largest first, of the entries as `merged` has them. */
export function singularValues(m, n, list) {
  const all = parts(m, n, list).flatMap((M) => jacobi(M).S);
  while (all.length < Math.min(m, n)) all.push(0);
  return all.sort((a, b) => b - a).slice(0, Math.min(m, n));
}

const crooked = (X) =>
  largest(times(transposed(X), X).map((row, a) => row.map((x, b) => x - Number(a === b))));

/** A times X (rows of k numbers), or its transpose. */
export function product(list, rows, X, [to, from]) {
  const Y = table(rows, X[0].length, () => 0);
  for (const one of list) for (const [c, x] of X[one[from]].entries()) Y[one[to]][c] += one[2] * x;
  return Y;
}

const lengths = (X) => X[0].map((_, c) => Math.hypot(...X.map((row) => row[c])));

/**
 * Finite, sorted, of the right shapes; and if A is known: S and residuals are what the vectors say, and where it has
 * converged these are orthonormal, the residuals within the tolerance and no larger singular value left out.
 */
export function certified(
  A,
  { U, S, V, status, residuals, passes, products, rows },
  { rank, tolerance = 1e-10, iterations = 2000 },
) {
  demand(S.length === rank && V.columns === rank && (!U || U.columns === rank), 'wrong', 'shapes');
  for (const data of [U?.data ?? S, S, V.data, residuals])
    demand(data.every(Number.isFinite), 'wrong', 'not finite');
  demand(
    S.every((s, c) => s >= 0 && (c === 0 || s <= S[c - 1])),
    'wrong',
    () => `S is not sorted: ${S}`,
  );
  demand(/^(converged|max-iterations)$/.test(status), 'wrong', status);
  demand(passes >= 1 && products >= 1, 'wrong', `${passes} passes`);
  if (!A) return;
  const { m, n } = A;
  demand(V.rows === n && (U ? U.rows : rows) === m, 'wrong', 'shapes');
  const { by, list } = merged(A);
  const s = Array.from(S, (x) => x / by);
  const v = V.toArray();
  const rounding = 1e-13 * (1 + Math.sqrt(Math.max(m, n)));
  const size = s[0] || 1;
  // (a denormal number has few digits)
  const digits = (16 * Number.MIN_VALUE) / by;
  const told = Array.from(residuals, (x) => x / by);
  const Mv = product(list, m, v, [0, 1]);
  if (U) {
    const u = U.toArray();
    const Mu = product(list, n, u, [1, 0]);
    const minus = (X, Y) => lengths(X.map((row, i) => row.map((x, c) => x - s[c] * Y[i][c])));
    const [right, left] = [minus(Mv, u), minus(Mu, v)];
    for (const [c, r] of told.entries()) {
      const found = Math.max(right[c], left[c]);
      // (known: where all products are denormal, what has not converged says too small residuals)
      if (by < 1e-290 && status === 'max-iterations') continue;
      // (what is beyond float64 is told as its largest)
      if (residuals[c] === Number.MAX_VALUE && found >= r) continue;
      demand(
        found <= r + rounding * size + digits,
        'wrong',
        () => `residual ${c} is ${found}, not ${r}, of ${size}`,
      );
    }
    demand(crooked(u) <= 1e-9, 'wrong', () => `|UᵀU - I| = ${crooked(u)}`);
  }
  demand(crooked(v) <= 1e-9, 'wrong', () => `|VᵀV - I| = ${crooked(v)}`);
  const allowed = tolerance * size + rounding * size + digits;
  if (status === 'max-iterations') {
    // (of blocks nothing is left out of M: what is small has few digits; as has what somebody's products lose)
    const few = !U || by < 1e-290 || iterations < 2000 || tolerance < 1e-10;
    demand(
      few || told.every((r) => r <= 2 * allowed),
      'unconverged',
      () => `${passes} passes, S ${S}, residuals ${residuals}`,
    );
    return;
  }
  for (const r of told)
    demand(r <= allowed, 'wrong', () => `converged with a residual of ${r}, not ${allowed}`);
  if (tolerance > 1e-3) return;
  const all = singularValues(m, n, list);
  const off = Math.max(...s.map((x, c) => Math.abs(x - all[c])));
  demand(off <= 4 * allowed, 'wrong', () => `converged with S = ${s}, not ${all.slice(0, rank)}`);
}
