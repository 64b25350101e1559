/** What wrapper and core call one another by, which no user sees: short in what is published. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from 'terser';
import { cores, root } from '../cores.js';
import { moduleOf, renamed, sectionIds, sections } from '../wasm.js';

const built = (name) => readFile(join(root, `build/${name}.wasm`));

/**
 * Short names for what this core exports, the minifier's choice. What the declarations of its bundle know is left as it
 * is, and what hosts know: in the wrapper, either may be somebody else's member.
 */
export async function shortNames(name) {
  const { bundle } = cores.find((core) => core.name === name);
  const declared = await readFile(join(root, `dist/${bundle}.d.ts`), 'utf8');
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(await built(name)));
  const nameCache = {};
  await minify(`export default (core) => [${exported.map(({ name }) => `core.${name}`)}]`, {
    module: true,
    mangle: { properties: { reserved: declared.replace(/\/\*.*?\*\//gs, '').match(/[\w$]+/g) } },
    nameCache,
  });
  const { props } = nameCache.props;
  return Object.fromEntries(exported.map(({ name }) => [name, props[`$${name}`] ?? name]));
}

/** This core with these names. */
export async function shortened(name) {
  const [bytes, names] = [await built(name), await shortNames(name)];
  const all = Array.from(sections(bytes), ({ id, content }) => ({
    id,
    content: id === sectionIds.exports ? renamed(content, names) : content,
  }));
  return moduleOf(bytes, all);
}
