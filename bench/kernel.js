// The best rate the core's own product kernel reaches: the yardstick for everything made of products.

import { readFileSync } from 'node:fs';
import { seconds } from './harness.js';

const SET = 0;

/** A lane that times the kernel's best product, scaled to `flops`: how long they would take at its peak. */
export async function kernelPeak() {
  // (that of dist/ has short names)
  const bytes = readFileSync(new URL('../build/core.wasm', import.meta.url));
  const core = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const product = (size) => {
    const [a, b, c] = [0, 0, 0].map(() => core.alloc(size * size));
    for (const at of [a, b]) new Float64Array(core.memory.buffer, at, size * size).fill(0.5);
    return () => {
      core.__setArgumentsLength?.(13);
      core.gemm(SET, size, size, size, a, b, c, 0);
    };
  };
  let best = { rate: 0 };
  for (const size of [32, 64, 96, 128]) {
    const run = product(size);
    await seconds(run);
    const rate = (2 * size ** 3) / (await seconds(run));
    if (rate > best.rate) best = { rate, run, flops: 2 * size ** 3 };
  }
  return (flops) => async () => ((await seconds(best.run)) * flops) / best.flops;
}
