// The numbers by which the wrapper and the core speak of the same things: plain constants, so that both compilers take
// this file as it is. Each stands here and nowhere else; descent.ts doesn't compile if its layout is not this one.
// (The numbers of the optimizers are in optimizers/boundary.ts.)

// What is descended on.
export const SVD = 0;
export const INVERSE = 1;

// How a descent stands.
export const RUNNING = 0;
export const CONVERGED = 1;
export const DIVERGED = 2;

/** Most iterations in one call of `step`: the length of the buffers for learning rates and losses. */
export const SLICE = 1024;

// A descent's buffers.
/** M */
export const MATRIX = 0;
export const WEIGHTS = 1;
/** All that a saved descent needs: the scalars, theta, best, the optimizer's state. */
export const EVOLVING = 2;
export const THETA = 3;
export const BEST = 4;
export const GRADIENT = 5;
export const HYPER = 6;
export const RATES = 7;
export const LOSSES = 8;

// The scalars at the head of what evolves; the losses are those of theta.
export const ITERATION = 0;
export const STATUS = 1;
export const TOTAL = 2;
export const RECONSTRUCTION = 3;
export const ORTHONORMALITY_U = 4;
export const ORTHONORMALITY_V = 5;
export const STATIONARITY = 6;
export const ORTHONORMALITY = 7;
export const BEST_TOTAL = 8;
export const ENTRIES = 9;
export const NORM = 10;

// What `gemm` does.
/** C = A B */
export const SET = 0;
/** C += A B */
export const ADD = 1;
/** C -= A B */
export const SUBTRACT = 2;
/** C = A B - D */
export const MINUS = 3;
/** To add to these: Aᵀ is given for A, ... */
export const FIRST = 4;
/** ... Bᵀ for B. */
export const SECOND = 8;
