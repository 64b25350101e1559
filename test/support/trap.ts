/** With npm run test:debug a trap in the core is shown where it is in assembly/, by the source map of the debug build. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const map = new SourceMap(JSON.parse(readFileSync(`${root}build/core.debug.wasm.map`, 'utf8')));

/** A wasm frame says how many bytes into the module it is: to the source map that is a column. */
function place(frame: string, name: string, offset: string): string {
  let entry = map.findEntry(0, Number.parseInt(offset, 16));
  // (what is inlined of a view comes after what it is used in, and that line is asked for)
  while (
    'originalSource' in entry &&
    entry.originalSource.endsWith('/views.ts') &&
    entry.generatedColumn > 0
  ) {
    entry = map.findEntry(0, entry.generatedColumn - 1);
  }
  if (!('originalSource' in entry)) return frame;
  const { originalSource, originalLine, originalColumn } = entry;
  // (a name with more in it than letters and dots is no frame to Vitest)
  return `${name.replace(/[^\w.]+/g, '.')} (${root}${originalSource}:${originalLine + 1}:${originalColumn + 1})`;
}

const before = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) => {
  const stack = before?.(error, frames) ?? [error, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return String(stack).replace(/(\S+) \(wasm:\/\/\S+:0x([0-9a-f]+)\)/g, place);
};
