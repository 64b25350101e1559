// Factors of ratings: to a loss within 1e-3 of its end, ours beside alternating least squares and the same conjugate gradients
// in C; the error over ratings that nobody saw beside that of SGD as Surprise's SVD does it, as it comes and tuned.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Absent, race } from '../harness.js';
import { madeRatings, part, rmse } from '../made-ratings.js';

export const title = 'Factors of ratings (made ones), k = 20, to a loss within 1e-3 of its end';

const RANK = 20;
const LAMBDA = 20;
const sizes = {
  full: [
    [943, 1682, 100_000],
    [6040, 3706, 1_000_000],
  ],
  quick: [[943, 1682, 100_000]],
};

/** The twin in C, for these ratings: a line of [CPU seconds so far, loss, RMSE] for each iteration. */
function twin(folder, known, hidden) {
  const program = join(folder, 'ratings');
  const source = fileURLToPath(new URL('../contenders/ratings.c', import.meta.url));
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-ffast-math', '-o', program, source, '-lm']);
  } catch (error) {
    throw new Absent(error.code === 'ENOENT' ? 'no gcc' : `gcc: ${error.message}`);
  }
  const file = join(folder, 'entries');
  const order = Array.from(known.data.keys()).sort((a, b) => known.row[a] - known.row[b]);
  const list = (Kind, key) => Kind.from([...order.map((e) => known[key][e]), ...hidden[key]]);
  const { rows, columns, data } = known;
  const head = Int32Array.of(rows, columns, RANK, data.length, hidden.data.length);
  const arrays = [head, list(Int32Array, 'row'), list(Int32Array, 'col'), list(Float64Array, 'data')];
  writeFileSync(file, Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer))));
  return (method, iterations, lambda, rate = 0) =>
    execFileSync(program, [method, file, iterations, lambda, rate, 1].map(String), { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
}

const within = (losses) => losses.findIndex((loss) => loss <= losses.at(-1) * 1.001) + 1;

async function compare(name, [rows, columns, count], mode, report, factorize) {
  const all = madeRatings(rows, columns, count);
  const [hidden, known] = [part(all, 0, count / 10), part(all, count / 10, count)];
  const folder = mkdtempSync(join(tmpdir(), 'gradient-svd-ratings-'));
  try {
    const C = twin(folder, known, hidden);
    const most = count > 1e5 ? 60 : 150;
    const options = { rank: RANK, regularization: LAMBDA, tolerance: 0 };
    const ends = {
      ours: [...factorize(known, { ...options, iterations: most }).losses],
      als: C('als', most / 2, LAMBDA).map(([, loss]) => loss),
      cg: C('cg', most, LAMBDA).map(([, loss]) => loss),
    };
    const off = Math.abs(ends.als.at(-1) / ends.ours.at(-1) - 1);
    if (!(off < 1e-3)) throw new Error(`${name}: ALS ends at a loss that differs by ${off}`);
    const at = Object.fromEntries(Object.entries(ends).map(([key, losses]) => [key, within(losses)]));
    const lanes = await race(
      {
        'gradient-svd': () => {
          const before = process.cpuUsage();
          factorize(known, { ...options, iterations: at.ours });
          const { user, system } = process.cpuUsage(before);
          return (user + system) / 1e6;
        },
        'ALS, C': () => C('als', at.als, LAMBDA).at(-1)[0],
        'the same, C': () => C('cg', at.cg, LAMBDA).at(-1)[0],
      },
      mode,
    );
    const predicted = factorize(known, { rank: RANK });
    const usual = C('sgd', 20, 0.02, 0.005).at(-1)[2];
    const tuned = Math.min(
      ...[0.05, 0.08, 0.12].flatMap((lambda) => C('sgd', 40, lambda, 0.01).map(([, , error]) => error)),
    );
    const errors = `${rmse(hidden, (i, j) => predicted.predict(i, j)).toFixed(4)} with λ chosen by itself`;
    report.notes.push(
      `${name}: ${at.ours}, ${at.als} and ${at.cg} iterations; RMSE over hidden ratings ${errors}, ` +
        `SGD as Surprise's ${usual.toFixed(4)}, tuned by the hidden ones themselves ${tuned.toFixed(4)}`,
    );
    return { name, lanes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run(mode, report) {
  const { factorize } = await import('../../dist/sparse.js');
  const rows = [];
  for (const size of sizes[mode.quick ? 'quick' : 'full']) {
    rows.push(await compare(`${size[2].toLocaleString('en')} ratings`, size, mode, report, factorize));
  }
  return { rows };
}
