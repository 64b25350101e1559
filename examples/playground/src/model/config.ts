/** What a run is: everything that two pages must agree on to make the same one. */
import { entry, type Kind } from './optimizers.js';

export const notebookKinds = ['M1', 'M2', 'M3', 'M4', 'M5'] as const;
export const matrixKinds = [
  ...notebookKinds,
  'random',
  'hilbert',
  'own',
  'image',
  'temperatures',
  'ratings',
] as const;
export type MatrixKind = (typeof matrixKinds)[number];
export type Picture = 'baboon' | 'volcano' | 'upload';

/**
 * `notebook`: uniform start, S = d², M as it is; `signed`: the same but for S = d; `library`: orthonormal start,
 * S = d, M of unit norm.
 */
export const allRules = ['notebook', 'signed', 'library'] as const;
export type Rules = (typeof allRules)[number];

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
  /** rows by `;`, entries by `,`, gaps `?` */
  readonly own: string;
  readonly picture: Picture;
  /** 0 = as many as there are, or 1 where there are gaps */
  readonly rank: number;
  /** λ, in units of M's entries: for the default where there are gaps */
  readonly regularization: number;
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
  regularization: 0,
  rules: 'notebook',
  seed: 314,
  iterations: 20_000,
  lanes: [{ kind: 'sgd', lr: 0.9, momentum: 0.9 }],
  steer: [],
  at: 0,
};

export const libraryDefault = { rules: 'library', lanes: [{ kind: 'lm' }] } as const;

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
  library: { label: 'Library default', about: 'nothing to tune', change: libraryDefault },
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

/** Are some entries hidden, to see how well they are guessed? */
export const hides = ({ matrix }: Config) => matrix === 'ratings' || matrix === 'temperatures';

/** Is there anything that is not known? */
export const hasGaps = (config: Config) =>
  hides(config) || (config.matrix === 'own' && config.own.includes('?'));

const sizes: Record<string, readonly [number, number]> = {
  M1: [5, 4],
  M2: [4, 4],
  M3: [7, 4],
  M4: [4, 3],
  M5: [4, 3],
};

/** Entries of M, where they are known before it is made. */
function entries({ matrix, rows, columns }: Pick<Config, 'matrix' | 'rows' | 'columns'>): number | undefined {
  if (matrix === 'random') return rows * columns;
  if (matrix === 'hilbert') return rows * rows;
  const size = sizes[matrix];
  return size && size[0] * size[1];
}

/**
 * Another matrix, and what fits it. The notebooks' step lengths were found for the notebooks' matrices: elsewhere
 * the library's own default takes their place. By the library's rules the slope of a mean over mn entries goes
 * with 1/(mn), so the step of SGD goes with mn.
 */
export function choose(config: Config, matrix: MatrixKind): Partial<Config> {
  const size = { hilbert: { rows: 8 }, random: { rows: 20, columns: 12 } }[matrix as string] ?? {};
  const rank = { image: 16, ratings: 1, temperatures: 2 }[matrix as string] ?? 0;
  const change = { matrix, rank, regularization: matrix === 'ratings' ? 4 : 0, ...size };
  const [before, after] = [entries(config), entries({ ...config, ...change })];
  const raw = config.rules !== 'library';
  if (raw && sizes[matrix] && sizes[config.matrix]) return change;
  const fits = !raw && before && after && config.lanes.some(({ kind }) => kind === 'lm');
  if (!fits) return { ...change, ...libraryDefault, iterations: initial.iterations };
  const lanes = config.lanes.map((lane) =>
    lane.kind === 'sgd' || lane.kind === 'asgd'
      ? { ...lane, lr: Number(((lane.lr! * after) / before).toPrecision(2)) }
      : lane,
  );
  return { ...change, lanes };
}
