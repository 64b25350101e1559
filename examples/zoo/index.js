/**
 * `npm run zoo`: the defaults on every matrix of the zoo (matrices.js), each from three seeds. No knob is touched.
 * To copy the folder: npm install gradient-svd markdown-table
 */
import { parseArgs } from 'node:util';
import { svd } from 'gradient-svd';
import { markdownTable } from 'markdown-table';
import { errors } from './errors.js';
import { zoo } from './matrices.js';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '314,315,316' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (given.help) {
  console.log('node examples/zoo/index.js [--only Hilbert] [--seeds 314,315,316]');
  process.exit();
}
const seeds = given.seeds.split(',').map(Number);
const matrices = zoo.filter(({ name }) => name.includes(given.only));
/** Most iterations where the rank is full. */
const MOST = 40;

/** On a terminal, one line that the next replaces. */
const progress = (what) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${what}`);

const rows = [];
let passed = 0;
for (const [at, { name, make }] of matrices.entries()) {
  progress(`${at + 1} of ${matrices.length}: ${name}`);
  const runs = seeds.map((seed) => {
    const M = make(seed);
    const before = performance.now();
    const result = svd(M, { seed });
    const time = performance.now() - before;
    return { ...result, ...errors(M, result), time, size: Math.max(M.length, M[0].length) };
  });
  const worst = (key) => Math.max(...runs.map((run) => run[key]));
  const good = runs.filter(
    (run) =>
      run.status === 'converged' &&
      Math.max(run.sigma, run.residual, run.orthonormality) <= 1 &&
      (run.size > 128 || run.iterations <= MOST),
  );
  passed += good.length;
  rows.push({
    '': name,
    iterations: runs.map((run) => run.iterations).join(' '),
    ms: worst('time').toFixed(1),
    'σ error': worst('sigma').toFixed(4),
    residual: worst('residual').toFixed(4),
    orthonormality: worst('orthonormality').toFixed(4),
    status: [...new Set(runs.map((run) => run.status))].join(' '),
    passed: `${good.length}/${seeds.length}`,
  });
}
progress('');
console.log(`svd(M) with its defaults, from seeds ${seeds.join(', ')}: the worst of each.`);
console.log(
  'Errors are in units of what is allowed: 1e-13 n σ₁, 1e-13 n |M|, 1e-13 n; n = max(rows, columns).\n',
);
const align = Object.keys(rows[0]).map((_, column) => (column ? 'r' : 'l'));
console.log(markdownTable([Object.keys(rows[0]), ...rows.map(Object.values)], { align }));
const all = matrices.length * seeds.length;
console.log(`\n${matrices.length} matrices x ${seeds.length} seeds: ${passed} of ${all} passed`);
if (passed < all) process.exitCode = 1;
