/** Bad input of every kind gets its typed error, naming the argument, what came and the remedy. */
import { describe, expect, test } from 'vitest';
import * as library from '../src/index.js';
import {
  adadelta,
  adam,
  asgd,
  compare,
  Descent,
  descend,
  directSvd,
  type ErrorCode,
  invert,
  lbfgs,
  levenbergMarquardt,
  manualSeed,
  muon,
  nadam,
  type Optimizer,
  type OptimizerName,
  project,
  pseudoInverse,
  rank,
  reconstruct,
  residuals,
  resume,
  rmsprop,
  rprop,
  schedules,
  sgd,
  solve,
  svd,
  svdAsync,
} from '../src/index.js';

const M = [
  [3, 1],
  [4, 5],
  [0, 2],
];

// biome-ignore lint/suspicious/noExplicitAny: these are the calls that types forbid
type Any = any;

const revoked = (): Any => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

// biome-ignore format: a table, one case a line
const cases: [what: string, call: () => unknown, kind: typeof TypeError | typeof RangeError, code: ErrorCode, message: RegExp][] = [
  ['nothing', () => svd(undefined as Any), TypeError, 'invalid-matrix', /^M is undefined; give an array of rows/],
  ['a string', () => svd('1 2' as Any), TypeError, 'invalid-matrix', /^M is "1 2"/],
  ['a flat array', () => svd([1, 2] as Any), TypeError, 'invalid-matrix', /^M\[0\] is 1; give an array of numbers/],
  ['no rows', () => svd([]), RangeError, 'empty-matrix', /^M is 0 x 0; give at least one entry/],
  ['no columns', () => svd([[], []]), RangeError, 'empty-matrix', /^M is 2 x 0/],
  ['ragged rows', () => svd([[1, 2], [3]]), RangeError, 'ragged-matrix', /^M\[1\]\.length is 1; give 2 as in M\[0\]/],
  ['a string entry', () => svd([[1, '2']] as Any), TypeError, 'invalid-matrix', /^M\[0\]\[1\] is "2"; give a number/],
  ['a hole', () => svd([[1, undefined]] as Any), TypeError, 'invalid-matrix', /^M\[0\]\[1\] is undefined/],
  ['bigint entries', () => svd({ rows: 1, columns: 1, data: new BigInt64Array(1) } as Any), TypeError, 'invalid-matrix', /^M\[0\]\[0\] is 0/],
  ['NaN', () => svd([[1, 2], [3, Number.NaN]]), RangeError, 'non-finite-entry', /^M\[1\]\[1\] is NaN; give a finite number \(a gap: NaN with missing: 'nan'\)/],
  ['infinity', () => svd([[1, 2], [Infinity, 4]]), RangeError, 'non-finite-entry', /^M\[1\]\[0\] is Infinity/],
  ['infinity beside missing entries', () => svd([[1, NaN], [Infinity, 4]], { missing: 'nan', rank: 1 }), RangeError, 'non-finite-entry', /^M\[1\]\[0\] is Infinity/],
  ['a norm that overflows', () => svd([[1.5e308, 1.5e308], [1.5e308, 1]]), RangeError, 'non-finite-entry', /^the norm of M is Infinity; give M in units that bring it near to 1/],
  ['nothing but missing entries', () => svd([[NaN, NaN]], { missing: 'nan' }), RangeError, 'empty-matrix', /^every entry of M is missing or has weight 0; give one/],
  ['data too short', () => svd({ rows: 2, columns: 2, data: [1, 2, 3] }), RangeError, 'shape-mismatch', /^M\.data\.length is 3; give 4 for this shape/],
  ['data too long', () => svd({ rows: 2, columns: 2, data: [1, 2, 3, 4, 5] }), RangeError, 'shape-mismatch', /^M\.data\.length is 5; give 4 for this shape/],
  ['a fraction of rows', () => svd({ rows: 1.5, columns: 2, data: [1, 2, 3] }), TypeError, 'invalid-matrix', /^M is 1\.5 x 2; give whole numbers of rows/],
  ['a 3-d array', () => svd({ shape: [1, 1, 1], data: [1] }), TypeError, 'invalid-matrix', /^M.shape is \[1, 1, 1\]; give \[rows, columns\]/],
  ['strides out of bounds', () => svd({ shape: [2, 2], data: [1, 2, 3, 4], stride: [2, 2] }), RangeError, 'shape-mismatch', /^M\.data\.length is 4; give 5 for this shape, stride and offset/],
  ['an offset before the data', () => svd({ shape: [2, 2], data: [1, 2, 3, 4], offset: -1 }), RangeError, 'shape-mismatch', /^M\.offset is -1; give at least 0/],
  ['one stride', () => svd({ shape: [2, 2], data: [1, 2, 3, 4], stride: 2 as Any }), TypeError, 'invalid-matrix', /^M\.stride is 2; give two whole numbers/],
  ['a bigint', () => svd([[1n as Any]]), TypeError, 'invalid-matrix', /^M\[0\]\[0\] is 1n; give a number/],
  ['flat data', () => svd(new Float64Array(4) as Any), TypeError, 'invalid-matrix', /^M\[0\] is 0; give an array of numbers, or flat data as { rows, columns, data }/],
  ['a norm that underflows', () => svd([[3e-170, 0], [4e-170, 5e-170]], { normalize: false }), RangeError, 'non-finite-entry', /^the norm of M is 0; give M in units/],
  ['factors without S', () => reconstruct({ U: [[1]], V: [[1]], S: undefined } as Any), TypeError, 'invalid-matrix', /^factors\.S is undefined; give an array of numbers/],
  ['a singular value that is text', () => reconstruct({ U: [[1]], V: [[1]], S: ['1'] } as Any), RangeError, 'non-finite-entry', /^factors\.S\[0\] is "1"; give a finite number/],
  ['NaN in factors', () => pseudoInverse({ U: [[1]], V: [[NaN]], S: [1] }), RangeError, 'non-finite-entry', /^factors\.V\[0\]\[0\] is NaN; give a finite number/],
  ['a tolerance that is text', () => pseudoInverse({ U: [[1]], V: [[1]], S: [1] }, '1' as Any), RangeError, 'invalid-option', /^tolerance is "1"; give a number >= 0/],
  ['an optimizer by an array of its name', () => svd(M, { optimizer: { name: ['sgd'], lr: 0.1, options: {} } as Any }), TypeError, 'invalid-option', /^optimizer is an object; give one made by/],
  ['options that are revoked', () => svd(M, revoked()), TypeError, 'invalid-option', /^options is a revoked Proxy; give an object of options/],
  ['an optimizer that is revoked', () => svd(M, { optimizer: revoked() }), TypeError, 'invalid-option', /^optimizer is a revoked Proxy; give one made by/],
  ['a start that is revoked', () => svd(M, { init: revoked() }), TypeError, 'invalid-option', /^init is a revoked Proxy; give/],
  ['an optimizer not called', () => svd(M, { optimizer: adam as Any }), TypeError, 'invalid-option', /^optimizer is a function; give one made by .*\bsgd\(\)/],
  ['nesterov by the back door', () => svd(M, { optimizer: { name: 'sgd', lr: 1, options: { nesterov: true } } as Any }), RangeError, 'invalid-hyper-parameter', /^sgd: nesterov needs momentum/],
  ['more draws than fit', () => manualSeed(1).rand(1e6, 1e6), RangeError, 'too-large', /^the matrix is 1000000 x 1000000; give fewer/],
  ['rank 0', () => svd(M, { rank: 0 }), RangeError, 'invalid-rank', /^rank is 0; give a whole number from 1 to 2/],
  ['rank 3', () => svd(M, { rank: 3 }), RangeError, 'invalid-rank', /^rank is 3/],
  ['rank 1.5', () => svd(M, { rank: 1.5 }), RangeError, 'invalid-rank', /^rank is 1.5/],
  ['an unknown option', () => svd(M, { momentum: 0.9 } as Any), TypeError, 'unknown-option', /^"momentum" is no option; there are rank, optimizer/],
  ['an option called constructor', () => svd(M, { constructor: 1 } as Any), TypeError, 'unknown-option', /^"constructor" is no option/],
  ['options that are none', () => svd(M, 3 as Any), TypeError, 'invalid-option', /^options is 3/],
  ['iterations', () => svd(M, { iterations: 0 }), RangeError, 'invalid-option', /^iterations is 0; give a whole number from 1 to 2147483647/],
  ['tolerance', () => svd(M, { tolerance: -1 }), RangeError, 'invalid-option', /^tolerance is -1; give a number >= 0/],
  ['seed', () => svd(M, { seed: 2 ** 32 }), RangeError, 'invalid-option', /^seed is 4294967296; give a whole number from 0 to 4294967295/],
  ['init', () => svd(M, { init: 'random' as Any }), TypeError, 'invalid-option', /^init is "random"; give "orthonormal" or "uniform", or factors { U, S, V }/],
  ['init of another shape', () => svd(M, { init: svd([[1]]) }), RangeError, 'shape-mismatch', /^init\.U is 1 x 1; give 3 x 2 to fit the rest/],
  ['diagonal', () => svd(M, { diagonal: 'cubed' as Any }), TypeError, 'invalid-option', /^diagonal is "cubed"; give "signed" or "squared"/],
  ['normalize', () => svd(M, { normalize: 1 as Any }), TypeError, 'invalid-option', /^normalize is 1; give true or false/],
  ['penalty', () => svd(M, { penalty: { U: 1, V: -1 } }), RangeError, 'invalid-option', /^penalty\.V is -1; give a number >= 0/],
  ['weights of another shape', () => svd(M, { weights: [[1]] }), RangeError, 'shape-mismatch', /^weights is 1 x 1; give 3 x 2 to fit the rest/],
  ['a negative weight', () => svd(M, { weights: [[1, 1], [1, -2], [1, 1]], }), RangeError, 'invalid-option', /^weights\[1\]\[1\] is -2; give a number >= 0/],
  ['missing', () => svd(M, { missing: 'zero' as Any }), TypeError, 'invalid-option', /^missing is "zero"/],
  ['history', () => svd(M, { history: -1 }), RangeError, 'invalid-option', /^history is -1/],
  ['signs', () => svd(M, { signs: 'negative' as Any }), TypeError, 'invalid-option', /^signs is "negative"/],
  ['an optimizer that is none', () => svd(M, { optimizer: 'sgd' as Any }), TypeError, 'invalid-option', /^optimizer is "sgd"; give one made by/],
  ['no learning rate', () => sgd({} as Any), RangeError, 'invalid-hyper-parameter', /^sgd: lr is undefined; give a number >= 0/],
  ['a negative learning rate', () => adam({ lr: -1 }), RangeError, 'invalid-hyper-parameter', /^adam: lr is -1/],
  ['a learning rate that becomes NaN', () => svd(M, { optimizer: adam({ lr: () => NaN }) }), RangeError, 'invalid-hyper-parameter', /^lr\(0\) is NaN; give a number >= 0/],
  ['betas', () => adam({ betas: [0.9, 1] }), RangeError, 'invalid-hyper-parameter', /^adam: betas is \[0.9, 1\]; give two numbers, each in \[0, 1\)/],
  ['nesterov without momentum', () => sgd({ lr: 1, nesterov: true }), RangeError, 'invalid-hyper-parameter', /^sgd: nesterov needs momentum > 0 and dampening 0; they are 0 and 0/],
  ['one eta', () => rprop({ etas: [0.5] } as Any), RangeError, 'invalid-hyper-parameter', /^rprop: etas is \[0.5\]; give two numbers, 0 < first < 1 < second/],
  ['etas in disorder', () => rprop({ etas: [1.2, 0.5] }), RangeError, 'invalid-hyper-parameter', /^rprop: etas is \[1.2, 0.5\]/],
  ['step sizes in disorder', () => rprop({ stepSizes: [1, 0.5] }), RangeError, 'invalid-hyper-parameter', /^rprop: stepSizes is \[1, 0.5\]; give two numbers, 0 <= first <= second/],
  ['a rho above 1', () => adadelta({ rho: 1.1 }), RangeError, 'invalid-hyper-parameter', /^adadelta: rho is 1.1; give a number in \[0, 1\]/],
  ['an alpha of 1', () => rmsprop({ alpha: 1 }), RangeError, 'invalid-hyper-parameter', /^rmsprop: alpha is 1; give a number in \[0, 1\)/],
  ['a number for a pair', () => nadam({ betas: 0.9 } as Any), RangeError, 'invalid-hyper-parameter', /^nadam: betas is 0.9/],
  ['a pair for a number', () => asgd({ t0: [1] } as Any), RangeError, 'invalid-hyper-parameter', /^asgd: t0 is \[1\]; give a number >= 0/],
  ['a history of 0', () => lbfgs({ historySize: 0 }), RangeError, 'invalid-hyper-parameter', /^lbfgs: historySize is 0; give a whole number from 1 to 1000/],
  ['no gamma', () => schedules.exponential({ lr: 1 } as Any), RangeError, 'invalid-hyper-parameter', /^schedules.exponential: gamma is undefined; give a number >= 0/],
  ['a strategy that is none', () => schedules.oneCycle({ maxLr: 1, totalSteps: 9, annealStrategy: 'sine' as Any }), RangeError, 'invalid-hyper-parameter', /^schedules.oneCycle: annealStrategy is "sine"; give "cos" or "linear"/],
  ['half a step', () => schedules.step({ lr: 1, stepSize: 0.5 }), RangeError, 'invalid-hyper-parameter', /^schedules.step: stepSize is 0.5; give a whole number >= 1/],
  ['an unknown option of a schedule', () => schedules.cosine({ lr: 1, tMax: 9, etaMax: 1 } as Any), TypeError, 'unknown-option', /^schedules.cosine: "etaMax" is no option; there are lr, tMax, etaMin/],
  ['a schedule of nothing', () => schedules.linearWarmup(undefined as Any), TypeError, 'invalid-option', /^schedules.linearWarmup is undefined; give an object of options/],
  ['an inverse that is not square', () => invert(M), RangeError, 'shape-mismatch', /^M is 3 x 2; give a square matrix/],
  ['an inverse from another shape', () => invert([[1]], { init: M }), RangeError, 'shape-mismatch', /^init is 3 x 2; give 1 x 1/],
  ['an inverse of NaN', () => invert([[NaN]]), RangeError, 'non-finite-entry', /^M\[0\]\[0\] is NaN; give a finite number/],
  ['an option of svd for an inverse', () => invert([[1]], { rank: 1 } as Any), TypeError, 'unknown-option', /^"rank" is no option; there are optimizer, iterations/],
  ['an inverse in the frame of an SVD', () => invert([[1]], { optimizer: levenbergMarquardt() }), TypeError, 'invalid-option', /^optimizer is "levenbergMarquardt"; give another: it knows only the SVD/],
  ['an inverse by steps of U and V', () => invert([[1]], { optimizer: muon() }), TypeError, 'invalid-option', /^optimizer is "muon"; give another: it knows only the SVD/],
  ['an unknown hyper-parameter', () => adam({ momentum: 1 } as Any), TypeError, 'unknown-option', /^adam: "momentum" is no option; there are lr, betas/],
  ['a matrix too large', () => svd({ shape: [20_000, 20_000], data: new Uint8Array(1), stride: [0, 0] }), RangeError, 'too-large', /^M is 20000 x 20000; give a smaller matrix or rank, or dispose of descents: WebAssembly memory is full at 4 GiB/],
  ['a slip of the pen', () => svd(M, { itertions: 5 } as Any), TypeError, 'unknown-option', /; did you mean iterations\?$/],
  ['a letter changed', () => svd(M, { itarations: 5 } as Any), TypeError, 'unknown-option', /; did you mean iterations\?$/],
  ['a letter too many', () => svd(M, { rrank: 1 } as Any), TypeError, 'unknown-option', /; did you mean rank\?$/],
  ['two letters exchanged', () => svd(M, { toelrance: 1 } as Any), TypeError, 'unknown-option', /; did you mean tolerance\?$/],
  ['a name that is like none', () => svd(M, { bake: 1 } as Any), TypeError, 'unknown-option', /^(?!.*did you mean)/],
  ['a name of another library', () => svd(M, { tol: 5 } as Any), TypeError, 'unknown-option', /; did you mean tolerance\?$/],
  ['the same in snake case', () => svd(M, { max_iter: 5 } as Any), TypeError, 'unknown-option', /; did you mean iterations\?$/],
  ['nothing like any', () => svd(M, { verbose: true } as Any), TypeError, 'unknown-option', /, signs$/],
  ['a matrix in place of factors', () => rank(M as Any), TypeError, 'invalid-matrix', /; give factors \{ U, S, V \}, as svd and directSvd return$/],
  ['lr beside the optimizer', () => svd(M, { lr: 0.1 } as Any), TypeError, 'unknown-option', /; it belongs to the optimizer, as in \{ optimizer: sgd\(\{ lr: 0\.1 \}\) \}$/],
  ['cols', () => svd({ rows: 1, cols: 1, data: [1] } as Any), TypeError, 'invalid-matrix', /^M\.columns is undefined; give columns, as cols are called here/],
  ['a tensor', () => svd({ shape: [1, 1], arraySync: () => [[1]], data: async () => [1] } as Any), TypeError, 'invalid-matrix', /; give M\.arraySync\(\)$/],
  ["math.js's matrix", () => svd({ _data: [[1]], _size: [1, 1], toArray: () => [[1]] } as Any), TypeError, 'invalid-matrix', /; give M\.toArray\(\)$/],
  ['null where nothing may be missing', () => svd([[1, null]]), TypeError, 'invalid-matrix', /^M\[0\]\[1\] is null; give a number \(a gap: null with missing: 'nan'\)/],
  ['a hole in S', () => reconstruct({ U: [[1, 1]], V: [[1, 1]], S: Object.assign([1], { length: 2 }) }), RangeError, 'non-finite-entry', /^factors\.S\[1\] is undefined/],
  ['too high a rank for directSvd', () => directSvd(M, { rank: 3 }), RangeError, 'invalid-rank', /^rank is 3; give a whole number from 1 to 2/],
  ["another library's name", () => svd(M, { n_components: 1 } as Any), TypeError, 'unknown-option', /did you mean rank\?$/],
  ["another library's hyper-parameter", () => sgd({ learningRate: 1 } as Any), TypeError, 'unknown-option', /^sgd: .*did you mean lr\?$/],
  ['an option that directSvd has not', () => directSvd(M, { seed: 1 } as Any), TypeError, 'unknown-option', /^"seed" is no option; there are rank/],
  ['center', () => svd(M, { center: 'rows' as Any }), TypeError, 'invalid-option', /^center is "rows"; give "none" or "columns"/],
  ['NaN to be centered', () => svd([[1], [NaN]], { center: 'columns' }), RangeError, 'non-finite-entry', /^M\[1\]\[0\] is NaN/],
  ['b of another length', () => solve(svd(M), [1, 2]), RangeError, 'shape-mismatch', /^b is 2 x 1; give 3 x 1 to fit the rest/],
  ['rows of another length', () => project([[1]], svd(M)), RangeError, 'shape-mismatch', /^rows is 1 x 1; give 1 x 2 to fit the rest/],
  ["a Descent of one's own", () => new (Descent as Any)(M), TypeError, 'invalid-option', /^a Descent is made by descend\(M\) or resume\(saved\)/],
  ['step', () => descend(M).step(-1), RangeError, 'invalid-option', /^count is -1/],
  ['directSvd of nothing', () => directSvd([]), RangeError, 'empty-matrix', /^M is 0 x 0/],
  ['directSvd of NaN', () => directSvd([[NaN]]), RangeError, 'non-finite-entry', /^M\[0\]\[0\] is NaN/],
  ['a rank that the gaps do not allow', () => svd([[1, NaN], [2, NaN]], { missing: 'nan', rank: 2 }), RangeError, 'invalid-rank', /^rank is 2; give at most 1: other rows or columns of M are empty/],
  ['residuals of another matrix', () => residuals([[1]], svd(M)), RangeError, 'shape-mismatch', /^M is 1 x 1; give 3 x 2 to fit the rest/],
  ['factors that are none', () => reconstruct(M as Any), TypeError, 'invalid-matrix', /^factors is .*give factors/],
  ['factors that do not fit', () => reconstruct({ U: M, S: [1], V: M }), RangeError, 'shape-mismatch', /^factors\.U is 3 x 2; give 3 x 1 to fit the rest/],
  ['different factors', () => compare(svd(M), svd([[1]])), RangeError, 'shape-mismatch', /^b\.U is 1 x 1; give 3 x 2 to fit the rest/],
  ['a negative cut-off', () => pseudoInverse(svd(M), -1), RangeError, 'invalid-option', /^tolerance is -1/],
  ['a seed that is none', () => manualSeed(0.5), RangeError, 'invalid-option', /^seed is 0.5/],
  ['no rows to draw', () => manualSeed(1).rand(0, 1), RangeError, 'empty-matrix', /^rows is 0/],
  ['an entry outside', () => manualSeed(1).rand(1, 1).get(0, 1), RangeError, 'shape-mismatch', /\[0, 1\]; give an entry of a 1 x 1 matrix/],
];

describe('typed errors', () => {
  test.each(cases)('%s', (_, call, kind, code, message) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('no value of any option is a raw error, or accepted for what it is not', async () => {
    const hostile: Any[] = [
      null,
      0,
      -1,
      0.5,
      NaN,
      Infinity,
      '',
      'x',
      true,
      1n,
      Symbol('s'),
      () => 1,
      [],
      [1],
      [1, 2],
    ];
    hostile.push(
      [Symbol('s')],
      [1n, 2n],
      [null],
      [revoked()],
      {},
      Object.create(null),
      revoked(),
      new Date(NaN),
    );
    hostile.push({ name: 'sgd' }, { U: 1, V: 1 }, { U: revoked(), S: [1], V: 1 }, new Float64Array(2), {
      length: -1,
    });
    const d = descend(M);
    d.step();
    const saved = d.save();
    const { run } = saved;
    const options =
      'rank optimizer iterations tolerance seed init diagonal normalize penalty weights missing history signs center regularization';
    const hyper = { adam: 'lr betas eps amsgrad', rprop: 'etas stepSizes', lbfgs: 'historySize' };
    const calls: ((value: Any) => unknown)[] = [
      ...options.split(' ').map((key) => (value: Any) => svd(M, { iterations: 3, [key]: value })),
      ...Object.keys(saved).map((key) => (value: Any) => resume({ ...saved, [key]: value }).dispose()),
      ...Object.keys(run).map(
        (key) => (value: Any) => resume({ ...saved, run: { ...run, [key]: value } }).dispose(),
      ),
      ...Object.keys(run.settings).map((key) => (value: Any) => {
        resume({ ...saved, run: { ...run, settings: { ...run.settings, [key]: value } } }).dispose();
      }),
      ...Object.entries(hyper).flatMap(([name, keys]) =>
        keys.split(' ').map((key) => (value: Any) => {
          const optimizer = { name, lr: 1, options: { [key]: value } } as Any;
          return svd(M, { iterations: 3, optimizer });
        }),
      ),
      ...['signal', 'onProgress', 'budgetMs'].map((key) => (value: Any) => svdAsync(M, { [key]: value })),
      ...['lr', 'iterations'].map((key) => (value: Any) => resume(saved, { [key]: value }).dispose()),
      (value) => svd(M, value),
      (value) => svd(M, { regularization: 1, iterations: 3, optimizer: value }),
      (value) => svd(M, { missing: 'nan', iterations: 3, optimizer: value }),
      (value) => svd(M, { iterations: 3, optimizer: { name: 'sgd', lr: 1, options: value } }),
      (value) => svd(M, { iterations: 3, optimizer: { name: value, lr: 1, options: {} } }),
      (value) => svd(M, { iterations: 3, optimizer: sgd({ lr: () => value }) }),
      (value) => d.tune(value),
      (value) => d.run(value),
      (value) => resume(value),
      (value) => resume(saved, value).dispose(),
    ];
    for (const call of calls) {
      for (const value of hostile) {
        try {
          await call(value);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.any(String), name: expect.stringMatching(/^Svd/) });
        }
      }
    }
    d.dispose();
  });

  test('what is added to Object.prototype is no option', () => {
    const additions = {
      ...{
        rank: 1,
        lr: 9,
        momentum: 5,
        nesterov: true,
        iterations: 2,
        penalty: -1,
        U: 7,
        saved: 1,
        usual: 3,
      },
      ...{
        shape: 1,
        stride: 1,
        offset: 1,
        rows: 1,
        columns: 1,
        cols: 1,
        data: 1,
        get: 1,
        mean: 1,
        arraySync: 1,
      },
    };
    const work = () => {
      const d = descend(M, { optimizer: sgd({ lr: 0.1 }), penalty: { U: 0.1, V: 0.2 }, iterations: 20 });
      d.tune({ nesterov: false });
      const twin = resume(d.save());
      const flat = { data: M.flat() };
      const forms = [svd({ rows: 3, columns: 2, ...flat }), svd({ shape: [3, 2], ...flat })];
      const ends = [
        forms,
        residuals(M, svd(M)),
        adam(),
        svd(M),
        twin.step(20),
        twin.optimizer,
        twin.result(),
        invert([[2]]),
      ];
      twin.dispose();
      return JSON.stringify([ends, d.step(20)], (_, x) =>
        ArrayBuffer.isView(x) ? Array.from(x as Float64Array) : x,
      );
    };
    const clean = work();
    // writable or not: an assignment to an option would fail
    for (const writable of [true, false]) {
      for (const [key, value] of Object.entries(additions)) {
        // (without a prototype, or it would have a getter by then)
        const property = { __proto__: null, value, writable, enumerable: true, configurable: true };
        Object.defineProperty(Object.prototype, key, property);
      }
      let polluted: string;
      try {
        polluted = work();
      } finally {
        for (const key of Object.keys(additions)) delete (Object.prototype as Any)[key];
      }
      expect(polluted).toBe(clean);
    }
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    '%s is no name of anything',
    (key) => {
      const own = Object.defineProperty({}, key, {
        value: 1,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      const named = { name: key, lr: 0.1, options: {} };
      const unknown = expect.objectContaining({
        code: 'unknown-option',
        message: expect.stringContaining(key),
      });
      expect(() => svd(M, own as Any)).toThrow(unknown);
      expect(() => adam(own as Any)).toThrow(unknown);
      expect(() => descend(M, { optimizer: sgd({ lr: 1 }) }).tune(own as Any)).toThrow(unknown);
      expect(() => svd(M, { optimizer: named as Any })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
      expect(() => svd(M, { init: key as Any })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    },
  );

  test('use after dispose', () => {
    const d = descend(M);
    d.dispose();
    d.dispose();
    for (const use of [() => d.step(), () => d.result(), () => d.loss, () => d.status, () => d.save()]) {
      expect(use).toThrow(expect.objectContaining({ code: 'disposed' }));
    }
  });

  test('a good call after a bad one', () => {
    expect(() => svd([[NaN]])).toThrow(RangeError);
    expect(svd([[2]]).S[0]).toBeCloseTo(2, 8);
  });
});

test('divergence is no exception: the history and the best factors come back', () => {
  const big = manualSeed(1)
    .rand(4, 4)
    .data.map((x) => 100 * x);
  const options = { optimizer: sgd({ lr: 0.9, momentum: 0.9 }), normalize: false };
  const result = svd({ rows: 4, columns: 4, data: big }, options);
  expect(result.status).toBe('diverged');
  expect(result.losses.length).toBe(result.iterations);
  expect(result.losses.every(Number.isFinite)).toBe(true);
  expect(result.loss.total).toBe(Math.min(...result.losses));
  for (const values of [result.U.data, result.S, result.V.data])
    expect(values.every(Number.isFinite)).toBe(true);
});

/** At the ends of the ranges: what is in them, and what is not. */
// biome-ignore format: a table
const ranges: [name: OptimizerName, option: string, within: unknown[], beyond: unknown[]][] = [
  ['sgd', 'lr', [0, 2, () => 1], [-1e-300, NaN, Infinity, '1', null]],
  ['sgd', 'momentum', [0, 1.5], [-0.1, NaN]],
  ['sgd', 'dampening', [0, -1, 2], [Infinity, '0']],
  ['sgd', 'nesterov', [false], [0, 1]],
  ['adam', 'betas', [[0, 0], [0.5, 0.9]], [[1, 0], [0, 1], [-0.1, 0], [0, -0.1], [NaN, 0], [0, NaN], [0.5], [0.5, 0.5, 0.5], 0.5]],
  ['adam', 'weightDecay', [0, 3], [-0.1]],
  ['adamW', 'eps', [0, 1], [-1e-9, NaN]],
  ['nadam', 'momentumDecay', [0], [-1]],
  ['adagrad', 'initialAccumulatorValue', [0], [-1]],
  ['adadelta', 'rho', [0, 1], [-0.1, 1.1]],
  ['rmsprop', 'alpha', [0, 0.5], [-0.1, 1]],
  ['rprop', 'etas', [[0.1, 1.1]], [[0, 2], [1, 2], [0.5, 1], [1.5, 2], [0.5, NaN]]],
  ['rprop', 'stepSizes', [[0, 0], [1, 2]], [[-1, 2], [2, 1]]],
  ['asgd', 't0', [0], [-1]],
  ['lbfgs', 'historySize', [1, 1000], [0, 1001, 1.5]],
  ['lion', 'betas', [[0, 0]], [[1, 0], [0, 1], [-0.1, 0], [0, -0.1]]],
  ['levenbergMarquardt', 'damping', [0, 9], [-1]],
  ['muon', 'momentum', [0.5], [-0.1, 1]],
  ['muon', 'nsCoefficients', [[1, -1, 0]], [[1, 2], [1, 2, 3, 4], [1, NaN, 2], [1, 2, Infinity], 1]],
  ['muon', 'nsSteps', [1, 100], [0, 101, 1.5]],
];
const factories: Record<string, unknown> = { ...library };
test.each(ranges)('the range of %s({ %s })', (name, option, within, beyond) => {
  const make = factories[name] as (options: object) => Optimizer;
  const lr = option === 'lr' ? {} : { lr: 1 };
  for (const value of within) expect(make({ ...lr, [option]: value })).toMatchObject({ name });
  for (const value of beyond) {
    expect(() => make({ ...lr, [option]: value }), String(value)).toThrow(
      expect.objectContaining({
        code: 'invalid-hyper-parameter',
        message: expect.stringMatching(new RegExp(`^${name}: ${option} is .*; give `)),
      }),
    );
  }
});
