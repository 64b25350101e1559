// The numbers by which the wrapper of `gradient-svd/sparse` and its core speak of the same things; see ../boundary.ts.

// What a run asks for: nothing, before its first step, ...
export const READY = 0;
/** ... Z = MᵀM X for the panel at X, where M is (I - U Uᵀ) M if columns are `locked`, ... */
export const PRODUCT = 1;
/** ... Z = MᵀM X for `count` panels at X, and G = (M X)ᵀ(M X) on and above its diagonal, ... */
export const FINAL = 2;
/** ... nothing, at the end. */
export const DONE = 3;

// What can be known of a run.
export const PHASE = 0;
export const CONVERGED = 1;
export const PASSES = 2;
export const PRODUCTS = 3;
export const COUNT = 4;
export const X = 5;
export const Z = 6;
export const LOCKED = 7;
export const SIGMA = 8;
export const RESIDUALS = 9;
export const WORST = 10;

// The fields of a sparse matrix, in their order (csr.ts).
export const ENTRIES = 2;
export const INDICES = 4;
export const VALUES = 5;
