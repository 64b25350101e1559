/**
 * npm run memory [-- --share 0.1]: how much memory the core has after so many runs, and how much of it the first few
 * already took. It never shrinks, so that what leaks would make it grow.
 */

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { freshLibrary, freshSparse, memories } from '../fuzz/library.js';

const { values } = parseArgs({ options: { share: { type: 'string', default: '1' } } });
const share = Number(values.share);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
/** Garbage is collected, and those who wait for that have their turn. */
async function settled() {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let lib = await freshLibrary();
let sparse;
const random = lib.manualSeed(314);
const draw = (most) => Math.floor(most * random.rand(1, 1).data[0]);
const size = () => 1 + draw(24);

const small = lib.manualSeed(1).rand(5, 4);
const large = lib.manualSeed(2).rand(512, 512);
const held = [];

/** A sparse matrix of any size up to 300 x 300. */
function scattered() {
  const [rows, columns, count] = [5 + draw(295), 5 + draw(295), 1 + draw(2000)];
  const places = (most) => Int32Array.from({ length: count }, () => draw(most));
  return {
    rows,
    columns,
    data: Float64Array.from(places(5), (x) => x + 1),
    row: places(rows),
    col: places(columns),
  };
}

/** Anything that takes memory in the core, of any size; some of it is held for a while. */
function mixed() {
  const M = random.rand(size(), size());
  const ways = [
    () => lib.svd(M, { iterations: 2 }),
    () => lib.directSvd(M),
    () => lib.pseudoInverse(lib.directSvd(M)),
    () => lib.svd(M, { optimizer: lib.lbfgs({ historySize: 1 + draw(50) }), iterations: 2 }),
    () => held.push(lib.descend(M)),
    () => held.splice(draw(held.length), 1)[0]?.dispose(),
  ];
  ways[draw(ways.length)]();
  if (held.length > 40) held.shift().dispose();
}

const rows = [
  ['svd of 5 x 4', 100_000, 1000, () => lib.svd(small)],
  ['svd of 512 x 512', 100, 3, () => lib.svd(large)],
  ['anything of up to 24 x 24, in any order', 100_000, 20_000, mixed],
  [
    'descents on 64 x 64 that nobody disposes of',
    5000,
    2000,
    (i) => {
      lib.descend(random.rand(64, 64));
      return i % 100 === 99;
    },
  ],
  [
    'that fail: a getter throws',
    20_000,
    1000,
    () => {
      try {
        lib.svd({ rows: 8, columns: 8, get: (i) => (i < 7 ? 1 : null.x) });
      } catch {}
    },
  ],
];
const sparseRows = [
  [
    'svds of up to 300 x 300',
    2000,
    200,
    () => sparse.svds(scattered(), { rank: 1 + draw(5), iterations: 50 }),
  ],
  [
    'factorize of up to 300 x 300',
    2000,
    200,
    () => sparse.factorize(scattered(), { rank: 1 + draw(8), regularization: 1, iterations: 20 }),
  ],
  [
    'svdsAsync, aborted',
    2000,
    200,
    () => sparse.svdsAsync(scattered(), { rank: 2, signal: { aborted: true } }).catch(() => undefined),
  ],
  [
    'svds that fail: an index too large',
    20_000,
    1000,
    () => {
      try {
        sparse.svds({ rows: 9, columns: 9, data: [1, 2], row: [0, 9], col: [0, 0] }, { rank: 1 });
      } catch {}
    },
  ],
];

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
let grown = 0;
for (const [name, times, first, work] of [...rows, ...sparseRows]) {
  // a core of its own
  lib = await freshLibrary();
  lib.svd(small);
  sparse = await freshSparse();
  let memory = memories.at(-1);
  if (sparseRows.some(([one]) => one === name)) {
    sparse.svds([[0, 0, 1]], { rank: 1 });
    memory = memories.at(-1);
  }
  held.length = 0;
  const [count, few] = [times, first].map((number) => Math.max(1, Math.round(number * share)));
  let early = 0;
  for (let i = 0; i < count; i++) {
    if ((await work(i)) === true) await settled();
    if (i === few - 1) {
      await settled();
      early = memory.buffer.byteLength;
    }
  }
  await settled();
  const now = memory.buffer.byteLength;
  // (of what comes and goes at random the most that is there at once may come late; what leaks is many times as much)
  if (now > 1.5 * early) grown++;
  const heap = mebibytes(process.memoryUsage().heapUsed);
  console.log(
    `${count} x ${name}: the core has ${mebibytes(now)}, after ${few} it had ${mebibytes(early)}; heap ${heap}`,
  );
}
console.log(grown === 0 ? 'flat' : `${grown} grew`);
process.exitCode = grown;
