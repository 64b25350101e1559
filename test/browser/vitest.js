/**
 * As much of vitest as the suite uses, for a page: describe, test (each, runIf), afterEach and vitest's own expect.
 * Vitest's browser mode drives no Firefox but its own build.
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

const tests = [];
let path = [];

export function test(name, work) {
  tests.push({ name: [...path, name].join(' > '), work });
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

const hooks = [];
/** After every test, those of other files too. */
export const afterEach = (work) => hooks.push(work);

/** Runs all tests there are; returns how many passed, and what failed. */
export async function runTests() {
  const failures = [];
  for (const { name, work } of tests) {
    try {
      await work();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    } finally {
      for (const hook of hooks) await hook();
    }
  }
  return { passed: tests.length - failures.length, failures };
}
