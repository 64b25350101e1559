/** npm run size -- --functions: what each function of a core costs, its name as in assembly/; the largest first. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { optimize } from '../tools/core.js';
import { reader, sectionIds, sections } from '../tools/wasm.js';

/** The part of the section of names that is about functions. */
const FUNCTIONS = 1;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Names by index, from the section that `wasm-opt -g` leaves. */
function namesOf(content) {
  const read = reader(content);
  read.text();
  while (read.more()) {
    const id = read.number();
    const part = reader(read.take());
    if (id === FUNCTIONS)
      return new Map(Array.from({ length: part.number() }, () => [part.number(), part.text()]));
  }
}

/** The functions of a core (it imports none) and what gzip saves of the whole code without each. */
export function functions(core) {
  const bytes = readFileSync(optimize(core, `build/${core}.named.wasm`, ['-g']));
  const all = [...sections(bytes)];
  if (all.some(({ id }) => id === sectionIds.imports))
    throw new Error('an index is no longer that of a body: there are imports');
  const names = namesOf(
    all.find(({ id, content }) => id === sectionIds.custom && reader(content).text() === 'name').content,
  );
  const code = reader(all.find(({ id }) => id === sectionIds.code).content);
  const bodies = Array.from({ length: code.number() }, () => code.take());
  const whole = gzip(Buffer.concat(bodies));
  return bodies
    .map((body, index) => ({
      name: names.get(index).replace(/^assembly\//, ''),
      bytes: body.length,
      gzip: whole - gzip(Buffer.concat(bodies.filter((other) => other !== body))),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}
