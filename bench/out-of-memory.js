// node bench/out-of-memory.js [rows] [--json]: svds of a matrix larger than the memory it is given. 2 M rows x 1000, 10 entries a row,
// lie in a file (244 MB) as blocks of rows, read anew in each pass. Prints passes, residual, CPU time and resident memory.

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svdsAsync } from '../dist/sparse.js';

const [json, words] = [process.argv.includes('--json'), process.argv.slice(2)];
const rows = Number(words.find((word) => /^\d+$/.test(word)) ?? 2_000_000);
const [columns, each, block, rank] = [1000, 10, 20_000, 10];
/** Bytes of a block: an int32 and a float64 an entry. */
const bytes = 12 * each * block;

/** xorshift32: the same matrix each time. */
let state = 314;
function draw() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

const folder = await mkdtemp(join(tmpdir(), 'gradient-svd-'));
const file = await open(join(folder, 'rows'), 'w+');
try {
  for (let at = 0; at < rows; at += block) {
    const data = new Float64Array(each * block);
    const indices = new Int32Array(each * block);
    for (let e = 0; e < data.length; e++) {
      // a few columns have most of the weight: a spectrum that decays
      const j = Math.floor(columns * draw() ** 2);
      [indices[e], data[e]] = [j, (draw() - 0.3) / Math.sqrt(1 + j)];
    }
    await file.write(new Uint8Array(data.buffer));
    await file.write(new Uint8Array(indices.buffer));
  }
  const indptr = Int32Array.from({ length: block + 1 }, (_, i) => each * i);
  const buffer = new ArrayBuffer(bytes);
  const data = new Float64Array(buffer, 0, each * block);
  const indices = new Int32Array(buffer, data.byteLength, each * block);
  let most = 0;
  const blocks = async function* () {
    for (let at = 0; at < rows; at += block) {
      await file.read(new Uint8Array(buffer), 0, bytes, (at / block) * bytes);
      yield { rows: block, columns, data, indices, indptr };
      most = Math.max(most, process.memoryUsage.rss());
    }
  };
  const before = process.cpuUsage();
  const { S, status, passes, residuals } = await svdsAsync({ columns, blocks }, { rank });
  const { user, system } = process.cpuUsage(before);
  const worst = Math.max(...residuals) / S[0];
  const said =
    `${rows} x ${columns}, ${each * rows} entries: ${status} after ${passes} passes, residual ${worst.toExponential(1)}, ` +
    `${((user + system) / 1e6).toFixed(1)} s CPU, ${(most / 1e6).toFixed(0)} MB resident`;
  console.log(json ? JSON.stringify({ said, passes, residual: worst, resident: most }) : said);
} finally {
  await file.close();
  await rm(folder, { recursive: true });
}
