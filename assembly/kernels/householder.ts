// Orthonormal columns by Householder's reflections: I - t v vᵀ is orthogonal to rounding whatever v is, so
// the result is orthonormal whatever X is, of full rank or not, graded over any range, or zero.

import { multiplyAdd } from './vector';

/** y += a x */
export function addScaled(n: i32, a: f64, x: usize, y: usize): void {
  const end = y + (<usize>n << 3), pairs = end - 8, factor = f64x2.splat(a);
  for (; y < pairs; y += 16, x += 16) v128.store(y, multiplyAdd(v128.load(y), factor, v128.load(x)));
  if (y < end) store<f64>(y, load<f64>(y) + a * load<f64>(x));
}

/** Y -= t v (vᵀ Y) for Y (rows x columns) and a column v, both of leading dimension ld. */
function reflect(rows: i32, columns: i32, t: f64, v: usize, Y: usize, ld: i32, w: usize): void {
  const stride = <usize>ld << 3;
  memory.fill(w, 0, <usize>columns << 3);
  for (let i = 0; i < rows; i++) {
    addScaled(columns, load<f64>(v + <usize>i * stride), Y + <usize>i * stride, w);
  }
  for (let i = 0; i < rows; i++) {
    addScaled(columns, -t * load<f64>(v + <usize>i * stride), w, Y + <usize>i * stride);
  }
}

/**
 * X (rows x k, row-major, rows >= k) becomes Q of X = Q R with the diagonal r of R, r >= 0.
 * `scratch` takes 2 k words.
 */
export function orthonormalize(rows: i32, k: i32, X: usize, r: usize, scratch: usize): void {
  const stride = <usize>k << 3, w = scratch + stride;
  for (let j = 0; j < k; j++) {
    const column = <usize>j << 3, top = X + <usize>j * stride + column;
    let below: f64 = 0;
    for (let i = 1, at = top + stride; i < rows - j; i++, at += stride) below += load<f64>(at) * load<f64>(at);
    // x = (x₁, ..) goes to (ρ, 0, ..) by v = (x₁ - ρ, x₂, ..) / (x₁ - ρ), t = 2 / vᵀv
    const first = load<f64>(top);
    const length = sqrt(first * first + below), rho = first < 0 ? length : -length;
    let squares: f64 = 1;
    if (length > 0) {
      for (let i = 1, at = top + stride; i < rows - j; i++, at += stride) {
        const value = load<f64>(at) / (first - rho);
        store<f64>(at, value);
        squares += value * value;
      }
    }
    const t = length > 0 ? 2 / squares : 0;
    store<f64>(top, 1);
    store<f64>(r + column, rho);
    store<f64>(scratch + column, t);
    if (t > 0) reflect(rows - j, k - j - 1, t, top, top + 8, k, w);
  }
  // Q = H₁ (H₂ ( .. I)), from the last column to the first
  for (let j = k - 1; j >= 0; j--) {
    const column = <usize>j << 3, top = X + <usize>j * stride + column;
    const t = load<f64>(scratch + column), rho = load<f64>(r + column), sign: f64 = rho < 0 ? -1 : 1;
    if (t > 0) reflect(rows - j, k - j - 1, t, top, top + 8, k, w);
    for (let i = 0; i < j; i++) store<f64>(X + <usize>i * stride + column, 0);
    store<f64>(top, 1 - t);
    for (let i = 1, at = top + stride; i < rows - j; i++, at += stride) store<f64>(at, -t * load<f64>(at));
    if (sign < 0) for (let i = 0, at = X + column; i < rows; i++, at += stride) store<f64>(at, -load<f64>(at));
    store<f64>(r + column, abs(rho));
  }
}
