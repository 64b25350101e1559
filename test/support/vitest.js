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

const scopeIn = (outside, name) => ({ outside, name, before: [], after: [] });
let tests = [];
let scope = scopeIn(undefined, '');

/** Of a scope and all around it. */
const around = (scope, key) => (scope ? [...around(scope.outside, key), scope[key]].flat() : []);

export function test(name, work) {
  const own = scope;
  tests.push({
    name: [...around(own, 'name').filter(Boolean), name].join(' > '),
    async run() {
      try {
        for (const hook of around(own, 'before')) await hook();
        await work();
      } finally {
        for (const hook of around(own, 'after')) await hook();
      }
    },
  });
}

export function describe(name, work) {
  scope = scopeIn(scope, name);
  work();
  scope = scope.outside;
}

/** Around every test of the describe that they are in, or of all that is collected with them. */
export const beforeEach = (work) => scope.before.push(work);
export const afterEach = (work) => scope.after.push(work);

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

/** The tests that were defined since the last call, or ever: those of one file, where one was imported. */
export function collect() {
  const collected = tests;
  tests = [];
  scope = scopeIn(undefined, '');
  return collected;
}

/** Runs all tests there are; returns how many passed, and what failed. */
export async function runTests() {
  const failures = [];
  const all = collect();
  for (const { name, run } of all) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  return { passed: all.length - failures.length, failures };
}

const replaced = [];
function replace(object, key, value) {
  const before = Object.getOwnPropertyDescriptor(object, key);
  // (what is inherited, as methods of the host are, is hidden)
  const restore = () => (before ? Object.defineProperty(object, key, before) : delete object[key]);
  Object.defineProperty(object, key, { configurable: true, ...before, value });
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
