/**
 * The package's cores, each a WebAssembly module of its own, and the bundle of the wrapper that runs in it. All that
 * is built goes through this list; src/core.ts, which is in every bundle, knows it as 'core.wasm'.
 */
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export const cores = [
  {
    /** build/core.wasm, dist/core.wasm */
    name: 'core',
    assembly: 'assembly/index.ts',
    /** of wasm-opt, besides those of tools/core.js: large functions that are called once stay functions, and what is of one file is together (-0.13 kB) */
    passes: ['--one-caller-inline-max-function-size=120', '--reorder-functions-by-name'],
    /** dist/gradient-svd.js, dist/umd/gradient-svd.js and their declarations */
    bundle: 'gradient-svd',
    source: 'src/index.ts',
    /** what it is imported as, and its name as a <script> */
    specifier: 'gradient-svd',
    global: 'gradientSvd',
  },
  {
    name: 'sparse',
    assembly: 'assembly/sparse.ts',
    /** (the same; and very small functions stand where they are called: -0.1 kB) */
    passes: ['--one-caller-inline-max-function-size=200', '--always-inline-max-function-size=8'],
    bundle: 'sparse',
    source: 'src/sparse/index.ts',
    specifier: 'gradient-svd/sparse',
    global: 'gradientSvdSparse',
  },
];
