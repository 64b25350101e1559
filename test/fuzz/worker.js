/** Runs batches, one after the other, and tells which case it is at: index.js watches. */
import { parentPort, workerData } from 'node:worker_threads';
import { batch } from './batch.js';
import { memories, reached } from './library.js';

const { seed, first, at, only } = workerData;
const now = new Int32Array(at);
for (let number = first; ; number++) {
  now[0] = number;
  const began = (run) => {
    now[1] = run;
  };
  const result = await batch(seed + number, began, only);
  const bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  parentPort.postMessage({ ...result, bytes, reached });
}
