// The notebooks' 20,000 iterations of SGD and Adam on M1, start and loss history included.

import { contenders, raceDescents } from '../descents.js';
import { notebook } from '../problems.js';

const ITERATIONS = 20_000;

export const title = 'The notebooks: 20,000 iterations on M1 (5 x 4)';

export async function run(mode, report) {
  const { oursWhole, c, cFixed, twin, tfjs, jax, pytorch } = contenders;
  const slow = new Set([tfjs, jax, pytorch].map(({ name }) => name));
  const rows = [];
  // Adam goes on to jump about its limit, from 10,000 iterations on differently with every rounding.
  const late = { sgd: ITERATIONS, adam: 5000 };
  for (const optimizer of ['sgd', 'adam']) {
    const lanes = await raceDescents([oursWhole, c, cFixed, twin, pytorch, tfjs, jax], notebook[optimizer], {
      checks: mode.quick ? [300] : [300, late[optimizer]],
      count: (name) => (slow.has(name) ? (mode.quick ? 300 : 3000) : ITERATIONS),
      fresh: true,
      mode,
      report,
    });
    rows.push({ name: optimizer === 'sgd' ? 'SGD' : 'Adam', lanes });
  }
  report.notes.push(
    `Times are for an iteration; ${[...slow].join(', ')} ran the first ${mode.quick ? 300 : 3000} of the 20,000.`,
  );
  return { rows };
}
