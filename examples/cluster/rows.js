/**
 * The matrix of this example, 24,000 x 500, in 12 blocks of 2,000 rows with 8 entries each; and its two products.
 * A block is made from its number, so that any machine has it: elsewhere it would lie on a disk.
 */
export const shape = { blocks: 12, blockRows: 2000, columns: 500 };

/** xorshift32, from 0 to 1 */
function draws(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Block b, as CSR with as many entries in each row. */
export function makeBlock(b) {
  const { blockRows, columns } = shape;
  const each = 8;
  const draw = draws(1 + b);
  // a few columns have most of the weight: a spectrum that decays
  const indices = Int32Array.from({ length: each * blockRows }, () => Math.floor(columns * draw() ** 2));
  const data = Float64Array.from(indices, (j) => (draw() - 0.3) / Math.sqrt(1 + j));
  return { each, indices, data };
}

/** What the workers are asked for: the block times a panel of a few columns, row by row. */
export const products = {
  multiply({ each, indices, data }, X) {
    const { blockRows, columns } = shape;
    const width = X.length / columns;
    const Y = new Float64Array(blockRows * width);
    for (let e = 0; e < data.length; e++) {
      const [to, from] = [Math.floor(e / each) * width, indices[e] * width];
      for (let c = 0; c < width; c++) Y[to + c] += data[e] * X[from + c];
    }
    return Y;
  },
  multiplyTransposed({ each, indices, data }, Y) {
    const { blockRows, columns } = shape;
    const width = Y.length / blockRows;
    const Z = new Float64Array(columns * width);
    for (let e = 0; e < data.length; e++) {
      const [to, from] = [indices[e] * width, Math.floor(e / each) * width];
      for (let c = 0; c < width; c++) Z[to + c] += data[e] * Y[from + c];
    }
    return Z;
  },
};

/** Numbers as a text that keeps every bit: jobs are JSON. */
export const pack = (numbers) =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
export const unpack = (text) => new Float64Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
