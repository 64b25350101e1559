/**
 * `npm start`: both notebooks, from seed to plot. Guess U, S, V at random, improve the guess 20,000 times, and look at
 * what came of it: first what is given, then each notebook, then the defaults.
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
      'Look at the column |USVᵀ-M|. M1, M2 and M4 are found, to the last digit. M3 is on its way, slowly. M5 is stuck for\n' +
      'ever: an entry of the diagonal has reached 0, where S = d² has no slope. (The defaults, in part 4, solve both.)',
  },
  Adam: {
    options: notebookAdam,
    about: 'torch.optim.Adam(weight_decay=1e-5)',
    remark:
      'All five are about right, none to more than five digits: weight decay pulls at every entry, so that the loss is\n' +
      'least a little beside the answer.',
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

  console.log(`\n${name}, M1: what should be zero, and what should be the identity`);
  beside(['U S Vᵀ - M', ...block(difference, small)]);
  beside(['UᵀU', ...block(gram(U), digits)], ['VᵀV', ...block(gram(V), digits)]);
  console.log(
    `${name}, M1: U, S, V by descent (left) and by a direct SVD (right): the same, to the digits of its loss`,
  );
  beside(['U', ...block(U, digits)], ['', ...block(flipped(directU), digits)]);
  beside(['S', ...block([[...result.S]], digits)], ['', ...block([[...direct.S]], digits)]);
  beside(['V', ...block(V, digits)], ['', ...block(flipped(directV), digits)]);
}

console.log('1. Given: five small matrices of random numbers, M1 to M5. The first of them:\n');
beside(['M1', ...block(matrices.M1, digits)]);
console.log('\nTo be found, for each: U, S, V with M = U diag(S) Vᵀ, the columns of U and of V orthonormal.');
console.log(
  'How: guess them at random, then improve the guess 20,000 times, down the slope of a loss that is 0 at the answer.',
);

const charts = {};
let part = 2;
for (const [name, { options, about, remark }] of Object.entries(notebooks)) {
  console.log(`\n${part++}. The ${name} notebook: ${about}`);
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
  console.log(`\n${name}, all five matrices\n`);
  showTable(table);
  console.log(`\n${remark}`);
  charts[`notebook-${name.toLowerCase()}`] = await lossChart(
    `How fast does the gradient algorithm converge? It depends. (${name})`,
    `${about}, 20,000 iterations, each matrix from seed 314`,
    histories,
  );
}

console.log('\n4. The defaults, svd(M): the same matrices, nothing to tune, a handful of iterations\n');
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
  `\n5. The plots, loss over iterations: out/notebooks/notebook-sgd.svg, out/notebooks/notebook-adam.svg\n   both on a page: ${page}\n\nNext: npm run playground (watch it), npm run race (every optimizer), or a file of examples/starters/ to begin with.`,
);
