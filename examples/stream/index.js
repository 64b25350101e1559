/**
 * `npm run stream`: the SVD of a table larger than the memory it is given. A million rows of 64 numbers lie in DuckDB;
 * svdsAsync reads them anew in each pass, block by block, and keeps nothing of their length. U goes back into a table.
 * `-- --quick`: fewer rows, still more than it takes.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project, svdsAsync } from 'gradient-svd/sparse';
import {
  checkScores,
  columns,
  makeReadings,
  openDatabase,
  readBlocks,
  sigma,
  writeScores,
} from './readings.js';

const quick = process.argv.includes('--quick');
const rows = quick ? 600_000 : 1_000_000;
const rank = 6;
const bytes = 8 * rows * columns;
const megabytes = (size) => `${(size / 1e6).toFixed(0)} MB`;
const resident = () => `${megabytes(process.memoryUsage.rss())} resident`;

const start = performance.now();
const say = (line) =>
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s  ${line}`);
const folder = mkdtempSync(join(tmpdir(), 'gradient-svd-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

console.log(`M is ${rows} x ${columns}: ${megabytes(bytes)}; wanted: the ${rank} largest singular values`);
const path = join(folder, 'readings.duckdb');
const { connection, connect, instance } = await openDatabase(path, '64MB');
say(`DuckDB, given 64 MB; ${resident()}`);
await makeReadings(connection, rows);
say(`made, a file of ${megabytes(statSync(path).size)}; ${resident()}`);

const M = { columns, blocks: () => readBlocks(connection) };
const { S, V, status, passes, residuals } = await svdsAsync(M, {
  rank,
  onProgress: ({ passes, residual }) => {
    const known = residual < Infinity ? `residual ${residual.toExponential(1)} times what is allowed; ` : '';
    if (passes > 0) say(`pass ${passes}; ${known}${resident()}`);
  },
});
const worst = Math.max(...residuals) / S[0];
say(`${status} after ${passes} passes, largest residual ${worst.toExponential(1)} of S[0]`);
console.table(
  Array.from(S, (s, a) => ({
    'singular value': s.toFixed(14),
    'by construction': sigma[a].toFixed(14),
    residual: residuals[a].toExponential(1),
  })),
);

const written = await writeScores(await connect(), rank, project(M, { S, V }));
say(`U, ${written} x ${rank}, is a table of its own; ${resident()}`);
const { orthonormality, cosine } = await checkScores(connection, rank, rows);
say(
  `DuckDB finds |UᵀU - I| ${orthonormality.toExponential(1)}, and 1 - |cosine| to what U should be ${(1 - cosine).toExponential(1)}`,
);
instance.closeSync();

const most = 1000 * process.resourceUsage().maxRSS;
const error = Math.max(...S.map((s, a) => Math.abs(s - sigma[a])));
console.log(
  `\nat most ${megabytes(most)} resident, Node and DuckDB's code included, for ${megabytes(bytes)} of rows`,
);
const holds = {
  'it has converged': status === 'converged' && worst < 1e-10,
  'S is what it was made with': error < 1e-12,
  'U is what it was made with': written === rows && orthonormality < 1e-9 && 1 - cosine < 1e-9,
  'it took less memory than the rows have': most < bytes,
};
for (const [what, so] of Object.entries(holds)) {
  if (so) continue;
  console.error(`not so: ${what}`);
  process.exitCode = 1;
}
