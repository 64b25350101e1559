// How the time of an SGD step grows with m, n and k, beside its flops.

import { contenders } from '../descents.js';
import { race, seconds } from '../harness.js';
import { stepFlops, stepProblem } from '../problems.js';

export const title = 'Growth of an SGD step';

const series = {
  m: (times) => [128 * times, 128, 32],
  n: (times) => [128, 128 * times, 32],
  k: (times) => [256, 256, 16 * times],
  'm = n = k': (times) => [32 * times, 32 * times, 32 * times],
};

/** The slope of log y over log x, by least squares. */
function exponent(x, y) {
  const [u, v] = [x, y].map((values) => values.map(Math.log));
  const mean = (values) => values.reduce((a, b) => a + b) / values.length;
  const [a, b] = [mean(u), mean(v)];
  return mean(u.map((t, i) => (t - a) * (v[i] - b))) / mean(u.map((t) => (t - a) ** 2));
}

export async function run(mode) {
  const exponents = [];
  const rows = [];
  const scales = mode.quick ? [1, 2, 4] : [1, 2, 4, 8, 16];
  for (const [name, size] of Object.entries(series)) {
    const lanes = {};
    for (const times of scales) {
      const [m, n, k] = size(times);
      const session = contenders.ours.open(stepProblem(m, n, k));
      const count = Math.max(1, Math.round(1e7 / stepFlops(m, n, k)));
      lanes[times === 1 ? 'first' : `size x ${times}`] = async () =>
        (await seconds(() => session.run(count), mode.sample)) / count;
    }
    const timed = await race(lanes, mode);
    const sizes = scales.map(size);
    exponents.push({
      over: name,
      sizes,
      time: exponent(
        scales,
        Object.values(timed).map(({ median }) => median),
      ),
      flops: exponent(
        scales,
        sizes.map(([m, n, k]) => stepFlops(m, n, k)),
      ),
    });
    rows.push({ name, lanes: timed });
  }
  return { rows, exponents };
}
