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
import {
  type BlocksInput,
  type Csr,
  factorize,
  type OperatorInput,
  project,
  type SparseInput,
  type SvdsBlocksResult,
  svds,
  svdsAsync,
} from 'gradient-svd/sparse';

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
  await sparse();
  console.log(`${Array.from(factors.S, (s) => s.toFixed(9))} ${ended} ${rows.length}`);
}

async function sparse(): Promise<void> {
  const csr: Csr = { rows: 2, columns: 2, data: [3, 1], indices: Int32Array.of(0, 1), indptr: [0, 1, 2] };
  const inputs: SparseInput[] = [
    csr,
    new Set([[0, 0, 3]] as const),
    { shape: [1, 1], data: [3], row: [0], col: [0] },
  ];
  const operator: OperatorInput = {
    rows: 2,
    columns: 2,
    multiply: (X) => X,
    multiplyTransposed: async (Y) => Y,
  };
  const blocks: BlocksInput = { columns: 2, blocks: () => [[[0, 0]], csr] };
  const found: SvdsBlocksResult = await svdsAsync(blocks, { rank: 1 });
  const heights: number[] = [];
  for await (const { rows } of project(blocks, found)) heights.push(rows);
  const S: Floats[] = [...inputs.map((A) => svds(A, { rank: 1 }).S), found.S];
  if (S.some(([s]) => s?.toFixed(9) !== '3.000000000')) throw new Error(`${S}`);
  const { status } = await svdsAsync(operator, { rank: 1 });
  const marks: number[] = factorize([[0, 0, 5]], { rank: 1, regularization: 1 })
    .recommend(0)
    .map(({ value }) => value);
  if (status !== 'converged' || marks.length !== 1 || `${heights}` !== '1,2') throw new Error(status);
  try {
    // @ts-expect-error: rank must be given
    svds(csr, {});
    // @ts-expect-error: words are no entries of a sparse matrix
    svds(['one', 'two'], { rank: 1 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

main();
