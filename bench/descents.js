// Driving descents, whoever runs them. A contender is { name, digits, open(problem) }; `open` throws Absent or
// gives a session:
//   restart()    back to the start
//   run(count)   so many iterations more; one that `timesItself` returns the seconds they took
//   lastLoss()   the loss before the last update
//   state()      [U | d | V], flat
//   close(), version
// Anything may be a promise.

import { c, cFixed, pytorch } from './contenders/child.js';
import { ours, oursWhole } from './contenders/gradient-svd.js';
import { jax } from './contenders/jax.js';
import { tfjs } from './contenders/tfjs.js';
import { twin } from './contenders/twin.js';
import { Absent, difference, race, seconds } from './harness.js';
import { factors } from './problems.js';

export const contenders = { ours, oursWhole, twin, tfjs, jax, c, cFixed, pytorch };

/** The sessions of the contenders that are here, by name; why the others are not goes to `report.absent`. */
async function openAll(list, problem, report) {
  const sessions = {};
  for (const { name, digits, open } of list) {
    try {
      sessions[name] = Object.assign(await open(problem), { digits });
      if (sessions[name].version) report.versions[name] = sessions[name].version;
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      report.absent[name] = error.message;
    }
  }
  return sessions;
}

/**
 * Compares loss and factors after `count` iterations with those of the first session, to three fifths of a
 * contender's digits; who differs is closed and goes to `report.failed`.
 */
async function agree(problem, sessions, count, report) {
  let expected;
  for (const [name, session] of Object.entries(sessions)) {
    await session.restart();
    await session.run(count);
    const answer = { loss: [await session.lastLoss()], ...factors(problem, await session.state()) };
    expected ??= answer;
    const gap = Math.max(...Object.keys(answer).map((part) => difference(answer[part], expected[part])));
    if (gap <= 10 ** (-0.6 * session.digits)) continue;
    report.failed[`${name}, ${problem.optimizer} on ${problem.m} x ${problem.n}`] =
      `off by ${gap.toExponential(1)} after ${count} iterations`;
    await session.close();
    delete sessions[name];
  }
}

/**
 * Seconds an iteration of `problem` takes each contender. Their answers after each of `checks` iterations are
 * compared first; then `count(name)` iterations are timed at a time, from the start where `fresh`; `extra` lanes
 * take part in the race.
 */
export async function raceDescents(
  list,
  problem,
  { checks, count, fresh = false, extra = {}, mode, report },
) {
  const sessions = await openAll(list, problem, report);
  try {
    for (const iterations of checks) await agree(problem, sessions, iterations, report);
    const lanes = {};
    for (const [name, session] of Object.entries(sessions)) {
      const iterations = count(name);
      lanes[name] = async () => {
        if (session.timesItself) {
          if (fresh) await session.restart();
          return (await session.run(iterations)) / iterations;
        }
        const run = () => {
          if (fresh) session.restart();
          session.run(iterations);
        };
        return (await seconds(run, mode.sample)) / iterations;
      };
    }
    return await race({ ...lanes, ...extra }, mode);
  } finally {
    for (const session of Object.values(sessions)) session.close();
  }
}
