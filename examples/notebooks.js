/**
 * `npm start`: both notebooks, from seed to plot. Guess U, S, V at random, improve the guess 20,000 times,
 * and look at what came of it.
 */
import { compare, directSvd, notebookAdam, notebookSgd, reconstruct, residuals, svd } from 'gradient-svd';
import { lossChart, writePage } from './support/chart.js';
import { matrices } from './support/matrices.js';
import { showTable } from './support/table.js';

const notebooks = {
  SGD: {
    options: notebookSgd,
    about: 'torch.optim.SGD(lr=0.9, momentum=0.9)',
    remark:
      'M3 is slow; M5 is stuck for ever, as a diagonal entry has reached 0. The defaults, below, solve both.',
  },
  Adam: {
    options: notebookAdam,
    about: 'torch.optim.Adam(weight_decay=1e-5)',
    remark: 'All five are about right; the weight decay holds them there.',
  },
};

const digits = (x) => (Math.abs(x) < 5e-5 ? '0' : x.toFixed(4)).padStart(8);
const small = (x) => (x === 0 ? '0' : x.toExponential(1)).padStart(9);
const block = (rows, format) => rows.map((row) => row.map(format).join(' '));
const beside = (...blocks) => {
  const height = Math.max(...blocks.map((lines) => lines.length));
  const widths = blocks.map((lines) => Math.max(...lines.map((line) => line.length)));
  for (let i = 0; i < height; i++) {
    console.log(
      `  ${blocks
        .map((lines, b) => (lines[i] ?? '').padEnd(widths[b]))
        .join('     ')
        .trimEnd()}`,
    );
  }
};

/** XᵀX */
const gram = (X) => X[0].map((_, a) => X[0].map((_, b) => X.reduce((sum, row) => sum + row[a] * row[b], 0)));

function showM1(name, result) {
  const M = matrices.M1;
  const direct = directSvd(M);
  const product = reconstruct(result).toArray();
  const difference = product.map((row, i) => row.map((x, j) => x - M[i][j]));
  // columns of the direct SVD flipped to the descent's signs, as the notebooks do by eye
  const [U, V, directU, directV] = [result.U, result.V, direct.U, direct.V].map((X) => X.toArray());
  const signs = U[0].map((_, c) => Math.sign(U.reduce((sum, row, i) => sum + row[c] * directU[i][c], 0)));
  const flipped = (X) => X.map((row) => row.map((x, c) => signs[c] * x));

  console.log(`\n${name}, M1: residuals against the constraints`);
  beside(['U S Vᵀ - M', ...block(difference, small)]);
  beside(['UᵀU', ...block(gram(U), digits)], ['VᵀV', ...block(gram(V), digits)]);
  console.log(`${name}, M1: by descent (left), by direct SVD (right)`);
  beside(['U', ...block(U, digits)], ['', ...block(flipped(directU), digits)]);
  beside(['S', ...block([[...result.S]], digits)], ['', ...block([[...direct.S]], digits)]);
  beside(['V', ...block(V, digits)], ['', ...block(flipped(directV), digits)]);
}

const charts = {};
for (const [name, { options, about, remark }] of Object.entries(notebooks)) {
  const histories = {};
  const table = {};
  for (const [matrix, M] of Object.entries(matrices)) {
    const before = performance.now();
    const result = svd(M, options);
    const milliseconds = performance.now() - before;
    if (matrix === 'M1') showM1(name, result);
    histories[matrix] = result.losses;
    const { reconstruction, orthonormalityU, orthonormalityV } = residuals(M, result);
    table[matrix] = {
      shape: `${M.length} x ${M[0].length}`,
      loss: result.loss.total.toExponential(1),
      '|USVᵀ-M|': reconstruction.toExponential(1),
      '|UᵀU-I|': orthonormalityU.toExponential(1),
      '|VᵀV-I|': orthonormalityV.toExponential(1),
      'S off direct': compare(result, directSvd(M)).S.toExponential(1),
      iterations: result.iterations,
      ms: Math.round(milliseconds),
    };
  }
  console.log(`\n${name}, all five: ${about}`);
  showTable(table);
  console.log(remark);
  charts[`notebook-${name.toLowerCase()}`] = await lossChart(
    `How fast does the gradient algorithm converge? It depends. (${name})`,
    `${about}, 20,000 iterations, each matrix from seed 314`,
    histories,
  );
}

console.log('\nAnd the defaults, svd(M): the same matrices, no knob touched');
showTable(
  Object.fromEntries(
    Object.entries(matrices).map(([matrix, M]) => {
      const off = (result) => residuals(M, result).reconstruction.toExponential(1);
      const result = svd(M);
      return [matrix, { iterations: result.iterations, '|USVᵀ-M|': off(result), status: result.status }];
    }),
  ),
);

const page = await writePage(
  'out/notebooks',
  'The notebooks: SVD by gradient descent',
  'Loss over iterations, one line for each matrix. SGD is done with M4 after 5,000 iterations, crawls on M3 and ' +
    'stays stuck on M5, where a diagonal entry has reached 0. Adam gets all five to about 1e-8, where its weight decay holds it.',
  charts,
);
console.log(
  `\nThe convergence plots: out/notebooks/notebook-sgd.svg, out/notebooks/notebook-adam.svg\nboth on a page:        ${page}`,
);
