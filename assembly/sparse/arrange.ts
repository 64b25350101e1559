// Entries, as they came, into a fit: by rows, and those apart that are held out.

import { draw } from '../random';
import { Integers, Vector } from '../views';
import { placeOf } from './csr';
import { Fit, isHeld } from './fit';

/**
 * `count` entries in any order become those of f, which was made for them. Weights of 0
 * are no entries and must not come.
 */
export function arrange(
  f: Fit,
  count: i32,
  row: Integers,
  column: Integers,
  value: Vector,
  weight: Vector | null,
): void {
  const rows = f.rows;
  // one on: `starts` of row i is where its next entry goes, and in the end where row i + 1 starts
  const starts = f.starts.from(1);
  let held = 0;
  for (let e = 0; e < count; e++) {
    if (isHeld(e, f.seed, f.share)) {
      f.heldRow[held] = row[e];
      f.heldColumn[held] = column[e];
      f.heldValue[held] = value[e];
      held++;
    } else starts[row[e] + 1] += 1;
  }
  for (let i = 0; i < rows; i++) starts[i + 1] += starts[i];
  let sum: f64 = 0;
  let all: f64 = 0;
  for (let e = 0; e < count; e++) {
    if (isHeld(e, f.seed, f.share)) continue;
    const i = row[e];
    const j = column[e];
    const to = placeOf(i, starts);
    const own = f.weight;
    const w = weight ? weight[e] : 1;
    f.column[to] = j;
    f.value[to] = value[e];
    if (own) own[to] = w;
    f.weightOf[i] += w;
    f.weightOf[rows + j] += w;
    sum += w * value[e];
    f.squares += w * value[e] * value[e];
    all += w;
  }
  f.weights = all;
  f.mean = f.biases ? sum / all : 0;
  for (let r = 0; r < f.all; r++) {
    const share = (f.weightOf[r] * <f64>(r < rows ? rows : f.columns)) / all;
    f.scale[r] = f.weighted ? sqrt(share) * sqrt(sqrt(share)) : 1;
  }
}

/**
 * A start: no biases, and factors drawn so that their products have a root mean square of about `size`. The ones stand where
 * a bias is on the other side.
 */
export function scatter(f: Fit, size: f64): void {
  // (uniform draws in [-1/2, 1/2) have a variance of 1/12)
  const k = f.k;
  const root = sqrt((12 * size) / sqrt(<f64>k));
  for (let r = 0; r < f.all; r++) {
    const x = f.row(f.factors, r);
    // (what has no entries is 0)
    const any = f.weightOf[r] > 0 ? root : 0;
    for (let c = 0; c < k; c++)
      x[c] = any * (<f64>draw(f.seed * 747796405 + <u32>(r * k + c)) / 4294967296 - 0.5);
    x[f.biasAt(r)] = 0;
    x[f.oneAt(r)] = f.biases ? 1 : 0;
  }
}
