/** What a result must be, whatever it came from; and what `converged` claims, recomputed. */
import { jacobi, largest, norm, table, times, transposed, unit } from './algebra.js';

/** A finding: `kind` is counted, the rest is told. */
export class Finding extends Error {
  constructor(kind, message) {
    super(`${kind}: ${message}`);
    this.kind = kind;
  }
}

export const demand = (ok, kind, message) => {
  if (!ok) throw new Finding(kind, typeof message === 'function' ? message() : message);
};

/** Finite factors of the right shapes, S descending and >= 0, a history without NaN. */
export function sound({ U, S, V, losses, iterations, status, loss }, m, n, most = Infinity) {
  const k = S.length;
  demand(U.rows === m && V.rows === n && U.columns === k && V.columns === k, 'wrong', 'shapes');
  for (const data of [U.data, S, V.data])
    demand(data.every(Number.isFinite), 'wrong', `not finite: ${status}`);
  demand(
    S.every((s, c) => s >= 0 && (c === 0 || s <= S[c - 1])),
    'wrong',
    () => `S is not sorted: ${S}`,
  );
  if (status === undefined) return;
  demand(/^(running|converged|max-iterations|diverged)$/.test(status), 'wrong', status);
  demand(iterations <= most, 'wrong', `${iterations} iterations of ${most}`);
  demand(!losses.some(Number.isNaN) || status === 'diverged', 'wrong', `a loss is NaN: ${status}`);
  demand(status === 'diverged' || Number.isFinite(loss.total), 'wrong', `loss ${loss.total}: ${status}`);
}

const offIdentity = (X) =>
  largest(times(transposed(X), X).map((row, i) => row.map((x, j) => x - Number(i === j))));

/** What rounding may leave, relative, where sums run over so many terms. */
const rounding = (m, n) => 1e-13 * (1 + Math.sqrt(Math.max(m, n)));

/**
 * Singular vectors and the largest singular values to within the tolerance: UᵀU = VᵀV = I, R V = 0, Rᵀ U = 0 for
 * R = weights ∘ (U diag(S) Vᵀ - M), and without weights S as Jacobi finds it.
 */
export function converged(M, { U, S, V }, tolerance, weights) {
  const [m, n, k] = [M.length, M[0].length, S.length];
  const { by, rows } = unit(M);
  const allowed = 4 * tolerance + rounding(m, n);
  if (allowed > 1e-2) return;
  const [u, v] = [U.toArray(), V.toArray()];
  const s = Array.from(S, (x) => x / by);
  const size = norm(rows) || 1;
  const crooked = Math.max(offIdentity(u), offIdentity(v));
  demand(crooked <= allowed, 'wrong', () => `converged with |XᵀX - I| = ${crooked}, not ${allowed}`);
  const spread = u.map((row) => row.map((x, c) => x * s[c]));
  const R = times(spread, transposed(v)).map((row, i) =>
    row.map((x, j) => (x - rows[i][j]) * (weights?.[i][j] ?? 1)),
  );
  // (a denormal number has few digits)
  const digits = (8 * k * Number.MIN_VALUE) / by;
  const slopes = Math.hypot(norm(times(R, v)), norm(times(transposed(R), u))) / size;
  demand(
    slopes <= allowed + digits / size,
    'wrong',
    () => `converged with slopes of ${slopes}, not ${allowed}`,
  );
  if (weights) return;
  const most = Math.max(...s.map((x, c) => Math.abs(x - jacobiOf(M, by)[c])));
  // (a tie at the cut of 1e-12 counts as one)
  const least = (k < Math.min(m, n) ? 4e-12 : 0) + 4 * allowed;
  demand(
    most <= least * size + digits,
    'wrong',
    () => `converged with S = ${S}, not ${jacobi(M).S.slice(0, k)}`,
  );
}

let last;
function jacobiOf(M, by) {
  if (last?.M !== M) last = { M, S: jacobi(M).S.map((s) => s / by) };
  return last.S;
}

/** X M = I to what `tolerance` or rounding leave. */
export function inverted(M, X, tolerance) {
  const n = M.length;
  const [a, b] = [unit(M), unit(X.toArray())];
  const by = a.by * b.by;
  const off = table(
    n,
    n,
    (i, j) => b.rows[i].reduce((sum, x, l) => sum + x * a.rows[l][j], 0) * by - Number(i === j),
  );
  const allowed = 4 * tolerance * n + 64 * Number.EPSILON * norm(a.rows) * norm(b.rows) * by;
  demand(norm(off) <= allowed, 'wrong', () => `|X M - I| is ${norm(off)}, not ${allowed}`);
}
