/** The notebooks' five matrices, each drawn after its own `torch.manual_seed`. */
import { manualSeed } from 'gradient-svd';

const transpose = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

export const matrices = {
  M1: manualSeed(314).rand(5, 4).toArray(),
  M2: manualSeed(315).rand(4, 4).toArray(),
  M3: manualSeed(316).rand(7, 4).toArray(),
  M4: transpose(manualSeed(317).rand(3, 4).toArray()),
  M5: manualSeed(317).rand(4, 3).toArray(),
};
