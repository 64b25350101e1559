// What the wrapper of `gradient-svd/sparse` calls: a core of its own, so that a page pays for what it uses.

export { alloc, release, view } from './memory';
export { assemble, csr, csrField, transpose } from './sparse/csr';
export { arrange, begin, countHeld, createFit, descend, fitField, foldIn, restore, scatter } from './sparse/factorize';
