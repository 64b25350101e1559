import type { Problem } from './matrices.js';

/** The usual simple guess for a gap: the mean, plus what its row and its column differ from it. */
export function meansFill({ rows, columns, data }: Problem): Float64Array {
  const mean = (values: Float64Array) => {
    const known = values.filter((x) => !Number.isNaN(x));
    return known.length > 0 ? known.reduce((sum, x) => sum + x, 0) / known.length : undefined;
  };
  const all = mean(data) ?? 0;
  const byRow = Array.from(
    { length: rows },
    (_, i) => mean(data.subarray(i * columns, (i + 1) * columns)) ?? all,
  );
  const byColumn = Array.from(
    { length: columns },
    (_, j) => mean(data.filter((_, at) => at % columns === j)) ?? all,
  );
  return data.map((_, at) => byRow[Math.floor(at / columns)]! + byColumn[at % columns]! - all);
}
