/** Matrices that are somebody's code: getters and Proxies, at any point of reading. */
import { afterEach, expect, test } from 'vitest';
import {
  type Descent,
  descend,
  directSvd,
  invert,
  type MatrixInput,
  reconstruct,
  residuals,
  solve,
  svd,
} from '../src/index.js';

const M = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 10],
];
const { U, S, V } = svd(M);
const held: Descent[] = [];
afterEach(() => {
  for (const d of held.splice(0)) d.dispose();
});

/** A descent more, until there is no room for it in the core's memory. */
const grow = () => held.push(descend({ rows: 48, columns: 48, data: new Float64Array(48 * 48) }));

/** M as Proxies in a Proxy; `act` is called before the access of this number. */
function watched(at: number, act: (revoke: () => void) => void): MatrixInput {
  let seen = 0;
  const revokes: (() => void)[] = [];
  const wrap = <T extends object>(value: T): T => {
    const { proxy, revoke } = Proxy.revocable(value, {
      get(target, key) {
        const own: unknown = Reflect.get(target, key);
        if (seen++ === at) act(() => revokes.forEach((one) => one()));
        return typeof own === 'object' && own !== null ? wrap(own) : own;
      },
    });
    revokes.push(revoke);
    return proxy;
  };
  return wrap(M);
}

const ways: [string, (input: MatrixInput) => unknown][] = [
  ['svd', (input) => Array.from(svd(input).S)],
  ['directSvd', (input) => Array.from(directSvd(input).S)],
  ['invert', (input) => invert(input).X.toArray()],
  ['a warm start', (input) => Array.from(svd(M, { init: { U: input, S: [1, 2, 3], V } }).S)],
  ['a start of invert', (input) => invert(M, { init: input }).X.toArray()],
  ['weights', (input) => Array.from(svd(M, { rank: 1, weights: input, iterations: 3 }).S)],
  ['residuals', (input) => residuals(input, { U, S, V })],
];

test.each(ways)('%s: memory that grows between any two accesses loses nothing', (_, way) => {
  const calm = way(M);
  for (let at = 0; at < 40; at++) expect(way(watched(at, grow))).toEqual(calm);
});

test.each(ways)('%s: what a getter throws comes out as it is', (_, way) => {
  const thrown = new Error('mine');
  const raise = () => {
    throw thrown;
  };
  for (let at = 0; at < 12; at++) expect(() => way(watched(at, raise))).toThrow(thrown);
});

test.each(ways)('%s: a Proxy that is revoked on the way is an error with a name', (_, way) => {
  const named = expect.objectContaining({
    code: 'invalid-matrix',
    message: expect.stringMatching(/revoked/),
  });
  for (let at = 0; at < 12; at++) expect(() => way(watched(at, (revoke) => revoke()))).toThrow(named);
});

// biome-ignore lint/suspicious/noExplicitAny: these are the calls that types forbid
const bad: [string, any, string, RegExp][] = [
  ['a stride of NaN', { shape: [1, 1], data: [1], stride: Number.NaN }, 'invalid-matrix', /M\.stride is NaN/],
  ['a stride of 0', { shape: [1, 1], data: [1], stride: 0 }, 'invalid-matrix', /M\.stride is 0/],
  ['a stride of false', { shape: [1, 1], data: [1], stride: false }, 'invalid-matrix', /M\.stride is false/],
  ['a stride too many', { shape: [1, 1], data: [1], stride: [1, 1, 1] }, 'invalid-matrix', /M\.stride/],
  ['a stride with a hole', { shape: [1, 1], data: [1], stride: new Array(2) }, 'invalid-matrix', /M\.stride/],
  ['data that is null', { shape: [1, 1], data: null }, 'invalid-matrix', /M\.data is null; give an array/],
  [
    'data that is text',
    { rows: 1, columns: 1, data: '5' },
    'invalid-matrix',
    /M\.data is "5"; give an array of numbers/,
  ],
  ['half an offset', { shape: [1, 1], data: [1, 2], offset: 0.5 }, 'invalid-matrix', /M\.offset is 0\.5/],
  ['a broadcast', { shape: [1e6, 1e6], data: [1], stride: [0, 0] }, 'too-large', /M is 1000000 x 1000000/],
  [
    'rows in rows',
    { rows: Object.assign({}, { rows: 1 }), columns: 1, data: [1] },
    'invalid-matrix',
    /an object x 1/,
  ],
];

test('a matrix of another class: rows, columns and data by getters', () => {
  class Grid {
    get rows() {
      return 1;
    }
    get columns() {
      return 2;
    }
    get data() {
      return [3, 4];
    }
  }
  expect(svd(new Grid()).S[0]).toBeCloseTo(5, 12);
});

test.each(bad)('%s', (_, input, code, message) => {
  for (const way of [svd, directSvd, () => residuals(input, { U, S, V })]) {
    let error: unknown;
    try {
      way(input);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  }
});

/** Lengths that no list has. (What a Proxy says where it is asked.) */
const lengths = [-1, 0.5, Number.NaN, Infinity, 2 ** 30, 2 ** 53, 1e300, '2', null, 2n, Symbol('2'), {}];
const says = <T extends object>(list: T, length: unknown): T =>
  new Proxy(list, {
    get: (target, key) => (key === 'length' ? length : (Reflect.get(target, key) as unknown)),
  });

test.each(lengths)('a list that says that its length is %s', (length) => {
  const refused = expect.objectContaining({ code: expect.any(String), name: expect.stringMatching(/^Svd/) });
  const [row, s] = [says([1, 2, 3], length), says([3, 2, 1], length)];
  const numbers = says([1], length);
  const inputs = [
    says(M, length),
    [row, row, row],
    { rows: 1, columns: 1, data: numbers },
    { shape: [1, 1], data: numbers, stride: [1, 1] },
    { shape: says([1, 1], length), data: [1] },
    { shape: [1, 1], data: [1], stride: numbers },
  ] as MatrixInput[];
  for (const input of inputs) for (const [, way] of ways) expect(() => way(input)).toThrow(refused);
  expect(() => svd(M, { init: { U, S: s, V } })).toThrow(refused);
  expect(() => reconstruct({ U, S: s, V, mean: [1, 2, 3] })).toThrow(refused);
  expect(() => reconstruct({ U, S, V, mean: s })).toThrow(refused);
  expect(() => solve({ U, S, V }, s)).toThrow(refused);
});

test('numbers are read by index, once: what iterates for ever is no harm', () => {
  const forever = {
    ...[3, 2, 1],
    length: 3,
    *[Symbol.iterator]() {
      for (;;) yield 1;
    },
  };
  expect(reconstruct({ U, S: forever, V })).toEqual(reconstruct({ U, S: [3, 2, 1], V }));
  expect(() => reconstruct({ U, S: { length: 2 ** 32 - 1 }, V })).toThrow(/S\.length is 4294967295; give/);
});

test('what contains itself can be named', () => {
  const self: Record<string, unknown> = { columns: 1 };
  self.rows = self;
  expect(() => svd(self as never)).toThrow(/an object x 1|M\.data/);
});

test('what leaves float64 is an error that names the remedy', () => {
  const far = expect.objectContaining({ code: 'non-finite-entry', message: expect.stringMatching(/give/) });
  expect(() => invert([[1e-310]])).toThrow(far);
  expect(() => invert([[1e10]], { init: [[1e300]] })).toThrow(far);
  const long = [[1e308], [1e308], [1e308], [1e308]];
  expect(() => svd([[1], [1], [1], [1]], { init: { U: long, S: [1], V: [[1e308]] } })).toThrow(far);
  expect(() => svd([[1e-300]], { init: { U: [[1]], S: [1e308], V: [[1]] } })).toThrow(far);
});
