// ratings.c as a program.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Absent } from '../harness.js';

/**
 * For these ratings and a folder to work in: a function (method, iterations, { λ, rate, norm }) that gives of each iteration
 * the CPU seconds so far, the loss, and the root mean square error over the hidden ones.
 */
export function ratingsInC(folder, rank, known, hidden) {
  const program = join(folder, 'ratings');
  const source = fileURLToPath(new URL('ratings.c', import.meta.url));
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-ffast-math', '-o', program, source, '-lm']);
  } catch (error) {
    throw new Absent(error.code === 'ENOENT' ? 'no gcc' : `gcc: ${error.message}`);
  }
  const file = join(folder, 'entries');
  const order = Array.from(known.data.keys()).sort((a, b) => known.row[a] - known.row[b]);
  const list = (Kind, key) => Kind.from([...order.map((e) => known[key][e]), ...hidden[key]]);
  const { rows, columns, data } = known;
  const head = Int32Array.of(rows, columns, rank, data.length, hidden.data.length);
  const arrays = [head, list(Int32Array, 'row'), list(Int32Array, 'col'), list(Float64Array, 'data')];
  writeFileSync(file, Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer))));
  return (method, iterations, { λ, rate = 0, norm = 'uniform' }) =>
    execFileSync(
      program,
      [method, file, iterations, λ, rate, 1, norm === 'weighted' ? 0.75 : 0].map(String),
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n')
      .map((line) => {
        const [seconds, loss, error] = line.split(' ').map(Number);
        return { seconds, loss, error };
      });
}
