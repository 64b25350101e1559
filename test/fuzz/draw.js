/** What is drawn: matrices, the forms they come in, options; all of it plain data, so that a finding can be shown. */
import fc from 'fast-check';
import { jacobi, largest, table, times, transposed } from './algebra.js';

/** Draws from a `fc.gen()`. */
export const drawsOf = (g) => {
  const int = (least, most) => g(fc.integer, { min: least, max: most });
  const pick = (...values) => values[int(0, values.length - 1)];
  /** one in so many */
  const once = (times) => int(1, times) === times;
  /** uniform in (-1, 1), of 31 bits */
  const uniform = () => int(-(2 ** 30), 2 ** 30) / 2 ** 30;
  return { int, pick, once, uniform };
};

/** From one end of float64 to the other. */
const edges = [
  0,
  -0,
  Number.MIN_VALUE,
  2 ** -1022,
  1e-300,
  1e-160,
  1e-20,
  1e-8,
  1,
  3,
  1e8,
  1e20,
  1e150,
  1e160,
  1e300,
  1.7e308,
];

function number({ pick, int, uniform }) {
  switch (int(0, 4)) {
    case 0:
      return pick(...edges) * pick(1, -1);
    case 1:
      return uniform() * 2 ** int(-1060, 1023);
    case 2:
      return int(-3, 3);
    default:
      return uniform();
  }
}

/** How large each matrix is: mostly small, at times tall or wide. */
function shape({ int, once }, most) {
  if (once(60)) {
    const long = int(20, 400);
    const short = int(1, 3);
    return once(2) ? [long, short] : [short, long];
  }
  if (once(25)) return [int(7, 24), int(7, 24)];
  return [int(1, most), int(1, most)];
}

/** Orthonormal columns, n x k (k <= n): Gram and Schmidt, twice. */
function orthonormal({ uniform }, n, k) {
  const columns = [];
  for (let c = 0; c < k; c++) {
    let x = Array.from({ length: n }, uniform);
    for (let again = 0; again < 2; again++) {
      for (const y of columns) {
        const dot = x.reduce((sum, a, i) => sum + a * y[i], 0);
        x = x.map((a, i) => a - dot * y[i]);
      }
      const length = Math.hypot(...x) || 1;
      x = x.map((a) => a / length);
    }
    columns.push(x);
  }
  return transposed(columns);
}

/** Singular values: ties, gaps of all sizes, repeated and zero ones. */
export function spectrum({ int, pick, uniform }, k) {
  const gap = pick(0, 1e-15, 1e-14, 1e-13, 1e-12, 1e-10, 1e-8, 1e-4, 0.01);
  const kinds = [
    () => 1,
    (c) => 1 - c * gap,
    (c) => (c % 2 ? 1 : 1 + gap),
    () => int(0, 2),
    () => Math.abs(uniform()),
    (c) => 10 ** -(2 * c),
    () => pick(0, 1e-300, 1e-17, 1e-16, 1e-12, 1, 1, 1),
  ];
  const kind = pick(...kinds);
  return Array.from({ length: k }, (_, c) => kind(c));
}

export function matrix(draws, most = 6, square = false) {
  const { int, pick, uniform, once } = draws;
  let [m, n] = shape(draws, most);
  if (square) m = n = Math.min(m, n, 12);
  const k = Math.min(m, n);
  const kind = int(0, 9);
  const base = () => {
    switch (kind) {
      case 0:
        return table(m, n, () => int(-3, 3));
      case 1: {
        const S = spectrum(draws, k);
        return table(m, n, (i, j) => (i === j ? S[i] : 0));
      }
      case 2:
      case 3: {
        const S = spectrum(draws, k);
        const U = orthonormal(draws, m, k).map((row) => row.map((x, c) => x * S[c]));
        return times(U, transposed(orthonormal(draws, n, k)));
      }
      case 4: {
        const rank = int(1, k);
        const left = table(m, rank, uniform);
        const right = table(rank, n, uniform);
        return times(left, right);
      }
      case 5: {
        const value = pick(1, 1, 0, uniform());
        const share = pick(1, 1, 2, 3);
        return table(m, n, (i, j) => ((i + j) % share === 0 ? value : 0));
      }
      case 6:
        return table(m, n, () => number(draws));
      case 7:
        return table(m, n, (i) => uniform() * 10 ** -i);
      default:
        return table(m, n, uniform);
    }
  };
  const M = base();
  if (once(4)) {
    const by = 2 ** int(-1074, 1023);
    return M.map((row) => row.map((x) => x * by));
  }
  return M;
}

/** Some entries missing, one of them at least. */
export function gapped({ int, once }, M) {
  const [i, j, share] = [int(0, M.length - 1), int(0, M[0].length - 1), int(2, 6)];
  return M.map((row, r) => row.map((x, c) => ((r === i && c === j) || once(share) ? Number.NaN : x)));
}

/** What is there, zeros elsewhere. */
export const filled = (M) => M.map((row) => row.map((x) => (Number.isNaN(x) ? 0 : x)));

/** Values that no option has. */
export const wrongs = [
  null,
  NaN,
  Infinity,
  -Infinity,
  -1,
  0.5,
  '1',
  '',
  true,
  1n,
  [],
  {},
  Symbol('wrong'),
  2 ** 53,
  1e300,
];

const extremes = [
  0,
  0,
  Number.MIN_VALUE,
  1e-300,
  1e-8,
  1e-3,
  0.1,
  0.5,
  0.9,
  1,
  2,
  10,
  1e8,
  1e150,
  1e300,
  Number.MAX_VALUE,
];
const fractions = [0, Number.MIN_VALUE, 1e-8, 0.1, 0.5, 0.9, 0.999, 1 - 2 ** -53];

/** An optimizer's name and options: usual, extreme and (seldom) wrong ones. */
export function optimizer(draws) {
  const { pick, int, once } = draws;
  const any = () => pick(...extremes);
  const both = () => [pick(...fractions), pick(...fractions)];
  const moments = { betas: both, eps: any, weightDecay: any };
  const amsgrad = () => once(2);
  const lr = () => (once(2) ? pick(0.01, 0.1, 0.5, 1) : any());
  const tables = {
    sgd: { momentum: any, dampening: any, nesterov: () => once(2), weightDecay: any },
    adam: { ...moments, amsgrad },
    levenbergMarquardt: { damping: any },
    adamW: { ...moments, amsgrad },
    nadam: { ...moments, momentumDecay: any },
    radam: moments,
    adamax: moments,
    adagrad: { lrDecay: any, weightDecay: any, initialAccumulatorValue: any, eps: any },
    adadelta: { rho: () => pick(...fractions, 1), eps: any, weightDecay: any },
    rmsprop: {
      alpha: () => pick(...fractions),
      eps: any,
      weightDecay: any,
      momentum: any,
      centered: () => once(2),
    },
    rprop: {
      etas: () => [pick(0.1, 0.5, 1e-300), pick(1.2, 10, 1e300)],
      stepSizes: () => [pick(0, 1e-6), pick(1e-6, 50, 1e300)],
    },
    asgd: { lambd: any, alpha: any, t0: any, weightDecay: any },
    lbfgs: { historySize: () => pick(1, 2, 5, 100) },
    conjugateGradients: {},
    lion: { betas: both, weightDecay: any },
    muon: {
      weightDecay: any,
      momentum: () => pick(...fractions),
      nesterov: () => once(2),
      nsCoefficients: () => [any(), -any(), any()],
      eps: any,
      nsSteps: () => pick(1, 2, 10, 100),
    },
  };
  const name = pick(...Object.keys(tables), 'levenbergMarquardt', 'lbfgs', 'lbfgs');
  const options = { lr: lr() };
  if (name !== 'sgd' && once(2)) delete options.lr;
  for (const [key, value] of Object.entries(tables[name])) {
    if (once(3)) options[key] = value();
    if (once(200)) options[key] = pick(...wrongs);
  }
  if (once(8)) options.schedule = int(0, 3);
  return { name, options };
}

/** Factors to start from, of every wrong kind. */
export function warm(draws, M, k) {
  const { int, pick, uniform } = draws;
  const [m, n] = [M.length, M[0].length];
  const kind = pick(
    'right',
    'permuted',
    'units',
    'zeros',
    'random',
    'huge',
    'tiny',
    'repeated',
    'shape',
    'other',
  );
  const { U, S, V } = jacobi(M);
  const columns = (X, from) => X.map((row) => Array.from({ length: k }, (_, c) => row[from(c)] ?? 0));
  const most = Math.min(m, n);
  switch (kind) {
    case 'right':
      return { U: columns(U, (c) => c), S: S.slice(0, k), V: columns(V, (c) => c) };
    case 'permuted':
      // the smallest ones, or any
      return {
        U: columns(U, (c) => most - 1 - c),
        S: pick(
          S.slice(-k).reverse(),
          S.slice(-k).map(() => 0),
        ),
        V: columns(V, (c) => most - 1 - c),
      };
    case 'repeated':
      return { U: columns(U, () => 0), S: S.slice(0, k), V: columns(V, () => 0) };
    case 'units': {
      const by = int(0, most - 1);
      const unitColumns = (rows) => table(rows, k, (i, c) => Number(i === (c + by) % most));
      return { U: unitColumns(m), S: Array(k).fill(pick(0, 1, S[0])), V: unitColumns(n) };
    }
    case 'zeros':
      return { U: table(m, k, () => 0), S: Array(k).fill(0), V: table(n, k, () => 0) };
    case 'shape':
      return {
        U: table(m + 1, k, () => 0),
        S: Array(k).fill(pick(0, NaN, '1')),
        V: pick(
          null,
          table(n, k, () => 0),
        ),
      };
    case 'other':
      return pick({}, [], { U: 1, S: 2, V: 3 }, { U: M, S: null, V: M });
    default: {
      const size = {
        random: 1,
        huge: pick(1e100, 1e154, 1e160, 1e308),
        tiny: pick(1e-100, 1e-160, 1e-300, 5e-324),
      }[kind];
      const [a, b, c] = [pick(1, size), pick(1, size), pick(1, size)];
      return {
        U: table(m, k, () => a * uniform()),
        S: Array.from({ length: k }, () => b * uniform()),
        V: table(n, k, () => c * uniform()),
      };
    }
  }
}

/** Options of a decomposition of M, each of them there or not. */
export function options(draws, M, { most = 300 } = {}) {
  const { int, pick, once, uniform } = draws;
  const [m, n] = [M.length, M[0].length];
  const all = {};
  let k = Math.min(m, n);
  const gaps = M.some((row) => row.some(Number.isNaN));
  if (once(3) || gaps) k = all.rank = int(1, k);
  if (once(2)) all.optimizer = optimizer(draws);
  const free = !all.optimizer || all.optimizer.name === 'levenbergMarquardt';
  if (!free || once(5)) all.iterations = pick(1, int(1, most), int(1, most), most);
  if (once(5)) all.tolerance = pick(0, Number.MIN_VALUE, 1e-300, 1e-16, 1e-13, 1e-10, 1e-6, 1e-3, 1, 1e300);
  // (where nothing is near enough 2000 iterations are made: of a 23 x 22 some seconds)
  if (all.tolerance < 1e-16 && m * n > 100) all.iterations ??= most;
  if (once(5)) all.seed = pick(0, int(0, 1000), 2 ** 32 - 1);
  if (once(6)) all.init = 'uniform';
  else if (once(4)) all.init = warm(draws, filled(M), k);
  if (once(5)) all.diagonal = 'squared';
  if (once(5)) all.normalize = false;
  if (once(6)) all.penalty = pick(0, 1, 1e-300, 1e300, { U: 0, V: 1 }, { U: uniform() ** 2, V: 1e160 });
  if (once(8)) all.weights = weights(draws, m, n);
  if (once(20) || gaps) all.missing = 'nan';
  if (once(12)) all.center = 'columns';
  if (once(10))
    all.regularization = pick(0, 1e-300, 1e-8, 1e-3, 0.1, 1, 1e3, 1e300) * pick(1, largest(filled(M)));
  if (once(6)) all.history = pick(0, 2, 7, 1000);
  if (once(6)) all.signs = 'raw';
  if (once(50))
    all[
      pick(
        'rank',
        'iterations',
        'tolerance',
        'seed',
        'init',
        'diagonal',
        'normalize',
        'penalty',
        'weights',
        'missing',
        'center',
        'regularization',
        'history',
        'signs',
        'optimizer',
        'extra',
        'constructor',
        '__proto__x',
      )
    ] = pick(...wrongs);
  return all;
}

/** Over 300 decades and more. */
export function weights(draws, m, n) {
  const { int, pick, once, uniform } = draws;
  const kind = int(0, 4);
  const steps = [pick(1, 1e-4, 1e-20, 1e-160, 1e-300), pick(1, 1e150, 1e-300)];
  const W = table(m, n, (i, j) => {
    switch (kind) {
      case 0:
        return Math.abs(uniform());
      case 1:
        return once(3) ? 0 : 1;
      case 2:
        return (i % 2 ? steps[0] : 1) * (j % 2 ? steps[1] : 1);
      case 3:
        return 10 ** int(-300, 300);
      default:
        return pick(0, 5e-324, 1, 1e-30, 1.7e308);
    }
  });
  if (once(30)) W[int(0, m - 1)][int(0, n - 1)] = pick(...wrongs);
  return W;
}
