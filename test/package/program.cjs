// program.js by require.
const gradientSvd = require('gradient-svd');
const sparse = require('gradient-svd/sparse');

import('./determinism.js').then(async ({ digest, total }) => {
  await Promise.all([gradientSvd.initialize(), sparse.initialize()]);
  const { S, status } = gradientSvd.svd([[0, 5], [3, 0], [0, 0]]); // biome-ignore format: a matrix
  console.log(`${Array.from(S, (s) => s.toFixed(9))} ${status} ${total(await digest(gradientSvd, sparse))}`);
});
