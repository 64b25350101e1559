/** A plain direct SVD and what it takes, so that nothing of the package is measured by itself. */

export const table = (m, n, entry) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));

export const transposed = (A) => table(A[0].length, A.length, (i, j) => A[j][i]);

export const times = (A, B) =>
  table(A.length, B[0].length, (i, j) => A[i].reduce((sum, a, l) => sum + a * B[l][j], 0));

export const largest = (A) =>
  A.reduce((most, row) => row.reduce((x, y) => Math.max(x, Math.abs(y)), most), 0);

/** The Frobenius norm of entries near to 1. */
export const norm = (A) => Math.sqrt(A.reduce((sum, row) => row.reduce((s, x) => s + x * x, sum), 0));

/** A = `by` x `rows`, `by` a power of two and the largest entry of `rows` in [1, 2): nothing over- or underflows. */
export function unit(A) {
  const most = largest(A);
  if (most === 0) return { by: 1, rows: A };
  const by = 2 ** Math.max(Math.floor(Math.log2(most)), -1074);
  return { by, rows: A.map((row) => row.map((x) => x / by)) };
}

/** Columns of A (m >= n) are rotated until they are orthogonal: A V = U diag(S). */
function orthogonalized(A) {
  const n = A[0].length;
  const X = transposed(A);
  const V = table(n, n, (i, j) => Number(i === j));
  const dot = (x, y) => x.reduce((sum, a, i) => sum + a * y[i], 0);
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const [a, b, g] = [dot(X[i], X[i]), dot(X[j], X[j]), dot(X[i], X[j])];
        if (!(Math.abs(g) > 1e-16 * Math.sqrt(a * b)) || Math.abs(g) < 1e-300) continue;
        const angle = (b - a) / (2 * g);
        const t = Math.sign(angle || 1) / (Math.abs(angle) + Math.hypot(1, angle));
        if (Math.abs(t) > 1e-16) rotated = true;
        const c = 1 / Math.hypot(1, t);
        for (const rows of [X, V]) {
          const [x, y] = [rows[i], rows[j]];
          rows[i] = x.map((value, l) => c * (value - t * y[l]));
          rows[j] = y.map((value, l) => c * (value + t * x[l]));
        }
      }
    }
  }
  const S = X.map((x) => Math.sqrt(dot(x, x)));
  const order = S.map((_, c) => c).sort((i, j) => S[j] - S[i]);
  return {
    S: order.map((c) => S[c]),
    U: transposed(order.map((c) => X[c].map((x) => (S[c] > 0 ? x / S[c] : 0)))),
    V: transposed(order.map((c) => V[c])),
  };
}

/** M = U diag(S) Vᵀ; columns of U (V where M is wide) that belong to 0 are 0. */
export function jacobi(M) {
  const { by, rows } = unit(M);
  const wide = M.length < M[0].length;
  const { U, S, V } = orthogonalized(wide ? transposed(rows) : rows);
  const scaled = S.map((s) => s * by);
  return wide ? { U: V, S: scaled, V: U } : { U, S: scaled, V };
}
