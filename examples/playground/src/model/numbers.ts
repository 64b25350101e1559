/** Numbers for people, and from people. */

const exponents = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 1.2·10⁻⁵, and plain sizes as they are. */
export function pretty(x: number): string {
  if (Number.isNaN(x)) return '–';
  if (x === 0) return '0';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const minus = (s: string) => s.replace('-', '−');
  if (size >= 0.001 && size < 1e5) return minus(String(Number(x.toPrecision(size >= 1000 ? 5 : 4))));
  const [mantissa, exponent] = x.toExponential(1).replace('.0e', 'e').split('e') as [string, string];
  const power = Array.from(exponent.replace('+', ''), (c) => (c === '-' ? '⁻' : exponents[Number(c)]));
  return `${minus(mantissa)}·10${power.join('')}`;
}

/** Of a whole number: 20,000. (The first toLocaleString of a page takes 30 ms, and the first step waits for it.) */
export const count = (x: number) => String(x).replace(/\B(?=(\d{3})+$)/g, ',');

/** What somebody wrote into a field: 0.5, 0,5 or 5e-1; NaN where it is none of them. */
export function decimal(written: string): number {
  const plain = written.trim().replace('−', '-').replace(',', '.');
  return plain === '' ? Number.NaN : Number(plain);
}
