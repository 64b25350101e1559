/** What a run is: everything that the URL has to say so that another page makes the same one. */

import { entry, type Kind, kinds } from './optimizers.js';

export const matrixKinds = [
  'M1',
  'M2',
  'M3',
  'M4',
  'M5',
  'random',
  'hilbert',
  'own',
  'image',
  'ratings',
] as const;
export type MatrixKind = (typeof matrixKinds)[number];
export type Picture = 'baboon' | 'volcano' | 'upload';
/** `notebook`: uniform start, S = d², M as it is; `library`: orthonormal start, signed diagonal, M of unit norm. */
export type Rules = 'library' | 'notebook';

export interface LaneConfig {
  readonly kind: Kind;
  /** undefined where the optimizer has none */
  lr?: number;
  momentum?: number;
}

/** Somebody turned a knob while it ran. */
export interface Steer {
  readonly lane: number;
  readonly at: number;
  readonly key: 'lr' | 'momentum';
  readonly value: number;
}

export interface Config {
  readonly matrix: MatrixKind;
  /** of a random matrix, or the order of a Hilbert matrix */
  readonly rows: number;
  readonly columns: number;
  readonly matrixSeed: number;
  /** rows by `;`, entries by `,`, gaps empty */
  readonly own: string;
  readonly picture: Picture;
  /** 0 = full */
  readonly rank: number;
  readonly rules: Rules;
  readonly seed: number;
  readonly iterations: number;
  readonly lanes: readonly LaneConfig[];
  readonly steer: readonly Steer[];
  /** how far it has run */
  readonly at: number;
}

export const lane = (kind: Kind): LaneConfig => ({
  kind,
  lr: entry(kind).lr,
  momentum: entry(kind).momentum,
});

export const initial: Config = {
  matrix: 'M1',
  rows: 20,
  columns: 12,
  matrixSeed: 1,
  own: '3,0,2;4,5,1;1,0,6;2,2,2',
  picture: 'baboon',
  rank: 0,
  rules: 'notebook',
  seed: 314,
  iterations: 20_000,
  lanes: [{ kind: 'sgd', lr: 0.9, momentum: 0.9 }],
  steer: [],
  at: 0,
};

export const presets = {
  'notebook-sgd': {
    label: 'Notebook SGD',
    about: 'lr 0.9, momentum 0.9, S = d²',
    change: { rules: 'notebook', lanes: [{ kind: 'sgd', lr: 0.9, momentum: 0.9 }] },
  },
  'notebook-adam': {
    label: 'Notebook Adam',
    about: 'lr 0.001, S = d²',
    change: { rules: 'notebook', lanes: [{ kind: 'adam', lr: 1e-3, momentum: 0.9 }] },
  },
  library: {
    label: 'Library default',
    about: 'nothing to tune',
    change: { rules: 'library', lanes: [{ kind: 'lm' }] },
  },
  race: {
    label: 'Race of three',
    about: 'one start, three ways down',
    change: {
      rules: 'library',
      lanes: [
        { kind: 'lm' },
        { kind: 'sgd', lr: 0.9, momentum: 0.9 },
        { kind: 'adam', lr: 1e-2, momentum: 0.9 },
      ],
    },
  },
} as const satisfies Record<string, { label: string; about: string; change: Partial<Config> }>;

/** A link longer than this is cut off by some messengers. */
export const longestOwn = 4000;

const number = (text: string | null, least: number, most: number, otherwise: number) => {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
};
const whole = (text: string | null, least: number, most: number, otherwise: number) =>
  Math.round(number(text, least, most, otherwise));
const among = <T extends string>(text: string | null, values: readonly T[], otherwise: T): T =>
  values.includes(text as T) ? (text as T) : otherwise;

/** The hash of a run; what does not matter to it is left out. */
export function toHash(config: Config): string {
  const out: string[] = [`matrix=${config.matrix}`];
  if (config.matrix === 'random') {
    out.push(`size=${config.rows}x${config.columns}`, `matrixseed=${config.matrixSeed}`);
  }
  if (config.matrix === 'hilbert') out.push(`size=${config.rows}`);
  if (config.matrix === 'own' && config.own.length <= longestOwn) out.push(`own=${config.own}`);
  if (config.matrix === 'image') out.push(`picture=${config.picture}`);
  if (config.rank > 0) out.push(`rank=${config.rank}`);
  const lanes = config.lanes.map(({ kind, lr, momentum }) =>
    [kind, lr ?? '', momentum ?? ''].join(':').replace(/:+$/, ''),
  );
  out.push(`rules=${config.rules}`, `seed=${config.seed}`, `iterations=${config.iterations}`);
  out.push(`optimizers=${lanes.join(',')}`);
  if (config.steer.length > 0) {
    out.push(`steer=${config.steer.map((s) => [s.lane, s.at, s.key, s.value].join(':')).join(',')}`);
  }
  if (config.at > 0) out.push(`at=${config.at}`);
  return `#${out.join('&')}`;
}

/** The run a hash tells of; whatever it does not say, or says badly, is as in `initial`. */
export function fromHash(hash: string): Config {
  const said = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  const size = (said.get('size') ?? '').split('x');
  const lanes: LaneConfig[] = [];
  for (const entry of (said.get('optimizers') ?? '').split(',').slice(0, 6)) {
    const [kind = '', lr = '', momentum = ''] = entry.split(':');
    if (!Object.hasOwn(kinds, kind)) continue;
    const usual = lane(kind as Kind);
    lanes.push({
      kind: kind as Kind,
      lr: usual.lr === undefined ? undefined : number(lr, 0, 1e3, usual.lr),
      momentum: usual.momentum === undefined ? undefined : number(momentum, 0, 0.9999, usual.momentum),
    });
  }
  const used = lanes.length > 0 ? lanes : initial.lanes;
  const iterations = whole(said.get('iterations'), 1, 10_000_000, initial.iterations);
  const steer: Steer[] = [];
  for (const entry of (said.get('steer') ?? '').split(',').slice(0, 500)) {
    const [index = '', at = '', key = '', value = ''] = entry.split(':');
    if (!used[Number(index)] || index === '' || (key !== 'lr' && key !== 'momentum')) continue;
    if (used[Number(index)]![key] === undefined) continue;
    steer.push({
      lane: Number(index),
      at: whole(at, 0, iterations, 0),
      key,
      value: number(value, 0, key === 'lr' ? 1e3 : 0.9999, 0),
    });
  }
  return {
    matrix: among(said.get('matrix'), matrixKinds, initial.matrix),
    rows: whole(size[0] ?? null, 1, 512, initial.rows),
    columns: whole(size[1] ?? null, 1, 512, initial.columns),
    matrixSeed: whole(said.get('matrixseed'), 0, 2 ** 32 - 1, initial.matrixSeed),
    own: said.get('own') ?? initial.own,
    picture: among(said.get('picture'), ['baboon', 'volcano', 'upload'], initial.picture),
    rank: whole(said.get('rank'), 0, 512, 0),
    rules: among(said.get('rules'), ['library', 'notebook'], initial.rules),
    seed: whole(said.get('seed'), 0, 2 ** 32 - 1, initial.seed),
    iterations,
    lanes: used,
    steer: steer.sort((a, b) => a.at - b.at),
    at: whole(said.get('at'), 0, iterations, 0),
  };
}
