/** assembly/ -> build/: the compiler, then the optimizer, core by core. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cores.js';

/** What wasm-opt does after the compiler; a core of 26.6 kB is 30 kB without it, and slower. */
const passes = [
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

/** A section (id 0, its length, its name, its content) after all others, with a digest of these. */
function sign(path) {
  const content = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8);
  const bytes = Buffer.from(`${SECTION}${content}`);
  appendFileSync(path, Buffer.concat([Buffer.from([0, bytes.length + 1, SECTION.length]), bytes]));
}

/** build/`name`.wasm as the compiler leaves it, made small and fast in `file`. */
export function optimize(name, file, more = []) {
  const optimizer = join(root, 'node_modules/binaryen/bin/wasm-opt');
  const options = [`build/${name}.unoptimized.wasm`, '-o', file, ...passes, ...more];
  execFileSync(process.execPath, [optimizer, ...options], { cwd: root, stdio: 'inherit' });
  return join(root, file);
}

/** Compiles one core, as `target` of asconfig.json says: `release` or `debug`; `quick`: a release without wasm-opt. */
export async function compile({ name, assembly }, target = 'release', quick = false) {
  const release = target === 'release' && !quick;
  const file = `build/${target === 'release' ? name : `${name}.${target}`}.wasm`;
  const compiled = release ? `build/${name}.unoptimized.wasm` : file;
  // (it is loaded only where there is something to do)
  const { libraryFiles, main } = await import('assemblyscript/asc');
  libraryFiles.vector = readFileSync(join(root, 'assembly/lib/vector.ts'), 'utf8');
  const options = ['--config', 'asconfig.json', '--target', target, '--outFile', compiled, '--baseDir', root];
  const { error, stderr } = await main([assembly, ...options]);
  if (error) throw new Error(`${assembly} does not compile\n${stderr}`);
  if (release) optimize(name, file);
  sign(join(root, file));
  return `${file} (${(readFileSync(join(root, file)).length / 1000).toFixed(1)} kB)`;
}
