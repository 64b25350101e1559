// Who decomposes a matrix, whatever the method. A contender is { name, open({ m, n, M }) }; `open` throws Absent or
// gives a session: run(count), which returns the seconds if it `timesItself`; state(), the flat [U | S | V]; close().

import * as gradientSvd from '../../dist/gradient-svd.js';
import { Absent, absentUnless } from '../harness.js';

const rows = ({ m, n, M }) => Array.from({ length: m }, (_, i) => Array.from(M.subarray(i * n, (i + 1) * n)));

/** A session of a function that decomposes, and of what makes [U, S, V] of its answer. */
function session(decompose, flat) {
  let answer;
  return {
    run(count) {
      for (let i = 0; i < count; i++) answer = decompose();
    },
    state: () => Float64Array.from(flat(answer).flatMap((part) => Array.from(part))),
    close() {},
  };
}

function ourSession({ m, n, M }, decompose) {
  if (!decompose) throw new Absent('not in this build');
  const matrix = { rows: m, columns: n, data: M };
  return session(
    () => decompose(matrix),
    ({ U, S, V }) => [U.data, S, V.data],
  );
}

export const ours = {
  name: 'svd(M)',
  open: (problem) =>
    ourSession(problem, (M) => {
      const result = gradientSvd.svd(M, { history: 0 });
      if (result.status !== 'converged')
        throw new Error(`${result.status} after ${result.iterations} iterations`);
      return result;
    }),
};

export const oursDirect = {
  name: 'directSvd',
  open: (problem) => ourSession(problem, gradientSvd.directSvd),
};

export const mlMatrix = {
  name: 'ml-matrix',
  async open(problem) {
    const { Matrix, SingularValueDecomposition } = await absentUnless(() => import('ml-matrix'));
    const matrix = new Matrix(rows(problem));
    return session(
      () => new SingularValueDecomposition(matrix, { autoTranspose: true }),
      (svd) => [svd.leftSingularVectors.to1DArray(), svd.diagonal, svd.rightSingularVectors.to1DArray()],
    );
  },
};

export const svdJs = {
  name: 'svd-js',
  async open(problem) {
    const { SVD } = await absentUnless(() => import('svd-js'));
    const matrix = rows(problem);
    return session(
      () => SVD(matrix),
      ({ u, q, v }) => [u.flat(), q, v.flat()],
    );
  },
};

export const eigen = {
  name: 'eigen wasm',
  async open(problem) {
    const { default: eig } = await absentUnless(() => import('eigen'));
    await eig.ready;
    const matrix = new eig.Matrix(rows(problem));
    const entries = (X) =>
      Array.from({ length: X.rows() * X.cols() }, (_, i) => X.get(Math.floor(i / X.cols()), i % X.cols()));
    return session(
      () => {
        eig.GC.pushException(matrix);
        eig.GC.flush();
        return eig.Decompositions.svd(matrix, true);
      },
      ({ U, sv, V }) => [entries(U), entries(sv), entries(V)],
    );
  },
};
