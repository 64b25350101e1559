/**
 * npm run mutation [-- --core 200 --src 200 --only src/check --seed 314]: small changes of core and wrapper, each of
 * which some test has to notice: so many of each (all of them without a number), spread evenly over the files, those
 * with --only in their names.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../tools/cores.js';
import { equivalent } from './equivalent.js';

const { values } = parseArgs({
  options: {
    core: { type: 'string' },
    src: { type: 'string' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '314' },
    verbose: { type: 'boolean', default: false },
    lanes: { type: 'string', default: String(availableParallelism()) },
  },
});
const whole = values.core === undefined && values.src === undefined;
const count = (asked) => (whole ? Infinity : Number(asked ?? 0));

const own = join(root, 'test/mutation');
if (!existsSync(join(own, 'node_modules'))) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: own, stdio: 'inherit' });
}
const { checked, compileCores, mutants: mutantsOfCore, mutated } = await import('./assembly.js');
const { instrument } = await import('./source.js');
const { coverage, makeSuite, putCores, run } = await import('./suite.js');

/** `wanted` of them, each file's share of it by its mutants, drawn by a generator of Park and Miller. */
function sample(all, wanted) {
  const mutants = all.filter(({ file }) => file.includes(values.only));
  let state = Number(values.seed);
  const draw = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const byFile = new Map();
  for (const mutant of mutants) {
    if (!byFile.has(mutant.file)) byFile.set(mutant.file, []);
    byFile.get(mutant.file).push({ mutant, key: draw() });
  }
  // the i-th of a file of n comes at (i + a draw) / n: any first part of all is spread over the files
  const placed = [...byFile.values()].flatMap((own) => {
    const offset = draw();
    own.sort((a, b) => a.key - b.key);
    return own.map(({ mutant }, i) => ({ mutant, at: (i + offset) / own.length }));
  });
  return placed
    .sort((a, b) => a.at - b.at)
    .slice(0, wanted)
    .map(({ mutant }) => mutant);
}

const bare = (text) => text.replace(/\s+/g, ' ').trim();
const key = (...texts) => texts.map(bare).join('\n');
const named = new Set(equivalent.flatMap(({ mutants }) => mutants.map((texts) => key(...texts))));
const isEquivalent = ({ file, before, after, next }) =>
  named.has(key(file, before, after)) || named.has(key(file, before, after, next));

/** Those tests, the quickest first, as a job of child.js; and the CPU time that they may take. */
function jobOf(tests) {
  const files = {};
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  for (const { file, at } of tests.toSorted((a, b) => a.seconds - b.seconds)) {
    files[file] ??= [];
    files[file].push(at);
  }
  return { job: { files }, seconds: 6 + 4 * seconds };
}

/** The compiler has one state for all. */
let turn = Promise.resolve();
const inTurn = (work) => {
  const result = turn.then(work);
  turn = result.catch(() => {});
  return result;
};

async function outcome(cores, { tests }, lane, mutant) {
  if (isEquivalent(mutant)) return { is: 'equivalent' };
  if (mutant.id !== undefined) {
    const concerned = tests.filter(({ mutants }) => mutants.has(mutant.id));
    putCores(lane, cores);
    return await tried(lane, concerned, mutant.id);
  }
  let made;
  try {
    made = await inTurn(() => mutated(cores, mutant));
  } catch {
    return { is: 'invalid' };
  }
  if (Object.keys(made).length === 0) return { is: 'same' };
  const all = Object.values(made).some(({ changed }) => changed === undefined);
  const names = Object.values(made).flatMap(({ changed }) => changed ?? []);
  const concerned = tests.filter(({ functions }) => all || names.some((name) => functions.has(name)));
  putCores(lane, { ...cores, ...made });
  const release = await tried(lane, concerned);
  if (release.is === 'killed' || concerned.length === 0) return release;
  // what the release reads or writes beyond a buffer unpunished, npm run test:debug tells (in quick tests as well as in slow ones)
  putCores(lane, { ...cores, ...(await inTurn(() => checked(made, mutant))) });
  return await tried(
    lane,
    concerned.filter(({ seconds }) => seconds < QUICK),
    undefined,
    4,
  );
}

/** In seconds of CPU time. */
const QUICK = 0.05;

async function tried(lane, concerned, id, slower = 1) {
  if (concerned.length === 0) return { is: 'survived', by: 'no test comes there' };
  // what never ends is to end soon: with the limit of the quick ones
  for (const quick of [true, false]) {
    const part = concerned.filter(({ seconds }) => seconds < QUICK === quick);
    if (part.length === 0) continue;
    const { job, seconds } = jobOf(part);
    const { code, said } = await run(lane, job, { mutant: id, seconds: slower * seconds });
    if (code !== 0) return { is: 'killed', by: code === 1 ? said.split('\n')[0] : `ended with ${code}` };
  }
  return { is: 'survived', by: `${concerned.length} tests` };
}

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const start = performance.now();
const since = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
const cores = await compileCores();
const counts = {};

/** Tries those of one kind on a suite that is made of `sources`. */
async function tryAll(kind, all, wanted, sources) {
  const chosen = sample(all, wanted);
  if (chosen.length === 0) return;
  const suite = await makeSuite(join(folder, kind), Number(values.lanes), sources);
  const tests = await coverage(suite, cores);
  const title = `${all.length} mutants of ${kind}/, ${chosen.length} of them tried on ${tests.length} tests`;
  console.log(`${title}, seed ${values.seed}; ready after ${since()}`);
  const queue = chosen.values();
  await Promise.all(
    suite.lanes.map(async (lane) => {
      for (const mutant of queue) {
        const { is, by } = await outcome(cores, { tests }, lane, mutant);
        const place = dirname(mutant.file);
        counts[place] ??= { killed: 0, survived: 0, equivalent: 0, same: 0, invalid: 0 };
        counts[place][is]++;
        if (is !== 'survived' && !values.verbose) continue;
        console.log(`${is}  ${mutant.file}:${mutant.line + 1}  ${by ?? ''}`);
        console.log(`  - ${bare(mutant.before)}\n  + ${bare(mutant.after)}`);
      }
      // (what else may have made tests fail?)
      putCores(lane, cores);
      const { is, by } = await tried(lane, tests.slice(0, 20));
      if (is === 'killed') throw new Error(`the suite fails without a mutant by now\n${by}`);
    }),
  );
}

await tryAll('assembly', mutantsOfCore(), count(values.core), {});
const { files, mutants } = await instrument();
await tryAll('src', mutants, count(values.src), files);

const all = { killed: 0, survived: 0, equivalent: 0, same: 0, invalid: 0 };
for (const one of Object.values(counts)) for (const key of Object.keys(all)) all[key] += one[key];
console.table({ ...Object.fromEntries(Object.entries(counts).sort()), all });
const share = (100 * all.killed) / (all.killed + all.survived);
console.log(
  `killed ${all.killed} of ${all.killed + all.survived} (${share.toFixed(1)}%), seed ${values.seed}, ${since()}`,
);
// (small samples vary: of 36 of which nine of ten are killed, fewer than this are once in two thousand times)
if (share < 70) process.exitCode = 1;
