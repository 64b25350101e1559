/**
 * `npm run lsa`: latent semantic analysis (Deerwester et al. 1990) of WordNet's glosses. Words that stand in like
 * glosses come to lie near each other in the space of the 50 largest singular values. `-- --quick`: of every 20th gloss.
 */
import { svds } from '../../dist/sparse.js';
import { plotSpectrum } from '../support/spectrum.js';
import { corpus } from './corpus.js';

const quick = process.argv.includes('--quick');
const rank = 50;
const { matrix, vocabulary } = corpus(quick ? 20 : 1);
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

/** Words as rows of V diag(S), of unit length: their scalar products are cosines. */
const points = vocabulary.map((_, j) => {
  const x = Array.from(S, (s, a) => s * V.get(j, a));
  const length = Math.hypot(...x) || 1;
  return x.map((value) => value / length);
});
function nearest(word, count = 6) {
  const at = vocabulary.indexOf(word);
  if (at < 0) return [];
  const cosines = points.map((x, j) => [x.reduce((sum, value, a) => sum + value * points[at][a], 0), j]);
  return cosines
    .filter(([, j]) => j !== at)
    .sort(([a], [b]) => b - a)
    .slice(0, count)
    .map(([cosine, j]) => `${vocabulary[j]} ${cosine.toFixed(2)}`);
}
console.log('\nnearest words, by the cosine of their vectors');
for (const word of ['fish', 'music', 'flower', 'disease', 'ship', 'river'])
  console.log(`${word.padEnd(8)} ${nearest(word).join(', ')}`);

console.log(
  `\nspectrum: ${await plotSpectrum(S, 'The spectrum of WordNet', `${rows} glosses by ${columns} words, tf-idf`, 'lsa')}`,
);
