import { readFile } from 'node:fs/promises';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';

/** Characters of a page of bytes: space .. `|`; `}` and `~` say that the next byte is of the page after, or two on. */
const PAGE = 93;

/**
 * Bytes as printable ASCII, one or two characters each, so that gzip still sees whole bytes: 2% more than
 * the gzipped wasm where base64 is 19% more (and base64 of deflated wasm 2%, plus an inflate). Byte 0 is '0'.
 */
export function toText(bytes) {
  return Array.from(bytes, (byte) => {
    const at = (byte + 16) % 256;
    return ['', '}', '~'][Math.floor(at / PAGE)] + String.fromCharCode(32 + (at % PAGE));
  }).join('');
}

/** The inverse, as code, in place; assignment takes the sums modulo 256. Codes come all at once: charCodeAt is 1 ms slower, cold. */
const fromText = `(text) => {
  // jsdom has no TextEncoder
  const bytes = typeof TextEncoder === 'function' ? new TextEncoder().encode(text) : Uint8Array.from(text, (c) => c.charCodeAt(0));
  const size = bytes.length;
  let length = 0;
  for (let i = 0; i < size; ) {
    const code = bytes[i++];
    bytes[length++] = code < 125 ? code - 48 : bytes[i++] + ${PAGE} * (code - 124) - 48;
  }
  return bytes.subarray(0, length);
}`;

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
      const core = await readFile(id);
      const exported = WebAssembly.Module.exports(new WebAssembly.Module(core)).map(({ name }) => name);
      if (exported.some((name) => /[.#]|^__set/.test(name)))
        this.error(`the pared loader can't serve ${exported}`);
      const text = toText(core);
      if (/<\/script|<!--/i.test(text)) this.error('the core as text would end an inline <script>');
      return `const text = '${text.replace(/[\\']/g, '\\$&')}';
const decode = ${fromText};
export default () => decode(text);`;
    },
  };
}

/**
 * Leaves of the loader what the core needs, instantiate[Sync] and __getFloat64ArrayView: no strings, classes
 * or managed objects cross our boundary, and nothing is imported. That is 1.7 of its 2.1 kB (min + gzip), and
 * a wrapper less around each call. It is also made pure at import time (it creates a TextDecoder, which jsdom
 * lacks, and patches Object.hasOwn) and blind to realms.
 */
export function tameLoader() {
  const changes = [
    [/^const utf16 = .*$/m, ''],
    [/^Object\.hasOwn = [^}]*\};$/m, ''],
    [
      'src instanceof WebAssembly.Module',
      "Object.prototype.toString.call(src) === '[object WebAssembly.Module]'",
    ],
    [/if \(isResponse\(.*$/m, ''],
    [/= preInstantiate\(imports\);/g, '= {};'],
    [/^ +extendedExports\.__\w+ = \w+;$/gm, ''],
    [/^ +const (__\w+|getTypeinfoCount) = .*$/gm, ''],
    [/^ +\[\s+Int8Array,[^\]]*\]/m, '[Float64Array]'],
    ['if (BIGINT)', 'if (false)'],
    ['return demangle(exports, extendedExports);', 'return Object.assign(extendedExports, exports);'],
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

/** What `require` and `<script>` take is CommonJS, in a folder that says so: CDNs serve no .cjs as a script. */
function commonJsFolder() {
  return {
    name: 'common-js-folder',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
    },
  };
}

/** `new Descent()` is not for users: where the declarations leave a constructor out, TypeScript would take one to be there. */
function noConstructors() {
  return {
    name: 'no-constructors',
    renderChunk(code) {
      const declared = code.replace('declare class Run {', '$&\n    protected constructor();');
      if (declared === code) this.error('there is no class Run any more');
      return { code: declared, map: null };
    },
  };
}

/** The core itself, for hosts that forbid compiling bytes. */
function publishCore() {
  return {
    name: 'publish-core',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'core.wasm', source: await readFile('build/core.wasm') });
    },
  };
}

export const minify = () =>
  terser({
    ecma: 2020,
    module: true,
    // what console.log and a stack trace show
    keep_classnames: /^(Matrix|Descent|Svd\w*Error)$/,
    compress: { passes: 3 },
    format: { ascii_only: true, preserve_annotations: true },
  });

const input = 'src/index.ts';

/** @type {import('rollup').RollupOptions[]} */
export default [
  {
    input,
    plugins: [
      inlineCore(),
      tameLoader(),
      resolve(),
      typescript({ include: ['src/**/*.ts'], noEmit: false, sourceMap: true }),
    ],
    output: [
      { file: 'dist/gradient-svd.js', format: 'es', sourcemap: true, plugins: [minify(), publishCore()] },
      {
        file: 'dist/umd/gradient-svd.js',
        format: 'umd',
        name: 'gradientSvd',
        sourcemap: true,
        plugins: [minify(), commonJsFolder()],
      },
    ],
  },
  {
    input,
    plugins: [dts(), noConstructors()],
    output: [{ file: 'dist/gradient-svd.d.ts' }, { file: 'dist/umd/gradient-svd.d.ts' }],
  },
];
