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
 * Singular vectors and the largest singular values to within the tolerance: UᵀU = VᵀV = I, R V + λ U = 0, Rᵀ U + λ V = 0
 * for R = weights ∘ (U diag(S) Vᵀ - M), and without weights S as Jacobi finds it, less λ. (Where M is what was left `from`
 * another, it lacks the digits lost.)
 */
export function converged(M, { U, S, V }, tolerance, { from = M, weights, lambda = 0 } = {}) {
  const [m, n, k] = [M.length, M[0].length, S.length];
  const { by, rows } = unit(M);
  const lost = from === M ? 0 : 16 * Number.EPSILON * (unit(from).by / by) * Math.sqrt(m * n);
  const allowed = 4 * tolerance + rounding(m, n) + lost;
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
  // (what a λ draws down to 0 comes there slowly: it is the product that has to stand still)
  const down = Math.min(lambda / by, 1e300);
  const unitOf = Math.max(size, down);
  const share = s.map((x) => (down > 0 ? Math.min(1, x / size) : 1));
  const along = (X, Y) =>
    X.map((row, i) => row.map((x, c) => (x / unitOf + (down / unitOf) * Y[i][c]) * share[c]));
  const slopes = Math.hypot(norm(along(times(R, v), u)), norm(along(times(transposed(R), u), v)));
  demand(
    slopes <= allowed + digits / size,
    'wrong',
    () => `converged with slopes of ${slopes}, not ${allowed}`,
  );
  if (weights) return;
  const right = jacobiOf(M, by).map((x) => Math.max(x - down, 0));
  const most = Math.max(...s.map((x, c) => Math.abs(x - right[c])));
  // (a tie at the cut of 1e-12 counts as one)
  // (where λ is a singular value the loss is flat to third order: S has half the digits)
  const least = (k < Math.min(m, n) ? 4e-12 : 0) + 4 * (down > 0 ? Math.sqrt(allowed) : allowed);
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

/** XᵀX = I for a Matrix of the package. */
export function orthonormal(X) {
  const crooked = offIdentity(X.toArray());
  demand(crooked <= 1e-10, 'wrong', () => `|XᵀX - I| = ${crooked} of a full one`);
}

/** The normal equations of least squares hold for x, of the factors of M: S Vᵀx = Uᵀb, where S is not too small. */
export function solved({ U, S, V }, b, x) {
  const [u, v] = [U.toArray(), V.toArray()];
  const dot = (X, c, y) => y.reduce((sum, one, i) => sum + X[i][c] * one, 0);
  const size = Math.max(...b.map(Math.abs));
  for (const [c, s] of S.entries()) {
    if (!(s > 1e-6 * S[0]) || !(size < 1e150) || !(size > 1e-150)) continue;
    const off = Math.abs(dot(v, c, x) * s - dot(u, c, b));
    // (x may be long, by small singular values, and V is orthonormal to rounding; or so short that it has few digits)
    const rounding = s * x.length * (1e-14 * Math.hypot(...x) + 4 * Number.MIN_VALUE);
    demand(
      off <= 1e-8 * size * b.length + rounding,
      'wrong',
      () => `solve is off by ${off} of ${size} at ${c}`,
    );
  }
}
