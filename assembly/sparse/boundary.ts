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

// The numbers at the head of a fit (fit.ts), ...
export const LAMBDA = 0;
export const KAPPA = 1;
export const MEAN = 2;
export const LOSS = 3;
export const RMSE = 4;
export const LOW = 5;
export const HIGH = 6;
export const LEAST = 7;
export const WEIGHTS = 8;
/** how many these are */
export const NUMBERS = 9;
// ... and, in words of 4 bytes, where it says where its arrays are.
export const HELD_ROW = 18;
export const HELD_COLUMN = 19;
export const HELD_VALUE = 20;
export const FACTORS = 21;

/** Added to the iterations that `descend` made: g·z came down to `tolerance` of the loss, ... */
export const STOOD = 1000;
/** ... or the held entries have not been foretold better for `patience` iterations. */
export const WORSE = 2000;
