// svds beside ARPACK, in CPU seconds: singular values are compared, and our residuals have to be within 1e-10 of the largest.
// And svds of a matrix larger than its memory (out-of-memory.js).

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { svds } from '../../dist/sparse.js';
import { arpack } from '../contenders/child.js';
import { Absent, cpuSeconds, difference, race } from '../harness.js';
import { matrices } from '../matrices.js';

export const title = 'Singular values of sparse matrices, CPU time';

/** A session of ARPACK whose singular values are S, or its reason in the report. */
async function agreeing(A, k, S, name, report) {
  let session;
  try {
    session = await arpack.open({ ...A, k });
    await session.run(1);
    const gap = difference(S, await session.state());
    if (!(gap <= 1e-9)) throw new Error(`off by ${gap.toExponential(1)}`);
    report.versions.ARPACK = session.version;
    return session;
  } catch (error) {
    session?.close();
    if (error instanceof Absent) report.absent.ARPACK = error.message;
    else report.failed[`ARPACK, ${name}`] = error.message;
  }
}

async function compare(A, k, name, mode, report) {
  const { S, residuals, passes } = svds(A, { rank: k });
  const worst = Math.max(...residuals) / S[0];
  if (!(worst <= 1e-10)) report.failed[`svds of ${name}`] = `residual ${worst.toExponential(1)}`;
  report.notes.push(`${name}: ${passes} passes, residual ${worst.toExponential(1)}.`);
  const lanes = { svds: () => cpuSeconds(() => svds(A, { rank: k })) };
  const session = await agreeing(A, k, S, name, report);
  if (session) lanes.ARPACK = () => session.run(1);
  const row = { name, worst, lanes: await race(lanes, mode) };
  session?.close();
  return row;
}

export async function run(mode, report) {
  const rows = [];
  for (const [kind, make] of Object.entries(matrices).slice(0, mode.quick ? 2 : Infinity)) {
    try {
      const A = make();
      const size = `${A.rows.toLocaleString('en')} x ${A.columns.toLocaleString('en')}, ${A.data.length.toLocaleString('en')}`;
      report.notes.push(`${kind}: ${size} entries.`);
      for (const k of mode.quick ? [10] : [10, 50])
        rows.push(await compare(A, k, `${kind}, k = ${k}`, mode, report));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      report.absent[kind] = error.message;
    }
  }
  report.absent['sklearn randomized_svd'] = 'not among the packages of Debian that CI installs';
  const script = fileURLToPath(new URL('../out-of-memory.js', import.meta.url));
  const args = [script, '--json', ...(mode.quick ? ['100000'] : [])];
  const outside = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  report.notes.push(`Larger than memory: ${outside.said}.`);
  return { rows, outside };
}
