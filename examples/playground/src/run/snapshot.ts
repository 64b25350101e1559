/** What the page is shown of a lane: its factors multiplied out, and what is to be thought of them. */
import { reconstruct, type SvdResult } from 'gradient-svd';
import type { LaneFrame, View } from '../model/protocol.js';
import { heldOutError } from './baselines.js';
import { type Facts, judge } from './judge.js';
import type { Lane, Race } from './race.js';

interface Products {
  readonly product: Float64Array;
  readonly residual: Float64Array;
  readonly UtU: Float32Array;
  readonly VtV: Float32Array;
}

function multiply({ problem, rank }: Race, result: SvdResult): Products {
  const product = reconstruct(result).data;
  return {
    product,
    residual: product.map((x, at) => x - problem.data[at]!),
    UtU: gram(result.U.data, problem.rows, rank),
    VtV: gram(result.V.data, problem.columns, rank),
  };
}

/** XᵀX, by the library's own product. */
function gram(X: Float64Array, rows: number, k: number): Float32Array {
  const data = new Float64Array(k * rows);
  for (let i = 0; i < rows; i++) for (let c = 0; c < k; c++) data[c * rows + i] = X[i * k + c]!;
  const transposed = { rows: k, columns: rows, data };
  const ones = new Float64Array(rows).fill(1);
  return Float32Array.from(reconstruct({ U: transposed, S: ones, V: transposed }).data);
}

function offIdentity(G: Float32Array, k: number): number {
  let most = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) most = Math.max(most, Math.abs(G[a * k + b]! - (a === b ? 1 : 0)));
  }
  return most;
}

/** FNV-1a over all bits: two runs with the same eight digits are the same run. */
function digest(arrays: Float64Array[]): string {
  let hash = 0x811c9dc5;
  for (const array of arrays) {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** R V and Rᵀ U, over the known entries; R in the descent's own unit. */
function residualTimes({ problem, rank: k, loss }: Race, { U, V }: SvdResult, residual: Float64Array) {
  const { rows: m, columns: n } = problem;
  const RV = new Float64Array(m * k);
  const RU = new Float64Array(n * k);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const r = residual[i * n + j]! / loss.unit;
      if (Number.isNaN(r)) continue;
      for (let c = 0; c < k; c++) {
        RV[i * k + c]! += r * V.data[j * k + c]!;
        RU[j * k + c]! += r * U.data[i * k + c]!;
      }
    }
  }
  return { RV, RU };
}

/** Norm of the loss's gradient by U, d and V: zero where nothing moves. */
function slope(race: Race, result: SvdResult, residual: Float64Array): number {
  const { problem, rank: k, loss, config } = race;
  const { rows: m, columns: n, data } = problem;
  const known = data.filter((x) => !Number.isNaN(x)).length;
  const U = result.U.data;
  const V = result.V.data;
  const s = result.S.map((x) => x / loss.unit);
  const { RV, RU } = residualTimes(race, result, residual);
  let sum = 0;
  for (let c = 0; c < k; c++) {
    let ds = 0;
    for (let i = 0; i < m; i++) ds += U[i * k + c]! * RV[i * k + c]!;
    sum += ((2 / known) * ds * (config.rules === 'notebook' ? 2 * Math.sqrt(s[c]!) : 1)) ** 2;
  }
  for (const [X, rows, RX] of [
    [U, m, RV],
    [V, n, RU],
  ] as const) {
    const G = gram(X, rows, k);
    for (let i = 0; i < rows; i++) {
      for (let c = 0; c < k; c++) {
        let own = 0;
        for (let l = 0; l < k; l++) own += X[i * k + l]! * (G[l * k + c]! - (l === c ? 1 : 0));
        sum += ((2 / known) * RX[i * k + c]! * s[c]! + ((4 * 0.01) / k ** 2) * own) ** 2;
      }
    }
  }
  return Math.sqrt(sum);
}

function factsOf(race: Race, lane: Lane, active: boolean, { residual, UtU, VtV }: Products): Facts {
  const { rank, config, scale } = race;
  const { descent, past } = lane;
  const { iteration, status } = descent;
  const result = lane.result();
  const direct = race.direct?.subarray(0, rank);
  const half = past.at.findLastIndex((at) => at <= iteration / 2);
  return {
    status,
    active,
    iteration,
    total: result.loss.total,
    earlier: past.total[Math.max(0, half)]!,
    scale,
    off: direct
      ? direct.reduce((most, s, c) => Math.max(most, Math.abs(s - result.S[c]!)), 0) / (direct[0]! || 1)
      : Number.NaN,
    skew: Math.max(offIdentity(UtU, rank), offIdentity(VtV, rank)),
    slope: () => slope(race, result, residual),
    squared: config.rules === 'notebook',
    smallest: result.S[rank - 1]!,
    smallestDirect: direct?.[rank - 1] ?? Number.NaN,
    fixedStep: lane.config.lr !== undefined,
    isDefault: config.rules === 'library' && lane.config.kind === 'lm',
  };
}

export function snapshot(
  race: Race,
  lane: Lane,
  active: boolean,
): { frame: LaneFrame; view: Omit<View, 'lane'> } {
  const { picture, held } = race.problem;
  const result = lane.result();
  const made = multiply(race, result);
  const { product, residual, UtU, VtV } = made;
  const facts = factsOf(race, lane, active, made);
  const square = residual.reduce((sum, r) => sum + (Number.isNaN(r) ? 0 : r * r), 0) / residual.length;
  const frame = {
    iteration: facts.iteration,
    status: facts.status,
    total: facts.total,
    off: facts.off,
    milliseconds: lane.milliseconds,
    ...judge(facts),
    digest: digest([result.U.data, result.S, result.V.data]),
    ...(picture ? { psnr: 10 * Math.log10(255 ** 2 / square) } : {}),
    ...(held.length > 0 ? { heldOut: heldOutError(race.problem, product) } : {}),
  };
  const shown = { product: Float32Array.from(product), residual: Float32Array.from(residual) };
  return { frame, view: { S: result.S, ...shown, UtU, VtV } };
}
