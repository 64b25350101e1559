// One full SGD step (loss, gradient, update, history) over sizes, and how near it comes to the kernel's peak.

import { contenders, raceDescents } from '../descents.js';
import { kernelPeak } from '../kernel.js';
import { stepFlops, stepProblem } from '../problems.js';

export const title = 'One full SGD step';

const square = (n) => [n, n, n];
const sizes = {
  full: [...[5, 16, 64, 128, 256, 512].map(square), [2000, 50, 50], [1000, 1000, 10]],
  quick: [5, 16, 64, 128].map(square),
};

const { ours, c, twin, tfjs, jax, pytorch } = contenders;

/** About how long a step takes. A run is as many as fill 20 ms: a lone step of PyTorch, woken for it, takes 3 x as long. */
function seconds(name, flops) {
  if (name === ours.name || name === c.name) return flops / 1e10;
  return name === pytorch.name ? 2e-4 + flops / 2e10 : flops / 1e7;
}

export async function run(mode, report) {
  const peak = await kernelPeak();
  const rows = [];
  for (const [m, n, k] of mode.quick ? sizes.quick : sizes.full) {
    const flops = stepFlops(m, n, k);
    const lanes = await raceDescents([ours, c, twin, pytorch, tfjs, jax], stepProblem(m, n, k), {
      checks: [3],
      count: (name) => Math.max(1, Math.round(0.02 / seconds(name, flops))),
      extra: { 'kernel peak': peak(flops) },
      mode,
      report,
    });
    rows.push({ name: m === n && n === k ? `n = k = ${n}` : `${m} x ${n}, k = ${k}`, flops, lanes });
  }
  report.notes.push(
    "kernel peak: the flops of the step at the best rate of the core's product kernel in the same round; flops = 6 mnk + 3 (m + n) k².",
  );
  return { rows };
}
