// The notebook's loop in TensorFlow.js, its cpu backend (float32, all it has).

import { absentUnless } from '../harness.js';

export const tfjs = {
  name: 'tfjs cpu',
  digits: 7,
  async open({ optimizer, m, n, k, M, start, lr, momentum, weightDecay, penalty }) {
    const tf = await absentUnless(() => import('@tensorflow/tfjs'));
    tf.enableProdMode();
    await tf.setBackend('cpu');

    const target = tf.tensor2d(Float32Array.from(M), [m, n]);
    const identity = tf.eye(k);
    const [U, d, V] = [tf.zeros([m, k]), tf.zeros([k]), tf.zeros([n, k])].map((x) => tf.variable(x));
    const meanSquare = (x) => x.square().mean();
    const orthonormality = (X) => meanSquare(tf.matMul(X, X, true).sub(identity)).mul(penalty);
    const loss = () =>
      meanSquare(tf.matMul(U.mul(d.square()), V, false, true).sub(target))
        .add(orthonormality(U))
        .add(orthonormality(V));
    let rule, losses;

    /** One update; the loss before it. */
    const update = () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, [U, d, V]);
        if (weightDecay) for (const x of [U, d, V]) grads[x.name] = grads[x.name].add(x.mul(weightDecay));
        rule.applyGradients(grads);
        return value.dataSync()[0];
      });

    const session = {
      restart() {
        const data = Float32Array.from(start);
        U.assign(tf.tensor2d(data.subarray(0, m * k), [m, k]));
        d.assign(tf.tensor1d(data.subarray(m * k, m * k + k)));
        V.assign(tf.tensor2d(data.subarray(m * k + k), [n, k]));
        rule?.dispose();
        rule = optimizer === 'sgd' ? tf.train.momentum(lr, momentum) : tf.train.adam(lr, 0.9, 0.999, 1e-8);
      },
      run(count) {
        losses = new Float64Array(count);
        for (let i = 0; i < count; i++) losses[i] = update();
      },
      lastLoss: () => losses.at(-1),
      state: () => Float64Array.from([U, d, V].flatMap((x) => [...x.dataSync()])),
      close: () => tf.disposeVariables(),
    };
    session.restart();
    return session;
  },
};
