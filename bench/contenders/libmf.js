// LIBMF (parallel SGD in C++, float32, a mean but no biases), from npm; one thread.

import { absentUnless } from '../harness.js';

/** { fit(options) } for these ratings: CPU seconds, and the root mean square error over the hidden ones. */
export async function libmf(rank, known, hidden) {
  const { Matrix, Model } = await absentUnless(() => import('libmf'));
  const [data, held] = [known, hidden].map(({ row, col, data }) => {
    const matrix = new Matrix();
    data.forEach((value, e) => {
      matrix.push(row[e], col[e], value);
    });
    return matrix;
  });
  return {
    fit(options) {
      const model = new Model({ factors: rank, threads: 1, quiet: true, ...options });
      const before = process.cpuUsage();
      model.fit(data);
      const { user, system } = process.cpuUsage(before);
      const error = model.rmse(held);
      model.destroy();
      return { seconds: (user + system) / 1e6, error };
    },
  };
}
