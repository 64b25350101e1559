/**
 * npm run build: build/core.wasm of assembly/, then dist/ of it and src/. npm run build:core: the first alone, and with
 * `-- debug` build/core.debug.wasm: with every index checked, and a source map.
 */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { compile } from './core.js';
import { cores, root } from './cores.js';
import { writeOptimizers } from './optimizers.js';
import { step } from './step.js';

/** Versions of what is installed, and the build itself. */
const tooling = ['package.json', 'package-lock.json', 'tools'];

async function buildCores(target) {
  writeOptimizers();
  for (const core of cores) {
    const name = target === 'debug' ? `${core.name}.debug` : core.name;
    const inputs = ['assembly', 'asconfig.json', ...tooling];
    await step(name, inputs, [`build/${name}.wasm`], () => compile(core, target));
  }
}

async function bundle() {
  const { rollup } = await import('rollup');
  const { loadConfigFile } = await import('rollup/loadConfigFile');
  const { options, warnings } = await loadConfigFile(join(root, 'rollup.config.js'));
  warnings.flush();
  for (const one of options) {
    const made = await rollup(one);
    for (const output of one.output) await made.write(output);
    await made.close();
  }
  return cores.map((core) => `dist/${core.bundle}.js`).join(' and ');
}

export async function build(only, target) {
  await buildCores(target);
  if (only === 'core') return;
  const wasm = cores.map(({ name }) => `build/${name}.wasm`);
  await step(
    'dist',
    [
      'src',
      'assembly/boundary.ts',
      'assembly/optimizers/boundary.ts',
      'assembly/sparse/boundary.ts',
      'rollup.config.js',
      'tsconfig.json',
      ...wasm,
      ...tooling,
    ],
    ['dist'],
    bundle,
  );
}

/** `work` after every change of core or wrapper, one at a time. */
export function watched(work) {
  let last = Promise.resolve();
  let soon;
  const changed = () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      last = last.then(work).catch((error) => console.error(error.message));
    }, 50);
  };
  for (const folder of ['assembly', 'src']) watch(join(root, folder), { recursive: true }, changed);
}

// (rollup's TypeScript looks for its settings where it is called)
process.chdir(root);
if (process.argv[1] === import.meta.filename) {
  try {
    await build(...process.argv.slice(2));
  } catch (error) {
    // what the compilers say, without the way it took here
    console.error(error.message);
    process.exitCode = 1;
  }
}
