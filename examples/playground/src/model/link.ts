/** A run as the part of an address after #, and back. */
import { allRules, type Config, initial, type LaneConfig, lane, matrixKinds, type Steer } from './config.js';
import { type Kind, kinds } from './optimizers.js';

/** A link longer than this is cut off by some messengers. */
export const longestOwn = 4000;

const sized: Partial<Record<Config['matrix'], (config: Config) => string[]>> = {
  random: ({ rows, columns, matrixSeed }) => [`size=${rows}x${columns}`, `matrixseed=${matrixSeed}`],
  hilbert: ({ rows }) => [`size=${rows}`],
  own: ({ own }) => (own.length <= longestOwn ? [`own=${own}`] : []),
  image: ({ picture }) => [`picture=${picture}`],
};

/** The hash of a run; what does not matter to it is left out. */
export function toHash(config: Config, story: string): string {
  const { matrix, rank, regularization, rules, seed, iterations, steer, at } = config;
  const lanes = config.lanes.map(({ kind, lr, momentum }) =>
    [kind, lr ?? '', momentum ?? ''].join(':').replace(/:+$/, ''),
  );
  const steered = steer.map((s) => [s.lane, s.at, s.key, s.value].join(':')).join(',');
  return `#${[
    `matrix=${matrix}`,
    ...(sized[matrix]?.(config) ?? []),
    ...(rank > 0 ? [`rank=${rank}`] : []),
    ...(regularization > 0 ? [`regularization=${regularization}`] : []),
    `rules=${rules}`,
    `seed=${seed}`,
    `iterations=${iterations}`,
    `optimizers=${lanes.join(',')}`,
    ...(steered ? [`steer=${steered}`] : []),
    ...(at > 0 ? [`at=${at}`] : []),
    ...(story ? [`story=${story}`] : []),
  ].join('&')}`;
}

const number = (text: string | null, least: number, most: number, otherwise: number) => {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
};
const whole = (text: string | null, least: number, most: number, otherwise: number) =>
  Math.round(number(text, least, most, otherwise));
const among = <T extends string>(text: string | null, values: readonly T[], otherwise: T): T =>
  values.includes(text as T) ? (text as T) : otherwise;

export const mostRegularization = 1e6;
const mostLr = 1e4;
const mostMomentum = 0.9999;
export const mostIterations = 10_000_000;

function lanesOf(text: string): readonly LaneConfig[] {
  const lanes: LaneConfig[] = [];
  for (const said of text.split(',').slice(0, 6)) {
    const [kind = '', lr = '', momentum = ''] = said.split(':');
    if (!Object.hasOwn(kinds, kind)) continue;
    const usual = lane(kind as Kind);
    lanes.push({
      kind: kind as Kind,
      lr: usual.lr === undefined ? undefined : number(lr, 0, mostLr, usual.lr),
      momentum: usual.momentum === undefined ? undefined : number(momentum, 0, mostMomentum, usual.momentum),
    });
  }
  return lanes.length > 0 ? lanes : initial.lanes;
}

function steerOf(text: string, lanes: readonly LaneConfig[], iterations: number): Steer[] {
  const steer: Steer[] = [];
  for (const said of text.split(',').slice(0, 500)) {
    const [index = '', at = '', key = '', value = ''] = said.split(':');
    if (!lanes[Number(index)] || index === '' || (key !== 'lr' && key !== 'momentum')) continue;
    if (lanes[Number(index)]![key] === undefined) continue;
    const most = key === 'lr' ? mostLr : mostMomentum;
    steer.push({
      lane: Number(index),
      at: whole(at, 0, iterations, 0),
      key,
      value: number(value, 0, most, 0),
    });
  }
  return steer.sort((a, b) => a.at - b.at);
}

/** The run a hash tells of, and its story; whatever it does not say, or says badly, is as in `initial`. */
export function fromHash(hash: string): { config: Config; story: string } {
  const said = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  const size = (said.get('size') ?? '').split('x');
  const matrix = among(said.get('matrix'), matrixKinds, initial.matrix);
  const lanes = lanesOf(said.get('optimizers') ?? '');
  const iterations = whole(said.get('iterations'), 1, mostIterations, initial.iterations);
  const config: Config = {
    matrix,
    rows: whole(size[0] ?? null, 1, matrix === 'hilbert' ? 64 : 512, initial.rows),
    columns: whole(size[1] ?? null, 1, 512, initial.columns),
    matrixSeed: whole(said.get('matrixseed'), 0, 2 ** 32 - 1, initial.matrixSeed),
    own: said.get('own') ?? initial.own,
    picture: among(said.get('picture'), ['baboon', 'volcano', 'upload'], initial.picture),
    rank: whole(said.get('rank'), 0, 512, 0),
    regularization: number(said.get('regularization'), 0, mostRegularization, 0),
    rules: among(said.get('rules'), allRules, initial.rules),
    seed: whole(said.get('seed'), 0, 2 ** 32 - 1, initial.seed),
    iterations,
    lanes,
    steer: steerOf(said.get('steer') ?? '', lanes, iterations),
    at: whole(said.get('at'), 0, iterations, 0),
  };
  return { config, story: said.get('story') ?? '' };
}
