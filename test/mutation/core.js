/**
 * Mutants of assembly/: small changes of its text, each compiled and tried on the tests that concern its file. Run in a
 * copy of the tree (the argument), by index.js.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is changed to what, wherever it stands in code. */
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
  [/^(\s+)(evaluate|scale|copy|settle|release|straighten)\((.*)\);$/, '$1// $2'],
  [/\bcontinue;/, '{}'],
];

/** The tests that concern a file, by its name; what is in no list concerns all of the last. */
const concerned = [
  [/jacobi|householder/, ['direct-svd', 'factors', 'matmul']],
  [/matmul|narrow|vector/, ['matmul', 'gradient', 'notebooks', 'zoo']],
  [/elementary/, ['schedules', 'optimizers']],
  [/memory/, ['descent', 'errors', 'reading']],
  [/inverse|lbfgs/, ['inverse', 'optimizers', 'converged']],
  [/loop|start|problems|descent|basis/, ['converged', 'descent', 'gradient', 'rank', 'zoo', 'inverse']],
  [/outside|leading|lanczos|subspace/, ['rank', 'least', 'converged']],
  [/levenberg|square|blocks/, ['levenberg-marquardt', 'zoo', 'rank', 'converged']],
  [/conjugate/, ['gaps', 'descent']],
  [/sparse/, ['sparse', 'svds', 'factorize']],
  [/./, ['optimizers', 'notebooks', 'descent']],
];

/**
 * Mutants that no test can tell from what they are made of: [file, line, what became of it, reason]. Beside them, by rule:
 * a bound that is reached with the same number on either side (`<` and `<=` of floats that are never equal).
 */
const equivalent = [
  [
    /memory/,
    'if (block.size > size) {',
    '>=',
    'a block of that very size: a rest of 0 bytes in place of none',
  ],
  [/vector/, 'const factor = hold(0, a);', '', 'hold is a matter of speed'],
];

function filesOf(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'lib' ? [] : filesOf(root, path);
    return /\.ts$/.test(entry.name) && !/boundary|index|views/.test(entry.name) ? [path] : [];
  });
}

/** Every mutant: { file, line (its number), before, after }. */
function mutants(root) {
  return filesOf(root, 'assembly').flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((before, line) => {
      if (/^\s*(\/\/|\*|\/\*|import|export \{|@)/.test(before)) return [];
      const code = before.replace(/\/\/.*$/, '');
      return rules.flatMap(([what, by]) => {
        if (!what.test(code)) return [];
        return [{ file, line, before, after: code.replace(what, by) }];
      });
    });
  });
}

/** So many of them, by a generator of Park and Miller. */
function sampled(all, count, seed) {
  const left = [...all];
  const chosen = [];
  for (let state = seed; chosen.length < count && left.length > 0; ) {
    state = (state * 48271) % 2147483647;
    chosen.push(...left.splice(state % left.length, 1));
  }
  return chosen;
}

const [root, count, seed] = [process.argv[2], Number(process.argv[3] ?? 20), Number(process.argv[4] ?? 314)];
const { compile } = await import(join(root, 'tools/core.js'));
const { cores } = await import(join(root, 'tools/cores.js'));

const tests = new Set(readdirSync(join(root, 'test')).filter((name) => name.endsWith('.test.ts')));

async function verdict({ file, line, after }) {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  lines[line] = after;
  writeFileSync(path, lines.join('\n'));
  try {
    await compile(
      cores.find(({ name }) => (name === 'sparse') === /sparse/.test(file)) ?? cores[0],
      'release',
      true,
    );
  } catch {
    return 'invalid';
  } finally {
    writeFileSync(path, text);
  }
  const [, names] = concerned.find(([which]) => which.test(file));
  const files = names.map((name) => `${name}.test.ts`).filter((name) => tests.has(name));
  const args = [
    'vitest',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--bail',
    '1',
    ...files.map((name) => `test/${name}`),
  ];
  // (a mutant may run for ever; what takes minutes is killed as well)
  const { status } = spawnSync('npx', args, { cwd: root, timeout: 240_000, killSignal: 'SIGKILL' });
  return status === 0 ? 'survived' : 'killed';
}

const isEquivalent = ({ file, before, after }) =>
  equivalent.some(
    ([which, line, became]) => which.test(file) && before.trim() === line && after.includes(became),
  );

const counts = { killed: 0, survived: 0, equivalent: 0, invalid: 0 };
const all = mutants(root);
console.log(`${all.length} mutants of assembly/, ${count} of them tried`);
for (const mutant of sampled(all, count, seed)) {
  const outcome = isEquivalent(mutant) ? 'equivalent' : await verdict(mutant);
  counts[outcome]++;
  if (outcome !== 'killed') {
    console.log(
      `${outcome}  ${mutant.file}:${mutant.line + 1}\n  - ${mutant.before.trim()}\n  + ${mutant.after.trim()}`,
    );
  }
  console.log(JSON.stringify(counts));
}
const { killed, survived } = counts;
console.log(
  `killed ${killed} of ${killed + survived}, ${((100 * killed) / (killed + survived)).toFixed(0)}%`,
);
