/**
 * `npm run cluster`: the SVD of a matrix that no process has as a whole. Its rows lie in blocks with three workers; the
 * products of MᵀM X are jobs on BullMQ, with a Redis that this script starts and stops. One worker is killed on the way,
 * others take up what it held, and the result has the same bits as that of a single process.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Queue, QueueEvents } from 'bullmq';
import { svdsAsync } from 'gradient-svd/sparse';
import { startRedis } from './redis.js';
import { makeBlock, pack, products, shape, unpack } from './rows.js';

const rank = 6;
const shares = [0, 1, 2];
const { blocks, blockRows, columns } = shape;
const rows = blocks * blockRows;
const numbers = Array.from({ length: blocks }, (_, b) => b);

/**
 * M by its products: `ask(b, name, panel)` promises that of block b. M X is one part below the other; MᵀY is their sum,
 * in the order of the blocks, whoever was first: rounding depends on nobody's speed.
 */
const operator = (ask) => ({
  rows,
  columns,
  async multiply(X) {
    const parts = await Promise.all(numbers.map((b) => ask(b, 'multiply', X.data)));
    const data = new Float64Array(rows * X.columns);
    for (const [b, part] of parts.entries()) data.set(part, b * part.length);
    return { rows, columns: X.columns, data };
  },
  async multiplyTransposed(Y) {
    const size = blockRows * Y.columns;
    const panels = numbers.map((b) => Y.data.subarray(b * size, (b + 1) * size));
    const parts = await Promise.all(numbers.map((b) => ask(b, 'multiplyTransposed', panels[b])));
    const data = new Float64Array(columns * Y.columns);
    for (const part of parts) for (let i = 0; i < data.length; i++) data[i] += part[i];
    return { rows: columns, columns: Y.columns, data };
  },
});

const start = performance.now();
const say = (line) =>
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s  ${line}`);
const digest = ({ U, S, V }) => {
  const hash = createHash('sha256');
  for (const { buffer } of [U.data, S, V.data]) hash.update(new Uint8Array(buffer));
  return hash.digest('hex').slice(0, 16);
};
const told = ({ status, passes, residuals, S }) =>
  `${status} after ${passes} passes, largest residual ${(Math.max(...residuals) / S[0]).toExponential(1)} of S[0]`;

/** Workers that are up; the second is killed in its 40th job. What one leaves goes to all that are left. */
const workers = new Map();
function startWorker(share, port) {
  const worker = fork(new URL('worker.js', import.meta.url), [port, share, share === 1 ? 40 : 0]);
  workers.set(share, worker);
  worker.once('exit', (_, signal) => {
    workers.delete(share);
    say(
      `worker ${share} is gone (${signal}), with a job in hand; its blocks go to ${[...workers.keys()].join(' and ')}`,
    );
    for (const other of workers.values()) other.send(share);
  });
}

async function bySeveral() {
  const connection = await startRedis();
  say(`Redis listens on port ${connection.port}`);
  const options = {
    connection,
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { removeOnComplete: 100 },
  };
  const queues = shares.map((share) => new Queue(`share-${share}`, options));
  const events = shares.map((share) => new QueueEvents(`share-${share}`, { connection }));
  await Promise.all(events.map((one) => one.waitUntilReady()));
  for (const one of events)
    one.on('stalled', ({ jobId }) => say(`job ${jobId} of ${one.name} had stalled: it is given to another`));
  for (const share of shares) startWorker(share, connection.port);
  say(`${shares.length} workers, each with ${blocks / shares.length} blocks of ${blockRows} rows`);

  const answered = shares.map(() => 0);
  const ask = async (block, name, panel) => {
    const share = block % shares.length;
    const job = await queues[share].add(name, { block, panel: pack(panel) });
    const { worker, part } = await job.waitUntilFinished(events[share], 60_000);
    answered[worker]++;
    return unpack(part);
  };
  const found = await svdsAsync(operator(ask), {
    rank,
    onProgress: ({ passes }) => passes > 0 && passes % 5 === 0 && say(`pass ${passes}`),
  });
  say(told(found));
  say(`jobs answered: ${answered.map((count, share) => `${count} by worker ${share}`).join(', ')}`);

  for (const worker of workers.values()) worker.removeAllListeners('exit').kill();
  await Promise.all([...queues, ...events].map((one) => one.close()));
  return { found, killed: workers.size < shares.length };
}

console.log(`M is ${rows} x ${columns}; wanted: the ${rank} largest singular values`);
try {
  const { found, killed } = await bySeveral();
  say('once more, by a single process, undisturbed');
  const held = numbers.map(makeBlock);
  const alone = await svdsAsync(
    operator((b, name, panel) => products[name](held[b], panel)),
    { rank },
  );
  say(told(alone));
  const digests = [found, alone].map(digest);
  console.log(`\nS = ${Array.from(found.S, (s) => s.toFixed(6)).join(', ')}`);
  console.log(`bits of U, S and V: ${digests[0]} by several, ${digests[1]} by one`);
  if (!killed) throw new Error('no worker was killed: the run was too short to show it');
  if (digests[0] !== digests[1]) throw new Error('they differ');
  if (found.status !== 'converged') throw new Error('it has not converged');
  console.log('the same');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
process.exit();
