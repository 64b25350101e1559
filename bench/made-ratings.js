/**
 * Made ratings, in the manner of real ones: no set of ratings that may be passed on is in a package. Of `rows` people and
 * `columns` things, known as unevenly as they are in life (log-normal), `count` pairs rate
 *
 *     3.5 + 0.4 a + 0.5 b + Σ 0.35 · 0.8^c u v + 0.85 noise    (a, b, u, v, noise: normal; c = 0 .. 11)
 *
 * rounded to 1 .. 5. Coordinates as `gradient-svd/sparse` takes them.
 */
export function madeRatings(rows, columns, count, seed = 1) {
  // splitmix32
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const list = (length, of) => Float64Array.from({ length }, of);
  const tastes = 12;
  const [U, V] = [list(rows * tastes, normal), list(columns * tastes, normal)];
  const [a, b] = [list(rows, () => 0.4 * normal()), list(columns, () => 0.5 * normal())];
  /** Draws an index, the i-th as often as its share says. */
  const drawer = (length, spread) => {
    const upTo = list(length, () => Math.exp(spread * normal()));
    for (let i = 1; i < length; i++) upTo[i] += upTo[i - 1];
    return () => {
      const x = uniform() * upTo[length - 1];
      let [low, high] = [0, length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (upTo[middle] > x) high = middle;
        else low = middle + 1;
      }
      return low;
    };
  };
  const [person, thing] = [drawer(rows, 1), drawer(columns, 1.3)];
  const seen = new Set();
  const [row, col, data] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let e = 0; e < count; ) {
    const [i, j] = [person(), thing()];
    if (seen.has(i * columns + j)) continue;
    seen.add(i * columns + j);
    let x = 3.5 + a[i] + b[j] + 0.85 * normal();
    for (let c = 0; c < tastes; c++) x += 0.35 * 0.8 ** c * U[i * tastes + c] * V[j * tastes + c];
    [row[e], col[e], data[e]] = [i, j, Math.min(5, Math.max(1, Math.round(x)))];
    e++;
  }
  return { rows, columns, row, col, data };
}

/** Entries `from` .. `to` - 1 of them. */
export const part = ({ rows, columns, row, col, data }, from, to) => ({
  rows,
  columns,
  row: row.slice(from, to),
  col: col.slice(from, to),
  data: data.slice(from, to),
});

/** Root mean square of what is predicted against the entries. */
export function rmse({ row, col, data }, predict) {
  const squares = data.reduce((sum, x, e) => sum + (predict(row[e], col[e]) - x) ** 2, 0);
  return Math.sqrt(squares / data.length);
}
