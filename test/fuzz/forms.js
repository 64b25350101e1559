/** A matrix in every input form, calm or hostile. */

/** What was thrown into somebody's code on purpose: it must come out as it is. */
export class Injected extends Error {}

const typed = [Float64Array, Array];

/** M (rows) in the form of this number; `calm` is false where reading it must fail. */
const forms = [
  // (what is missing may be nothing, too)
  (M) => M.map((row) => row.map((x, j) => (Number.isNaN(x) ? [null, undefined, x][j % 3] : x))),
  (M) => M.map((row) => Float64Array.from(row)),
  (M) => ({ rows: M.length, columns: M[0].length, data: Float64Array.from(M.flat()) }),
  (M) => ({ rows: M.length, columns: M[0].length, data: M.flat() }),
  (M) => ({ rows: M.length, columns: M[0].length, data: M }),
  (M) => ({ rows: M.length, columns: M[0].length, get: (i, j) => M[i][j] }),
  (M) => ({ shape: [M.length, M[0].length], data: M.flat() }),
  (M) => {
    // column-major, from the end, between other numbers
    const [m, n] = [M.length, M[0].length];
    const data = typed[M.length % 2].from({ length: 2 * m * n + 3 }, () => 7);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) data[2 * m * n - 1 - 2 * (j * m + i)] = M[i][j];
    return { shape: [m, n], data, stride: [-2, -2 * m], offset: 2 * m * n - 1 };
  },
];
export const FORMS = forms.length;

/** Odd things instead of a matrix; each is a typed error. */
export const oddities = [
  () => null,
  () => undefined,
  () => 1,
  () => 'matrix',
  () => [],
  () => [[]],
  () => [[], []],
  () => [[1], [1, 2]],
  () => [1, 2],
  () => [[1, '2']],
  () => [[1, null]],
  () => [[1, undefined]],
  () => [[1, 2n]],
  () => [[NaN]],
  () => [[1, Infinity]],
  () => [null],
  () => new Array(3),
  () => [new Array(3)],
  () => ({}),
  () => ({ rows: 2 }),
  () => ({ rows: 2, columns: 2, data: [1, 2, 3] }),
  () => ({ rows: NaN, columns: 2, data: [1, 2] }),
  () => ({ rows: 1e6, columns: 1e6, data: [1] }),
  () => ({ rows: 2 ** 53, columns: 2 ** 53, get: () => 1 }),
  () => ({ rows: '2', columns: 2, get: () => 1 }),
  () => ({ shape: [2, 2], data: [1], stride: [0, NaN] }),
  () => ({ shape: [2, 2], data: [1], stride: 0 }),
  () => ({ shape: [2, 2], data: [1], stride: false }),
  () => ({ shape: [2, 2], data: [1], stride: NaN }),
  () => ({ shape: [2, 2], data: [1], stride: null }),
  () => ({ shape: [2, 2], data: [1], stride: '' }),
  () => ({ shape: [2, 2], data: [1], stride: [1n, 1n] }),
  () => ({ shape: [2, 2], data: [1], stride: [0, 0], offset: -1 }),
  () => ({ shape: [2, 2], data: [1], stride: [0, 0], offset: null }),
  () => ({ shape: [2, 2], data: [1], stride: [0, 0], offset: 2 ** 53 }),
  () => ({ shape: [2, 2], data: [1], stride: [2 ** 53, 2 ** 1000] }),
  () => ({ shape: [1e6, 1e6], data: [1], stride: [0, 0] }),
  () => ({ shape: [2 ** 40, 2 ** 40], data: [1], stride: [0, 0] }),
  () => ({ shape: [2], data: [1, 2] }),
  () => ({ shape: null, data: [1, 2] }),
  () => ({ shape: [2, 1], data: new DataView(new ArrayBuffer(16)) }),
  () => ({ shape: [2, 1], data: new BigInt64Array(2) }),
  () => new Float64Array(4),
  () => new Map(),
  () => new Date(),
  () => () => 1,
  () => Symbol('matrix'),
  () => Object.create(null),
  () => Object.create([[1]]),
  () => {
    const { proxy, revoke } = Proxy.revocable([[1]], {});
    revoke();
    return proxy;
  },
  () => {
    const { proxy, revoke } = Proxy.revocable([1], {});
    revoke();
    return [proxy];
  },
  () => {
    const { proxy, revoke } = Proxy.revocable([1], {});
    revoke();
    return { rows: 1, columns: 1, data: proxy };
  },
  () => {
    const { proxy, revoke } = Proxy.revocable([1, 1], {});
    revoke();
    return { shape: proxy, data: [1] };
  },
  () => {
    const { proxy, revoke } = Proxy.revocable([1, 1], {});
    revoke();
    return { shape: [1, 1], data: [1], stride: proxy };
  },
];

/** What any reading may meet in the middle: Proxies revoked, or these in place of what is there. */
export const answers = {
  revoke(revokes) {
    for (const revoke of revokes) revoke();
  },
  'revoke the last'(revokes) {
    revokes.at(-1)();
  },
  string: () => '1',
  nan: () => NaN,
  null: () => null,
  huge: () => 1e300,
  object: () => ({}),
  zero: () => 0,
  negative: () => -1,
  fraction: () => 0.5,
  far: () => 2 ** 40,
  bigint: () => 2n,
  symbol: () => Symbol('odd'),
  function: () => () => 1,
};

/**
 * The same through Proxies that call `act(revokes)` on every access (what it was given revokes one Proxy each), with what it returns (if anything) in place of what
 * is there.
 */
export function watched(value, act, proxies = []) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  // (of what is frozen a Proxy has to say what is there; a signal is not asked through one)
  if (Object.isFrozen(value) || value instanceof AbortSignal) return value;
  const { proxy, revoke } = Proxy.revocable(value, {
    get(target, key, receiver) {
      const own = Reflect.get(target, key, receiver);
      const other = act(proxies);
      if (other !== undefined) return other;
      return watched(own, act, proxies);
    },
    has(target, key) {
      act(proxies);
      return Reflect.has(target, key);
    },
  });
  proxies.push(revoke);
  return proxy;
}

export const inForm = (M, form) => forms[form](M);
