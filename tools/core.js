/** assembly/ -> build/: the compiler, then the optimizer, core by core. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cores, root } from './cores.js';

/** What wasm-opt does after the compiler; a core of 26.6 kB is 30 kB without it, and slower. */
const passes = [
  // the updates of the optimizers stay functions of their own: V8 compiles a loop well only from its next call on, and the
  // first run of a descent is one call of `step` (inlined they save 0.1 kB, and that run takes half as long again)
  '--no-inline=*optimizers*',
  // smallest code (the kernels are unrolled by hand, where that pays), until nothing gets smaller
  '-Oz',
  '--converge',
  // locals for repeated `x + constant`: they are what an address of a load has room for itself
  '--skip-pass=local-cse',
  // what the core may use: all of it is in every engine that has SIMD
  '--enable-simd',
  '--enable-bulk-memory',
  '--enable-nontrapping-float-to-int',
  '--enable-sign-ext',
  '--enable-mutable-globals',
];

/** The name of the custom section in which a core says which one it is: src/core.ts takes no other. */
export const SECTION = 'id';

/** Bytes with a section (id 0, its length, its name, its content) after all others: a digest of these. */
export function signed(bytes) {
  const content = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const section = Buffer.from(`${SECTION}${content}`);
  return Buffer.concat([bytes, Buffer.from([0, section.length + 1, SECTION.length]), section]);
}

/** build/`name`.wasm as the compiler leaves it, made small and fast in `file`. */
export function optimize(name, file, more = []) {
  const optimizer = join(root, 'node_modules/binaryen/bin/wasm-opt');
  const { passes: own = [] } = cores.find((core) => core.name === name);
  const options = [`build/${name}.unoptimized.wasm`, '-o', file, ...passes, ...own, ...more];
  execFileSync(process.execPath, [optimizer, ...options], { cwd: root, stdio: 'inherit' });
  return join(root, file);
}

/** Compiles one core, as `target` of asconfig.json says: `release` or `debug`. */
export async function compile({ name, assembly }, target = 'release') {
  const release = target === 'release';
  const file = `build/${release ? name : `${name}.${target}`}.wasm`;
  const compiled = release ? `build/${name}.unoptimized.wasm` : file;
  // (it is loaded only where there is something to do)
  const { libraryFiles, main } = await import('assemblyscript/asc');
  libraryFiles.vector = readFileSync(join(root, 'assembly/lib/vector.ts'), 'utf8');
  const options = ['--config', 'asconfig.json', '--target', target, '--outFile', compiled, '--baseDir', root];
  const { error, stderr } = await main([assembly, ...options]);
  if (error) throw new Error(`${assembly} does not compile\n${stderr}`);
  if (release) optimize(name, file);
  const bytes = signed(readFileSync(join(root, file)));
  writeFileSync(join(root, file), bytes);
  return `${file} (${(bytes.length / 1000).toFixed(1)} kB)`;
}
