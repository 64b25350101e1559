/** The built package: as it is, fresh, with a core that has little memory; and how much memory each core has. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { moduleOf, number, reader, sectionIds, sections } from '../../tools/wasm.js';

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

export const coreBytes = (file = 'core.wasm') => readFileSync(new URL(file, dist));

/** The core with at most so many pages of memory more than it starts with. */
export function smallCore(pages, file) {
  const bytes = coreBytes(file);
  const all = [...sections(bytes)];
  const memory = all.find(({ id }) => id === sectionIds.memory);
  // one memory: count, flags, least, most
  const least = reader(memory.content, 2).number();
  memory.content = [1, 1, ...number(least), ...number(least + pages)];
  return new WebAssembly.Module(moduleOf(bytes, all));
}
