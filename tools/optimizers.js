/**
 * The optimizers of assembly/optimizers/: whatever a file there, or the index.ts of a folder, exports as
 *
 *     export function NAME(d: Descent, lr: f64): void
 *
 * Each gets a number, which the wrapper knows by that name. Made of them, and in no commit:
 * assembly/optimizers/boundary.ts, the numbers, for both compilers; assembly/optimizers/table.ts, the calls.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cores.js';

const folder = join(root, 'assembly/optimizers');
const made = ['boundary.ts', 'table.ts'];
const UPDATE = /^export function (\w+)\(d: Descent, lr: f64\): void {$/m;

/** name -> the module that has it, in order of the alphabet */
function found() {
  const files = readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/index.ts` : entry.name))
    .filter((file) => !made.includes(file) && file !== 'index.ts');
  const optimizers = files.flatMap((file) => {
    const [, name] = UPDATE.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    return name ? [[name, `./${file.replace(/\.ts$/, '')}`]] : [];
  });
  return optimizers.sort(([a], [b]) => (a < b ? -1 : 1));
}

const HEAD = '// Made by tools/optimizers.js of the files beside this one.\n';

const numbers = (optimizers) =>
  `${HEAD}\n${optimizers.map(([name], i) => `export const ${name} = ${i};\n`).join('')}`;

const table = (optimizers) => `${HEAD}
import { Descent } from '../descent';
${optimizers.map(([name, from]) => `import { ${name} } from '${from}';\n`).join('')}
/** The update of the optimizer with this number. */
export function call(d: Descent, lr: f64): void {
  switch (d.optimizer) {
${optimizers.map(([name], i) => `    case ${i}:\n      return ${name}(d, lr);\n`).join('')}  }
}
`;

/** Writes both where they are not as they should be. */
export function writeOptimizers() {
  const optimizers = found();
  for (const [file, text] of [
    [made[0], numbers(optimizers)],
    [made[1], table(optimizers)],
  ]) {
    const path = join(folder, file);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

// (npm ci: editors know them from then on)
if (process.argv[1] === import.meta.filename) writeOptimizers();
