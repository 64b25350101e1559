/**
 * `npm start`: both notebooks, from seed to plot. Guess U, S, V at random, improve the guess 20,000 times, and look at
 * what came of it: first what is given, then each notebook, then the defaults.
 * To copy it: npm install gradient-svd markdown-table vega@5 vega-lite@5
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  compare,
  directSvd,
  manualSeed,
  notebookAdam,
  notebookSgd,
  reconstruct,
  residuals,
  svd,
} from 'gradient-svd';
import { markdownTable } from 'markdown-table';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

const { values: given } = parseArgs({
  options: {
    iterations: { type: 'string', default: '20000' },
    plot: { type: 'string', default: 'out/notebooks.svg' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (given.help) {
  console.log('node examples/notebooks.js [--iterations 20000] [--plot out/notebooks.svg]');
  process.exit();
}
const iterations = Number(given.iterations);

const rand = (seed, rows, columns) => manualSeed(seed).rand(rows, columns);
/** Each matrix is drawn after its own `torch.manual_seed`. */
const matrices = {
  M1: rand(314, 5, 4),
  M2: rand(315, 4, 4),
  M3: rand(316, 7, 4),
  M4: rand(317, 3, 4).transpose(),
  M5: rand(317, 4, 3),
};

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
const power = (x) => (x === 0 ? '0' : x.toExponential(1));
const block = (title, rows, format = digits) => [
  title,
  ...Array.from(rows, (row) => Array.from(row, format).join(' ')),
];

/** Prints blocks of lines beside each other. */
function beside(...blocks) {
  const widths = blocks.map((lines) => Math.max(...lines.map((line) => line.length)));
  for (let i = 0; i < Math.max(...blocks.map((lines) => lines.length)); i++) {
    const line = blocks.map((lines, b) => (lines[i] ?? '').padEnd(widths[b])).join('     ');
    console.log(`  ${line.trimEnd()}`);
  }
}

/** Prints rows with the same keys as a table. */
function show(rows) {
  const align = Object.keys(rows[0]).map((_, column) => (column ? 'r' : 'l'));
  console.log(markdownTable([Object.keys(rows[0]), ...rows.map(Object.values)], { align }));
}

/** XᵀX */
const gram = (X) => {
  const columns = X.transpose().toArray();
  return columns.map((a) => columns.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)));
};

function showM1(name, { U, S, V }) {
  const M = matrices.M1;
  const direct = directSvd(M);
  const product = reconstruct({ U, S, V });
  // columns of the direct SVD flipped to the descent's signs, as the notebooks do by eye
  const signs = S.map((_, c) =>
    Math.sign(U.toArray().reduce((sum, row, i) => sum + row[c] * direct.U.get(i, c), 0)),
  );
  const flipped = (X) => X.toArray().map((row) => row.map((x, c) => signs[c] * x));

  console.log(`\n${name}, M1: what should be zero, and what should be the identity`);
  const difference = product.toArray().map((row, i) => row.map((x, j) => x - M.get(i, j)));
  beside(block('U S Vᵀ - M', difference, (x) => power(x).padStart(9)));
  beside(block('UᵀU', gram(U)), block('VᵀV', gram(V)));
  console.log(
    `${name}, M1: U, S, V by descent (left) and by a direct SVD (right): the same, to the digits of its loss`,
  );
  beside(block('U', U), block('', flipped(direct.U)));
  beside(block('S', [S]), block('', [direct.S]));
  beside(block('V', V), block('', flipped(direct.V)));
}

console.log('1. Given: five small matrices of random numbers, M1 to M5. The first of them:\n');
beside(block('M1', matrices.M1));
console.log('\nTo be found, for each: U, S, V with M = U diag(S) Vᵀ, the columns of U and of V orthonormal.');
console.log(
  `How: guess them at random, then improve the guess ${iterations.toLocaleString('en')} times, down the slope of a loss that is 0 at the answer.`,
);

const points = [];
for (const [part, [name, { options, about, remark }]] of Object.entries(notebooks).entries()) {
  console.log(`\n${part + 2}. The ${name} notebook: ${about}`);
  const rows = Object.entries(matrices).map(([matrix, M]) => {
    const before = performance.now();
    const result = svd(M, { ...options, iterations });
    const milliseconds = performance.now() - before;
    if (matrix === 'M1') showM1(name, result);
    for (const [iteration, loss] of result.losses.entries()) {
      if (iteration % Math.ceil(iterations / 500) === 0)
        points.push({ notebook: name, matrix, iteration, loss });
    }
    const off = residuals(M, result);
    return {
      '': matrix,
      shape: `${M.rows} x ${M.columns}`,
      loss: power(result.loss.total),
      '|USVᵀ-M|': power(off.reconstruction),
      '|UᵀU-I|': power(off.orthonormalityU),
      '|VᵀV-I|': power(off.orthonormalityV),
      'S off direct': power(compare(result, directSvd(M)).S),
      iterations: result.iterations,
      ms: Math.round(milliseconds),
    };
  });
  console.log(`\n${name}, all five matrices\n`);
  show(rows);
  console.log(`\n${remark}`);
}

console.log('\n4. The defaults, svd(M): the same matrices, nothing to tune, a handful of iterations\n');
show(
  Object.entries(matrices).map(([matrix, M]) => {
    const result = svd(M);
    const off = residuals(M, result).reconstruction;
    return { '': matrix, iterations: result.iterations, '|USVᵀ-M|': power(off), status: result.status };
  }),
);

const { spec } = compile({
  title: 'How fast does the gradient algorithm converge? It depends.',
  background: 'white',
  data: { values: points },
  facet: { row: { field: 'notebook', title: null, sort: Object.keys(notebooks) } },
  spec: {
    width: 720,
    height: 320,
    mark: 'line',
    encoding: {
      x: { field: 'iteration', type: 'quantitative' },
      y: {
        field: 'loss',
        type: 'quantitative',
        scale: { type: 'log' },
        axis: { format: '.0e', tickCount: 6 },
      },
      color: {
        field: 'matrix',
        type: 'nominal',
        // told apart by colour-blind readers too (Okabe and Ito)
        scale: { range: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'] },
      },
    },
  },
  resolve: { scale: { y: 'independent' } },
});
mkdirSync(dirname(given.plot), { recursive: true });
writeFileSync(given.plot, await new View(parse(spec), { renderer: 'none' }).toSVG());
console.log(`
5. The plot, loss over iterations for each matrix: ${given.plot} (any browser shows it)

Next: npm run playground (watch it), npm run race (every optimizer), or a file of examples/starters/ to begin with.`);
