// npm run bench [-- [--quick] [--no-build] [section ...]]
// Runs the sections (all, or those named), prints their tables and the targets, and writes a dated JSON to results/.
// `--quick` ends within a minute: fewer sizes, fewer rounds. Missing contenders and
// what is not up to date of the build are made first; `--no-build` takes dist/ as it is.

import { execSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cpuTime, machine, versions } from './machine.js';
import { doing, done } from './progress.js';
import { sectionReport, targetTable } from './report.js';
import { targets } from './targets.js';

const SECTIONS = [
  'notebook',
  'step',
  'decompose',
  'optimizers',
  'history',
  'host',
  'growth',
  'gaps',
  'ratings',
  'sparse',
];

// Each lane: so many rounds, fewer (at least `least`) after `budget` seconds; a sample lasts `sample` seconds or a call.
const FULL = { quick: false, rounds: 9, least: 3, budget: 3, sample: 0.1 };
const QUICK = { quick: true, rounds: 3, least: 2, budget: 0.3, sample: 0.05 };

const root = new URL('..', import.meta.url);
const at = (path) => new URL(path, root);
const changed = (path) => (existsSync(at(path)) ? statSync(at(path)).mtimeMs : 0);

function prepare(build) {
  const run = (command) => execSync(command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (changed('bench/node_modules/.package-lock.json') < changed('bench/package-lock.json')) {
    console.error('bench: installing the contenders into bench/node_modules (once)');
    run('npm ci --prefix bench --no-audit --no-fund --loglevel error');
  }
  if (build) run('npm run build');
}

async function runSection(name, mode) {
  const { title, run } = await import(`./sections/${name}.js`);
  const report = { notes: [], absent: {}, failed: {}, versions: {} };
  return { title, ...(await run(mode, report)), ...report };
}

function save(results, complete) {
  const kind = results.quick ? '-quick' : complete ? '' : '-part';
  const file = at(`bench/results/${results.date.slice(0, 10)}${kind}.json`);
  mkdirSync(new URL('.', file), { recursive: true });
  const rounded = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  writeFileSync(file, `${JSON.stringify(results, rounded, 1)}\n`);
  return file;
}

const { values: options, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, build: { type: 'boolean', default: true } },
  allowNegative: true,
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !SECTIONS.includes(name));
if (unknown.length) throw new Error(`no section ${unknown.join(', ')}; there are ${SECTIONS.join(', ')}`);

prepare(options.build);
const results = {
  date: new Date().toISOString(),
  quick: options.quick,
  machine: machine(),
  versions: versions(),
  sections: {},
};
const { load, cores } = results.machine;
if (load > cores / 2)
  console.log(`The machine is busy (load ${load.toFixed(1)} on ${cores} cores): figures are rough.\n`);
for (const name of SECTIONS.filter((section) => !positionals.length || positionals.includes(section))) {
  doing(`bench: ${name}`);
  const section = await runSection(name, options.quick ? QUICK : FULL);
  done();
  results.sections[name] = section;
  console.log(`${sectionReport(section)}\n`);
}
results.targets = targets(results.sections);
console.log(`## Targets\n\n${targetTable(results.targets)}\n`);
const took = { wall: performance.now() / 1000, cpu: cpuTime() };
console.log(`Took ${took.wall.toFixed(0)} s, ${took.cpu.toFixed(0)} s of CPU time.`);
console.log(`Written to ${save(results, !positionals.length).pathname}`);
