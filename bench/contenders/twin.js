// The notebook's loops in plain JavaScript: loss, gradient and update over flat arrays.

/** C (rows x columns) += a A B, with A (rows x inner) and B (inner x columns). */
function addProduct(rows, inner, columns, a, A, B, C) {
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < inner; l++) {
      const x = a * A[i * inner + l];
      for (let j = 0; j < columns; j++) C[i * columns + j] += x * B[l * columns + j];
    }
  }
}

/** T = Xᵀ, X (rows x columns) */
function transpose(rows, columns, X, T) {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) T[j * rows + i] = X[i * columns + j];
}

/** Y = X diag(s), X and Y (rows x s.length) */
function scaleColumns(rows, X, s, Y) {
  const k = s.length;
  for (let i = 0; i < rows; i++) for (let a = 0; a < k; a++) Y[i * k + a] = X[i * k + a] * s[a];
}

/** The three parts of a flat [U | d | V]. */
function parts({ m, k }, flat) {
  return [flat.subarray(0, m * k), flat.subarray(m * k, m * k + k), flat.subarray(m * k + k)];
}

/** A function that fills the gradient g at the parameters p, both [U | d | V], and returns the loss. */
function lossAndGradient({ m, n, k, M, penalty }, p, g) {
  const [U, d, V] = parts({ m, k }, p);
  const [dU, dd, dV] = parts({ m, k }, g);
  const [s, US, VT] = [k, m * k, k * n].map(zeros);
  const [R, RT, G] = [m * n, n * m, k * k].map(zeros);

  /** penalty mean((XᵀX - I)²); its gradient is added to dX. */
  function orthonormality(rows, X, dX) {
    G.fill(0);
    for (let i = 0; i < rows; i++) {
      for (let a = 0; a < k; a++) {
        const x = X[i * k + a];
        for (let b = 0; b < k; b++) G[a * k + b] += x * X[i * k + b];
      }
    }
    for (let a = 0; a < k; a++) G[a * k + a] -= 1;
    addProduct(rows, k, k, (4 * penalty) / (k * k), X, G, dX);
    return penalty * meanSquare(G);
  }

  return () => {
    for (let a = 0; a < k; a++) s[a] = d[a] * d[a];
    scaleColumns(m, U, s, US);
    transpose(n, k, V, VT);
    for (let i = 0; i < m * n; i++) R[i] = -M[i];
    addProduct(m, k, n, 1, US, VT, R); // R = U diag(s) Vᵀ - M
    transpose(m, n, R, RT);

    g.fill(0);
    addProduct(m, n, k, 2 / (m * n), R, V, dU); // 2/mn R V; diag(s) follows below
    addProduct(n, m, k, 2 / (m * n), RT, US, dV); // 2/mn Rᵀ U diag(s)
    for (let i = 0; i < m; i++) for (let a = 0; a < k; a++) dd[a] += 2 * d[a] * U[i * k + a] * dU[i * k + a];
    scaleColumns(m, dU, s, dU);
    return meanSquare(R) + orthonormality(m, U, dU) + orthonormality(n, V, dV);
  };
}

const updates = {
  sgd({ lr, momentum }, p, g) {
    const buffer = zeros(p.length);
    return () => {
      for (let i = 0; i < p.length; i++) {
        buffer[i] = momentum * buffer[i] + g[i];
        p[i] -= lr * buffer[i];
      }
    };
  },
  adam({ lr, weightDecay }, p, g) {
    const average = zeros(p.length);
    const squares = zeros(p.length);
    return (step) => {
      const stepSize = lr / (1 - 0.9 ** step);
      const root = Math.sqrt(1 - 0.999 ** step);
      for (let i = 0; i < p.length; i++) {
        const gradient = g[i] + weightDecay * p[i];
        average[i] = 0.9 * average[i] + 0.1 * gradient;
        squares[i] = 0.999 * squares[i] + 0.001 * gradient * gradient;
        p[i] -= (stepSize * average[i]) / (Math.sqrt(squares[i]) / root + 1e-8);
      }
    };
  },
};

const zeros = (length) => new Float64Array(length);

function meanSquare(X) {
  let sum = 0;
  for (let i = 0; i < X.length; i++) sum += X[i] * X[i];
  return sum / X.length;
}

/** The contender: see descents.js for what it offers. */
export const twin = {
  name: 'plain JavaScript',
  digits: 15,
  open(problem) {
    const p = zeros(problem.start.length);
    const g = zeros(p.length);
    const gradient = lossAndGradient(problem, p, g);
    let update, iteration, losses;
    const session = {
      restart() {
        p.set(problem.start);
        update = updates[problem.optimizer](problem, p, g);
        iteration = 0;
      },
      run(count) {
        losses = zeros(count);
        for (let i = 0; i < count; i++) {
          losses[i] = gradient();
          update(++iteration);
        }
      },
      lastLoss: () => losses.at(-1),
      state: () => p,
      close() {},
    };
    session.restart();
    return session;
  },
};
