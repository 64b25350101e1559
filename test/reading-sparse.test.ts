/**
 * Reading a sparse matrix may run anybody's code: getters, Proxies, iterators, products. Whatever that does with this
 * package meanwhile, and however the core's memory grows by it, the answer is the same.
 */
import { factorization, factorize, type Matrix, project, svds, svdsAsync } from 'gradient-svd/sparse';
import { expect, test } from 'vitest';
import { coo, csr, dense, type Entry, scattered } from './support/sparse.js';

let rows = 100_000;
/** A decomposition that has more memory than any before it. */
function grow() {
  rows += 20_000;
  svds(coo(rows, 4, [[rows - 1, 3, 2]]), { rank: 1 });
}

/** The same array, but for what is done when half of it was read. */
const meddling = (array: readonly number[]) =>
  new Proxy(array, {
    get(target, key) {
      if (key === String(array.length >> 1)) grow();
      return Reflect.get(target, key);
    },
  });

test('what is no iterator, or gives no steps', () => {
  for (const iterator of [0, () => 1, {}, { next: 1 }, { next: () => 1 }]) {
    const broken = { [Symbol.iterator]: () => iterator } as never;
    expect(() => svds(broken, { rank: 1 })).toThrow(expect.objectContaining({ code: 'invalid-matrix' }));
  }
});

const A = scattered(40, 30, 200);
const B = csr(A);
const V = Array.from({ length: A.columns }, () => 1);
const options = { rank: 5 };

test.each(['data', 'row', 'col'] as const)('%s of COO', (key) => {
  expect(svds({ ...A, [key]: meddling(Array.from(A[key])) }, options)).toEqual(svds(A, options));
});

test.each(['data', 'indices', 'indptr'] as const)('%s of CSR, wide as well', async (key) => {
  const wide = csr({ ...A, rows: A.columns, columns: A.rows, row: A.col, col: A.row });
  expect(await svdsAsync({ ...wide, [key]: meddling(wide[key]) }, options)).toEqual(svds(wide, options));
  expect(svds({ ...B, [key]: meddling(B[key]) }, options)).toEqual(svds(B, options));
});

test('indptr that says something else when it is read again', () => {
  const once = new Set<PropertyKey>();
  const indptr = new Proxy(B.indptr, {
    get(target, key) {
      const again = once.has(key);
      once.add(key);
      return again && key !== 'length' ? 0 : Reflect.get(target, key);
    },
  });
  expect(svds({ ...B, indptr }, options)).toEqual(svds(B, options));
});

const entries = Array.from(A.data, (value, e): Entry => [A.row[e]!, A.col[e]!, value]);
function* walked() {
  for (const [e, entry] of entries.entries()) {
    if (e === 100) grow();
    yield entry;
  }
}

test('triplets, and the numbers in one', () => {
  const shape = { rows: A.rows, columns: A.columns, ...options };
  expect(svds(walked(), shape)).toEqual(svds(A, options));
  const odd = entries.with(50, meddling(entries[50]!) as unknown as Entry);
  expect(svds(odd, shape)).toEqual(svds(A, options));
});

test('ratings and their weights', () => {
  const weights = entries.map((_, e) => 1 + (e % 3));
  const same = { rank: 2, regularization: 1, weights };
  const expected = factorize(entries, same);
  expect(factorize({ ...A, col: meddling(Array.from(A.col)) }, same)).toEqual(expected);
  expect(factorize(walked(), { ...same, weights: meddling(weights) })).toEqual(expected);
});

test('products and what they give', async () => {
  const M = dense(A);
  const transposed = M[0]!.map((_, j) => M.map((row) => row[j]!));
  const product = (N: number[][]) => (X: Matrix) => {
    const panel = X.toArray();
    return N.map((row) => panel[0]!.map((_, b) => row.reduce((sum, x, j) => sum + x * panel[j]![b]!, 0)));
  };
  const operator = {
    rows: A.rows,
    columns: A.columns,
    multiply: product(M),
    multiplyTransposed: product(transposed),
  };
  const expected = await svdsAsync(operator, options);
  let calls = 0;
  const between = (Y: number[][]) => {
    // (not each time: the memory ends at 4 GiB)
    if (calls++ > 4) return Y;
    grow();
    return Y.with(7, meddling(Y[7]!) as number[]);
  };
  const meddlesome = {
    ...operator,
    multiply: async (X: Matrix) => between(operator.multiply(X)),
    multiplyTransposed: (Y: Matrix) => between(operator.multiplyTransposed(Y)),
  };
  expect(await svdsAsync(meddlesome, options)).toEqual(expected);
});

test('blocks and their rows', async () => {
  const M = dense(A);
  const half = csr(
    coo(
      20,
      30,
      entries.filter(([i]) => i < 20),
    ),
  );
  const { columns } = A;
  const expected = await svdsAsync({ columns, blocks: () => [half, M.slice(20)] }, options);
  let passes = 0;
  const blocks = function* () {
    if (passes++ > 1) yield* [half, M.slice(20)];
    else {
      yield { ...half, indices: meddling(half.indices) };
      grow();
      yield M.slice(20).with(3, meddling(M[23]!) as number[]);
    }
  };
  expect(await svdsAsync({ columns, blocks }, options)).toEqual(expected);
});

/** Lengths that no list has. (What a Proxy says where it is asked.) */
const lengths = [-1, 0.5, Number.NaN, Infinity, 2 ** 30, 2 ** 53, 1e300, '2', null, 2n, Symbol('2'), {}];
const says = <T extends object>(list: T, length: unknown): T =>
  new Proxy(list, {
    get: (target, key) => (key === 'length' ? length : (Reflect.get(target, key) as unknown)),
  });
const refused = expect.objectContaining({ code: expect.any(String), name: expect.stringMatching(/^Svd/) });

test.each(lengths)('a list that says that its length is %s', async (length) => {
  const plain = Object.fromEntries(
    Object.entries({ ...A, ...B }).map(([key, list]) => [
      key,
      typeof list === 'object' ? Array.from(list) : list,
    ]),
  ) as unknown as Record<'data' | 'row' | 'col' | 'indices' | 'indptr', number[]>;
  const { rows, columns } = A;
  const fit = { rank: 1, regularization: 1 };
  for (const keys of [
    ['data', 'row', 'col'],
    ['data', 'indices', 'indptr'],
  ] as const) {
    for (const odd of keys) {
      const lists = Object.fromEntries(keys.map((key) => [key, plain[key]]));
      const input = { rows, columns, ...lists, [odd]: says(plain[odd], length) } as never;
      expect(() => svds(input, options)).toThrow(refused);
      expect(() => project(input, { S: [1], V: { rows: columns, columns: 1, data: V } })).toThrow(refused);
      expect(() => factorize(input, fit)).toThrow(refused);
    }
  }
  expect(() => svds([says(entries[0]!, length)], { rank: 1 })).toThrow(refused);
  expect(() =>
    factorize(entries, {
      ...fit,
      weights: says(
        entries.map(() => 1),
        length,
      ),
    }),
  ).toThrow(refused);
  expect(() => svds(says(entries, length), { rank: 1 })).toThrow(refused);
  const F = factorize(entries, fit);
  expect(() => F.foldIn(says([[0, 1]], length))).toThrow(refused);
  expect(() => F.recommend(0, { exclude: says([0], length) })).toThrow(refused);
  expect(() => F.foldIn([says([0, 1], length)])).toThrow(refused);
  for (const key of ['rowBias', 'columnBias', 'losses', 'validation'] as const) {
    const json = F.toJSON();
    expect(() => factorization({ ...json, [key]: says(json[key], length) })).toThrow(refused);
  }
});

test('rows and columns beyond 31 bits are refused, whatever the form', () => {
  for (const input of [A, B, entries]) {
    for (const key of ['rows', 'columns']) {
      expect(() => svds(input, { rank: 1, [key]: 2 ** 53 })).toThrow(refused);
      expect(() => factorize(input, { rank: 1, regularization: 1, [key]: 2 ** 53 })).toThrow(refused);
    }
  }
});

test('what a row is folded in from, and what JSON brings back, is checked', () => {
  const F = factorize(entries, { rank: 1, regularization: 1 });
  for (const odd of [null, 5, {}, { [Symbol.iterator]: 5 }, [[0, 1e308, 1]], [[0, Number.NaN]], [1]])
    expect(() => F.foldIn(odd as never)).toThrow(refused);
  expect(() => F.recommend(0, { exclude: { [Symbol.iterator]: 5 } as never })).toThrow(refused);
  const json = F.toJSON();
  const gap = { ...json.U, data: json.U.data.map(() => null) };
  expect(() => factorization({ ...json, U: gap } as never)).toThrow(refused);
});

test('blocks and products that are revoked, and blocks of no length', async () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable([[1, 2]], {});
    revoke();
    return proxy;
  };
  const run = (blocks: () => never) => svdsAsync({ columns: 2, blocks }, { rank: 1 });
  await expect(run(() => [revoked()] as never)).rejects.toThrow(refused);
  await expect(run(() => says([[[1, 2]]], 2n) as never)).rejects.toThrow(refused);
  const operator = { rows: 1, columns: 2, multiply: revoked, multiplyTransposed: revoked };
  await expect(svdsAsync(operator, { rank: 1 })).rejects.toThrow(refused);
});

test.each([
  ['indptr', []],
  ['row', []],
  ['shape', [9, 9]],
  ['rows', 9],
  ['columns', 9],
  ['length', 2],
])('%s of Object.prototype is not read as anything of a matrix', (key, value) => {
  const read = () => [
    svds([[0, 0, 1], [1, 1, 2]], { rank: 2 }).U.rows, // biome-ignore format: a line
    factorize([[0, 0, 1], [1, 1, 2]], { rank: 1, regularization: 1 }).V.rows, // biome-ignore format: a line
  ];
  Object.defineProperty(Object.prototype, key, { value, configurable: true });
  try {
    expect(read()).toEqual([2, 2]);
  } finally {
    Reflect.deleteProperty(Object.prototype, key);
  }
});
