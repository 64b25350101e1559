// Products of matrices over row and column strides (in elements), so that one function serves
// A B, Aᵀ B and A Bᵀ.

/** C = A B */
export const SET: i32 = 0;
/** C += A B */
export const ADD: i32 = 1;
/** C -= A B */
export const SUBTRACT: i32 = 2;
/** C = A B - D, D row-major with the leading dimension of C */
export const MINUS: i32 = 3;

/** C (m x n, row-major, leading dimension ldc) from A (m x k) and B (k x n), as `mode` says. */
export function gemm(
  mode: i32, m: i32, n: i32, k: i32,
  a: usize, ars: i32, acs: i32,
  b: usize, brs: i32, bcs: i32,
  c: usize, ldc: i32, d: usize = 0,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f64 = 0;
      for (let l = 0; l < k; l++) {
        sum += load<f64>(a + (<usize>(i * ars + l * acs) << 3)) * load<f64>(b + (<usize>(l * brs + j * bcs) << 3));
      }
      const at = <usize>(i * ldc + j) << 3;
      if (mode == ADD) sum += load<f64>(c + at);
      else if (mode == SUBTRACT) sum = load<f64>(c + at) - sum;
      else if (mode == MINUS) sum -= load<f64>(d + at);
      store<f64>(c + at, sum);
    }
  }
}

/** G = Xᵀ X - I for X (rows x k, row-major): how far the columns of X are from orthonormal. */
export function gram(k: i32, rows: i32, x: usize, g: usize): void {
  gemm(SET, k, k, rows, x, 1, k, x, k, 1, g, k);
  for (let i = 0; i < k; i++) {
    const at = g + (<usize>(i * k + i) << 3);
    store<f64>(at, load<f64>(at) - 1);
  }
}
