// The few transcendental functions that learning rates need, as plain series in + - * /, so that they
// have the same bits in every engine; without tables, which would be a third of the core.

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/** ln x for a normal x > 0: x = 2ᵉ m with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m - 1)/(m + 1)) */
function logarithm(x: f64): f64 {
  const exponent = (reinterpret<i64>(x) - reinterpret<i64>(Math.SQRT1_2)) >> 52;
  const m = reinterpret<f64>(reinterpret<i64>(x) - (exponent << 52));
  const s = (m - 1) / (m + 1),
    square = s * s;
  let sum: f64 = 0;
  for (let i: f64 = 21; i > 1; i -= 2) sum = (sum + 1 / i) * square;
  const e = <f64>exponent;
  return e * LN2_HIGH + (e * LN2_LOW + 2 * s * sum + 2 * s);
}

/** eˣ = 2ᵉ eʳ with |r| <= ln(2)/2; 0 below 2^-1022 */
export function exponential(x: f64): f64 {
  const e = nearest(x * Math.LOG2E);
  if (e < -1021) return 0;
  if (e > 1023) return Infinity;
  const r = x - e * LN2_HIGH - e * LN2_LOW;
  let sum: f64 = 1;
  for (let i: f64 = 13; i > 0; i--) sum = 1 + sum * (r / i);
  return sum * reinterpret<f64>((<i64>e + 1023) << 52);
}

/** xʸ for x >= 0 */
export function pow(x: f64, y: f64): f64 {
  if (y == 0 || x == 1) return 1;
  return x == 0 ? 0 : exponential(y * logarithm(x));
}

/** sin²(πx/2) for |x| <= 1/2 */
function sineSquare(x: f64): f64 {
  const z = (Math.PI / 2) * x,
    square = z * z;
  let sum: f64 = 1;
  for (let i: f64 = 16; i > 0; i -= 2) sum = 1 - (square / (i * (i + 1))) * sum;
  return z * sum * (z * sum);
}

/** Half a cosine from 1 at x = 0 to 0 at x = 1 and back to 1 at x = 2: (1 + cos πx)/2 */
export function halfCosine(x: f64): f64 {
  const y = abs(1 - x);
  return y < 0.5 ? sineSquare(y) : 1 - sineSquare(1 - y);
}
