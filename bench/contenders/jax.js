// The notebook's loop in jax-js, its wasm backend, float64, one jitted function per iteration.

import { absentUnless } from '../harness.js';

export const jax = {
  name: 'jax-js',
  digits: 15,
  async open({ optimizer, m, n, k, M, start, lr, momentum, weightDecay, penalty }) {
    const {
      numpy: np,
      jit,
      valueAndGrad,
    } = await absentUnless(() => {
      globalThis.Float16Array ??= class {}; // jax-js asks `instanceof Float16Array`, which Node 20 lacks
      return import('@jax-js/jax');
    });
    const dtype = np.float64;
    const array = (data, shape) => np.array(Float64Array.from(data), { dtype }).reshape(shape);
    const scalar = (x) => array([x], []);
    // Inside jit, jax-js 0.1.25 rounds numbers, and the count in mean(), to float32: constants are arrays.
    const constant = (x) => {
      const held = scalar(x);
      return () => held.ref;
    };
    const [rate, kept, decay, weight] = [lr, momentum, weightDecay, penalty].map(constant);
    const [beta1, beta2, rest1, rest2, eps] = [0.9, 0.999, 0.1, 0.001, 1e-8].map(constant);
    const zeros = () => [[m, k], [k], [n, k]].map((shape) => np.zeros(shape, { dtype }));

    const target = array(M, [m, n]);
    const identity = np.eye(k, k, { dtype });
    const meanSquare = (x) => {
      const share = scalar(1 / x.size);
      return np.square(x).sum().mul(share);
    };
    const orthonormality = (X) => meanSquare(np.matmul(X.ref.transpose(), X).sub(identity.ref)).mul(weight());
    const loss = (U, d, V) =>
      meanSquare(np.matmul(U.ref.mul(np.square(d)), V.ref.transpose()).sub(target.ref))
        .add(orthonormality(U))
        .add(orthonormality(V));
    const lossAndGradient = valueAndGrad(loss, { argnums: [0, 1, 2] });

    const sgd = jit((parameters, buffers) => {
      const [value, gradients] = lossAndGradient(...parameters.map((x) => x.ref));
      const next = buffers.map((b, i) => b.mul(kept()).add(gradients[i]));
      return [value, parameters.map((x, i) => x.sub(next[i].ref.mul(rate()))), next];
    });

    const adam = jit((parameters, averages, squares, stepSize, root) => {
      const [value, gradients] = lossAndGradient(...parameters.map((x) => x.ref));
      const g = gradients.map((x, i) => x.add(parameters[i].ref.mul(decay())));
      const first = averages.map((x, i) => x.mul(beta1()).add(g[i].ref.mul(rest1())));
      const second = squares.map((x, i) => x.mul(beta2()).add(np.square(g[i]).mul(rest2())));
      const next = parameters.map((x, i) =>
        x.sub(first[i].ref.mul(stepSize.ref).div(np.sqrt(second[i].ref).div(root.ref).add(eps()))),
      );
      stepSize.dispose();
      root.dispose();
      return [value, next, first, second];
    });

    let parameters, state, iteration, losses;

    function update() {
      iteration++;
      const bias = [lr / (1 - 0.9 ** iteration), Math.sqrt(1 - 0.999 ** iteration)];
      const result =
        optimizer === 'sgd' ? sgd(parameters, ...state) : adam(parameters, ...state, ...bias.map(scalar));
      let value;
      [value, parameters, ...state] = result;
      return value.dataSync()[0];
    }

    const session = {
      restart() {
        parameters = [
          array(start.subarray(0, m * k), [m, k]),
          array(start.subarray(m * k, m * k + k), [k]),
          array(start.subarray(m * k + k), [n, k]),
        ];
        state = optimizer === 'sgd' ? [zeros()] : [zeros(), zeros()];
        iteration = 0;
      },
      run(count) {
        losses = new Float64Array(count);
        for (let i = 0; i < count; i++) losses[i] = update();
      },
      lastLoss: () => losses.at(-1),
      state: () => Float64Array.from(parameters.flatMap((x) => [...x.ref.dataSync()])),
      close() {},
    };
    session.restart();
    return session;
  },
};
