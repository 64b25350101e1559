/** A parabola through noisy points by least squares, and how sure its coefficients are. */
import { condition, directSvd, solve } from 'gradient-svd';

const x = [0, 1, 2, 3, 4, 5, 6, 7];
const y = [1.1, 1.4, 2.9, 5.2, 9.1, 13.6, 19.2, 25.8];

const factors = directSvd(x.map((t) => [1, t, t * t]));
const [a, b, c] = solve(factors, y);
console.log(`y = ${a.toFixed(3)} + ${b.toFixed(3)} x + ${c.toFixed(3)} x²`);

const off = y.map((value, i) => value - (a + b * x[i] + c * x[i] ** 2));
const rms = Math.sqrt(off.reduce((sum, r) => sum + r * r, 0) / off.length);
console.log(
  `root mean square of what is left: ${rms.toFixed(3)}; condition number ${condition(factors).toFixed(0)}`,
);
