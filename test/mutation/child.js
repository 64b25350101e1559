/**
 * One run of some tests, in a process of its own: child.js FOLDER, and on stdin { files: { file: [numbers] or null for
 * all }, cover }. It ends at the first test that fails, with 1 and its name; with `cover` it says what each reaches.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect, vi } from '../support/vitest.js';

globalThis.modulesOfSuite = vi;
const { files, cover } = JSON.parse(readFileSync(0, 'utf8'));
const covered = { tests: [], mutants: [], functions: [] };

/** The globals of the cores that have started: see `counted` in suite.js. */
const instances = [];
if (cover) {
  globalThis.__stryker__ = { mutantCoverage: { static: {}, perTest: {} } };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, args) {
      instances.push(new Instance(...args));
      return instances.at(-1);
    },
  });
}
const reached = () =>
  instances.flatMap(({ exports }) =>
    Object.keys(exports).flatMap((name) => {
      if (!name.startsWith('called ') || exports[name].value === 0) return [];
      exports[name].value = 0;
      return [name.slice('called '.length)];
    }),
  );

async function measured(name, at, run) {
  globalThis.__stryker__.currentTestId = String(at);
  const since = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(since);
  const mutants = Object.keys(globalThis.__stryker__.mutantCoverage.perTest[at] ?? {});
  covered.tests.push({ name, seconds: (user + system) / 1e6, mutants, functions: reached() });
}

for (const [file, numbers] of Object.entries(files)) {
  await import(join(process.argv[2], file));
  const tests = collect();
  if (cover) covered.functions = reached();
  for (const at of numbers ?? tests.keys()) {
    const { name, run } = tests[at];
    try {
      if (cover) await measured(name, at, run);
      else await run();
    } catch (error) {
      console.log(`${file} > ${name}\n${error?.message}`);
      process.exit(1);
    }
  }
}
if (cover) {
  covered.mutants = Object.keys(globalThis.__stryker__.mutantCoverage.static);
  process.stdout.write(`\n${JSON.stringify(covered)}`);
}
