/** The draws of torch.rand, beyond the first block of the generator (the notebooks' are in notebooks.test.ts). */
import { expect, test } from 'vitest';
import { manualSeed } from '../src/index.js';

test('the 10,000th draw is that of the C++ standard', () => {
  // [rand.predef]: mt19937 (seed 5489) has 4123659995 there; of it float32 has 24 bits
  const { data } = manualSeed(5489).rand(100, 100);
  expect(data[9999]).toBe((4123659995 % 2 ** 24) / 2 ** 24);
});

test('a generator goes on where it was, whatever others from its seed have drawn', () => {
  const whole = manualSeed(9).rand(40, 50).data;
  const first = manualSeed(9);
  const second = manualSeed(9);
  const parts = [first.rand(20, 35), second.rand(30, 50), first.rand(13, 100)].map(({ data }) => [...data]);
  expect(parts[1]).toEqual([...whole.subarray(0, 1500)]);
  expect([...parts[0]!, ...parts[2]!]).toEqual([...whole]);
  expect([...manualSeed(9).rand(1, 5).data]).toEqual([...whole.subarray(0, 5)]);
});

test('seeds count modulo 2^32', () => {
  expect(manualSeed(2 ** 32 + 5).rand(2, 2)).toEqual(manualSeed(5).rand(2, 2));
  expect(manualSeed(6).rand(2, 2)).not.toEqual(manualSeed(5).rand(2, 2));
});

test('only a Float64Array is filled', () => {
  for (const odd of [null, undefined, [1], { length: 2 ** 53 }, new Float32Array(2), new BigInt64Array(1)]) {
    expect(() => manualSeed(1).fill(odd as never)).toThrow(
      expect.objectContaining({ code: 'invalid-matrix', name: 'SvdTypeError' }),
    );
  }
});
