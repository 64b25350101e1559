/** The core in the bundle: as text, decoded on first use. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SECTION } from '../core.js';
import { cores, root } from '../cores.js';
import { shortened } from './short-names.js';

/** Characters of a page of ranks: space .. `|`; `}` and `~` say that the next rank is of the page after, or two on. */
const PAGE = 93;
const FIRST = 32;
const character = (rank) =>
  ['', '}', '~'][Math.floor(rank / PAGE)] + String.fromCharCode(FIRST + (rank % PAGE));

/** How often each number below `end` is in a list, where it is of no four that came before: those cost gzip no code each. */
function frequencies(list, end) {
  const counts = new Array(end).fill(0);
  const seen = new Set();
  let known = 0;
  list.forEach((one, at) => {
    const four = list.subarray(at, at + 4).join();
    if (seen.has(four)) known = at + 4;
    else if (at >= known && one < end) counts[one]++;
    seen.add(four);
  });
  return counts;
}

/** 0 .. n - 1, the most frequent first. */
const byFrequency = (counts) => [...counts.keys()].sort((a, b) => counts[b] - counts[a]);

/**
 * The bytes of the first page by their rank, so that those most frequent in the core become the characters most
 * frequent in the wrapper: gzip has one code for both. (That is 2% of the whole; brotli, which has codes by context,
 * makes 1% more of it.)
 */
function firstPage(bytes, wrapper) {
  const counts = frequencies(Buffer.from(wrapper), FIRST + PAGE).slice(FIRST);
  // (these two are escaped: last)
  for (const escaped of "'\\") counts[escaped.charCodeAt(0) - FIRST] = -1;
  const frequent = byFrequency(frequencies(bytes, 256));
  const page = [];
  byFrequency(counts).forEach((rank, at) => {
    page[rank] = frequent[at];
  });
  return page;
}

/**
 * Bytes as printable ASCII, the first page and then all of them, one or two characters each, so that gzip still sees whole
 * bytes: 1% more than the gzipped wasm where base64 is 19% more (and base64 of deflated wasm 2%, plus an inflate).
 */
function toText(bytes, wrapper) {
  const page = firstPage(bytes, wrapper);
  const ranks = [];
  // all others follow from 0 to 255
  [...new Set([...page, ...Array(256).keys()])].forEach((byte, rank) => {
    ranks[byte] = rank;
  });
  return [...page, ...Array.from(bytes, (byte) => ranks[byte])].map(character).join('');
}

/** The inverse, as code, in place. Codes come all at once: charCodeAt is 1 ms slower, cold. */
const fromText = `(text) => {
  // jsdom has no TextEncoder
  const bytes = typeof TextEncoder === 'function' ? new TextEncoder().encode(text) : Uint8Array.from(text, (c) => c.charCodeAt(0));
  const size = bytes.length;
  let length = 0;
  let order;
  for (let i = 0; i < size; ) {
    const code = bytes[i++];
    const rank = code < 125 ? code - ${FIRST} : bytes[i++] + ${PAGE} * (code - 124) - ${FIRST};
    bytes[length++] = order ? order[rank] : rank;
    if (!order && length === ${PAGE}) {
      order = [...new Set([...bytes.subarray(0, length), ...Array(256).keys()])];
      length = 0;
    }
  }
  return bytes.subarray(0, length);
}`;

/** What the text of a core is called in a bundle, and how it is declared. */
const TEXT = '$core';
export const declaration = `const ${TEXT}=`;

function declared(bytes, wrapper = '') {
  const text = toText(bytes, wrapper);
  if (/<\/script|<!--/i.test(text)) throw new Error('the core as text would end an inline <script>');
  return `${declaration}'${text.replace(/[\\']/g, '\\$&')}';`;
}

/**
 * `import bytes, { file, id } from 'core.wasm'`: a function that decodes build/`name`.wasm, so that nothing happens at
 * import time; what that is published as; and what it says in its last section that it is. `coreAtEnd` brings the text.
 */
export function inlineCore(name) {
  return {
    name: 'inline-core',
    resolveId: (source) => (source === 'core.wasm' ? join(root, `build/${name}.wasm`) : null),
    async load(id) {
      if (!id.endsWith('.wasm')) return null;
      this.addWatchFile(id);
      const core = await readFile(id);
      const module = new WebAssembly.Module(core);
      const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
      if (exported.some((name) => /[.#]|^__set/.test(name)))
        this.error(`the pared loader can't serve ${exported}`);
      return `const decode = ${fromText};
export default () => decode(${TEXT});
export const file = ${JSON.stringify(`gradient-svd/${basename(id).replace('.debug', '')}`)};
export const id = ${JSON.stringify(Buffer.from(WebAssembly.Module.customSections(module, SECTION)[0]).toString())};`;
    },
  };
}

/** The text of that core at the end of what is minified, in one piece with its like: gzip makes 1% less of the whole. */
export function coreAtEnd(name) {
  return {
    name: 'core-at-end',
    async renderChunk(code, _chunk, { format }) {
      // (of a script: within its function)
      const end = format === 'es' ? code.length : code.search(/\}\)+;?\s*$/);
      if (end < 0) this.error(`nobody knows where a ${format} bundle ends`);
      const text = declared(await shortened(name), code);
      // (nothing that a source map tells of has moved)
      return { code: `${code.slice(0, end)};${text}${code.slice(end)}`, map: null };
    },
  };
}

/**
 * The same for Vite and Vitest, whose one graph of modules holds both packages: `gradient-svd/sparse` has copies of
 * src/core.ts and all else that it imports, marked `?core=sparse`, as it has in its bundle.
 */
export function inlineCores() {
  const MARK = /\?core=(\w+)$/;
  const plugin = inlineCore('core');
  return {
    ...plugin,
    enforce: 'pre',
    async load(id) {
      const code = await plugin.load.call(this, id);
      return code && declared(await readFile(id)) + code;
    },
    async resolveId(source, importer, options) {
      const entry = cores.find(({ specifier }) => specifier === source);
      if (entry) return join(root, entry.source) + (entry.name === 'core' ? '' : `?core=${entry.name}`);
      const [mark, name = 'core'] = MARK.exec(importer ?? '') ?? [];
      // (the suite on the debug build: npm run test:debug)
      const build = process.env.CORE === 'debug' ? `${name}.debug` : name;
      if (source === 'core.wasm') return inlineCore(build).resolveId(source);
      if (!mark) return null;
      const found = await this.resolve(source, importer.replace(mark, ''), { ...options, skipSelf: true });
      return found && { ...found, id: `${found.id}${mark}` };
    },
  };
}
