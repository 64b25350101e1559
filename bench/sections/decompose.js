// Whole decompositions to rounding: `svd(M)` as it comes and `directSvd`, beside direct methods elsewhere.

import { residuals } from '../../dist/gradient-svd.js';
import { lapack } from '../contenders/child.js';
import { eigen, mlMatrix, ours, oursDirect, svdJs } from '../contenders/direct.js';
import { Absent, difference, race, seconds } from '../harness.js';
import { rand } from '../problems.js';

export const title = 'A decomposition to 1e-12';

const sizes = {
  full: [
    [5, 4],
    [16, 16],
    [32, 32],
    [64, 64],
    [128, 128],
    [256, 256],
    [512, 512],
    [2000, 50],
  ],
  quick: [
    [5, 4],
    [16, 16],
    [64, 64],
  ],
};
const TOLERANCE = 1e-12;

/** U diag(S) Vᵀ and M, and UᵀU, VᵀV and I, to the tolerance: largest entry off, M scaled by its largest singular value. */
function accuracy({ m, n, M }, flat) {
  const k = Math.min(m, n);
  const matrix = (rows, from) => ({ rows, columns: k, data: flat.subarray(from, from + rows * k) });
  const S = flat.slice(m * k, m * k + k);
  const found = residuals({ rows: m, columns: n, data: M }, { U: matrix(m, 0), S, V: matrix(n, m * k + k) });
  const off = Math.max(found.reconstruction / Math.max(...S), found.orthonormalityU, found.orthonormalityV);
  return { S: S.sort((a, b) => b - a), off };
}

/** The sessions whose answers are right, by name: residuals, and singular values as the first one's. Who was too
 * slow on no more work is left out. */
async function openRight(contenders, problem, limit, report) {
  const work = problem.m * problem.n * Math.min(problem.m, problem.n);
  const sessions = {};
  let expected;
  for (const { name, open } of contenders) {
    if (work >= limit.slow[name]) continue;
    let session;
    const begun = performance.now();
    try {
      session = await open(problem);
      await session.run(1);
      const { S, off } = accuracy(problem, await session.state());
      const gap = Math.max(off, expected ? difference(S, expected) : 0);
      if (!(gap <= TOLERANCE)) throw new Error(`off by ${gap.toExponential(1)}`);
      expected ??= S;
      sessions[name] = session;
      if (session.version) report.versions[name] = session.version;
    } catch (error) {
      session?.close();
      if (error instanceof Absent) report.absent[name] = error.message;
      else report.failed[`${name} at ${problem.m} x ${problem.n}`] = error.message;
    }
    if (performance.now() - begun > limit.milliseconds) limit.slow[name] ??= work;
  }
  return sessions;
}

export async function run(mode, report) {
  const rows = [];
  const limit = { milliseconds: mode.quick ? 2000 : 10_000, slow: {} };
  for (const [m, n] of mode.quick ? sizes.quick : sizes.full) {
    const problem = { m, n, M: rand(314, m, n) };
    const sessions = await openRight(
      [ours, oursDirect, mlMatrix, svdJs, eigen, lapack],
      problem,
      limit,
      report,
    );
    const lanes = {};
    for (const [name, session] of Object.entries(sessions)) {
      const count = Math.max(1, Math.round(20_000 / (m * n * Math.min(m, n))));
      lanes[name] = session.timesItself
        ? async () => (await session.run(count)) / count
        : () => seconds(() => session.run(1), mode.sample);
    }
    rows.push({ name: `${m} x ${n}`, lanes: await race(lanes, mode) });
    for (const session of Object.values(sessions)) session.close();
  }
  const slow = Object.keys(limit.slow);
  if (slow.length) {
    report.notes.push(
      `Left out where a smaller matrix took over ${limit.milliseconds / 1000} s: ${slow.join(', ')}.`,
    );
  }
  return { rows };
}
