// node bench/readme.js [--check]
// Puts the benchmark tables made from the newest full run in results/ between the README's markers; with --check,
// only says (exit code 1) whether they are what is there.

import { readdirSync, readFileSync } from 'node:fs';
import { putIntoReadme } from '../.ci/readme.js';
import { table, time, times } from './report.js';

const RESULTS = new URL('results/', import.meta.url);

function newestRun() {
  const file = readdirSync(RESULTS)
    .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    .sort()
    .at(-1);
  return { file, ...JSON.parse(readFileSync(new URL(file, RESULTS))) };
}

/** Rows of a section by name: the time of the first lane, the others' as multiples of it. */
function lanesTable(section, names, lanes) {
  const cell = (row, lane) => {
    if (!row[lane] || !row[lanes[0]]) return '–';
    return lane === lanes[0] ? time(row[lane].median) : times(row[lane].ratio.median);
  };
  const rows = section.rows.filter(({ name }) => names.includes(name));
  return table(
    ['', ...lanes],
    rows.map((row) => [row.name, ...lanes.map((lane) => cell(row.lanes, lane))]),
  );
}

function text({ file, date, machine, versions, sections }) {
  const { notebook, step, decompose, host } = sections;
  const descents = ['gradient-svd', 'C', 'plain JavaScript', 'PyTorch', 'tfjs cpu', 'jax-js'];
  const direct = ['svd(M)', 'directSvd', 'ml-matrix', 'svd-js', 'eigen wasm', 'LAPACK'];
  const libraries = ['@tensorflow/tfjs', '@jax-js/jax', 'ml-matrix', 'svd-js', 'eigen'];
  const others = new Set(Object.values({ ...notebook.versions, ...step.versions, ...decompose.versions }));
  const used = [`node ${versions.node}`, ...libraries.map((name) => `${name} ${versions[name]}`), ...others];
  return [
    'One iteration of the notebooks (M1, 5 x 4); the other columns are multiples of the first, more is slower:',
    lanesTable(notebook, ['SGD', 'Adam'], descents),
    'One full SGD step on larger matrices:',
    lanesTable(
      step,
      ['n = k = 16', 'n = k = 64', 'n = k = 256', 'n = k = 512', '2000 x 50, k = 50'],
      descents,
    ),
    'A decomposition to 1e-12:',
    lanesTable(decompose, ['5 x 4', '16 x 16', '64 x 64', '256 x 256', '2000 x 50'], direct),
    `From import to the first result: ${time(host.rows[0].lanes['gradient-svd'].median)}.`,
    `Measured ${date.slice(0, 10)} on ${machine.cpu}, one thread each: ${used.join(', ')}; tfjs computes in float32. ` +
      `Medians, spreads and all sizes: \`bench/results/${file}\`. \`npm run bench\` measures anew.`,
  ].join('\n\n');
}

const check = process.argv.includes('--check');
if (putIntoReadme('bench', text(newestRun()), check))
  console.log('The benchmark tables of README.md are those of the newest run.');
else if (check) {
  console.error('The benchmark tables of README.md differ from the newest run: node bench/readme.js');
  process.exit(1);
}
