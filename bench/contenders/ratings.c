/* Ratings by what others use, in C: SGD as Surprise's SVD does it, ALS, and the package's own conjugate gradients.
 *
 *   ratings sgd|als|cg FILE iterations lambda rate seed power
 *
 * λ is times (entries of the row or column / their mean)^power in ALS and CG: 0 or, in the weighted norm, 3/4.
 * FILE: int32 rows, columns, k, entries, held; then rows, columns (int32) and values (float64) of the entries by rows, then of
 * the held ones. Prints a line for each iteration: CPU seconds so far, loss, root mean square error over the held entries. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int m, n, k, count, held, ld;
static int32_t *row, *col, *start, *cstart, *corder;
static double *val, *A, *B, *err, *lambdas, mean, lambda, rate;
static const double kappa = 5;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
static uint32_t draw(uint32_t x) {
  x += 0x9e3779b9;
  x = (x ^ (x >> 16)) * 0x21f0aaad;
  x = (x ^ (x >> 15)) * 0x735a2d97;
  return x ^ (x >> 15);
}
static double uniform(uint32_t x) { return draw(x) / 4294967296.0 - 0.5; }
static double dot(const double *x, const double *y) {
  double s = 0;
  for (int c = 0; c < ld; c++) s += x[c] * y[c];
  return s;
}
static double rmse(void) {
  double s = 0;
  for (int e = count; e < count + held; e++) {
    double d = dot(A + (size_t)row[e] * ld, B + (size_t)col[e] * ld) + mean - val[e];
    s += d * d;
  }
  return sqrt(s / held);
}
/* Row layout: k factors, row bias, one (columns: one, column bias), zeros. */
static double loss(void) {
  double s = 0;
  for (int e = 0; e < count; e++) {
    double d = dot(A + (size_t)row[e] * ld, B + (size_t)col[e] * ld) + mean - val[e];
    s += d * d;
  }
  for (int r = 0; r < m + n; r++) {
    const double *x = A + (size_t)r * ld;
    for (int c = 0; c < k; c++) s += lambdas[r] * x[c] * x[c];
    double b = x[r < m ? k : k + 1];
    s += kappa * b * b;
  }
  return s;
}

static void sgd(void) {
  for (int e = 0; e < count; e++) {
    double *a = A + (size_t)row[e] * ld, *b = B + (size_t)col[e] * ld;
    double d = val[e] - mean - dot(a, b);
    a[k] += rate * (d - lambda * a[k]);
    b[k + 1] += rate * (d - lambda * b[k + 1]);
    for (int c = 0; c < k; c++) {
      double x = a[c], y = b[c];
      a[c] += rate * (d * y - lambda * x);
      b[c] += rate * (d * x - lambda * y);
    }
  }
}

/* One side: for each row the normal equations of its factors and bias, by Cholesky. */
static void solveSide(int rows, double *X, const double *Y, const double *ridge, const int32_t *first, const int32_t *order, const int32_t *other, int biasAt, int oneAt) {
  int K = k + 1;
  double H[K * K], x[K], y[ld];
  for (int i = 0; i < rows; i++) {
    memset(H, 0, sizeof H);
    memset(x, 0, sizeof x);
    for (int p = first[i]; p < first[i + 1]; p++) {
      int e = order ? order[p] : p;
      const double *z = Y + (size_t)other[e] * ld;
      memcpy(y, z, k * sizeof(double));
      y[k] = 1;
      double d = val[e] - mean - z[oneAt];
      for (int c = 0; c < K; c++) {
        for (int q = 0; q <= c; q++) H[c * K + q] += y[c] * y[q];
        x[c] += d * y[c];
      }
    }
    for (int c = 0; c < K; c++) H[c * K + c] += c < k ? ridge[i] : kappa;
    for (int r = 0; r < K; r++)
      for (int c = 0; c <= r; c++) {
        double s = H[r * K + c];
        for (int p = 0; p < c; p++) s -= H[r * K + p] * H[c * K + p];
        H[r * K + c] = r == c ? sqrt(s) : s / H[c * K + c];
      }
    for (int r = 0; r < K; r++) {
      for (int p = 0; p < r; p++) x[r] -= H[r * K + p] * x[p];
      x[r] /= H[r * K + r];
    }
    for (int r = K - 1; r >= 0; r--) {
      for (int p = r + 1; p < K; p++) x[r] -= H[p * K + r] * x[p];
      x[r] /= H[r * K + r];
    }
    memcpy(X + (size_t)i * ld, x, k * sizeof(double));
    X[(size_t)i * ld + biasAt] = x[k];
  }
}
static void als(void) {
  solveSide(m, A, B, lambdas, start, NULL, col, k, k + 1);
  solveSide(n, B, A, lambdas + m, cstart, corder, row, k + 1, k);
}

/* The package's: two passes over the entries, in its arithmetic (assembly/sparse/factorize.ts). */
static double *g, *before, *p, *x, *e1s, *e2s;
static double *rw, *cw;
/* Errors after a step of t, and slopes. */
static void look(double t) {
  memset(g, 0, sizeof(double) * (size_t)(m + n) * ld);
  for (int i = 0; i < m; i++) {
    const double *restrict a = A + (size_t)i * ld;
    double *restrict ga = g + (size_t)i * ld;
    for (int e = start[i]; e < start[i + 1]; e++) {
      const double *restrict b = B + (size_t)col[e] * ld;
      double *restrict gb = g + (size_t)(m + col[e]) * ld;
      double d = err[e] += t * (e1s[e] + t * e2s[e]);
      for (int c = 0; c < ld; c++) {
        ga[c] += d * b[c];
        gb[c] += d * a[c];
      }
    }
  }
  for (int r = 0; r < m + n; r++) {
    double *x = A + (size_t)r * ld, *y = g + (size_t)r * ld;
    for (int c = 0; c < k + 2; c++) y[c] += (c < k ? lambdas[r] : kappa) * x[c];
    y[r < m ? k + 1 : k] = 0;
  }
}
static void begin(void) {
  for (int e = 0; e < count; e++) err[e] = dot(A + (size_t)row[e] * ld, B + (size_t)col[e] * ld) + mean - val[e], e1s[e] = e2s[e] = 0;
  look(0);
}
static int gone;
static void cg(void) {
  double sa[ld], sb[ld], over = 0, under = 0, slope = 0;
  memset(sa, 0, sizeof sa);
  memset(sb, 0, sizeof sb);
  for (int r = 0; r < m; r++) for (int c = 0; c < ld; c++) sa[c] += rw[r] / count * A[(size_t)r * ld + c] * A[(size_t)r * ld + c];
  for (int r = 0; r < n; r++) for (int c = 0; c < ld; c++) sb[c] += cw[r] / count * B[(size_t)r * ld + c] * B[(size_t)r * ld + c];
  for (int pass = 0; pass < 2; pass++) {
    double beta = gone && over > 0 && under > 0 ? over / under : 0;
    slope = 0;
    for (int r = 0; r < m + n; r++) for (int c = 0; c < k + 2; c++) {
      size_t at = (size_t)r * ld + c;
      double h = (r < m ? rw[r] * sb[c] : cw[r - m] * sa[c]) + (c < k ? lambdas[r] : kappa), z = h > 0 ? g[at] / h : 0;
      if (!pass) {
        over += (g[at] - before[at]) * z;
        under += (g[at] - before[at]) * p[at];
      } else {
        p[at] = beta * p[at] - z;
        slope += p[at] * g[at];
      }
    }
  }
  double c1 = 2 * slope, c2 = 0, c3 = 0, c4 = 0, pp = 0, xx = 0;
  for (size_t at = 0; at < (size_t)(m + n) * ld; at++) pp += p[at] * p[at], xx += A[at] * A[at];
  double tau = sqrt(xx / pp);
  for (size_t at = 0; at < (size_t)(m + n) * ld; at++) x[at] = A[at] + tau * p[at];
  for (int i = 0; i < m; i++) {
    const double *a = x + (size_t)i * ld, *pa = p + (size_t)i * ld;
    for (int e = start[i]; e < start[i + 1]; e++) {
      const double *b = x + (size_t)(m + col[e]) * ld, *pb = p + (size_t)(m + col[e]) * ld;
      double both = 0, e2 = 0;
      for (int c = 0; c < ld; c++) {
        both += a[c] * b[c];
        e2 += pa[c] * pb[c];
      }
      double e1 = (both - (err[e] + val[e] - mean)) / tau - tau * e2;
      e1s[e] = e1, e2s[e] = e2;
      c2 += e1 * e1 + 2 * err[e] * e2;
      c3 += 2 * e1 * e2;
      c4 += e2 * e2;
    }
  }
  for (int r = 0; r < m + n; r++) for (int c = 0; c < k + 2; c++) c2 += (c < k ? lambdas[r] : kappa) * p[(size_t)r * ld + c] * p[(size_t)r * ld + c];
  double left = 0, right = c2 > 0 ? -c1 / c2 : 1, t;
  while (c1 + right * (2 * c2 + right * (3 * c3 + right * 4 * c4)) < 0) right *= 2;
  for (int i = 0; i < 100; i++) {
    t = 0.5 * (left + right);
    if (c1 + t * (2 * c2 + t * (3 * c3 + t * 4 * c4)) < 0) left = t;
    else right = t;
  }
  gone = 1;
  memcpy(before, g, sizeof(double) * (size_t)(m + n) * ld);
  for (size_t at = 0; at < (size_t)(m + n) * ld; at++) A[at] += t * p[at];
  look(t);
}

int main(int argc, char **argv) {
  FILE *f = fopen(argv[2], "rb");
  int32_t head[5];
  if (argc < 8 || !f || fread(head, 4, 5, f) != 5) return 1;
  m = head[0], n = head[1], k = head[2], count = head[3], held = head[4];
  int iterations = atoi(argv[3]), all = count + held;
  lambda = atof(argv[4]), rate = atof(argv[5]);
  uint32_t seed = atoi(argv[6]);
  ld = (k + 2 + 3) & ~3;
  row = malloc(4 * all), col = malloc(4 * all), val = malloc(8 * (size_t)all), err = malloc(8 * (size_t)count);
  if (fread(row, 4, all, f) != (size_t)all || fread(col, 4, all, f) != (size_t)all || fread(val, 8, all, f) != (size_t)all) return 1;
  size_t size = (size_t)(m + n) * ld;
  A = aligned_alloc(64, (size * 8 + 63) & ~63), B = A + (size_t)m * ld;
  g = calloc(size, 8), before = calloc(size, 8), p = calloc(size, 8), x = calloc(size, 8), e1s = calloc(count, 8), e2s = calloc(count, 8), rw = calloc(m, 8), cw = calloc(n, 8), lambdas = calloc(m + n, 8);
  memset(A, 0, size * 8);
  start = calloc(m + 1, 4), cstart = calloc(n + 2, 4), corder = malloc(4 * (size_t)count);
  for (int e = 0; e < count; e++) start[row[e] + 1]++, cstart[col[e] + 2]++, mean += val[e] / count, rw[row[e]]++, cw[col[e]]++;
  for (int r = 0; r < m + n; r++) lambdas[r] = lambda * pow((r < m ? rw[r] * m : cw[r - m] * n) / count, atof(argv[7])) + 1e-300;
  for (int i = 0; i < m; i++) start[i + 1] += start[i];
  for (int j = 0; j < n; j++) cstart[j + 2] += cstart[j + 1];
  for (int e = 0; e < count; e++) corder[cstart[col[e] + 1]++] = e;
  double rest = 0;
  for (int e = 0; e < count; e++) rest += (val[e] - mean) * (val[e] - mean) / count;
  double root = argv[1][0] == 's' ? 0.1 * sqrt(12) : sqrt(12 * 0.1 * sqrt(rest) / sqrt(k));
  for (int r = 0; r < m + n; r++) {
    for (int c = 0; c < k; c++) A[(size_t)r * ld + c] = root * uniform(seed * 747796405u + r * k + c);
    A[(size_t)r * ld + (r < m ? k + 1 : k)] = 1;
  }
  /* SGD goes by the entries as they came, mixed */
  if (argv[1][0] == 's') for (int e = count - 1; e > 0; e--) {
    int o = draw(seed + e) % (e + 1);
    int32_t i = row[e], j = col[e]; double v = val[e];
    row[e] = row[o], col[e] = col[o], val[e] = val[o];
    row[o] = i, col[o] = j, val[o] = v;
  }
  if (argv[1][0] == 'c') begin();
  double spent = 0;
  for (int i = 0; i < iterations; i++) {
    double from = now();
    if (argv[1][0] == 's') sgd();
    else if (argv[1][0] == 'a') als();
    else cg();
    spent += now() - from;
    printf("%.6f %.10g %.6f\n", spent, argv[1][0] == 's' ? 0 : loss(), rmse());
  }
  return 0;
}
