/**
 * As much of vitest as the suite uses, for where vitest itself doesn't run or takes too long to start: pages of
 * browsers (its browser mode drives no Firefox but its own build), and one process a mutant.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0, isExpectingAssertions: false }, expect);

const nothing = () => ({ tests: [], before: [], after: [] });
let collected = nothing();
let path = [];

export function test(name, work) {
  collected.tests.push({ name: [...path, name].join(' > '), work });
}

export function describe(name, work) {
  const outside = path;
  path = [...path, name];
  work();
  path = outside;
}

const named = (name, values) =>
  name
    .replace(/\$(\w+)/g, (_, key) => String(values[0]?.[key]))
    .replace(/%[sij]/g, () => String(values.find((value) => typeof value !== 'object')));

for (const define of [test, describe]) {
  define.each = (table) => (name, work) => {
    for (const row of table) {
      const values = Array.isArray(row) ? row : [row];
      define(named(name, values), () => work(...values));
    }
  };
  define.runIf = (condition) => (condition ? define : () => {});
  define.skipIf = (condition) => (condition ? () => {} : define);
}
export const it = test;

/** Around every test that is collected with it. */
export const beforeEach = (work) => collected.before.push(work);
export const afterEach = (work) => collected.after.push(work);

/** The tests and hooks defined since the last call, or ever: those of one file, where one was imported. */
export function collect() {
  const { tests, before, after } = collected;
  collected = nothing();
  return tests.map(({ name, work }) => ({
    name,
    async run() {
      try {
        for (const hook of before) await hook();
        await work();
      } finally {
        for (const hook of after) await hook();
      }
    },
  }));
}

/** Runs all tests there are; returns how many passed, and what failed. */
export async function runTests() {
  const failures = [];
  const tests = collect();
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  return { passed: tests.length - failures.length, failures };
}

const replaced = [];
function replace(object, key, value) {
  const before = Object.getOwnPropertyDescriptor(object, key);
  const restore = () => Object.defineProperty(object, key, before);
  Object.defineProperty(object, key, { ...before, value });
  replaced.push(restore);
  return restore;
}

/** Of `vi` what the suite uses; a bundler that keeps `import()` has to ask for `generation` in what it imports. */
export const vi = {
  generation: 0,
  resetModules: () => vi.generation++,
  stubGlobal: (name, value) => replace(globalThis, name, value),
  unstubAllGlobals() {
    while (replaced.length > 0) replaced.pop()();
  },
  spyOn(object, name) {
    const instead = (work) => ({ mockRestore: replace(object, name, work) });
    return {
      mockRejectedValue: (error) => instead(() => Promise.reject(error)),
      mockImplementation: instead,
    };
  },
};
