/** Principal components: in which directions do flowers differ, and where in them is a new one? (Four kinds of lengths, cm) */
import { project, svd } from 'gradient-svd';

const flowers = [
  [5.1, 3.5, 1.4, 0.2],
  [4.9, 3.0, 1.4, 0.2],
  [5.0, 3.6, 1.4, 0.2],
  [7.0, 3.2, 4.7, 1.4],
  [6.4, 3.2, 4.5, 1.5],
  [5.5, 2.3, 4.0, 1.3],
  [6.3, 3.3, 6.0, 2.5],
  [5.8, 2.7, 5.1, 1.9],
  [7.1, 3.0, 5.9, 2.1],
];

const pca = svd(flowers, { center: 'columns' });
const variances = pca.S.map((s) => s ** 2 / (flowers.length - 1));
const total = variances.reduce((a, b) => a + b);
console.log('means     ', Array.from(pca.mean, (x) => x.toFixed(2)).join(' '));
console.log('explained ', Array.from(variances, (x) => `${((100 * x) / total).toFixed(1)}%`).join(' '));

// scores: U S; for new rows the same of their projection
const scores = (U) =>
  Array.from(U, (row) => Array.from(row.subarray(0, 2), (x, c) => (x * pca.S[c]).toFixed(2)).join(' '));
console.log('first flowers', scores(pca.U).slice(0, 3).join(' | '));
console.log('a new one    ', scores(project([[6.7, 3.1, 5.6, 2.4]], pca)).join());
