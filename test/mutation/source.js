/** Mutants of src/, made by Stryker: all of them are in one text, and a variable of the environment chooses one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import { root } from '../../tools/cores.js';

// what Stryker's runner would be for takes vitest's start with each mutant: child.js is quicker
const logger = new Proxy({}, { get: (_, name) => (/^is/.test(name) ? () => false : () => {}) });

const options = {
  plugins: null,
  ignorers: [],
  // words of messages are told by tests of what they name; what they say else is for people to read
  excludedMutations: ['StringLiteral'],
};

/** { files: { path: text with all mutants }, mutants: [{ id, file, line, before, after, next }] } */
export async function instrument() {
  const names = readdirSync(join(root, 'src'), { recursive: true })
    .filter((name) => /(?<!\.d)\.ts$/.test(name))
    .map((name) => `src/${name}`)
    .sort();
  const contents = names.map((name) => ({
    name,
    content: readFileSync(join(root, name), 'utf8'),
    mutate: true,
  }));
  const instrumenter = createInjector().provideValue('logger', logger).injectFunction(createInstrumenter);
  const { files, mutants } = await instrumenter.instrument(contents, options);
  const lines = Object.fromEntries(contents.map(({ name, content }) => [name, content.split('\n')]));
  return {
    files: Object.fromEntries(files.map(({ name, content }) => [join(root, name), content])),
    // (those that are excluded come as well)
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ id, fileName: file, location: { start, end }, replacement }) => {
        // the lines it is in, with its change in them
        const text = lines[file].slice(start.line, end.line + 1);
        const head = text[0].slice(0, start.column);
        const tail = text.at(-1).slice(end.column);
        return {
          id,
          file,
          line: start.line,
          before: text.join('\n'),
          after: head + replacement + tail,
          next: lines[file][end.line + 1],
        };
      }),
  };
}
