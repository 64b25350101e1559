/**
 * Reading a sparse matrix may run anybody's code: getters, Proxies, iterators, products. Whatever that does with this
 * package meanwhile, and however the core's memory grows by it, the answer is the same.
 */
import { factorize, type Matrix, svds, svdsAsync } from 'gradient-svd/sparse';
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

const A = scattered(40, 30, 200);
const B = csr(A);
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
