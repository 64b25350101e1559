/** Cases of factorize: entries, weights and options drawn; loss and stationarity recomputed, by sweeps of least squares. */
import { attempt, bytesOf, expected, unchanged } from './attempt.js';
import { demand } from './certificate.js';
import { wrongs } from './draw.js';
import {
  acts,
  beset,
  damage,
  drawDamage,
  drawHostile,
  entries,
  FORMS,
  harmless,
  inForm,
  lib,
} from './sparse.js';

const KAPPA = 5;

export function draw(kind, draws) {
  const { int, pick, once, uniform } = draws;
  const A = entries(draws);
  // (enough to be fitted, and none so large that its square is not there)
  if (once(2)) A.entries = A.entries.map(([i, j]) => [i, j, 1 + 4 * Math.abs(uniform())]);
  const options = { rank: int(1, once(10) ? 30 : 5), iterations: pick(1, int(1, 60), int(1, 60), 500) };
  if (!once(4)) options.regularization = pick(0, 1e-8, 1e-3, 0.1, 1, 1, 10, 1e3, 1e-300, 1e300);
  if (once(4)) options.norm = pick('weighted', 'uniform');
  if (once(3)) options.biases = false;
  if (once(4)) options.range = pick([1, 5], [0, 1e300], [-1e-300, 0]);
  if (once(4)) options.validation = pick(0, 0.1, 0.3, 0.5, A.entries.slice(0, 3));
  if (once(4)) options.tolerance = pick(0, 1e-300, 1e-14, 1e-6, 1, 1e300);
  if (once(4)) options.seed = pick(0, int(0, 1000), 2 ** 32 - 1);
  if (once(4)) {
    const spread = pick(0, 3, 8, 15, 29, 200);
    options.weights = A.entries.map(() => (once(10) ? 0 : 10 ** int(-spread, spread)));
  }
  if (once(20)) {
    const key = pick(
      'rank',
      'regularization',
      'norm',
      'biases',
      'validation',
      'range',
      'weights',
      'seed',
      'init',
      'rows',
      'x',
    );
    options[key] = pick(...wrongs);
  }
  return {
    kind,
    A,
    // (CSR has them in another order, and with it the weights)
    form: options.weights ? pick(0, 1, 4) : int(0, FORMS - 1),
    options,
    hostile: drawHostile(draws, A, 5),
    damage: once(5) ? drawDamage(draws) : undefined,
    again: once(4),
    cut: [
      pick('U', 'V', 'rowBias', 'columnBias', 'mean', 'typical', 'range', 'status', 'losses'),
      pick(...wrongs, 'converged'),
    ],
    abort: once(3) ? int(0, 4) : undefined,
    fault: pick('nothing', 'nothing', 'throw', 'reject'),
  };
}

/** Everything of a factorization is finite and fits together. */
function sound(F, { rank }) {
  const { U, V, rowBias, columnBias, mean, losses, validation, regularization, iterations, status, range } =
    F;
  demand(U.columns === rank && V.columns === rank && losses.length === iterations, 'wrong', 'shapes');
  for (const list of [U.data, V.data, rowBias, columnBias, losses, validation, [mean, regularization]])
    demand(list.every(Number.isFinite), 'wrong', `not finite: ${status}`);
  demand(/^(converged|validation|biases|max-iterations)$/.test(status), 'wrong', status);
  const guess = F.predict(0, 0);
  demand(!range || (guess >= range[0] && guess <= range[1]), 'wrong', `${guess} out of range`);
  const best = F.recommend(0, { count: 3 });
  demand(best.length === Math.min(3, V.rows), 'wrong', 'recommendations');
}

const bitsOf = ({ U, V, rowBias, columnBias, losses }) =>
  // (JSON knows no -0)
  Buffer.concat([U.data, V.data, rowBias, columnBias, losses].map((list) => bytesOf(list.map((x) => x + 0))));

/** The problem as lists: rows of the factors with bias and one, penalties on each of their numbers. */
function problem(A, F, weights) {
  const { U, V, rowBias, columnBias, mean, regularization, typical } = F;
  const biased = rowBias.length > 0;
  const list = A.entries.map(([i, j, v], e) => [i, j, v - mean, weights ? weights[e] : 1]);
  const all = list.reduce((sum, one) => sum + one[3], 0);
  const side = (X, bias, which, first) => {
    const k = X.columns;
    const rows = X.toArray().map((x, r) => (biased ? (first ? [...x, bias[r], 1] : [...x, 1, bias[r]]) : x));
    const sums = rows.map(() => 0);
    for (const one of list) sums[one[which]] += one[3];
    const scale = sums.map((w) => (typical > 0 ? ((w * rows.length) / all) ** 0.75 : 1));
    const free = rows[0].map((_, c) => c).filter((c) => !biased || c !== (first ? k + 1 : k));
    const penalty = (r, c) => (c < k ? regularization * scale[r] : KAPPA);
    return { rows, free, penalty };
  };
  return { list, a: side(U, rowBias, 0, true), b: side(V, columnBias, 1, false) };
}

const dot = (x, y) => x.reduce((sum, one, c) => sum + one * y[c], 0);

function lossOf({ list, a, b }) {
  let loss = 0;
  for (const [i, j, v, w] of list) loss += w * (dot(a.rows[i], b.rows[j]) - v) ** 2;
  for (const { rows, free, penalty } of [a, b])
    for (const [r, x] of rows.entries()) for (const c of free) loss += penalty(r, c) * x[c] ** 2;
  return loss;
}

/** Each row of one side becomes the best for the other as it is: normal equations, by elimination. */
function sweep(list, side, other, which) {
  const { rows, free, penalty } = side;
  const of = rows.map(() => []);
  for (const one of list) of[one[which]].push(one);
  for (const [r, x] of rows.entries()) {
    const H = free.map((c) => [...free.map((d) => (c === d ? penalty(r, c) : 0)), 0]);
    for (const one of of[r]) {
      const y = other.rows[one[1 - which]];
      const rest = one[2] - x.reduce((sum, value, c) => sum + (free.includes(c) ? 0 : value * y[c]), 0);
      for (const [p, c] of free.entries()) {
        for (const [q, d] of free.entries()) H[p][q] += one[3] * y[c] * y[d];
        H[p][free.length] += one[3] * y[c] * rest;
      }
    }
    const solution = solve(H);
    if (solution) for (const [p, c] of free.entries()) x[c] = solution[p];
  }
}

function solve(H) {
  const n = H.length;
  for (let p = 0; p < n; p++) {
    let at = p;
    for (let q = p; q < n; q++) if (Math.abs(H[q][p]) > Math.abs(H[at][p])) at = q;
    [H[p], H[at]] = [H[at], H[p]];
    if (!(Math.abs(H[p][p]) > 1e-12)) return undefined;
    for (let q = p + 1; q < n; q++) {
      const factor = H[q][p] / H[p][p];
      for (let c = p; c <= n; c++) H[q][c] -= factor * H[p][c];
    }
  }
  const x = Array(n).fill(0);
  for (let p = n - 1; p >= 0; p--) x[p] = (H[p][n] - dot(H[p].slice(p + 1, n), x.slice(p + 1))) / H[p][p];
  return x;
}

/** Root mean square over entries that were held out, of what is predicted. */
const off = (F, held) =>
  Math.sqrt(held.reduce((sum, [i, j, v]) => sum + (F.predict(i, j) - v) ** 2, 0) / held.length);

/**
 * The loss told of these factors: the last one, or where entries of the fuzz's own were held out that of the iteration that
 * met them best. Undefined where it is not known which these are.
 */
function told(F, { validation, regularization, range }) {
  if (typeof validation === 'number' && validation > 0 && regularization !== undefined) return undefined;
  if (!Array.isArray(validation)) return F.losses.at(-1);
  // (held within a range many predict them alike)
  if (range) return undefined;
  const best = F.validation.indexOf(Math.min(...F.validation));
  // (the start may have been better: that of biases is 0)
  const still = [F.U.data, F.V.data, F.rowBias, F.columnBias].every((list) => list.every((x) => x === 0));
  if (still) return undefined;
  return off(F, validation) <= F.validation[best] * (1 - 1e-12) ? undefined : F.losses[best];
}

/** Where it has converged, three sweeps gain no more than this share. */
const MARGIN = 1e-3;

function judge(A, F, options) {
  const { weights, validation, tolerance = 1e-10 } = options;
  const claimed = told(F, options);
  if (claimed === undefined) return;
  const one = problem(A, F, weights);
  const loss = lossOf(one);
  if (!(loss < 1e250)) return;
  const size = one.list.reduce((sum, [, , v, w]) => sum + w * (v * v + F.mean ** 2), 0);
  demand(
    Math.abs(claimed - loss) <= 1e-8 * (loss + size) + 1e-300,
    'wrong',
    () => `${F.status}: loss ${claimed} is ${loss}`,
  );
  if (F.status !== 'converged' || validation || tolerance > 1e-8) return;
  for (let times = 0; times < 3; times++) {
    sweep(one.list, one.a, one.b, 0);
    sweep(one.list, one.b, one.a, 1);
  }
  const better = lossOf(one);
  demand(
    better >= loss - MARGIN * loss - 1e-9 * size - 1e-300,
    'wrong',
    () => `converged at ${loss}, sweeps lead to ${better}`,
  );
}

export const runs = {
  factorize(described) {
    const { A, form, options, hostile, damage: harm, cut } = described;
    const input = inForm(A, form);
    const calm = unchanged([A, options, input], () => attempt(() => lib.factorize(input, options)));
    const F = calm.result;
    if (F) {
      sound(F, options);
      judge(A, F, options);
      const again = attempt(() => lib.factorization(JSON.parse(JSON.stringify(F)))).result;
      demand(again && bitsOf(F).equals(bitsOf(again)), 'wrong', 'JSON there and back');
      const broken = { ...JSON.parse(JSON.stringify(F)), [cut[0]]: cut[1] };
      attempt(() => {
        const other = lib.factorization(broken);
        demand(Number.isFinite(other.predict(0, 0)), 'wrong', 'predicts what is not finite');
      });
      const row = attempt(() => F.foldIn(A.entries.slice(0, 3).map(([, j, v]) => [j, v]))).result;
      if (row) demand(Number.isFinite(row.predict(0)), 'wrong', 'folded in, predicts what is not finite');
      const { result } = attempt(() => lib.factorize(inForm(A, form), { ...options, init: F }));
      if (result) {
        sound(result, options);
        judge(A, result, { regularization: F.regularization, ...options });
      }
    }
    if (hostile) {
      const { result } = attempt(() =>
        beset(inForm(A, form === 5 ? 4 : form), hostile, (hands) => lib.factorize(hands, options)),
      );
      if (result && harmless.has(hostile.act) && F && form < 2)
        demand(bitsOf(F).equals(bitsOf(result)), 'wrong', 'hostile reading: other bits');
    }
    if (harm) {
      const { result } = attempt(() => lib.factorize(damage(inForm(A, form), harm), options));
      if (result) sound(result, options);
    }
    return calm.error ?? F.status;
  },

  async factorizeAsync(described) {
    const { A, form, options, abort, fault } = described;
    const whole = attempt(() => lib.factorize(inForm(A, form), options));
    const controller = new AbortController();
    let seen = 0;
    const given = {
      ...options,
      signal: controller.signal,
      onProgress: () => {
        if (seen === abort) controller.abort();
        return seen++ === 1 && fault !== 'nothing'
          ? fault === 'throw'
            ? acts.throw()
            : Promise.resolve().then(acts.throw)
          : undefined;
      },
    };
    const { result, error, partial } = await lib.factorizeAsync(inForm(A, form), given).then(
      (result) => ({ result }),
      (error) => ({ error: expected(error), partial: error.result }),
    );
    if (partial) sound(partial, options);
    if (result) demand(bitsOf(result).equals(bitsOf(whole.result)), 'wrong', 'asynchronously: other bits');
    return error ?? result.status;
  },
};
