/** The descent itself: guess, improve, and a chart of the loss in the terminal, for three optimizers from one start. */
import { adam, descend, levenbergMarquardt, manualSeed, sgd } from 'gradient-svd';

const M = manualSeed(316).rand(7, 4);
const optimizers = {
  'SGD with momentum': sgd({ lr: 0.9, momentum: 0.9 }),
  Adam: adam({ lr: 0.01 }),
  'Levenberg-Marquardt': levenbergMarquardt(),
};

for (const [name, optimizer] of Object.entries(optimizers)) {
  const d = descend(M, { optimizer, init: 'uniform', iterations: 2000 });
  console.log(`\n${name}`);
  for (const iteration of [0, 1, 3, 10, 30, 100, 300, 1000, 2000]) {
    if (iteration > d.iteration) d.step(iteration - d.iteration);
    // one mark for each power of ten above 1e-32
    const marks = Math.max(0, Math.round(32 + Math.log10(d.loss.total)));
    console.log(
      `${String(d.iteration).padStart(5)} ${d.loss.total.toExponential(1).padStart(8)} ${'#'.repeat(marks)}`,
    );
    if (d.status !== 'running') break;
  }
  console.log(d.status);
  d.dispose();
}
