/** Runs batches, one after the other, and tells which case it is at: index.js watches. */
import { parentPort, workerData } from 'node:worker_threads';
import { batch } from './batch.js';
import { memories } from './library.js';

const { seed, first, at } = workerData;
const now = new Int32Array(at);
for (let number = first; ; number++) {
  now[0] = number;
  const result = await batch(seed + number, (run) => {
    now[1] = run;
  });
  const bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  parentPort.postMessage({ ...result, bytes });
}
