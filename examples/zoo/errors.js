/** What a decomposition must be, measured from outside. */
import { directSvd, reconstruct, residuals } from 'gradient-svd';

/**
 * Errors in units of what is allowed (1e-13 n times the size of M), so that <= 1 passes: singular values
 * against the direct SVD, |U diag(S) Vᵀ - M|, |UᵀU - I| and |VᵀV - I|.
 */
export function errors(M, result) {
  const n = Math.max(M.length, M[0].length);
  const allowed = 1e-13 * n;
  // in units of the largest entry: squares of 1e150 overflow
  const most = M.flat().reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const norm = Math.sqrt(M.flat().reduce((sum, x) => sum + (x / most) ** 2, 0)) || 1;
  const product = reconstruct(result).toArray();
  const off = Math.sqrt(
    M.flat().reduce(
      (sum, x, at) => sum + ((product[Math.floor(at / M[0].length)][at % M[0].length] - x) / most) ** 2,
      0,
    ),
  );
  const direct = directSvd(M).S;
  // (denormal numbers have one digit, or a few)
  const sigma = Math.max(0, ...result.S.map((s, c) => Math.abs(s - direct[c]) - Number.MIN_VALUE));
  const { orthonormalityU, orthonormalityV } = residuals(M, result);
  return {
    sigma: sigma / (direct[0] || 1) / allowed,
    residual: off / norm / allowed,
    orthonormality: Math.max(orthonormalityU, orthonormalityV) / allowed,
  };
}
