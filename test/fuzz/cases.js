/** One case: something drawn, done with the package, and what came of it judged. */
import { attempt, bytesOf, expected, unchanged } from './attempt.js';
import { converged, demand, Finding, inverted, orthonormal, solved, sound } from './certificate.js';
import { optimizer as drawOptimizer, options as drawOptions, drawsOf, gapped, matrix } from './draw.js';
import { answers, FORMS, Injected, inForm, oddities, watched } from './forms.js';
import { collected, coreBytes, freshLibrary, freshSparse, memories, recorded, smallCore } from './library.js';
import { calls } from './odd.js';
import * as ratings from './ratings.js';
import * as sparse from './sparse.js';

const lib = recorded('', await freshLibrary());
lib.svd([[1]]);
const core = memories.at(-1);

/** Cases that are drawn: what they are called, how often, and what they do. */
const kinds = {
  decompose: 40,
  descent: 14,
  asynchronous: 8,
  saves: 10,
  inverse: 8,
  direct: 8,
  helpers: 8,
  odd: 4,
  memory: 2,
  svds: 12,
  svdsAsync: 8,
  factorize: 8,
  factorizeAsync: 3,
};
/** What takes long. */
const rare = ['start', 'start', 'forgotten'];
/** Those in which entries may be missing. */
const gappy = { decompose: 1, descent: 1, asynchronous: 1, saves: 1 };
const wheel = Object.entries(kinds).flatMap(([kind, times]) => Array(times).fill(kind));

/** A description: plain data; of these kinds alone, if some are given. */
export function draw(g, only) {
  const draws = drawsOf(g);
  const { int, pick, once } = draws;
  const kind = only ? pick(...only) : pick(...wheel, ...(once(200) ? rare : []));
  if (kind in sparse.runs) return sparse.draw(kind, draws);
  if (kind in ratings.runs) return ratings.draw(kind, draws);
  const whole = matrix(draws, kind === 'inverse' ? 4 : 6, kind === 'inverse');
  const M = once(kind in gappy ? 10 : 100) ? gapped(draws, whole) : whole;
  const form = once(2) ? 0 : int(0, FORMS - 1);
  const hostile = once(4)
    ? {
        at: int(0, 12 + 2 * M.length * M[0].length),
        act: pick(...Object.keys(acts)),
        options: once(3),
      }
    : undefined;
  const described = { kind, M, form, hostile };
  switch (kind) {
    case 'inverse':
      return { ...described, options: drawInvert(draws, M) };
    case 'direct':
      return described;
    case 'odd':
      return { ...described, which: int(0, oddities.length - 1), how: int(0, 1000), place: int(0, 5) };
    case 'saves':
      return {
        ...described,
        options: drawOptions(draws, M, { most: 60 }),
        before: int(0, 20),
        damage: drawDamage(draws),
        iterations: once(4) ? int(1, 100) : undefined,
      };
    case 'helpers':
      return {
        ...described,
        options: drawOptions(draws, M, { most: 30 }),
        other: matrix(draws, 6),
        tolerance: pick(undefined, 0, 1e-300, 1e300, NaN, -1),
        as: pick('itself', 'JSON', 'clone'),
      };
    case 'descent':
      return {
        ...described,
        options: drawOptions(draws, M, { most: 120 }),
        steps: Array.from({ length: int(1, 6) }, () => [pick(...Object.keys(steps)), int(0, 40)]),
      };
    case 'asynchronous':
      return {
        ...described,
        options: drawOptions(draws, M, { most: 120 }),
        fault: pick(...Object.keys(faults)),
        at: int(0, 5),
        budgetMs: pick(1e-9, 0.01, 1),
        way: pick('run', 'svdAsync'),
      };
    case 'memory':
      if (once(3)) return { kind, A: sparse.entries(draws), form: int(0, sparse.FORMS - 1) };
      return {
        ...described,
        options: drawOptions(draws, M),
        what: pick('decompose', 'direct', 'helpers'),
        other: matrix(draws, 6),
        as: 'itself',
      };
    case 'start':
      return { ...described, order: int(0, 5), sparse: once(2) };
    case 'forgotten':
      return { ...described, options: drawOptions(draws, M, { most: 30 }), steps: int(0, 10) };
    default:
      return { ...described, options: drawOptions(draws, M) };
  }
}

function drawInvert({ int, pick, once, uniform, ...rest }, M) {
  const options = {};
  const draws = { int, pick, once, uniform, ...rest };
  const n = M.length;
  if (once(2)) {
    options.optimizer = drawOptimizer(draws);
    options.iterations = int(1, 300);
  }
  // (20,000 iterations of L-BFGS on a hopeless 12 x 12 take 0.6 s)
  if (once(5) || n > 4) options.iterations = int(1, 300);
  if (once(4)) options.tolerance = pick(0, 1e-300, 1e-12, 1e-6, 1, 1e300);
  if (once(4)) options.normalize = false;
  if (once(3)) {
    const size = pick(0, 1, 1e-300, 1e100, 1e155, 1e160, 1e308);
    options.init = Array.from({ length: n }, () =>
      Array.from({ length: n }, () => size * pick(0, 1, uniform())),
    );
  }
  if (once(6)) options.history = pick(0, 3);
  return options;
}

/** What is done to a save: [where, how] */
function drawDamage({ int, pick, once }) {
  const numbers = [
    0,
    -1,
    0.5,
    1,
    2,
    3,
    7,
    1e9,
    2 ** 31,
    1e160,
    1e308,
    -1e308,
    NaN,
    Infinity,
    -Infinity,
    5e-324,
    undefined,
    null,
    '1',
  ];
  const one = () => {
    switch (int(0, 5)) {
      case 0:
        return ['head', int(0, 20), pick(...numbers)];
      case 1:
        return ['evolving', int(0, 400), pick(...numbers)];
      case 2:
        return ['flip', pick('matrix', 'evolving', 'losses', 'weights'), int(0, 4000), int(0, 7)];
      case 3:
        return ['cut', pick('matrix', 'evolving', 'losses', 'weights'), int(-2, 3)];
      case 4:
        return [
          'setting',
          pick(
            'problem',
            'm',
            'n',
            'k',
            'size',
            'weighted',
            'squared',
            'penaltyU',
            'penaltyV',
            'iterations',
            'tolerance',
            'history',
          ),
          pick(...numbers, true, false),
        ];
      default:
        return [
          'field',
          pick('version', 'scale', 'signs', 'lr', 'name', 'options', 'run', 'settings'),
          pick(...numbers, 'sgd', 'lbfgs', 'adam', {}),
        ];
    }
  };
  return once(6) ? [] : Array.from({ length: int(1, 3) }, one);
}

// ---- what is done

const made = ({ optimizer, ...options }, library = lib) => {
  if (typeof optimizer?.name !== 'string' || !optimizer.options)
    return optimizer === undefined ? options : { ...options, optimizer };
  const { schedule, ...given } = optimizer.options;
  const rate = typeof given.lr === 'number' && Number.isFinite(given.lr) ? Math.abs(given.lr) : 0.1;
  const schedules = [
    () => (i) => rate / (1 + i),
    () => library.schedules.exponential({ lr: rate, gamma: 0.99 }),
    () => library.schedules.oneCycle({ maxLr: rate, totalSteps: 50 }),
    () => (i) => (i < 20 ? rate : NaN),
  ];
  if (schedule !== undefined) given.lr = schedules[schedule]();
  return { ...options, optimizer: library[optimizer.name](given) };
};

/** Every bit of a result. */
const bitsOf = ({ U, S, V, losses, iterations, status }) =>
  Buffer.concat([
    ...[U.data, S, V.data, losses ?? new Float64Array(0)].map(bytesOf),
    Buffer.from(`${iterations}${status}`),
  ]);

function same(a, b, what) {
  if (!bitsOf(a).equals(bitsOf(b))) throw new Finding('wrong', `${what}: other bits`);
}

/** What hostile code does when its turn comes; `undefined`: only mischief, and reading goes on. */
const acts = {
  throw() {
    throw new Injected('on purpose');
  },
  svd() {
    lib.svd([
      [1, 2],
      [3, 4],
    ]);
  },
  grow(_, held) {
    const d = lib.descend(
      [
        [1, 2],
        [3, 4],
      ],
      { optimizer: lib.lbfgs({ historySize: 1000 }) },
    );
    held.push(d);
    const size = 64 + held.length;
    held.push(lib.descend({ rows: size, columns: size, data: new Float64Array(size * size) }));
  },
  detach() {
    core.grow(0);
  },
  direct() {
    lib.directSvd([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 10],
    ]);
  },
  ...answers,
};
/** Reading goes on with what is there. */
const harmless = new Set(['svd', 'grow', 'detach', 'direct']);

/** `work(input, options)` with M, or the options, read through hostile hands. */
function beset({ M, form, hostile, options }, work) {
  const held = [];
  let seen = 0;
  const act = (revokes) => (seen++ === hostile.at ? acts[hostile.act](revokes, held) : undefined);
  const all = options && made(options);
  const besetOptions = hostile.options && all !== undefined;
  try {
    return besetOptions ? work(inForm(M, form), watched(all, act)) : work(watched(inForm(M, form), act), all);
  } finally {
    for (const d of held) d.dispose();
  }
}

/** Gives its memory back, and is of no use afterwards. */
function disposed(d) {
  d.dispose();
  const { error } = attempt(() => d.step());
  if (error !== 'disposed') throw new Finding('wrong', `after dispose: ${error}`);
}

/** How far a descent claims to have come. */
const toleranceOf = ({ optimizer, tolerance, weights, missing, regularization }) => {
  const gaps = weights || missing === 'nan' || regularization > 0;
  const name = optimizer?.name ?? (gaps ? 'conjugateGradients' : 'levenbergMarquardt');
  const least = { levenbergMarquardt: Number.EPSILON, lbfgs: 1e-12 }[name] ?? 1e-10;
  // (slopes that these can't tell from 0, as their losses stand still)
  return Math.max(tolerance ?? least, { lbfgs: 1e-6, conjugateGradients: 2e-7 }[name] ?? 0);
};

/** Are factors that have converged good to the last digits? */
const exact = (options) =>
  toleranceOf(options) < 1e-12 && (options.optimizer?.name ?? 'levenbergMarquardt') === 'levenbergMarquardt';

/** Is this to converge, whatever M is? */
const mustConverge = ({ optimizer, iterations, tolerance, weights, missing, init, regularization, center }) =>
  (optimizer === undefined ||
    (optimizer.name === 'levenbergMarquardt' && Object.keys(optimizer.options).length === 0)) &&
  iterations === undefined &&
  tolerance !== 0 &&
  weights === undefined &&
  missing !== 'nan' &&
  !regularization &&
  // (of what is all mean rounding is left)
  center !== 'columns' &&
  init !== undefined;

function judge(given, options, result) {
  const weights = weightsOf(given, options);
  // (what has no weight is not there)
  const there = weights ? given.map((row, i) => row.map((x, j) => (weights.by[i][j] > 0 ? x : 0))) : given;
  const [m, n] = [given.length, given[0].length];
  sound(result, m, n, options.iterations);
  const M = options.center === 'columns' ? centered(there, weights?.by, result.mean) : there;
  if (result.status === 'converged')
    converged(M, result, toleranceOf(options), {
      from: there,
      weights: weights?.by,
      lambda: lambdaOf(options, weights),
    });
  else if (result.status === 'max-iterations' && mustConverge({ init: null, ...options }))
    throw new Finding('unconverged', `slow: ${result.losses.slice(-1)}`);
}

/** Weights as the core has them: the largest, `most`, is 1; what is missing weighs nothing. */
function weightsOf(M, { weights, missing }) {
  if (!weights && missing !== 'nan') return undefined;
  const given = M.map((row, i) => row.map((x, j) => (Number.isNaN(x) ? 0 : (weights?.[i][j] ?? 1))));
  const most = given.flat().reduce((x, y) => Math.max(x, y), 0);
  return { most, by: given.map((row) => row.map((x) => x / most)) };
}

/** λ in that scale. */
const lambdaOf = ({ regularization = 0 }, weights) => regularization / (weights?.most ?? 1);

/** M minus what is said to be the mean of each column, which has to be that. */
function centered(M, weights, mean) {
  const [m, n] = [M.length, M[0].length];
  demand(mean?.length === n && mean.every(Number.isFinite), 'wrong', () => `mean is ${mean}`);
  for (let j = 0; j < n; j++) {
    let [sum, all, size] = [0, 0, 0];
    for (let i = 0; i < m; i++) {
      const w = weights?.[i][j] ?? 1;
      sum += w * (M[i][j] / 2 - mean[j] / 2);
      all += w;
      size = Math.max(size, Math.abs(M[i][j] / 2));
    }
    const off = all > 0 ? Math.abs(sum / all) : Math.abs(mean[j]);
    demand(
      off <= 1e-14 * m * size + Number.MIN_VALUE * 8,
      'wrong',
      () => `mean ${j} is off by ${off} of ${size}`,
    );
  }
  return M.map((row, i) => row.map((x, j) => ((weights?.[i][j] ?? 1) > 0 ? x - mean[j] : 0)));
}

const runs = {
  decompose(described, library = lib) {
    const { M, form, hostile, options } = described;
    const calm = unchanged([M, options], () =>
      attempt(() => library.svd(inForm(M, form), made(options, library))),
    );
    if (calm.result) judge(M, options, calm.result);
    if (hostile) {
      const { result } = attempt(() => beset(described, (input, asked) => library.svd(input, asked)));
      if (result && harmless.has(hostile.act)) {
        if (calm.result) same(calm.result, result, 'hostile reading');
        else throw new Finding('wrong', 'accepted when read by hostile hands');
      } else if (result) sound(result, result.U.rows, result.V.rows);
    }
    return calm.error ?? calm.result.status;
  },

  direct(described, library = lib) {
    const { M, form, hostile } = described;
    const calm = unchanged([M], () => attempt(() => library.directSvd(inForm(M, form))));
    if (calm.result) {
      sound(calm.result, M.length, M[0].length);
      converged(M, calm.result, 0);
    }
    if (hostile) {
      const { result } = attempt(() => beset(described, (input) => lib.directSvd(input)));
      if (result && harmless.has(hostile.act)) same(calm.result, result, 'hostile reading');
    }
    return calm.error ?? 'direct';
  },

  inverse(described) {
    const { M, form, hostile, options } = described;
    const calm = unchanged([M, options], () => attempt(() => lib.invert(inForm(M, form), made(options))));
    if (calm.result) {
      const { X, status, loss, iterations } = calm.result;
      if (!X.data.every(Number.isFinite)) throw new Finding('wrong', `X is not finite: ${status}`);
      if (status === 'converged') inverted(M, X, options.tolerance ?? Number.EPSILON);
      if (status !== 'diverged' && !Number.isFinite(loss))
        throw new Finding('wrong', `loss ${loss}: ${status}`);
      if (iterations > (options.iterations ?? Infinity)) throw new Finding('wrong', 'too many iterations');
    }
    if (hostile) {
      const { result } = attempt(() => beset(described, (input, asked) => lib.invert(input, asked)));
      if (result && harmless.has(hostile.act) && !bytesOf(calm.result.X.data).equals(bytesOf(result.X.data)))
        throw new Finding('wrong', 'hostile reading: other bits');
    }
    return calm.error ?? calm.result.status;
  },

  descent({ M, form, options, steps: what }) {
    const whole = attempt(() => lib.svd(inForm(M, form), made(options)));
    const begun = attempt(() => lib.descend(inForm(M, form), made(options)));
    if (begun.error) return begun.error;
    const state = { d: begun.result, M, options, tuned: false };
    try {
      for (const [step, count] of what) {
        const { error } = attempt(() => {
          steps[step](state, count);
          sound(state.d.result(), M.length, M[0].length);
        });
        // (an lr that is no number stops it, and a resumed one may lack it)
        if (error) return error;
      }
      if (state.tuned) return 'tuned';
      const { error } = attempt(() => state.d.step(Infinity));
      if (error) return error;
      const { result } = attempt(() => state.d.result());
      if (whole.result && result) same(whole.result, result, 'step by step');
      return state.d.status;
    } finally {
      disposed(state.d);
    }
  },

  async asynchronous({ M, form, options, fault, at, budgetMs, way }) {
    if (way === 'svdAsync') return asynchronously({ M, form, options, fault, at, budgetMs });
    const begun = attempt(() => lib.descend(inForm(M, form), made(options)));
    if (begun.error) return begun.error;
    const whole = attempt(() => lib.svd(inForm(M, form), made(options)));
    const d = begun.result;
    try {
      const controller = new AbortController();
      let seen = 0;
      const given = {
        signal: controller.signal,
        budgetMs,
        onProgress: () => (seen++ === at ? faults[fault](d, controller) : undefined),
      };
      const outcome = await d.run(given).then(
        (result) => ({ result }),
        (error) => ({ error: expected(error), partial: error.result }),
      );
      if (outcome.partial) sound(outcome.partial, M.length, M[0].length);
      // whatever happened, it goes on
      const { error } = attempt(() => d.step(Infinity));
      if (error) return error;
      const { result } = attempt(() => d.result());
      if (whole.result && result) same(whole.result, result, `after ${fault}`);
      return outcome.error ?? d.status;
    } finally {
      d.dispose();
    }
  },

  saves({ M, form, options, before, damage, hostile, iterations }) {
    const held = [];
    let seen = 0;
    const begun = attempt(() => lib.descend(inForm(M, form), made(options)));
    if (begun.error) return begun.error;
    const d = begun.result;
    const stepped = attempt(() => d.step(before));
    const saved = structuredClone(d.save());
    d.dispose();
    if (stepped.error) return stepped.error;
    const broken = structuredClone(saved);
    for (const [where, ...how] of damage) damages[where](broken, ...how);
    const again = attempt(() =>
      lib.resume(
        hostile
          ? watched(broken, (revokes) =>
              seen++ === hostile.at ? acts[hostile.act](revokes, held) : undefined,
            )
          : broken,
        {
          lr: options.optimizer?.options?.schedule === undefined ? undefined : 0.1,
          iterations,
        },
      ),
    );
    for (const one of held) one.dispose();
    if (again.error) {
      if (damage.length === 0 && !hostile && iterations === undefined)
        throw new Finding('wrong', `a whole save is refused: ${again.error}`);
      return again.error;
    }
    const twin = again.result;
    try {
      const { error, result } = attempt(() => {
        twin.step(50);
        twin.best();
        return twin.result();
      });
      if (error) return error;
      // (its loss may be what somebody wrote into the save)
      sound({ ...result, loss: { total: 0 }, losses: [] }, result.U.rows, result.V.rows);
      attempt(() => lib.resume(twin.save()).dispose());
      return `resumed ${result.status}`;
    } finally {
      twin.dispose();
    }
  },

  helpers({ M, form, options, other, tolerance, as, hostile }, library = lib) {
    const { result } = attempt(() =>
      library.svd(
        inForm(M, form),
        made(
          {
            ...options,
            iterations: typeof options.iterations === 'number' ? Math.min(options.iterations, 30) : 30,
          },
          library,
        ),
      ),
    );
    const factors = ways[as](result ?? options.init);
    const finite = ({ result }, what) => {
      const numbers = result?.data ?? Object.values(result ?? {});
      if (numbers.some((x) => !Number.isFinite(x)))
        throw new Finding('wrong', `${what} gives what is not finite`);
      return result;
    };
    const { S } = factors ?? {};
    let seen = 0;
    const odd = [
      factors,
      options.init,
      { ...factors, S: S && Array.from(Object.values(S), (x) => x * 1e300) },
      { ...factors, S: S && Object.assign(new Array(S.length), { [S.length - 1]: 1 }) },
      { ...factors, S: [NaN] },
      { ...factors, mean: other[0] },
    ];
    if (hostile && factors) {
      odd.push(
        watched(factors, (revokes) =>
          seen++ === hostile.at && hostile.act !== 'grow' ? acts[hostile.act](revokes) : undefined,
        ),
      );
    }
    for (const one of odd) {
      finite(
        attempt(() => library.reconstruct(one)),
        'reconstruct',
      );
      finite(
        attempt(() => library.pseudoInverse(one, tolerance)),
        'pseudoInverse',
      );
      for (const rows of [inForm(M, form), other]) {
        attempt(() => library.residuals(rows, one));
        finite(
          attempt(() => library.project(rows, one)),
          'project',
        );
        finite(
          attempt(() => library.solve(one, rows, tolerance)),
          'solve',
        );
      }
      finite(
        attempt(() => library.solve(one, other[0], tolerance)),
        'solve',
      );
      attempt(() => library.compare(one, factors));
      const { result: rank } = attempt(() => library.rank(one, tolerance));
      demand(rank === undefined || (Number.isInteger(rank) && rank >= 0), 'wrong', `rank ${rank}`);
      const { result: condition } = attempt(() => library.condition(one));
      demand(condition === undefined || condition >= 1, 'wrong', `condition ${condition}`);
      attempt(() => library.full(one));
    }
    if (result?.status === 'converged' && exact(options)) {
      const whole = attempt(() => library.full(result)).result;
      if (whole) for (const X of [whole.U, whole.V]) if (X.rows < 50) orthonormal(X);
      const b = M.map((_, i) => other[i % other.length][0]);
      const x = attempt(() => library.solve(result, b)).result;
      if (x) solved(result, b, x);
    }
    const copy = attempt(() => library.matrix(inForm(M, form))).result;
    if (copy?.data.every(Number.isFinite)) {
      const again = library.matrix(JSON.parse(JSON.stringify(copy.transpose()))).transpose();
      demand(`${copy}` === `${again}` && [...copy].length === M.length, 'wrong', 'there and back');
    }
    return 'helpers';
  },

  async odd({ M, which, how, place }) {
    const all = calls(lib, sparse.lib, M);
    const [name, call, ...given] = all[how % all.length];
    given[place % given.length] = oddities[which]();
    const { result, error } = attempt(() => call(...given));
    const { value, refused } = await Promise.resolve(result).then(
      (value) => ({ value }),
      (error) => ({ refused: expected(error) }),
    );
    // (some are right somewhere)
    value?.dispose?.();
    if (typeof value?.next === 'function') await value.next().then(() => value.return(), expected);
    return `${name} ${error ?? refused ?? 'taken'}`;
  },

  async memory(described) {
    if (described.A) {
      smallSparse ??= await smallLibrary(freshSparse, 'sparse.wasm');
      return `small memory, ${sparse.refused(described, smallSparse)}`;
    }
    small ??= await smallLibrary(freshLibrary);
    const outcome = runs[described.what]({ ...described, hostile: undefined }, small);
    demand(Math.abs(small.svd([[3]]).S[0] - 3) < 1e-12, 'wrong', 'after memory was refused');
    return `small memory, ${described.what}: ${outcome}`;
  },

  /** Nobody disposes of descents; those that are out of reach give their memory back. */
  async forgotten({ M, form, options, steps }) {
    abandoned ??= await withMemory();
    const { library, memory } = abandoned;
    const leave = () =>
      attempt(() => {
        const d = library.descend(inForm(M, form), made(options, library));
        attempt(() => d.step(steps));
        return library.resume(d.save(), { lr: 0.1 }).iteration;
      }).error;
    const refused = leave();
    if (refused) return refused;
    let most = 0;
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 30; i++) leave();
      await collected();
      if (round === 1) most = memory.buffer.byteLength;
    }
    demand(memory.buffer.byteLength <= most, 'wrong', 'forgotten descents keep their memory');
    return 'forgotten';
  },

  /** The core starts in bad circumstances. */
  async start({ order, sparse: ofSparse }) {
    const fresh = ofSparse ? await freshSparse() : await freshLibrary();
    const file = ofSparse ? 'sparse.wasm' : 'core.wasm';
    const use = () => (ofSparse ? fresh.svds([[0, 0, 3]], { rank: 1 }) : fresh.svd([[3]]));
    const { compile, Module } = WebAssembly;
    const settled = (promise) => promise.then(() => 'started', expected);
    const orders = [
      async () => Promise.all([fresh.initialize(), fresh.initialize(), fresh.initialize()].map(settled)),
      async () => Promise.all([settled(fresh.initialize()), use(), settled(fresh.initialize())]),
      async () => {
        WebAssembly.compile = () => Promise.reject(new Error('no'));
        return [await settled(fresh.initialize())];
      },
      async () => {
        WebAssembly.Module = function no() {
          throw new WebAssembly.CompileError('no');
        };
        return [attempt(use).error];
      },
      async () =>
        Promise.all([
          settled(fresh.initialize(new Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])))),
          settled(fresh.initialize()),
        ]),
      async () =>
        Promise.all([settled(fresh.initialize(new Module(coreBytes(file)))), settled(fresh.initialize({}))]),
    ];
    try {
      await orders[order]();
    } finally {
      Object.assign(WebAssembly, { compile, Module });
    }
    // whatever it was, it works afterwards
    const { S } = use();
    if (Math.abs(S[0] - 3) > 1e-12) throw new Finding('wrong', 'after a bad start');
    return 'start';
  },
};

/** The same by svdAsync, whose descent nobody has in hand. */
async function asynchronously({ M, form, options, fault, at, budgetMs }) {
  const whole = attempt(() => lib.svd(inForm(M, form), made(options)));
  if (whole.error) return whole.error;
  const controller = new AbortController();
  let seen = 0;
  const given = {
    ...attempt(() => made(options)).result,
    signal: controller.signal,
    budgetMs,
    onProgress: () =>
      seen++ === at && !/step|run|save/.test(fault) ? faults[fault](null, controller) : undefined,
  };
  const { result, error, partial } = await lib.svdAsync(inForm(M, form), given).then(
    (result) => ({ result }),
    (error) => ({ error: expected(error), partial: error.result }),
  );
  if (partial) sound(partial, M.length, M[0].length);
  if (result) same(whole.result, result, 'svdAsync');
  return error ?? result.status;
}

/** A library of its own, with the memory of its core. */
async function withMemory() {
  const library = await freshLibrary();
  library.svd([[1]]);
  return { library, memory: memories.at(-1) };
}

let abandoned;
let small;
let smallSparse;
async function smallLibrary(fresh, file) {
  const library = await fresh();
  await library.initialize(smallCore(1, file));
  return library;
}

/** Factors as they may come. */
const ways = {
  itself: (factors) => factors,
  JSON: (factors) => typeof factors === 'object' && factors && JSON.parse(JSON.stringify(factors)),
  clone: (factors) => typeof factors === 'object' && factors && structuredClone(factors),
};

/** What is done to a descent on its way. */
const steps = {
  step: ({ d }, count) => d.step(count),
  look: ({ d }) => [d.loss, d.losses, d.status, d.optimizer, d.lr],
  best: ({ d }) => d.best(),
  save(state) {
    const next = lib.resume(
      structuredClone(state.d.save()),
      typeof state.d.lr === 'function' ? { lr: state.d.lr } : {},
    );
    state.d.dispose();
    state.d = next;
  },
  tune(state, count) {
    state.tuned = true;
    state.d.tune({ lr: count / 10 });
  },
  lr(state, count) {
    state.tuned = true;
    state.d.lr = count % 2 ? NaN : 0.1;
  },
  throwing(state) {
    const { lr } = state.d;
    state.d.lr = () => {
      throw new Injected('lr');
    };
    attempt(() => state.d.step(3));
    state.d.lr = lr;
  },
  reentrant(state) {
    const { lr } = state.d;
    let code;
    state.d.lr = (i) => {
      code = attempt(() => state.d.step()).error;
      return typeof lr === 'number' ? lr : lr(i);
    };
    attempt(() => state.d.step(1));
    state.d.lr = lr;
    if (code !== undefined && code !== 'busy') throw new Finding('wrong', `step within lr: ${code}`);
  },
};

/** What onProgress does. */
const faults = {
  nothing() {},
  throw() {
    throw new Injected('onProgress');
  },
  reject: () => Promise.reject(new Injected('onProgress')),
  abort: (_, controller) => controller.abort(),
  'abort later': (_, controller) => Promise.resolve().then(() => controller.abort()),
  step: (d) => d.step(),
  run: (d) => d.run(),
  svd: () =>
    lib.svd([
      [1, 2],
      [3, 4],
    ]),
  save: (d) => d.save(),
};

const damages = {
  head({ run }, at, value) {
    if (run?.evolving) run.evolving[at] = value;
  },
  evolving({ run }, at, value) {
    if (run?.evolving) run.evolving[at % run.evolving.length] = value;
  },
  flip({ run }, which, at, bit) {
    const array = run?.[which];
    if (array?.length) new Uint8Array(array.buffer)[at % array.byteLength] ^= 1 << bit;
  },
  cut({ run }, which, by) {
    const array = run?.[which];
    if (array) run[which] = by > 0 ? array.slice(by) : Float64Array.from([...array, ...Array(-by).fill(0)]);
  },
  setting({ run }, key, value) {
    if (run?.settings && typeof run.settings === 'object') run.settings[key] = value;
  },
  field(saved, key, value) {
    const { run } = saved;
    const inside = {
      lr: [run, 'lr'],
      name: [run?.optimizer, 'name'],
      options: [run?.optimizer, 'options'],
      settings: [run, 'settings'],
    };
    const [at, name] = inside[key] ?? [saved, key];
    if (at && typeof at === 'object') at[name] = value;
  },
};

/** Does what is described and says what came of it; throws a Finding. */
export async function run(described) {
  return { ...runs, ...sparse.runs, ...ratings.runs }[described.kind](described);
}
