// The numbers by which the wrapper of `gradient-svd/sparse` and its core speak of the same things; see ../boundary.ts.

// What a run asks for: nothing, before its first step, ...
export const READY = 0;
/** ... Z = MᵀM X for the panel at X, where M is (I - U Uᵀ) M if columns are `locked`, ... */
export const PRODUCT = 1;
/** ... Z = MᵀM X for `count` panels at X, and G = (M X)ᵀ(M X) on and above its diagonal, ... */
export const FINAL = 2;
/** ... nothing, at the end. */
export const DONE = 3;

// The fields of a run (krylov/state.ts) that the wrapper reads, in words of 4 bytes, ...
export const PHASE = 12;
export const CONVERGED = 13;
export const COUNT = 14;
export const X = 15;
export const Z = 16;
export const LOCKED = 17;
export const PASSES = 18;
export const PRODUCTS = 19;
export const SIGMA = 20;
export const RESIDUALS = 21;
export const MAY_PASS = 22;
/** ... and in numbers of 8. */
export const WORST = 5;

// The fields of a sparse matrix (csr.ts), in words.
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
// ... and, in words of 4 bytes, how many numbers a row of the factors has, how many entries are held out, and where its arrays are.
export const LD = 18;
export const HELD = 19;
export const HELD_ROW = 20;
export const HELD_COLUMN = 21;
export const HELD_VALUE = 22;
export const FACTORS = 23;

/** Added to the iterations that `descend` made: g·z came down to `tolerance` of the loss, ... */
export const STOOD = 1000;
/** ... or the held entries have not been foretold better for `patience` iterations. */
export const WORSE = 2000;
