/** Every function of both bundles with arguments that are right, so that each can be exchanged for something odd. */

const A = { rows: 2, columns: 2, data: [1, 2, 3], row: [0, 1, 1], col: [0, 0, 1] };
const entries = [
  [0, 0, 5],
  [0, 1, 3],
  [1, 0, 4],
];
const fit = { rank: 1, regularization: 1, iterations: 5 };

/** [name, function, ...arguments], of a matrix M. */
export function calls(lib, sparse, M) {
  const two = { iterations: 2 };
  const factors = lib.directSvd([
    [3, 0],
    [4, 5],
  ]);
  const { U, S, V } = factors;
  const of = (d) => (name) => (value) => {
    try {
      return d[name](value);
    } finally {
      d.dispose();
    }
  };
  const descent = (name) => (value) => of(lib.descend(M, two))(name)(value);
  const saved = () => {
    const d = lib.descend([[2]], two);
    try {
      return d.save();
    } finally {
      d.dispose();
    }
  };
  const within = (name) => (value) => sparse.factorize(entries, fit)[name](value);
  const rates = {
    lr: 0.1,
    gamma: 0.9,
    stepSize: 2,
    maxLr: 0.1,
    totalSteps: 9,
    tMax: 9,
    warmupSteps: 3,
    steps: 3,
  };
  const schedule = (name) => (options) => lib.schedules[name](options)(3);
  const asked = (key) => (value) => lib.svd(M, { ...two, [key]: value });
  const askedSparse = (key) => (value) => sparse.svds(A, { rank: 1, [key]: value });
  const askedFit = (key) => (value) => sparse.factorize(entries, { ...fit, [key]: value });
  const json = () => sparse.factorize(entries, fit).toJSON();
  const operator = { rows: 2, columns: 2, multiply: (X) => X, multiplyTransposed: (Y) => Y };
  const optimizers =
    'sgd adam adamW nadam radam adamax adagrad adadelta rmsprop rprop asgd lbfgs levenbergMarquardt conjugateGradients lion muon'.split(
      ' ',
    );
  const options =
    'rank optimizer iterations tolerance seed init diagonal normalize penalty weights regularization missing center history signs'.split(
      ' ',
    );
  return [
    ['svd', lib.svd, M, two],
    ['svdAsync', lib.svdAsync, M, two],
    ['svdAsync signal', (signal) => lib.svdAsync(M, { ...two, signal }), undefined],
    ['svdAsync onProgress', (onProgress) => lib.svdAsync(M, { ...two, onProgress }), undefined],
    ['svdAsync budgetMs', (budgetMs) => lib.svdAsync(M, { ...two, budgetMs }), 1],
    ['directSvd', lib.directSvd, M, {}],
    ['directSvd rank', (rank) => lib.directSvd(M, { rank }), 1],
    ['invert', lib.invert, [[2]], two],
    ['invert init', (init) => lib.invert([[2]], { ...two, init }), [[1]]],
    ['notebookInverse', (init) => lib.invert([[2]], { ...lib.notebookInverse, ...two, init }), [[1]]],
    ['notebookSgd', (seed) => lib.svd(M, { ...lib.notebookSgd, ...two, seed }), 1],
    ['notebookAdam', (seed) => lib.svd(M, { ...lib.notebookAdam, ...two, seed }), 1],
    ['descend', lib.descend, M, two],
    ...['step', 'run', 'tune'].map((name) => [`descent.${name}`, descent(name), undefined]),
    ['Descent', (run) => new lib.Descent(run, 'raw'), null],
    ['resume', lib.resume, saved(), {}],
    ['resume lr', (lr) => lib.resume(saved(), { lr }), 1],
    ...Object.keys(saved().run).map((key) => [
      `resume ${key}`,
      (value) => lib.resume({ ...saved(), run: { ...saved().run, [key]: value } }),
      1,
    ]),
    ['matrix', lib.matrix, M],
    ['Matrix.get', (i, j) => lib.matrix(M).get(i, j), 0, 0],
    ['reconstruct', lib.reconstruct, factors],
    ['residuals', lib.residuals, M, factors],
    ['compare', lib.compare, factors, factors],
    ['pseudoInverse', lib.pseudoInverse, factors, 0],
    ['rank', lib.rank, factors, 0],
    ['condition', lib.condition, factors],
    ['full', lib.full, factors],
    ['project', lib.project, [[1, 2]], factors],
    ['solve', lib.solve, factors, [1, 2], 0],
    ...['reconstruct', 'rank', 'full', 'condition', 'pseudoInverse'].flatMap((name) => [
      [`${name} U`, (U) => lib[name]({ U, S, V }), U],
      [`${name} S`, (S) => lib[name]({ U, S, V }), S],
      [`${name} V`, (V) => lib[name]({ U, S, V }), V],
      [`${name} mean`, (mean) => lib[name]({ U, S, V, mean }), [1, 2]],
    ]),
    ...['U', 'S', 'V'].map((key) => [
      `init.${key}`,
      (value) =>
        lib.svd(
          [
            [1, 2],
            [3, 4],
          ],
          { ...two, init: { ...factors, [key]: value } },
        ),
      factors[key],
    ]),
    ...options.map((key) => [key, asked(key), undefined]),
    ...optimizers.map((name) => [name, lib[name], { lr: 0.1 }]),
    ...optimizers.map((name) => [`${name} lr`, (lr) => lib[name]({ lr }), 0.1]),
    ['lr that gives', (lr) => lib.svd(M, { ...two, optimizer: lib.sgd({ lr: () => lr }) }), 0.1],
    ...Object.keys(lib.schedules).map((name) => [`schedules.${name}`, schedule(name), rates]),
    ...Object.keys(rates).map((key) => [
      `schedules with ${key}`,
      (value) => lib.schedules.oneCycle({ maxLr: 1, totalSteps: 9, [key]: value })(3),
      1,
    ]),
    ['manualSeed', lib.manualSeed, 1],
    ['rand', (m, n) => lib.manualSeed(1).rand(m, n), 2, 2],
    ['fill', (target) => lib.manualSeed(1).fill(target), new Float64Array(2)],
    ['initialize', lib.initialize, undefined],
    ['SvdAbortError', () => lib.svdAsync(M, { ...two, signal: { aborted: true } }), 1],
    ['errors', () => [lib.SvdTypeError, lib.SvdRangeError, lib.SvdAbortError, lib.Matrix], 1],

    ['svds', sparse.svds, A, { rank: 1 }],
    ['svdsAsync', sparse.svdsAsync, A, { rank: 1 }],
    ...'rows columns data row col'
      .split(' ')
      .map((key) => [`svds ${key}`, (value) => sparse.svds({ ...A, [key]: value }, { rank: 1 }), A[key]]),
    ...'rank tolerance seed init iterations rows columns'
      .split(' ')
      .map((key) => [`svds option ${key}`, askedSparse(key), undefined]),
    ...Object.keys(operator).map((key) => [
      `operator ${key}`,
      (value) => sparse.svdsAsync({ ...operator, [key]: value }, { rank: 1 }),
      operator[key],
    ]),
    ['product', (Y) => sparse.svdsAsync({ ...operator, multiply: () => Y }, { rank: 1 }), [[1], [2]]],
    ['blocks', (blocks) => sparse.svdsAsync({ columns: 2, blocks }, { rank: 1 }), () => [[[1, 2]]]],
    ['blocks that give', (blocks) => sparse.svdsAsync({ columns: 2, blocks: () => blocks }, { rank: 1 }), []],
    ['block', (block) => sparse.svdsAsync({ columns: 2, blocks: () => [block] }, { rank: 1 }), [[1, 2]]],
    ['svdsAsync signal', (signal) => sparse.svdsAsync(A, { rank: 1, signal }), undefined],
    ['sparse project', sparse.project, A, factors],
    [
      'sparse project of blocks',
      (block) => sparse.project({ columns: 2, blocks: () => [block] }, factors),
      A,
    ],
    ['factorize', sparse.factorize, entries, fit],
    ['factorizeAsync', sparse.factorizeAsync, entries, fit],
    ['an entry', (entry) => sparse.factorize([entry], fit), entries[0]],
    ...'rows columns rank regularization norm biases validation range weights seed init iterations tolerance'
      .split(' ')
      .map((key) => [`factorize ${key}`, askedFit(key), undefined]),
    ['predict', (i, j) => sparse.factorize(entries, fit).predict(i, j), 0, 0],
    ['recommend', (i, options) => sparse.factorize(entries, fit).recommend(i, options), 0, {}],
    ['exclude', (exclude) => sparse.factorize(entries, fit).recommend(0, { exclude }), [0]],
    ['foldIn', within('foldIn'), [[0, 5]]],
    ['an entry of foldIn', (entry) => sparse.factorize(entries, fit).foldIn([entry]), [0, 5]],
    ['factorization', sparse.factorization, json()],
    ...Object.keys(json()).map((key) => [
      `factorization ${key}`,
      (value) => sparse.factorization({ ...json(), [key]: value }).predict(0, 0),
      1,
    ]),
    ['sparse initialize', sparse.initialize, undefined],
    [
      'sparse classes',
      () => [
        sparse.Factorization,
        sparse.FactorRow,
        sparse.SvdAbortError,
        sparse.SvdTypeError,
        sparse.SvdRangeError,
        sparse.Matrix,
      ],
      1,
    ],
  ];
}
