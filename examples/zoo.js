/** `npm run zoo`: the defaults on every matrix of the zoo, each from three seeds. No knob is touched. */
import { svd } from 'gradient-svd';
import { doing, done } from '../tools/progress.js';
import { errors } from './support/check.js';
import { showTable } from './support/table.js';
import { zoo } from './support/zoo.js';

const seeds = [314, 315, 316];
/** Most iterations where the rank is full. */
const MOST = 40;

const rows = {};
let passed = 0;
for (const [at, { name, make }] of zoo.entries()) {
  doing(`${at + 1} of ${zoo.length}: ${name}`);
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
  rows[name] = {
    iterations: runs.map((run) => run.iterations).join(' '),
    ms: worst('time').toFixed(1),
    'σ error': worst('sigma').toFixed(4),
    residual: worst('residual').toFixed(4),
    orthonormality: worst('orthonormality').toFixed(4),
    status: [...new Set(runs.map((run) => run.status))].join(' '),
    passed: `${good.length}/${seeds.length}`,
  };
}
done();
console.log(`svd(M) with its defaults, from seeds ${seeds.join(', ')}: the worst of each three.`);
console.log(
  'Errors are in units of what is allowed: 1e-13 n σ₁, 1e-13 n |M|, 1e-13 n; n = max(rows, columns).\n',
);
showTable(rows);
console.log(
  `${zoo.length} matrices x ${seeds.length} seeds: ${passed} of ${zoo.length * seeds.length} passed`,
);
if (passed < zoo.length * seeds.length) process.exitCode = 1;
