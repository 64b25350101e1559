// Fair timing: contenders take turns, answers are checked before anything is timed, and what comes out
// are medians with quartiles, of the time and of its ratio to the first contender in the same round.

import { execFileSync } from 'node:child_process';

/** A contender that isn't here, and why. */
export class Absent extends Error {}

export async function absentUnless(load) {
  try {
    return await load();
  } catch (error) {
    throw new Absent(error.message.split('\n')[0]);
  }
}

/** Seconds a call of fn takes: the median of one short run of mitata, which repeats quick calls in batches. */
export async function seconds(fn, budget = 0.05) {
  // (installed by `npm run bench`, and of no use to who only takes medians)
  const { measure } = await import('mitata');
  const { p50 } = await measure(fn, {
    min_cpu_time: budget * 1e9,
    min_samples: 1,
    batch_threshold: 10_000,
    batch_samples: 128,
    gc: false,
  });
  return p50 / 1e9;
}

/** CPU seconds, of all threads, that `work` takes. */
export function cpuSeconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Runs an ES module in a fresh node, as if it stood here, and gives what it printed, parsed. */
export function inFreshNode(code, ...flags) {
  const cwd = new URL('.', import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [...flags, '--input-type=module', '-e', code], { cwd }));
}

/** Quartiles of numbers: { median, low, high }. */
export function summary(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part) => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)];
    return below + (place % 1) * (sorted[Math.ceil(place)] - below);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75), rounds: numbers.length };
}

/**
 * Let contenders take turns. `lanes` is { name: () => seconds, or a promise of them }. One round warms up; then a
 * lane is timed in `rounds` rounds, or in fewer (at least `least`) once it has used up its `budget` of seconds.
 *
 * @returns { name: { median, low, high, rounds, ratio: { median, low, high, rounds } } }, ratios to the first lane
 */
export async function race(lanes, { rounds, least, budget }) {
  const names = Object.keys(lanes);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const spent = Object.fromEntries(names.map((name) => [name, 0]));
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + 1) % names.length];
      if (round >= least && spent[name] > budget) continue;
      const begun = performance.now();
      const time = await lanes[name]();
      spent[name] += (performance.now() - begun) / 1000;
      if (round >= 0) times[name].push({ round, time });
    }
  }
  const first = new Map(times[names[0]].map(({ round, time }) => [round, time]));
  return Object.fromEntries(
    names.map((name) => {
      const ratios = times[name]
        .filter(({ round }) => first.has(round))
        .map(({ round, time }) => time / first.get(round));
      return [name, { ...summary(times[name].map(({ time }) => time)), ratio: summary(ratios) }];
    }),
  );
}

/** Largest difference of two arrays, relative to the largest entry of b or 1. */
export function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  let size = 1;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i] - b[i]);
    if (!(gap <= most)) most = gap; // a NaN stays
    size = Math.max(size, Math.abs(b[i]));
  }
  return most / size;
}
