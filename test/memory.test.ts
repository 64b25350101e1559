/** The memory of the core: blocks that are free become one again, and what nobody can reach is free. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { wasm } from '../src/core.js';
import {
  adadelta,
  adam,
  adamax,
  asgd,
  descend,
  directSvd,
  full,
  invert,
  lbfgs,
  lion,
  manualSeed,
  muon,
  nadam,
  rmsprop,
  rprop,
  sgd,
  svd,
} from '../src/index.js';
import { gaussian } from './support/matrices.js';

const bytes = () => wasm().memory.buffer.byteLength;

test('neighbours that are free are one block, in whatever order they became so', () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const { alloc, release } = wasm();
  for (const order of orders) {
    const blocks = [50_000, 70_000, 60_000].map((words) => alloc(words) >>> 0);
    const before = bytes();
    for (const at of order) release(blocks[at]!);
    const whole = alloc(180_000) >>> 0;
    expect(bytes()).toBe(before);
    release(whole);
  }
});

test('a block has room for all that was asked for, beside any other', () => {
  const { alloc, release } = wasm();
  const sizes = Array.from(manualSeed(7).rand(1, 60).data, (x) => Math.floor(200 * x) + 1);
  let held: { at: number; words: number }[] = [];
  for (const [round, words] of sizes.entries()) {
    held.push({ at: alloc(words) >>> 0, words });
    const sorted = held.toSorted((a, b) => a.at - b.at);
    sorted
      .slice(1)
      .forEach(({ at }, i) => expect(at).toBeGreaterThanOrEqual(sorted[i]!.at + 8 * sorted[i]!.words));
    for (const { at } of held) expect(at % 16).toBe(0);
    if (round % 3 === 2) release(held.splice(round % held.length, 1)[0]!.at);
  }
  for (const { at } of held) release(at);
  held = [];
});

test('a descent that nobody can reach any more gives its memory back', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const M = manualSeed(1).rand(150, 150);
  const some = () => {
    for (let i = 0; i < 4; i++) descend(M);
  };
  const forgotten = async () => {
    // (finalizers run in turns of their own)
    for (let i = 0; i < 4; i++) {
      collectGarbage();
      await new Promise((turn) => setTimeout(turn));
    }
  };
  some();
  await forgotten();
  const before = bytes();
  for (let round = 0; round < 4; round++) {
    some();
    await forgotten();
  }
  expect(bytes()).toBe(before);
  expect(svd([[3]]).S[0]).toBeCloseTo(3, 12);
});

test('what was in memory before does not matter', () => {
  const shapes: [number, number][] = [
    [1, 1],
    [5, 4],
    [4, 7],
    [8, 8],
    [37, 21],
    [12, 45],
    [60, 3],
    [50, 50],
  ];
  const matrices = shapes.map(([m, n]) => gaussian(m, m, n));
  const all = [
    sgd({ lr: 0.1, momentum: 0.9 }),
    adam({ amsgrad: true }),
    adamax(),
    rmsprop({ centered: true }),
  ];
  const more = [nadam(), adadelta(), rprop(), asgd(), lbfgs({ historySize: 3 }), lion(), muon()];
  const work = () => [
    matrices.map((M) => [directSvd(M), svd(M), full(directSvd(M, { rank: 1 }))]),
    matrices.slice(4).map((M) => svd(M, { rank: 3 })),
    matrices.slice(1, 7).map((M) => {
      const gaps = M.map((row, i) => row.map((x, j) => ((i + 2 * j) % 5 === 0 && i !== j ? null : x)));
      return svd(gaps, { rank: 2, missing: 'nan', iterations: 30 });
    }),
    [...all, ...more].map((optimizer) => svd(matrices[1]!, { optimizer, rank: 3, iterations: 8 })),
    invert(matrices[3]!),
  ];
  const clean = work();
  const { alloc, release } = wasm();
  for (const left of [1e300, -1e-300, Number.NaN]) {
    const words = bytes() / 16;
    const at = alloc(words) >>> 0;
    new Float64Array(wasm().memory.buffer, at, words).fill(left);
    release(at);
    expect(work()).toEqual(clean);
  }
});

test('what a result holds is its own: all of it can be handed over to a worker, and nothing else is gone', () => {
  const M = manualSeed(314).rand(5, 4);
  for (const history of [0, 1]) {
    const before = svd(M, { history });
    const d = descend(M, { history });
    d.step(Number.POSITIVE_INFINITY);
    for (const result of [svd(M, { history }), d.result()]) {
      const { U, S, V, losses } = result;
      const transfer = [U.data.buffer, S.buffer, V.data.buffer, losses.buffer];
      expect(structuredClone(result, { transfer }).losses).toEqual(before.losses);
      expect(losses.byteLength + U.data.byteLength).toBe(0);
    }
    expect([svd(M, { history }), d.result()]).toEqual([before, before]);
    d.dispose();
  }
});
