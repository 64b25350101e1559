/**
 * npm run fuzz [-- --minutes 10 --cases 100000 --seed 1 --only svds,saves]: random cases against the built package,
 * judged by an SVD of the tests' own; all kinds of them (cases.js), or some. Batch number b comes from the seed + b; what
 * is found is shown with its seed.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const only = values.only?.split(',');
const most = Number(values.cases ?? Infinity);
const end = performance.now() + 60_000 * Number(values.minutes ?? (values.cases ? Infinity : 1));
/** A case that takes more CPU time than this hangs. */
const HANG = 5e6;

/** What may be found, and how often it was. */
const counts = { trap: 0, hang: 0, untyped: 0, wrong: 0, changed: 0, unconverged: 0, error: 0 };
const outcomes = {};
let cases = 0;
let next = 0;
let bytes = 0;
/** Exports of both bundles, and those that were used. */
let reached = { exports: new Set(), seen: new Set() };

const start = performance.now();
const finding = ({ seed, kind, message, described }) => {
  counts[kind]++;
  if (counts[kind] <= 3)
    console.log(
      `\n${kind}, --seed ${seed} --cases 100${only ? ` --only ${only}` : ''}\n${message}\n${described}`,
    );
};

/** Batches from number `next` on, until time is up or a case hangs. */
function work() {
  return new Promise((resolve, reject) => {
    const at = new SharedArrayBuffer(8);
    const now = new Int32Array(at);
    const worker = new Worker(new URL('worker.js', import.meta.url), {
      workerData: { seed, first: next, at, only },
    });
    let last = '';
    let since = process.cpuUsage();
    const stop = () => {
      clearInterval(watch);
      worker.terminate().then(resolve);
    };
    const watch = setInterval(() => {
      if (`${now}` !== last) {
        last = `${now}`;
        since = process.cpuUsage();
      }
      const { user, system } = process.cpuUsage(since);
      if (user + system > HANG) {
        finding({
          seed: seed + now[0],
          kind: 'hang',
          message: `case ${now[1]} of this batch`,
          described: '',
        });
        next = now[0] + 1;
        stop();
      } else if (performance.now() > end) stop();
    }, 100);
    worker.on('message', (batch) => {
      cases += batch.cases;
      bytes = batch.bytes;
      reached = batch.reached;
      next++;
      for (const [outcome, times] of Object.entries(batch.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
      if (batch.found) finding(batch.found);
      if (cases >= most) stop();
    });
    worker.on('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

while (cases < most && performance.now() < end) await work();

console.log('\nwhat came of them:');
for (const [outcome, times] of Object.entries(outcomes).sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`  ${outcome}  ${times}`);
const told = Object.entries(counts).map(([kind, times]) => `${times} ${kind}`);
console.log(
  `\n${cases} cases, seeds ${seed} to ${seed + next - 1}, ${((performance.now() - start) / 1000).toFixed(0)} s, ` +
    `the cores have ${(bytes / 2 ** 20).toFixed(1)} MiB: ${told.join(', ')}`,
);
const never = [...reached.exports].filter((name) => !reached.seen.has(name));
console.log(
  `${reached.exports.size - never.length} of ${reached.exports.size} exports used${never.length ? `; not: ${never.join(', ')}` : ''}`,
);
process.exitCode = Object.values(counts).some((times) => times > 0) ? 1 : 0;
