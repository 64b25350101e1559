// The same small program for every host and bundler: import, decompose, print.
import * as gradientSvd from 'gradient-svd';
import { initialize, svd } from 'gradient-svd';
import * as sparse from 'gradient-svd/sparse';
import { digest, total } from './determinism.js';

Promise.all([initialize(), sparse.initialize()]).then(async () => {
  const { S, status } = svd([[0, 5], [3, 0], [0, 0]]); // biome-ignore format: a matrix
  console.log(`${Array.from(S, (s) => s.toFixed(9))} ${status} ${total(await digest(gradientSvd, sparse))}`);
});
