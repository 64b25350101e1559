import { readFile } from 'node:fs/promises';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';

/**
 * Inlines the core: `import bytes from './core.wasm'` is a function that decodes it, so that nothing
 * happens at import time.
 */
export function inlineCore() {
  return {
    name: 'inline-core',
    async load(id) {
      if (!id.endsWith('.wasm')) return null;
      this.addWatchFile(id);
      const base64 = (await readFile(id)).toString('base64');
      return `const text = '${base64}';
export default () => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));`;
    },
  };
}

/**
 * Makes the loader pure at import time and blind to realms. As it comes it creates a TextDecoder (which
 * jsdom lacks) for strings, which never cross our boundary, patches Object.hasOwn, and knows a
 * WebAssembly.Module only of its own realm.
 */
export function tameLoader() {
  const changes = [
    ['const utf16 = new TextDecoder("utf-16le", { fatal: true });', 'const utf16 = undefined;'],
    [/Object\.hasOwn = Object\.hasOwn \|\|[^}]*\};/, ''],
    [
      'src instanceof WebAssembly.Module',
      "Object.prototype.toString.call(src) === '[object WebAssembly.Module]'",
    ],
  ];
  return {
    name: 'tame-loader',
    transform(code, id) {
      if (!id.includes('@assemblyscript/loader')) return null;
      for (const [from, to] of changes) {
        const changed = code.replace(from, to);
        if (changed === code) this.error(`the loader has no ${from} any more: look at it again`);
        code = changed;
      }
      return { code, map: null };
    },
  };
}

const plugins = [
  inlineCore(),
  tameLoader(),
  resolve(),
  typescript({ include: ['src/**/*.ts'], noEmit: false, sourceMap: true }),
];
const input = 'src/index.ts';

/** @type {import('rollup').RollupOptions[]} */
export default [
  {
    input,
    plugins,
    output: [
      { file: 'dist/gradient-svd.js', format: 'es', sourcemap: true },
      {
        file: 'dist/gradient-svd.umd.cjs',
        format: 'umd',
        name: 'gradientSvd',
        sourcemap: true,
        plugins: [terser()],
      },
    ],
  },
  {
    input,
    plugins: [dts()],
    output: [
      { file: 'dist/gradient-svd.d.ts', format: 'es' },
      { file: 'dist/gradient-svd.d.cts', format: 'es' },
    ],
  },
];
