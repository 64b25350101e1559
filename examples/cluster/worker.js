/**
 * A worker: answers the jobs of its own share of the blocks; and those of another's once it is told that this one is
 * gone. Started by index.js with the port of Redis, the share, and the job in which it is to be killed (0: none).
 */
import { Worker } from 'bullmq';
import { makeBlock, pack, products, unpack } from './rows.js';

const [port, own, fatal] = process.argv.slice(2).map(Number);
const held = new Map();
let jobs = 0;

async function answer({ name, data: { block, panel } }) {
  // the plug is pulled with a job in hand: nobody is told, nothing is tidied up
  if (++jobs === fatal) process.kill(process.pid, 'SIGKILL');
  if (!held.has(block)) held.set(block, makeBlock(block));
  return { worker: own, part: pack(products[name](held.get(block), unpack(panel))) };
}

/** A job whose lock was not renewed for a second has stalled: it goes back into the queue. */
const stalling = { lockDuration: 1000, stalledInterval: 500, maxStalledCount: 10 };
const serve = (share) =>
  new Worker(`share-${share}`, answer, { connection: { host: '127.0.0.1', port }, ...stalling }).on(
    'error',
    ({ message }) => console.log(`worker ${own}: ${message}`),
  );

serve(own);
process.on('message', serve);
process.on('disconnect', () => process.exit());
