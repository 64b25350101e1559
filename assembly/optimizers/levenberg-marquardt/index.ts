// Levenberg-Marquardt; ours. At full rank in the moving frame of U and V, where the Hessian is nearly diagonal
// (full-rank.ts; undamped it is the refinement of Ogita and Aishima, "Iterative refinement for singular value decomposition
// based on matrix multiplication", J. Comput. Appl. Math. 369 (2020)). At a lower rank over all gradients so far (subspace.ts).

import { Descent } from '../../descent';
import { atFullRank } from './full-rank';
import { widen } from './subspace';

export function levenbergMarquardt(d: Descent, lr: f64): void {
  if (d.square) atFullRank(d, lr);
  else widen(d);
}
