/**
 * The zoo: matrices on which SVDs go wrong, and ordinary ones, all fixed by a seed. Each entry makes its
 * matrix from uniform draws on [0, 1).
 */
import { directSvd, manualSeed } from 'gradient-svd';

const table = (m, n, entry) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
const diagonal = (values) => table(values.length, values.length, (i, j) => (i === j ? values[i] : 0));
const multiply = (A, B) =>
  table(A.length, B[0].length, (i, j) => A[i].reduce((sum, a, l) => sum + a * B[l][j], 0));
const scaled = (M, by) => M.map((row) => row.map((x) => x * by));
const range = (n, of) => Array.from({ length: n }, (_, i) => of(i));

/** A source of draws: uniform, gaussian, matrices of them, orthogonal matrices. */
function draws(seed) {
  const generator = manualSeed(seed);
  const uniform = () => generator.rand(1, 1).data[0];
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const rand = (m, n) => generator.rand(m, n).toArray();
  const randn = (m, n) => table(m, n, gaussian);
  const orthogonal = (n) => directSvd(randn(n, n)).U.toArray();
  /** with these singular values */
  const spectrum = (values) =>
    multiply(multiply(orthogonal(values.length), diagonal(values)), orthogonal(values.length));
  return { uniform, gaussian, rand, randn, orthogonal, spectrum, multiply };
}

/** The notebooks' five, each drawn after its own `torch.manual_seed`. */
export const notebookMatrices = {
  M1: manualSeed(314).rand(5, 4).toArray(),
  M2: manualSeed(315).rand(4, 4).toArray(),
  M3: manualSeed(316).rand(7, 4).toArray(),
  M4: manualSeed(317).rand(3, 4).transpose().toArray(),
  M5: manualSeed(317).rand(4, 3).toArray(),
};

const graded = (n, decades) => range(n, (i) => 10 ** ((-decades * i) / (n - 1)));
const hilbert = (n) => table(n, n, (i, j) => 1 / (i + j + 1));
const kahan = (n, theta) =>
  table(n, n, (i, j) => Math.sin(theta) ** i * (i === j ? 1 : j > i ? -Math.cos(theta) : 0));

const popcount = (x) => (x === 0 ? 0 : (x & 1) + popcount(x >> 1));
const binomial = (n, k) => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);

/** name -> (draws) => matrix */
const makers = {
  ...Object.fromEntries(Object.entries(notebookMatrices).map(([name, M]) => [name, () => M])),
  'uniform 1 x 1': ({ rand }) => rand(1, 1),
  'uniform 1 x 7': ({ rand }) => rand(1, 7),
  'uniform 7 x 1': ({ rand }) => rand(7, 1),
  'uniform 2 x 2': ({ rand }) => rand(2, 2),
  'uniform 3 x 3': ({ rand }) => rand(3, 3),
  'uniform 8 x 8': ({ rand }) => rand(8, 8),
  'uniform 16 x 16': ({ rand }) => rand(16, 16),
  'uniform 24 x 24': ({ rand }) => rand(24, 24),
  'uniform 32 x 32': ({ rand }) => rand(32, 32),
  'uniform 64 x 64': ({ rand }) => rand(64, 64),
  'uniform 128 x 128': ({ rand }) => rand(128, 128),
  'uniform 256 x 256': ({ rand }) => rand(256, 256),
  'uniform 256 x 16': ({ rand }) => rand(256, 16),
  'uniform 16 x 256': ({ rand }) => rand(16, 256),
  'uniform 40 x 39': ({ rand }) => rand(40, 39),
  'gaussian 2 x 2': ({ randn }) => randn(2, 2),
  'gaussian 10 x 10': ({ randn }) => randn(10, 10),
  'gaussian 50 x 50': ({ randn }) => randn(50, 50),
  'gaussian 128 x 128': ({ randn }) => randn(128, 128),
  'gaussian 100 x 30': ({ randn }) => randn(100, 30),
  'gaussian 30 x 100': ({ randn }) => randn(30, 100),
  'uniform 6 x 5, x 1e-150': ({ rand }) => scaled(rand(6, 5), 1e-150),
  'uniform 6 x 5, x 1e-8': ({ rand }) => scaled(rand(6, 5), 1e-8),
  'uniform 6 x 5, x 1e8': ({ rand }) => scaled(rand(6, 5), 1e8),
  'uniform 6 x 5, x 1e150': ({ rand }) => scaled(rand(6, 5), 1e150),
  'Hilbert 4': () => hilbert(4),
  'Hilbert 6': () => hilbert(6),
  'Hilbert 8': () => hilbert(8),
  'Hilbert 10': () => hilbert(10),
  'Hilbert 12': () => hilbert(12),
  'Vandermonde 8': () => table(8, 8, (i, j) => ((i + 1) / 8) ** j),
  'Vandermonde 20 x 10': () => table(20, 10, (i, j) => (i / 19) ** j),
  'graded 1e-(0..6), 12': ({ spectrum }) => spectrum(graded(12, 6)),
  'graded 1e-(0..6), 48': ({ spectrum }) => spectrum(graded(48, 6)),
  'graded 1e-(0..12), 30': ({ spectrum }) => spectrum(graded(30, 12)),
  'graded 1e-(0..15), 16': ({ spectrum }) => spectrum(graded(16, 15)),
  'graded 1e-(0..15), 64': ({ spectrum }) => spectrum(graded(64, 15)),
  'rows graded 1e-(0..15)': ({ rand }) =>
    rand(20, 12).map((row, i) => row.map((x) => x * 10 ** ((-15 * i) / 19))),
  'repeated 4 x 1, 4 x 0.5': ({ spectrum }) => spectrum([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]),
  'clusters, gap 1e-3': ({ spectrum }) =>
    spectrum([1, 1, 1, 1, 0.999, 0.999, 0.999, 0.999, 0.5, 0.5, 0.5, 0.5]),
  'clusters, gap 1e-8': ({ spectrum }) => spectrum(range(12, (i) => 1 - 1e-8 * i)),
  'clusters, gap 0': ({ spectrum }) => spectrum(range(24, (i) => (i < 20 ? 1 : 0.1))),
  'one small singular value': ({ spectrum }) => spectrum(range(12, (i) => (i < 11 ? 1 : 1e-10))),
  'one large singular value': ({ spectrum }) => spectrum(range(12, (i) => (i < 1 ? 1 : 1e-10))),
  'rank 1, 9 x 7': ({ rand }) => multiply(rand(9, 1), rand(1, 7)),
  'rank 3, 12 x 9': ({ rand }) => multiply(rand(12, 3), rand(3, 9)),
  'rank 10, 64 x 64': ({ randn }) => multiply(randn(64, 10), randn(10, 64)),
  'zero 5 x 4': () => table(5, 4, () => 0),
  'zero 1 x 1': () => [[0]],
  'ones 6 x 4': () => table(6, 4, () => 1),
  'identity 8': () => diagonal(range(8, () => 1)),
  'identity 40': () => diagonal(range(40, () => 1)),
  'minus identity 5': () => diagonal(range(5, () => -1)),
  'permutation 10': () => table(10, 10, (i, j) => (j === (3 * i + 1) % 10 ? 1 : 0)),
  'orthogonal 50': ({ orthogonal }) => orthogonal(50),
  'orthonormal columns 40 x 10': ({ orthogonal }) => orthogonal(40).map((row) => row.slice(0, 10)),
  'diagonal 1..8': () => diagonal(range(8, (i) => i + 1)),
  'diagonal with negative entries': () => diagonal([3, -2, 0, 5, -5, 1e-9]),
  'skew-symmetric 10': ({ randn }) => {
    const X = randn(10, 10);
    return table(10, 10, (i, j) => X[i][j] - X[j][i]);
  },
  triangular: ({ rand }) => rand(12, 12).map((row, i) => row.map((x, j) => (j < i ? 0 : x))),
  'Kahan 24': () => kahan(24, 1.2),
  'Kahan 60': () => kahan(60, 1.2),
  'Toeplitz 32': () => table(32, 32, (i, j) => 1 / (1 + Math.abs(i - j))),
  'second differences 40': () => table(40, 40, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  'Jordan block 20': () => table(20, 20, (i, j) => (j === i || j === i + 1 ? 0.5 + (j - i) / 2 : 0)),
  'sparse 0/1, 30 x 20': ({ uniform }) => table(30, 20, () => (uniform() < 0.1 ? 1 : 0)),
  'integers -9..9, 15 x 15': ({ uniform }) => table(15, 15, () => Math.floor(19 * uniform()) - 9),
  'magic-like 1..36': () => table(6, 6, (i, j) => 6 * i + j + 1),
  'one huge entry': ({ rand }) =>
    rand(10, 10).map((row, i) => row.map((x, j) => (i === 3 && j === 7 ? 1e12 : x))),
  'rows of zeros': ({ rand }) => rand(12, 8).map((row, i) => (i % 3 === 0 ? row.map(() => 0) : row)),
  'columns of zeros': ({ rand }) => rand(8, 12).map((row) => row.map((x, j) => (j % 4 === 0 ? 0 : x))),
  'denormal entries': ({ rand }) => scaled(rand(6, 6), 1e-310),
  'a denormal beside 1': () => [
    [1, 5e-324],
    [5e-324, 1],
  ],
  // sums of many equal terms
  'ones 268 x 1': () => table(268, 1, () => 1),
  'ones 1 x 1000': () => table(1, 1000, () => 1),
  'ones 3999 x 1': () => table(3999, 1, () => 1),
  'ones 1000 x 3': () => table(1000, 3, () => 1),
  'ones 100 x 100': () => table(100, 100, () => 1),
  'thirds 300 x 2': () => table(300, 2, () => 1 / 3),
  'indicators 1000 x 3': () => table(1000, 3, (i, j) => Number(i % (j + 2) === 0)),
  'indicators of one each, 600 x 4': () => table(600, 4, (i, j) => Number(i % 4 === j)),
  'checkerboard 20 x 20': () => table(20, 20, (i, j) => (i + j) % 2),
  'uniform 2000 x 3': ({ rand }) => rand(2000, 3),
  'uniform 3 x 2000': ({ rand }) => rand(3, 2000),
  // ties, and gaps of all sizes
  'gap 1e-12, 2 x 2': () => diagonal([1, 1 - 1e-12]),
  'gap 1e-15, 2 x 2': () => diagonal([1, 1 - 1e-15]),
  'gaps 1e-14, 10 x 10': () => diagonal(range(10, (i) => 1 - 1e-14 * i)),
  'gaps 1e-12, turned': ({ spectrum }) => spectrum(range(12, (i) => 1 - 1e-12 * i)),
  'gaps of 1e-15 to 1e-1': ({ spectrum }) => spectrum(range(15, (i) => 1 - 10 ** (i - 15))),
  'ties of 39 beside 1.01': () => diagonal([1.01, ...range(39, () => 1)]),
  'ties of 30, ten and one': ({ spectrum }) => spectrum(range(41, (i) => (i < 30 ? 1 : i < 40 ? 0.3 : 0))),
  'pairs 1e-8 apart': ({ spectrum }) => spectrum(range(16, (i) => 1 / (1 + (i >> 1)) - 1e-8 * (i % 2))),
  'zeros beside ones': () => diagonal([0, 0, 0, 1, 1, 1]),
  'ones, then zeros, 12 x 7': () => table(12, 7, (i, j) => Number(i === j && i < 3)),
  'a cluster at 0': ({ spectrum }) => spectrum(range(12, (i) => (i < 6 ? 1 : 1e-16 * i))),
  // the ends of float64
  'the smallest number': () => [[Number.MIN_VALUE]],
  'the smallest numbers 3 x 3': () => table(3, 3, (i, j) => Number.MIN_VALUE * (1 + i + 3 * j)),
  'x 1e-300': ({ rand }) => scaled(rand(5, 5), 1e-300),
  'x 1e300': ({ rand }) => scaled(rand(5, 5), 1e300),
  'the largest number': () => [[Number.MAX_VALUE]],
  '1e-160 and 1e160': () => diagonal([1e160, 1e-160, 1]),
  'columns graded 1e(150..-150)': ({ rand }) =>
    rand(7, 7).map((row) => row.map((x, j) => x * 10 ** (150 - 50 * j))),
  'graded 1e-(0..300)': () => diagonal(range(11, (i) => 10 ** (-30 * i))),
  'an entry of 1e-300': ({ rand }) =>
    rand(6, 6).map((row, i) => row.map((x, j) => (i === 2 && j === 4 ? 1e-300 : x))),
  // no descent likes to begin here
  'Householder reflection 20': () => table(20, 20, (i, j) => Number(i === j) - 0.1),
  'exchange 9': () => table(9, 9, (i, j) => Number(i + j === 8)),
  'Hadamard 16': () => table(16, 16, (i, j) => (popcount(i & j) % 2 ? -1 : 1)),
  'circulant 12': () => table(12, 12, (i, j) => 1 / (1 + ((i - j + 12) % 12))),
  'nilpotent 10': () => table(10, 10, (i, j) => Number(j === i + 1)),
  'arrow 15': () => table(15, 15, (i, j) => (i === j ? i + 1 : i === 0 || j === 0 ? 1 : 0)),
  'Cauchy 9': () => table(9, 9, (i, j) => 1 / (i + j + 0.5)),
  'Pascal 8': () => table(8, 8, (i, j) => binomial(i + j, i)),
  'Lehmer 14': () => table(14, 14, (i, j) => (1 + Math.min(i, j)) / (1 + Math.max(i, j))),
  'min(i, j) 25': () => table(25, 25, (i, j) => 1 + Math.min(i, j)),
  'rank 1 plus 1e-13': ({ rand }) => {
    const noise = rand(10, 10);
    return noise.map((row, i) => row.map((x, j) => (i + 1) * (j + 1) + 1e-13 * x));
  },
  'twin rows': ({ rand }) => rand(6, 8).flatMap((row) => [row, row]),
};

/** Every matrix of the zoo: its name, and how it is made from a seed. */
export const zoo = Object.entries(makers).map(([name, make]) => ({
  name,
  make: (seed) => make(draws(seed)),
}));
