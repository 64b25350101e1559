/** The built package: as it is, fresh, with a core that has little memory; and how much memory each core has. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The memories of all cores that were started. */
export const memories = [];

// every core is seen as it starts
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    if (this.exports.memory) memories.push(this.exports.memory);
  }
};

const dist = new URL('../../dist/', import.meta.url);
let fresh = 0;

/** The package as if nobody had imported it yet. */
export const freshLibrary = () => import(new URL(`gradient-svd.js?${fresh++}`, dist));

/** The same of gradient-svd/sparse. */
export const freshSparse = () => import(new URL(`sparse.js?${fresh++}`, dist));

/** What a bundle exports, and what of it was asked for by now. */
export const reached = { exports: new Set(), seen: new Set() };

/** The same, recording what is asked for; names of it with this prefix. */
export function recorded(prefix, library) {
  for (const name of Object.keys(library)) reached.exports.add(prefix + name);
  return new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name === 'string') reached.seen.add(prefix + name);
        return library[name];
      },
    },
  );
}

/** All that nobody can reach is collected, and its finalizers have run. */
export async function collected() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** An unsigned LEB128 number at `at`: [value, next]. */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function lebOf(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

export const coreBytes = (file = 'core.wasm') => readFileSync(new URL(file, dist));

/** The core with at most so many pages of memory more than it starts with. */
export function smallCore(pages, file) {
  const bytes = [...coreBytes(file)];
  for (let at = 8; at < bytes.length; ) {
    const [id, head] = [bytes[at], at + 1];
    const [size, body] = leb(bytes, head);
    if (id === 5) {
      // one memory: count, flags, least, most
      const [least] = leb(bytes, body + 2);
      const section = [1, 1, ...lebOf(least), ...lebOf(least + pages)];
      bytes.splice(at, body + size - at, 5, ...lebOf(section.length), ...section);
      return new WebAssembly.Module(Uint8Array.from(bytes));
    }
    at = body + size;
  }
  throw new Error('the core has no memory section');
}
