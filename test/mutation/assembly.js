/**
 * Mutants of assembly/: small changes of its text, each compiled from memory as a release is, without wasm-opt. Which
 * functions of the core came out otherwise says which tests concern it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryFiles, main } from 'assemblyscript/asc';
import { cores, root } from '../../tools/cores.js';

/** What is changed to what, where it first stands in a line of code. */
const rules = [
  // (not < to <=: of floats that is seldom a difference)
  [/(for .*) < /, '$1 <= '],
  [/ < /, ' >= '],
  [/ <= /, ' > '],
  [/ > /, ' <= '],
  [/ >= /, ' < '],
  [/ == /, ' != '],
  [/ != /, ' == '],
  [/ \+ /, ' - '],
  [/ - /, ' + '],
  [/ \* /, ' / '],
  [/ \/ /, ' * '],
  [/ && /, ' || '],
  [/ \|\| /, ' && '],
  [/\bmin\(/, 'max('],
  [/\bmax\(/, 'min('],
  [/ \+= /, ' -= '],
  [/ -= /, ' += '],
  [/\bsqrt\(/, '('],
  [/\babs\(/, '('],
  [/\b1e-/, '1e-1'],
  [/\btrue\b/, 'false'],
  [/\bfalse\b/, 'true'],
  [/\b0\.5\b/, '0.25'],
  // a call for what it does, or an assignment
  [/^(\s+)(?!return|throw)([\w.]+\(.*\);)$/, '$1// $2'],
  [/^(\s+)(?!let|const|return)([\w.[\]]+ = .*;)$/, '$1// $2'],
  [/\bcontinue;/, '{}'],
  [/\bbreak;/, '{}'],
  [/^(\s+)return;$/, '$1// return;'],
];

libraryFiles.vector = readFileSync(join(root, 'assembly/lib/vector.ts'), 'utf8');

/** { bytes, text }: a core with its functions as text, `changed` (if any) being what is read in place of a file. */
async function compile(core, changed, target = 'release') {
  const read = [];
  let bytes;
  let text;
  const options = ['--config', 'asconfig.json', '--target', target, '--baseDir', root];
  const { error, stderr } = await main(
    [core.assembly, ...options, '--outFile', 'core.wasm', '--textFile', 'core.wat'],
    {
      readFile(name, base) {
        read.push(name);
        if (name === changed?.file) return changed.text;
        try {
          return readFileSync(join(base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile(name, contents) {
        if (name.endsWith('.wasm')) bytes = Buffer.from(contents);
        else if (name.endsWith('.wat')) text = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${core.assembly} does not compile\n${stderr}`);
  return { bytes, functions: functionsOf(text), read: new Set(read) };
}

/** The text of each function by name; under '' all else but the types. */
function functionsOf(text) {
  const parts = text.split(/^ (?=\(func \$)/m);
  const functions = new Map(parts.slice(1).map((part) => [/^\(func \$(\S+)/.exec(part)[1], part]));
  return functions.set('', parts[0].replace(/^ \(type .*$/gm, ''));
}

/** { core: { bytes, functions } } of what is there. */
export async function compileCores() {
  const compiled = {};
  for (const core of cores) compiled[core.name] = await compile(core);
  return compiled;
}

/** The mutant's file as it is then. */
function changedBy({ file, line, after }) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  lines[line] = after;
  return { file, text: lines.join('\n') };
}

/**
 * What a mutant makes of each core: { core: { bytes, changed } }, the names of the functions that are not what they
 * were, or `undefined` for what is not in a function. Cores that it leaves as they are are left out.
 * @throws where it doesn't compile
 */
export async function mutated(compiled, mutant) {
  const made = {};
  for (const core of cores) {
    const before = compiled[core.name];
    if (!before.read.has(mutant.file)) continue;
    const { bytes, functions } = await compile(core, changedBy(mutant));
    if (bytes.equals(before.bytes)) continue;
    const changed = [...before.functions.keys()].filter(
      (name) => before.functions.get(name) !== functions.get(name),
    );
    const known = changed.length > 0 && !changed.includes('');
    made[core.name] = { bytes, changed: known ? changed : undefined };
  }
  return made;
}

/** The same cores as built for npm run test:debug, where every index is checked. */
export async function checked(made, mutant) {
  const debug = {};
  for (const core of cores) {
    if (made[core.name]) debug[core.name] = await compile(core, changedBy(mutant), 'debug');
  }
  return debug;
}

function filesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'lib' ? [] : filesOf(path);
    return /(?<!\.d)\.ts$/.test(entry.name) && !/boundary|views/.test(entry.name) ? [path] : [];
  });
}

/** Every mutant: { file, line (its number, from 0), before, after, next (the line that follows) }. */
export function mutants() {
  return filesOf('assembly').flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((before, line) => {
      if (/^\s*(\/\/|\*|\/\*|import|export \{|@)/.test(before)) return [];
      const code = before.replace(/\s*\/\/.*$/, '');
      return rules.flatMap(([what, by]) => {
        if (!what.test(code)) return [];
        return [{ file, line, before, after: code.replace(what, by), next: lines[line + 1] }];
      });
    });
  });
}
