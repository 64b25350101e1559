/** Learning rates, and descents under them, against PyTorch's own numbers. */
import { describe, expect, test } from 'vitest';
import { descend, manualSeed, notebookSgd, type Schedule, schedules, sgd, svd } from '../src/index.js';
import reference from './reference/schedules.json';

const M1 = manualSeed(314).rand(5, 4);
const close = (value: number, expected: number, within: number) =>
  expect(Math.abs(value / expected - 1), `${value}, not ${expected}`).toBeLessThanOrEqual(within);

describe.each(reference.runs)('$name', ({ name, options, lrAt, lossAt }) => {
  const make = schedules[name as keyof typeof schedules] as (options: object) => Schedule;
  const schedule = make(name === 'oneCycle' ? options : { lr: 0.5, ...options });

  test('has the rates of PyTorch', () => {
    for (const [iteration, expected] of Object.entries(lrAt)) {
      close(schedule(Number(iteration)), expected, 1e-12);
    }
  });

  test('has the losses of PyTorch', () => {
    const optimizer = sgd({ lr: schedule, momentum: 0.8 });
    const { losses } = svd(M1, { ...notebookSgd, optimizer, iterations: reference.iterations });
    for (const [iteration, expected] of Object.entries(lossAt)) {
      close(losses[Number(iteration)]!, expected, 1e-9);
    }
  });
});

test('the rates at turning points, and after the end', () => {
  const cosine = schedules.cosine({ lr: 1, tMax: 10, etaMin: 0.2 });
  expect([0, 10, 20, 30].map(cosine)).toEqual([1, 0.2, 1, 0.2]);
  const cycle = { maxLr: 1, totalSteps: 100, divFactor: 10, finalDivFactor: 10 };
  const oneCycle = schedules.oneCycle({ ...cycle, annealStrategy: 'linear' });
  [0.1, 1, 0.01, 0.01].forEach((lr, i) => close(oneCycle([0, 29, 99, 1000][i]!), lr, 1e-12));
  const three = schedules.oneCycle({ ...cycle, threePhase: true });
  [0.1, 1, 0.1, 0.01].forEach((lr, i) => close(three([0, 29, 58, 99][i]!), lr, 1e-12));
  expect(schedules.oneCycle({ maxLr: 1, totalSteps: 1, pctStart: 1 })(0)).toBe(1);
  const warmup = schedules.linearWarmup({ lr: 3 });
  [1, 2, 3, 3].forEach((lr, i) => close(warmup([0, 2.5, 5, 9][i]!), lr, 1e-12));
  expect(schedules.step({ lr: 1, stepSize: 2, gamma: 0 })(1)).toBe(1);
  expect(schedules.step({ lr: 1, stepSize: 2, gamma: 0 })(2)).toBe(0);
  close(schedules.exponential({ lr: 1, gamma: 0.999 })(20_000), 0.999 ** 20_000, 1e-13);
  expect(schedules.exponential({ lr: 1, gamma: 0.5 })(2000)).toBe(0);
});

test('a schedule goes on where a descent is stopped', () => {
  const optimizer = sgd({ lr: schedules.oneCycle({ maxLr: 0.8, totalSteps: 300 }), momentum: 0.9 });
  const options = { ...notebookSgd, optimizer, iterations: 300 };
  const inPieces = descend(M1, options);
  for (let i = 0; i < 30; i++) inPieces.step(10);
  expect(inPieces.losses).toEqual(svd(M1, options).losses);
  inPieces.dispose();
});

test.each<[keyof typeof schedules, object, Record<string, unknown[]>]>([
  ['step', { lr: 1, stepSize: 2 }, { lr: [-1, NaN], stepSize: [0, 1.5], gamma: [-0.1] }],
  ['exponential', { lr: 1, gamma: 0.5 }, { lr: [-1], gamma: [-0.1, Infinity] }],
  ['cosine', { lr: 1, tMax: 10 }, { lr: [-1], tMax: [0], etaMin: [-1] }],
  [
    'oneCycle',
    { maxLr: 1, totalSteps: 10 },
    {
      ...{ maxLr: [-1], totalSteps: [0], pctStart: [-0.1, 1.1], annealStrategy: ['square'] },
      ...{ divFactor: [0, -1], finalDivFactor: [0], threePhase: [1] },
    },
  ],
  [
    'linearWarmup',
    { lr: 1 },
    { lr: [-1], startFactor: [-0.1, 1.1], endFactor: [-0.1, 1.1], iterations: [0] },
  ],
])('%s: what is out of range is refused by name', (name, options, wrong) => {
  const make = schedules[name] as (options: object) => Schedule;
  expect(make(options)(0)).toBeGreaterThanOrEqual(0);
  for (const [option, values] of Object.entries(wrong)) {
    for (const value of values) {
      expect(() => make({ ...options, [option]: value })).toThrow(
        expect.objectContaining({
          code: 'invalid-hyper-parameter',
          message: expect.stringMatching(new RegExp(`\\b${option} is .*; give `)),
        }),
      );
    }
  }
});
