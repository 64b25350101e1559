/** Cases of svds, svdsAsync and project: sparse matrices drawn, in every form, and what came of them judged. */
import { table } from './algebra.js';
import { attempt, bytesOf, expected, unchanged } from './attempt.js';
import { Finding } from './certificate.js';
import { matrix, spectrum, warm, wrongs } from './draw.js';
import { answers, Injected, watched } from './forms.js';
import { freshSparse, memories, recorded } from './library.js';
import { certified, merged, product } from './spectra.js';

export const lib = recorded('sparse ', await freshSparse());
const small = { rows: 2, columns: 2, data: [1, 2, 3], row: [0, 1, 1], col: [0, 0, 1] };
lib.svds(small, { rank: 1 });
const memory = memories.at(-1);

// ---- what is drawn

/** In another order, from one draw. */
function shuffled({ int }, list) {
  let state = int(1, 2 ** 31 - 2);
  return list
    .map((one) => {
      state = (48271 * state) % (2 ** 31 - 1);
      return [state, one];
    })
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i);

/** Dense blocks anywhere: what they are made of is known of the whole. */
function blocks(draws) {
  const { int, once } = draws;
  const parts = Array.from({ length: int(1, once(4) ? 40 : 8) }, () => matrix(draws, 3));
  if (once(2)) parts.fill(parts[0]);
  return parts;
}

/** A long diagonal. */
function diagonal(draws) {
  const { int, once } = draws;
  return spectrum(draws, int(1, once(4) ? 250 : 30)).map((s) => [[s]]);
}

/** m, n and entries [i, j, value], in any order, some in parts, some 0. */
export function entries(draws) {
  const { int, pick, once, uniform } = draws;
  const kind = int(0, 5);
  const parts =
    kind === 0 ? blocks(draws) : kind === 1 ? diagonal(draws) : [matrix(draws, kind === 2 ? 10 : 6)];
  // (the judge takes seconds for 15,000 x 120)
  const size = () =>
    parts.reduce((sum, M) => sum + M.length, 0) * parts.reduce((sum, M) => sum + M[0].length, 0);
  while (size() > 4e5) parts.pop();
  const empty = () => (once(4) ? int(1, 5) : 0);
  const m = parts.reduce((sum, M) => sum + M.length, empty());
  const n = parts.reduce((sum, M) => sum + M[0].length, empty());
  const [rows, columns] = once(3) ? [upTo(m), upTo(n)] : [shuffled(draws, upTo(m)), shuffled(draws, upTo(n))];
  const share = kind === 3 ? pick(2, 4, 8) : 0;
  let list = [];
  let [down, right] = [0, 0];
  for (const M of parts) {
    for (const [i, row] of M.entries()) {
      for (const [j, x] of row.entries()) {
        if (share ? once(share) : x !== 0 || once(10)) list.push([rows[down + i], columns[right + j], x]);
      }
    }
    down += M.length;
    right += M[0].length;
  }
  if (once(4)) {
    // in parts that add up to what it is, but for rounding
    for (const [i, j, x] of list.slice(0, 20)) {
      const part = x * pick(0.5, 1, 2, -1, uniform());
      if (!Number.isFinite(part) || !Number.isFinite(x - part)) continue;
      list.push([i, j, part], [i, j, -part]);
    }
  }
  list = once(2) ? list : shuffled(draws, list);
  return { m, n, entries: list };
}

export const FORMS = 8;

const byRows = (list) => list.map((one, at) => [one, at]).sort(([a, i], [b, j]) => a[0] - b[0] || i - j);

/** The same matrix; of these the first four are read by name, the others walked. */
const forms = [
  ({ m, n, entries }) => ({
    rows: m,
    columns: n,
    data: entries.map((e) => e[2]),
    row: entries.map((e) => e[0]),
    col: entries.map((e) => e[1]),
  }),
  ({ m, n, entries }) => ({
    shape: [m, n],
    data: Float64Array.from(entries, (e) => e[2]),
    row: Int32Array.from(entries, (e) => e[0]),
    col: Uint32Array.from(entries, (e) => e[1]),
  }),
  ({ m, n, entries }) => {
    const sorted = byRows(entries).map(([one]) => one);
    const indptr = upTo(m + 1).map((i) => sorted.filter((e) => e[0] < i).length);
    return { rows: m, columns: n, data: sorted.map((e) => e[2]), indices: sorted.map((e) => e[1]), indptr };
  },
  (A) => {
    const { rows, columns, data, indices, indptr } = forms[2](A);
    return {
      shape: Int32Array.of(rows, columns),
      data: Float64Array.from(data),
      indices: Uint16Array.from(indices),
      indptr: Float64Array.from(indptr),
    };
  },
  ({ m, n, entries }) => Object.assign([...entries], { rows: m, columns: n }),
  ({ m, n, entries }) => Object.assign(new Set(entries), { rows: m, columns: n }),
  ({ m, n, entries }) => ({
    rows: m,
    columns: n,
    *[Symbol.iterator]() {
      yield* entries;
    },
  }),
  ({ m, n, entries }) =>
    Object.assign(
      entries.map((e) => Float64Array.from(e)),
      { rows: m, columns: n },
    ),
];

export const inForm = (A, form) => forms[form](A);

const indices = [
  -1,
  0.5,
  NaN,
  Infinity,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e300,
  '0',
  null,
  undefined,
  1n,
  true,
  [],
  {},
];

/** [what, at, value]: what somebody got wrong in the form of an input. */
export function drawDamage({ int, pick }) {
  const what = pick(
    'data',
    'data',
    'row',
    'col',
    'indices',
    'indptr',
    'rows',
    'columns',
    'shape',
    'length',
    'entry',
  );
  const value = ['data', 'entry'].includes(what)
    ? pick(...wrongs, ...indices)
    : pick(...indices, int(0, 40), 1e9);
  return [what, int(0, 30), value];
}

export function damage(input, [what, at, value]) {
  const copy = Array.isArray(input)
    ? Object.assign([...input], { rows: input.rows, columns: input.columns })
    : { ...input };
  if (what === 'entry' && Array.isArray(copy) && copy.length > 0) {
    copy[at % copy.length] =
      at % 3 === 0 ? value : Object.assign([...copy[at % copy.length]], { [at % 4]: value });
  } else if (what === 'length') {
    for (const key of ['data', 'row', 'indices', 'indptr'].slice(at % 4)) {
      if (copy[key]) return Object.assign(copy, { [key]: copy[key].slice(at % 3) });
    }
  } else if (['rows', 'columns', 'shape'].includes(what)) {
    if (what in copy) copy[what] = value;
  } else if (copy[what]) {
    const list = Array.from(copy[what]);
    list[at % (list.length + 1)] = value;
    copy[what] = list;
  }
  return copy;
}

function drawOptions(draws, A) {
  const { int, pick, once, uniform } = draws;
  const most = Math.min(A.m, A.n);
  // (all of a 250 x 250 take some 2 s: as many as are found in an eighth of that)
  const end = Math.min(most, Math.max(6, Math.floor(2e6 / (A.m * A.n))));
  const k = once(4) ? end : int(1, once(3) ? end : Math.min(most, 6));
  const all = { rank: k };
  if (once(5)) all.tolerance = pick(0, Number.MIN_VALUE, 1e-300, 1e-16, 1e-13, 1e-6, 1e-3, 1, 1e300);
  if (once(4)) all.seed = pick(0, int(0, 1000), 2 ** 32 - 1);
  if (once(6)) all.iterations = pick(1, 2, int(1, 60));
  if (once(4)) {
    if (A.m * A.n <= 144) all.init = warm(draws, dense(A), k);
    else {
      const at = int(0, most - 1);
      const units = (rows) => table(rows, k, (i, c) => Number(i === (c + at) % most));
      all.init = { U: units(A.m), S: Array(k).fill(pick(0, 1)), V: units(A.n) };
    }
  }
  if (once(20)) {
    const key = pick('rank', 'tolerance', 'seed', 'init', 'iterations', 'rows', 'extra');
    // (more rows than there are may be given beside triplets)
    all[key] = key === 'rows' ? pick(...wrongs) : pick(...wrongs, most + 1, uniform());
  }
  return all;
}

export function dense(A) {
  const M = table(A.m, A.n, () => 0);
  for (const [i, j, x] of A.entries) M[i][j] += x;
  return M;
}

/** (A Set of Proxies would be no Set: that form is left alone.) */
export const drawHostile = ({ int, pick, once }, A, form) =>
  once(3) && form !== 5
    ? { at: int(0, 12 + 4 * A.entries.length), act: pick(...Object.keys(acts)) }
    : undefined;

export function draw(kind, draws) {
  const { int, pick, once } = draws;
  const A = entries(draws);
  const form = int(0, FORMS - 1);
  const described = { kind, A, form, options: drawOptions(draws, A) };
  if (kind === 'svds') {
    return {
      ...described,
      hostile: drawHostile(draws, A, form),
      damage: once(5) ? drawDamage(draws) : undefined,
    };
  }
  return {
    ...described,
    way: pick('memory', 'operator', 'blocks'),
    fault: once(2) ? 'nothing' : pick(...Object.keys(faults)),
    at: int(0, 12),
    abort: once(3) ? int(0, 6) : undefined,
    cuts: Array.from({ length: int(0, 3) }, () => int(0, A.m)).sort((a, b) => a - b),
    sparse: once(2),
  };
}

// ---- what is done

/** What hostile code does when its turn comes; `undefined`: only mischief, and reading goes on. */
export const acts = {
  throw() {
    throw new Injected('on purpose');
  },
  svds() {
    lib.svds(small, { rank: 1 });
  },
  grow() {
    // all views are detached, as if there had been too little
    memory.grow(0);
  },
  factorize() {
    lib.factorize(small, { rank: 1, regularization: 1 });
  },
  ...answers,
};
/** Reading goes on with what is there. */
export const harmless = new Set(['svds', 'grow', 'factorize']);

/** `work(input)` with A read through hostile hands. */
export function beset(input, { at, act }, work) {
  let seen = 0;
  return work(watched(input, (revokes) => (seen++ === at ? acts[act](revokes) : undefined)));
}

const bitsOf = ({ U, S, V, residuals, status, passes, products }) =>
  Buffer.concat([
    ...[U?.data ?? S, S, V.data, residuals].map(bytesOf),
    Buffer.from(`${status}${passes} ${products}`),
  ]);

const same = (a, b, what) => {
  if (!bitsOf(a).equals(bitsOf(b))) throw new Finding('wrong', `${what}: other bits`);
};

export const runs = {
  svds(described) {
    const { A, form, options, hostile, damage: harm } = described;
    const input = inForm(A, form);
    const calm = unchanged([A, options, input], () => attempt(() => lib.svds(input, options)));
    if (calm.result) {
      certified(A, calm.result, options);
      same(
        calm.result,
        attempt(() => lib.svds(inForm(A, (form + 1) % FORMS), options)).result,
        'another form',
      );
    }
    if (hostile) {
      const { result } = attempt(() => beset(inForm(A, form), hostile, (hands) => lib.svds(hands, options)));
      if (result && harmless.has(hostile.act)) {
        if (calm.result) same(calm.result, result, 'hostile reading');
        else throw new Finding('wrong', 'accepted when read by hostile hands');
      }
    }
    if (harm) {
      const { result } = attempt(() => lib.svds(damage(inForm(A, form), harm), options));
      if (result) certified(undefined, result, options);
    }
    if (calm.result && A.m * A.n <= 400) projected(A, form, calm.result, options);
    return calm.error ?? calm.result.status;
  },

  async svdsAsync(described) {
    const { A, form, options, way, fault, at, abort } = described;
    const whole = attempt(() => lib.svds(inForm(A, form), options));
    const controller = new AbortController();
    let passes = 0;
    let seen = 0;
    const turn = () => (seen++ === at ? faults[fault]() : undefined);
    const given = {
      ...options,
      signal: controller.signal,
      onProgress({ passes: now, iterations, residual }) {
        if (!(now >= passes && iterations >= 1 && residual >= 0))
          throw new Finding('wrong', `progress ${now}, ${residual}`);
        passes = now;
        if (abort !== undefined && now >= abort) controller.abort();
        if (way === 'memory') return turn();
      },
    };
    const input = ways[way](described, turn);
    const { result, error, partial } = await lib.svdsAsync(input, given).then(
      (result) => ({ result }),
      (error) => ({ error: expected(error), partial: error.result }),
    );
    if (partial) certified(A, partial, { ...options, iterations: 1 });
    if (result) {
      // what a fault has put into a product is not of A
      const calm = seen <= at || calmly.has(fault);
      certified(calm || way === 'memory' ? A : undefined, result, options);
      if (way === 'memory') same(whole.result, result, 'asynchronously');
    }
    return `${way} ${error ?? result.status}`;
  },
};

/** What a core with little memory makes of A: it, or an error, and it goes on. */
export function refused({ A, form }, library) {
  const rank = 1;
  const { result, error } = attempt(() => library.svds(inForm(A, form), { rank }));
  if (result) certified(A, result, { rank });
  attempt(() => library.factorize(inForm(A, form), { rank, regularization: 1, iterations: 5 }));
  const { S } = library.svds([[0, 0, 3]], { rank });
  if (Math.abs(S[0] - 3) > 1e-12) throw new Finding('wrong', 'after memory was refused');
  return `svds: ${error ?? result.status}`;
}

/** A's rows in the coordinates of U are U, where U is M V / S. */
function projected(A, form, { S, V, U, status }, { tolerance = 1e-10 }) {
  const { result } = attempt(() => lib.project(inForm(A, form), { S, V }));
  if (!result) return;
  if (!result.data.every(Number.isFinite)) throw new Finding('wrong', 'project gives what is not finite');
  if (status !== 'converged' || tolerance > 1e-6) return;
  for (const [c, s] of S.entries()) {
    if (!(s > 1e-3 * S[0])) continue;
    for (let i = 0; i < A.m; i++) {
      if (!(Math.abs(result.get(i, c) - U.get(i, c)) < 1e-2))
        throw new Finding('wrong', `project is not U, column ${c}`);
    }
  }
}

const ways = {
  memory: ({ A, form }) => inForm(A, form),
  operator({ A }, turn) {
    const { by, list } = merged(A);
    const of = (rows, which) => (X) => {
      const Y = product(list, rows, X.toArray(), which).map((row) => row.map((x) => x * by));
      const other = turn();
      return other === undefined ? Y : other;
    };
    return { rows: A.m, columns: A.n, multiply: of(A.m, [0, 1]), multiplyTransposed: of(A.n, [1, 0]) };
  },
  blocks({ A, cuts, sparse: asSparse }, turn) {
    const M = dense(A);
    const ends = [0, ...cuts, A.m];
    return {
      columns: A.n,
      *blocks() {
        for (const [b, from] of ends.slice(0, -1).entries()) {
          const some = ends[b + 1] - from;
          if (some === 0) continue;
          const other = turn();
          if (other !== undefined) yield other;
          const part = { m: some, n: A.n, entries: [] };
          for (const [i, j, x] of A.entries)
            if (i >= from && i < from + some) part.entries.push([i - from, j, x]);
          yield asSparse ? inForm(part, b % 4) : M.slice(from, from + some);
        }
      },
    };
  },
};

const faults = {
  nothing() {},
  throw() {
    throw new Injected('a product');
  },
  reject: () => Promise.reject(new Injected('a product')),
  late: () => new Promise((resolve) => setTimeout(resolve, 1)),
  svds: acts.svds,
  grow: acts.grow,
  both: () => lib.svdsAsync(small, { rank: 2 }).then(() => undefined),
  short: () => [[1, 2, 3, 4]],
  narrow: () => [[1], [2]],
  empty: () => [],
  nan: () => [[NaN, 1, 1, 1]],
  null: () => null,
  text: () => 'product',
  one: () => 1,
};
/** Of these the products are what they were. (What is not `undefined` is taken for the product.) */
const calmly = new Set(['nothing', 'svds', 'grow', 'late', 'both']);
