// What it costs a host: from import to the first result in a fresh process, memory after many runs, size on the wire.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inFreshNode, race } from '../harness.js';

export const title = 'Start, size and memory';

const folder = new URL('..', import.meta.url);
const M = '[[3, 1, 2, 5], [1, 4, 2, 1], [2, 2, 6, 3], [0, 1, 1, 2], [5, 3, 2, 4]]';

const firstResults = {
  'gradient-svd': `const { svd } = await import('../dist/gradient-svd.js'); svd(${M});`,
  'ml-matrix': `const { SVD } = await import('ml-matrix'); new SVD(${M});`,
  'svd-js': `const { SVD } = await import('svd-js'); SVD(${M});`,
  'eigen wasm': `const { default: eig } = await import('eigen'); await eig.ready;
    eig.Decompositions.svd(new eig.Matrix(${M}), true);`,
  'tfjs cpu': `const tf = await import('@tensorflow/tfjs'); tf.enableProdMode(); await tf.setBackend('cpu');
    tf.matMul(${M}, ${M}, true).dataSync();`,
};

const firstResult = (code) => () =>
  inFreshNode(`
  const begun = performance.now();
  ${code}
  console.log((performance.now() - begun) / 1000);
  process.exit();`);

/** Bytes held after so many runs of each kind on 5 x 4: V8's heap, the core's wasm memory, the process. */
const memory = (runs) =>
  inFreshNode(
    `
  let core;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (...from) {
    const instance = new Instance(...from);
    core = instance.exports.memory;
    return instance;
  };
  const { svd, directSvd, descend, notebookSgd } = await import('../dist/gradient-svd.js');
  const M = ${M};
  function once() {
    svd(M, { iterations: 10 });
    directSvd?.(M);
    const descent = descend(M, notebookSgd);
    descent.step(10);
    descent.dispose();
  }
  const taken = [];
  let done = 0;
  for (const runs of ${JSON.stringify(runs)}) {
    for (; done < runs; done++) once();
    gc();
    const { rss, heapUsed } = process.memoryUsage();
    taken.push({ runs, resident: rss, heap: heapUsed, core: core.buffer.byteLength });
  }
  console.log(JSON.stringify(taken));`,
    '--expose-gc',
  );

export async function run(mode, report) {
  const lanes = Object.fromEntries(
    Object.entries(firstResults).map(([name, code]) => [name, firstResult(code)]),
  );
  const rows = [
    {
      name: 'import to first result, 5 x 4',
      lanes: await race(lanes, { ...mode, rounds: mode.quick ? 3 : 15 }),
    },
  ];
  report.notes.push('tfjs has no SVD: its first result is a product.');
  const bundle = readFileSync(new URL('../dist/umd/gradient-svd.js', folder));
  const sparse = readFileSync(new URL('../dist/umd/sparse.js', folder));
  return {
    rows,
    bundle: { bytes: bundle.length, gzip: gzipSync(bundle, { level: 9 }).length },
    sparse: gzipSync(sparse, { level: 9 }).length,
    memory: memory(mode.quick ? [1000, 10_000] : [10_000, 100_000]),
  };
}
