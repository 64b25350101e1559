// What the wrapper of `gradient-svd/sparse` calls: a core of its own, so that a page pays for what it uses.

export { warm } from './krylov/index';
export { krylov } from './krylov/state';
export { alloc, release } from './memory';
export { arrange, scatter } from './sparse/arrange';
export { assemble, csr } from './sparse/csr';
export { begin, descend, foldIn, restore } from './sparse/factorize';
export { createFit } from './sparse/fit';
export { deflate, judge, left, leftGram, lookAtMended, mendLeft } from './sparse/left';
export { fromPanels, leftAt, signsOf } from './sparse/state';
export { addBlock, clear, multiply, proceed, run, scaleTo } from './sparse/svds';
