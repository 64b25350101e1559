// Contenders that are processes of their own and time themselves. What is said, a line at a time:
//
//   to it                                                  from it
//   optimizer m n k lr momentum weightDecay penalty        (nothing yet)
//   the numbers of M
//   the numbers of the start [U | d | V]                   its name and versions
//   restart                                                ok
//   run COUNT                                              seconds, loss of the last iteration
//   state                                                  the numbers of [U | d | V]
//
// `lapack.py` is told m and n and M, knows no restart, and its state is [U | S | V].

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Absent } from '../harness.js';

const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const numbers = (line) => Float64Array.from(line.trim().split(' '), Number);

/** Starts the process, hands it the lines of the problem, and reads its name. */
async function open(command, args, lines) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...oneThread },
  });
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
  child.stdin.on('error', () => {});
  const ask = async (...words) => {
    child.stdin.write(`${words.join('\n')}\n`);
    const reply = await Promise.race([replies.next(), gone.then(() => ({ done: true }))]);
    if (reply.done) throw new Error(`${command} ended`);
    return reply.value;
  };
  let loss;
  return {
    version: await ask(...lines),
    /** Seconds it took. */
    async run(count) {
      let seconds;
      [seconds, loss] = numbers(await ask(`run ${count}`));
      return seconds;
    },
    lastLoss: () => loss,
    restart: () => ask('restart'),
    state: async () => numbers(await ask('state')),
    timesItself: true,
    close: () => child.kill(),
  };
}

const descentLines = (p) => [
  [p.optimizer, p.m, p.n, p.k, p.lr, p.momentum, p.weightDecay, p.penalty].join(' '),
  p.M.join(' '),
  p.start.join(' '),
];

const folder = join(tmpdir(), `gradient-svd-bench-${process.pid}`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** twin.c as a program. */
function compiled(flags) {
  const program = join(folder, `twin${flags.join('')}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('gcc', ['-O3', '-march=native', ...flags, '-o', program, here('twin.c'), '-lm']);
  } catch (error) {
    throw new Absent(error.code === 'ENOENT' ? 'no gcc' : `gcc: ${error.message}`);
  }
  return program;
}

/** The first python that has the module. */
function python(module) {
  for (const command of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(command, ['-c', `import ${module}`], { stdio: 'ignore' });
      return command;
    } catch {}
  }
  throw new Absent(`no python3 with ${module}`);
}

export const c = {
  name: 'C',
  digits: 15,
  open: (problem) => open(compiled([]), [], descentLines(problem)),
};

export const cFixed = {
  name: 'C, fixed sizes',
  digits: 15,
  open: (p) =>
    open(compiled([`-DM_ROWS=${p.m}`, `-DM_COLUMNS=${p.n}`, `-DRANK=${p.k}`]), [], descentLines(p)),
};

export const pytorch = {
  name: 'PyTorch',
  digits: 15,
  open: (problem) => open(python('torch'), [here('twin.py')], descentLines(problem)),
};

export const lapack = {
  name: 'LAPACK',
  open: (p) => open(python('numpy'), [here('lapack.py')], [`${p.m} ${p.n}`, p.M.join(' ')]),
};

export const arpack = {
  name: 'ARPACK',
  open: ({ rows, columns, k, data, indices, indptr }) =>
    open(
      python('scipy.sparse.linalg'),
      [here('arpack.py')],
      [`${rows} ${columns} ${k}`, data.join(' '), indices.join(' '), indptr.join(' ')],
    ),
};
