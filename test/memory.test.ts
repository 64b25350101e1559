/** The memory of the core: blocks that are free become one again, and what nobody can reach is free. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { wasm } from '../src/core.js';
import { descend, manualSeed, svd } from '../src/index.js';

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
