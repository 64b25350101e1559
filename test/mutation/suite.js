/**
 * The suite for mutants: src/ with all mutants in it and each test file, bundled once; a process per run takes the
 * tests that concern it. The cores are read when they start, from ../build as seen from the bundle.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { build } from 'vite';
import { signed } from '../../tools/core.js';
import { root } from '../../tools/cores.js';
import { withCores } from '../../tools/plugins/index.js';

/** Tests that take longer than so many seconds of CPU time are left out. */
const SLOW = 10;

const shim = join(root, 'test/support/vitest.js');
const program = join(import.meta.dirname, 'child.js');

// those that run what is built and not what is here
const names = readdirSync(join(root, 'test'))
  .filter((name) => name.endsWith('.test.ts') && !/^(examples|fuzz)\./.test(name))
  .map((name) => name.replace('.test.ts', ''));

/** A core that is read when it is asked for, and sources in place of files. */
function inPlace(sources) {
  return {
    name: 'mutants',
    enforce: 'pre',
    load(id) {
      const core = /build.(\w+)\.wasm$/.exec(id);
      if (core) {
        return `import { readFileSync } from 'node:fs';
const content = readFileSync(new URL('../build/${core[1]}.wasm', import.meta.url));
export default () => content;
export const file = 'gradient-svd/${core[1]}.wasm';
export const id = Buffer.from(WebAssembly.Module.customSections(new WebAssembly.Module(content), 'id')[0]).toString();`;
      }
      return sources[id.replace(/\?.*/, '')] ?? null;
    },
    // what resets modules imports them anew
    renderChunk: (code) =>
      code.replace(
        /\bimport\((["'`][^"'`]*["'`])\)/g,
        `import($1 + '?' + globalThis.modulesOfSuite.generation)`,
      ),
  };
}

async function bundle(entries, outDir, sources) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { vitest: shim } },
    plugins: [inPlace(sources), withCores()],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      rolldownOptions: {
        treeshake: false,
        external: [shim],
        input: Object.fromEntries(entries.map((name) => [name, join(root, `test/${name}.test.ts`)])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** Bundles it, as often as there are lanes: { folder/lane/{suite, alone, build} }. */
export async function makeSuite(folder, lanes, sources) {
  const [first, ...others] = Array.from({ length: lanes }, (_, lane) => join(folder, String(lane)));
  // (a file that resets modules has to have all of them to itself)
  const resets = (name) => /vi\.resetModules/.test(readFileSync(join(root, `test/${name}.test.ts`), 'utf8'));
  const alone = names.filter(resets);
  await bundle(
    names.filter((name) => !alone.includes(name)),
    join(first, 'suite'),
    sources,
  );
  for (const name of alone) await bundle([name], join(first, name), sources);
  mkdirSync(join(first, 'build'));
  // (some examples' data, as seen from examples/support)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const lane of others) cpSync(first, lane, { recursive: true });
  return {
    lanes: [first, ...others],
    files: names.map((name) => `${alone.includes(name) ? name : 'suite'}/${name}.js`),
  };
}

export function putCores(lane, cores) {
  for (const [name, { bytes }] of Object.entries(cores)) {
    writeFileSync(join(lane, `build/${name}.wasm`), signed(bytes));
  }
}

/**
 * Runs child.js on a job: resolves to { code, said }. Its limit is of CPU time, which other work on the machine does
 * not use up; what waits for ever is ended by the clock. Either way the whole group goes.
 */
export function run(lane, job, { mutant = '', seconds = 600 } = {}) {
  return new Promise((done) => {
    const child = spawn(
      'sh',
      ['-c', `ulimit -t ${Math.ceil(seconds)}; exec "$0" "$@"`, process.execPath, program, lane],
      {
        cwd: root,
        detached: true,
        env: { ...process.env, __STRYKER_ACTIVE_MUTANT__: mutant },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const clock = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 120_000 + 20_000 * seconds);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += data;
      });
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(job));
    child.on('close', (code) => {
      clearTimeout(clock);
      done({ code, said });
    });
  });
}

/** The same core, which notes in a global for each function that it was called. */
function counted(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  for (let at = 0; at < module.getNumFunctions(); at++) {
    const fn = module.getFunctionByIndex(at);
    const { name, body, results, base } = binaryen.getFunctionInfo(fn);
    if (base) continue;
    const seen = `called ${name}`;
    module.addGlobal(seen, binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport(seen, seen);
    const note = module.global.set(seen, module.i32.const(1));
    binaryen.Function.setBody(fn, module.block(null, [note, body], results));
  }
  const made = Buffer.from(module.emitBinary());
  module.dispose();
  return made;
}

/** What each test reaches: [{ file, at, name, seconds, mutants: Set, functions: Set }], of a suite that passes. */
export async function coverage({ lanes, files }, cores) {
  const counting = Object.entries(cores).map(([name, { bytes }]) => [name, { bytes: counted(bytes) }]);
  const tests = [];
  const queue = files.values();
  await Promise.all(
    lanes.map(async (lane) => {
      putCores(lane, Object.fromEntries(counting));
      for (const file of queue) tests.push(...(await coveredBy(lane, file)));
    }),
  );
  // (with all mutants in it src/ is slow at what has millions of entries)
  return tests.filter(({ seconds }) => seconds < SLOW);
}

async function coveredBy(lane, file) {
  const { code, said } = await run(lane, { files: { [file]: null }, cover: true });
  if (code !== 0) throw new Error(`the suite fails without a mutant\n${said}`);
  const { tests, mutants, functions } = JSON.parse(said.slice(said.lastIndexOf('\n{') + 1));
  return tests.map((test, at) => ({
    ...test,
    file,
    at,
    mutants: new Set([...mutants, ...test.mutants]),
    functions: new Set([...functions, ...test.functions]),
  }));
}
