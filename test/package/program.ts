// program.js with every kind of type in use; compiled as a module and (as .cts) as CommonJS.
import {
  adam,
  descend,
  type Floats,
  initialize,
  type MatrixInput,
  type SvdFactors,
  type SvdOptions,
  SvdRangeError,
  sgd,
  solve,
  svd,
} from 'gradient-svd';

const M: MatrixInput = [Float32Array.of(0, 5), [3, 0], [0, 0]];
const options: SvdOptions = { rank: 2, penalty: { U: 0.01, V: 0.01 }, signs: 'positive' };

async function main(module?: WebAssembly.Module): Promise<void> {
  await initialize(module);
  const factors: SvdFactors = svd(M, options);
  const { status } = svd(M, { optimizer: adam({ betas: [0.9, 0.99] }), iterations: 1, tolerance: 0 });
  const ended: 'running' | 'converged' | 'max-iterations' | 'diverged' = status;
  try {
    // @ts-expect-error: an option that does not exist
    svd(M, { ranks: 2 });
    // @ts-expect-error: a matrix of strings
    svd([['1']]);
    // @ts-expect-error: a slip of the pen in a hyper-parameter
    descend(M, { optimizer: sgd({ lr: 0.1 }) }).tune({ momentun: 0.5 });
  } catch (error) {
    if (error instanceof SvdRangeError) throw error;
  }
  const rows: number[][] = factors.U.toArray();
  // what Blob and WebGPU ask for: memory that is not shared (before TypeScript 5.7 there was but one Float64Array)
  const own: Floats[] = [factors.S, factors.U.data, solve(factors, [1, 2, 3])];
  const buffers: ArrayBufferLike[] = own.map(({ buffer }) => buffer);
  if (buffers.length !== 3) throw new Error('three arrays');
  console.log(`${Array.from(factors.S, (s) => s.toFixed(9))} ${ended} ${rows.length}`);
}

main();
