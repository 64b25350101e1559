// program.js with every kind of type in use; compiled as a module and (as .cts) as CommonJS.
import {
  adam,
  initialize,
  type MatrixInput,
  type SvdFactors,
  type SvdOptions,
  SvdRangeError,
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
  } catch (error) {
    if (error instanceof SvdRangeError) throw error;
  }
  const rows: number[][] = factors.U.toArray();
  console.log(`${Array.from(factors.S, (s) => s.toFixed(9))} ${ended} ${rows.length}`);
}

main();
