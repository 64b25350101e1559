// node bench/readme.js [--check]
// Puts the benchmark tables made from the newest full run in results/ between the README's markers; with --check,
// only says (exit code 1) whether they are what is there.

import { readdirSync, readFileSync } from 'node:fs';
import { putIntoReadme } from '../.ci/readme.js';
import { errorTable, table, time, times } from './report.js';

const RESULTS = new URL('results/', import.meta.url);

function newestRun() {
  const file = readdirSync(RESULTS)
    .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    .sort()
    .at(-1);
  return { file, ...JSON.parse(readFileSync(new URL(file, RESULTS))) };
}

/** Rows of a section by name (all, without names): the time of the first lane, those that were there as multiples of it. */
function lanesTable(section, names, all) {
  const rows = section.rows.filter(({ name }) => !names || names.includes(name));
  const lanes = all.filter((lane) => rows.some((row) => row.lanes[lane]));
  const cell = (row, lane) => {
    if (!row[lane] || !row[lanes[0]]) return '–';
    return lane === lanes[0] ? time(row[lane].median) : times(row[lane].ratio.median);
  };
  return table(
    ['', ...lanes],
    rows.map((row) => [row.name, ...lanes.map((lane) => cell(row.lanes, lane))]),
  );
}

const ofSparse = (section) => [
  'The largest singular values of sparse matrices, CPU time of `svds` (residuals <= 1e-10) and of ARPACK (tolerance 1e-6):',
  lanesTable(section, undefined, ['svds', 'ARPACK']),
  `${section.notes.at(-1)}`,
];

const ofRatings = (section) => [
  'Factors of made ratings, k = 20, CPU time: to a loss within 1e-3 of its end (`factorize`, and in C), or 20 epochs (SGD in C, libmf):',
  lanesTable(section, undefined, ['gradient-svd', 'the same, C', 'ALS, C', 'SGD, C', 'libmf']),
  errorTable(section.rows),
];

function text({ file, date, machine, versions, sections }) {
  const { notebook, step, decompose, host, sparse, ratings } = sections;
  const descents = ['gradient-svd', 'C', 'plain JavaScript', 'PyTorch', 'tfjs cpu', 'jax-js'];
  const direct = ['svd(M)', 'directSvd', 'ml-matrix', 'svd-js', 'eigen wasm', 'LAPACK'];
  const libraries = ['@tensorflow/tfjs', '@jax-js/jax', 'ml-matrix', 'svd-js', 'eigen', 'libmf'];
  const libraryVersions = [notebook, step, decompose, sparse].map((section) => section?.versions);
  const others = new Set(libraryVersions.flatMap((found) => Object.values(found ?? {})));
  const used = [
    `node ${versions.node}`,
    ...libraries.flatMap((name) => (versions[name] ? `${name} ${versions[name]}` : [])),
    ...others,
  ];
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
    ...(sparse ? ofSparse(sparse) : []),
    ...(ratings ? ofRatings(ratings) : []),
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
