/** npm run size -- --functions: what each function of a core costs, its name as in assembly/; the largest first. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { optimize } from '../tools/core.js';

// ids of sections, and of the part of the section of names that is about functions
const CUSTOM = 0;
const IMPORTS = 2;
const CODE = 10;
const FUNCTIONS = 1;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Reads a module from byte `at` on: numbers of it are LEB128. */
function reader(bytes, at = 0) {
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length = number()) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  return { number, take, text: () => take().toString(), more: () => at < bytes.length };
}

function* sections(bytes) {
  const read = reader(bytes, 8);
  while (read.more()) yield { id: read.number(), content: read.take() };
}

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
  if (all.some(({ id }) => id === IMPORTS))
    throw new Error('an index is no longer that of a body: there are imports');
  const names = namesOf(
    all.find(({ id, content }) => id === CUSTOM && reader(content).text() === 'name').content,
  );
  const code = reader(all.find(({ id }) => id === CODE).content);
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
