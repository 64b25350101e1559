/** The binary format of WebAssembly, as far as the build looks into it: numbers are LEB128, names come after their length. */

export const sectionIds = { custom: 0, imports: 2, memory: 5, exports: 7, code: 10 };

/** Reads a module from byte `at` on. */
export function reader(bytes, at = 0) {
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

export function* sections(bytes) {
  const read = reader(bytes, 8);
  while (read.more()) yield { id: read.number(), content: read.take() };
}

/** A number as it is written. */
export const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]);
const counted = (bytes) => [...number(bytes.length), ...bytes];

/** The module of these sections. */
export const moduleOf = (bytes, sections) =>
  Buffer.from([...bytes.subarray(0, 8), ...sections.flatMap(({ id, content }) => [id, ...counted(content)])]);

/** A section of exports, each called what `names` says. */
export function renamed(content, names) {
  const read = reader(content);
  const count = read.number();
  const all = Array.from({ length: count }, () => {
    const name = counted(Buffer.from(names[read.text()]));
    return [...name, read.number(), ...number(read.number())];
  });
  return [...number(count), ...all.flat()];
}
