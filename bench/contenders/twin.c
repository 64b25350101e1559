// The loops of twin.js in C, over the same flat arrays; the protocol is described in child.js.
// With -DM_ROWS=5 -DM_COLUMNS=4 -DRANK=4 the sizes are constants of the compiler.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef RANK
enum { m = M_ROWS, n = M_COLUMNS, k = RANK };
#else
static long m, n, k;
#endif
static long size, iteration;
static int adam;
static double lr, momentum, weight_decay, penalty;
static double *restrict M, *start;                         // what to decompose, where to begin
static double *p, *g, *restrict buffer, *restrict squares; // [U | d | V], its gradient, optimizer state
static double *restrict s, *restrict US, *restrict VT, *restrict R, *restrict RT, *restrict G;

// C (rows x columns) += a A B, with A (rows x inner) and B (inner x columns)
static void add_product(long rows, long inner, long columns, double a, const double *restrict A,
                        const double *restrict B, double *restrict C) {
  for (long i = 0; i < rows; i++)
    for (long l = 0; l < inner; l++) {
      double x = a * A[i * inner + l];
      for (long j = 0; j < columns; j++) C[i * columns + j] += x * B[l * columns + j];
    }
}

// penalty mean((XᵀX - I)²); its gradient is added to dX
static double orthonormality(long rows, const double *restrict X, double *restrict dX) {
  double sum = 0;
  memset(G, 0, sizeof(double) * k * k);
  for (long i = 0; i < rows; i++)
    for (long a = 0; a < k; a++)
      for (long b = 0; b < k; b++) G[a * k + b] += X[i * k + a] * X[i * k + b];
  for (long a = 0; a < k; a++) G[a * k + a] -= 1;
  for (long i = 0; i < k * k; i++) sum += G[i] * G[i];
  add_product(rows, k, k, 4 * penalty / (k * k), X, G, dX);
  return penalty * sum / (k * k);
}

static double loss_and_gradient(const double *restrict U, const double *restrict d, const double *restrict V,
                                double *restrict dU, double *restrict dd, double *restrict dV) {
  double sum = 0;
  for (long a = 0; a < k; a++) s[a] = d[a] * d[a];
  for (long i = 0; i < m; i++)
    for (long a = 0; a < k; a++) US[i * k + a] = U[i * k + a] * s[a];
  for (long j = 0; j < n; j++)
    for (long a = 0; a < k; a++) VT[a * n + j] = V[j * k + a];
  for (long i = 0; i < m * n; i++) R[i] = -M[i];
  add_product(m, k, n, 1, US, VT, R);
  for (long i = 0; i < m * n; i++) sum += R[i] * R[i];
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) RT[j * m + i] = R[i * n + j];

  memset(g, 0, sizeof(double) * size);
  add_product(m, n, k, 2.0 / (m * n), R, V, dU);
  add_product(n, m, k, 2.0 / (m * n), RT, US, dV);
  for (long i = 0; i < m; i++)
    for (long a = 0; a < k; a++) dd[a] += 2 * d[a] * U[i * k + a] * dU[i * k + a];
  for (long i = 0; i < m; i++)
    for (long a = 0; a < k; a++) dU[i * k + a] *= s[a];
  return sum / (m * n) + orthonormality(m, U, dU) + orthonormality(n, V, dV);
}

// For few columns: every entry a dot product. gcc's vector loops above cost 2.5 x as much at 5 x 4 (measured).
static double small_orthonormality(long rows, const double *restrict X, double *restrict dX) {
  double sum = 0;
  for (long a = 0; a < k; a++)
    for (long b = a; b < k; b++) {
      double t = a == b ? -1 : 0;
      for (long i = 0; i < rows; i++) t += X[i * k + a] * X[i * k + b];
      G[a * k + b] = G[b * k + a] = t;
      sum += (a == b ? 1 : 2) * t * t;
    }
  for (long i = 0; i < rows; i++)
    for (long a = 0; a < k; a++) {
      double t = 0;
      for (long b = 0; b < k; b++) t += X[i * k + b] * G[b * k + a];
      dX[i * k + a] += 4 * penalty / (k * k) * t;
    }
  return penalty * sum / (k * k);
}

static double small_loss_and_gradient(const double *restrict U, const double *restrict d, const double *restrict V,
                                      double *restrict dU, double *restrict dd, double *restrict dV) {
  double sum = 0, c = 2.0 / (m * n);
  for (long a = 0; a < k; a++) s[a] = d[a] * d[a], dd[a] = 0;
  for (long i = 0; i < m; i++)
    for (long a = 0; a < k; a++) US[i * k + a] = U[i * k + a] * s[a];
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) {
      double t = -M[i * n + j];
      for (long a = 0; a < k; a++) t += US[i * k + a] * V[j * k + a];
      R[i * n + j] = t;
      sum += t * t;
    }
  for (long i = 0; i < m; i++)
    for (long a = 0; a < k; a++) {
      double t = 0;
      for (long j = 0; j < n; j++) t += R[i * n + j] * V[j * k + a];
      dU[i * k + a] = c * t * s[a];
      dd[a] += 2 * d[a] * c * U[i * k + a] * t;
    }
  for (long j = 0; j < n; j++)
    for (long a = 0; a < k; a++) {
      double t = 0;
      for (long i = 0; i < m; i++) t += R[i * n + j] * US[i * k + a];
      dV[j * k + a] = c * t;
    }
  return sum / (m * n) + small_orthonormality(m, U, dU) + small_orthonormality(n, V, dV);
}

static void sgd(void) {
  for (long i = 0; i < size; i++) {
    buffer[i] = momentum * buffer[i] + g[i];
    p[i] -= lr * buffer[i];
  }
}

static void adam_update(void) {
  double step_size = lr / (1 - pow(0.9, iteration)), root = sqrt(1 - pow(0.999, iteration));
  for (long i = 0; i < size; i++) {
    double gradient = g[i] + weight_decay * p[i];
    buffer[i] = 0.9 * buffer[i] + 0.1 * gradient;
    squares[i] = 0.999 * squares[i] + 0.001 * gradient * gradient;
    p[i] -= step_size * buffer[i] / (sqrt(squares[i]) / root + 1e-8);
  }
}

static double step(void) {
  double *U = p, *d = p + m * k, *V = d + k, *dU = g, *dd = g + m * k, *dV = dd + k;
  double loss = k <= 8 ? small_loss_and_gradient(U, d, V, dU, dd, dV) : loss_and_gradient(U, d, V, dU, dd, dV);
  iteration++;
  if (adam) adam_update(); else sgd();
  return loss;
}

static void restart(void) {
  memcpy(p, start, sizeof(double) * size);
  memset(buffer, 0, sizeof(double) * size);
  memset(squares, 0, sizeof(double) * size);
  iteration = 0;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double *zeros(long count) { return calloc(count, sizeof(double)); }

static double *read(long count) {
  double *x = zeros(count);
  for (long i = 0; i < count; i++)
    if (scanf("%lf", x + i) != 1) exit(1);
  return x;
}

int main(void) {
  char word[16];
  long rows, columns, rank, count;
  if (scanf("%15s %ld %ld %ld %lf %lf %lf %lf", word, &rows, &columns, &rank, &lr, &momentum, &weight_decay, &penalty) != 8)
    return 1;
#ifdef RANK
  if (rows != m || columns != n || rank != k) return 1;
#else
  m = rows, n = columns, k = rank;
#endif
  adam = !strcmp(word, "adam");
  size = (m + 1 + n) * k;
  M = read(m * n), start = read(size);
  p = zeros(size), g = zeros(size), buffer = zeros(size), squares = zeros(size);
  s = zeros(k), US = zeros(m * k), VT = zeros(n * k), R = zeros(m * n), RT = zeros(m * n), G = zeros(k * k);
  restart();
  printf("gcc %s\n", __VERSION__);
  fflush(stdout);
  while (scanf("%15s", word) == 1) {
    if (!strcmp(word, "restart")) {
      restart();
      puts("ok");
    } else if (!strcmp(word, "run") && scanf("%ld", &count) == 1) {
      double *losses = zeros(count), begun = now();
      for (long i = 0; i < count; i++) losses[i] = step();
      printf("%.17g %.17g\n", now() - begun, losses[count - 1]);
      free(losses);
    } else if (!strcmp(word, "state")) {
      for (long i = 0; i < size; i++) printf("%.17g ", p[i]);
      puts("");
    }
    fflush(stdout);
  }
}
