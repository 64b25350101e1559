/** The optimizers one can pick here, and which knobs they have. */

interface Entry {
  readonly label: string;
  readonly about: string;
  /** its usual learning rate; undefined = it has none to choose */
  readonly lr?: number;
  readonly momentum?: number;
  /** what its momentum is called in its options */
  readonly momentumKey?: 'momentum' | 'betas';
}

export const kinds = {
  lm: { label: 'Levenberg–Marquardt', about: 'the default; chooses its own steps' },
  sgd: { label: 'SGD', about: 'downhill, with momentum', lr: 0.9, momentum: 0.9, momentumKey: 'momentum' },
  adam: { label: 'Adam', about: 'each entry its own step', lr: 0.01, momentum: 0.9, momentumKey: 'betas' },
  nadam: { label: 'NAdam', about: 'Adam, looking ahead', lr: 0.01, momentum: 0.9, momentumKey: 'betas' },
  radam: {
    label: 'RAdam',
    about: 'Adam, with a careful start',
    lr: 0.01,
    momentum: 0.9,
    momentumKey: 'betas',
  },
  adamax: {
    label: 'Adamax',
    about: 'Adam, by the largest slope',
    lr: 0.01,
    momentum: 0.9,
    momentumKey: 'betas',
  },
  adagrad: { label: 'Adagrad', about: 'steps that only shrink', lr: 0.05 },
  rmsprop: {
    label: 'RMSprop',
    about: 'steps by recent slopes',
    lr: 0.002,
    momentum: 0,
    momentumKey: 'momentum',
  },
  rprop: { label: 'Rprop', about: 'only the signs of slopes', lr: 0.01 },
  adadelta: { label: 'Adadelta', about: 'no units, slow start', lr: 1 },
  asgd: { label: 'ASGD', about: 'SGD that slows down', lr: 0.9 },
  conjugateGradients: { label: 'Conjugate gradients', about: 'the default where there are gaps' },
  lion: { label: 'Lion', about: 'the sign of an average, nothing else', lr: 0.001 },
  muon: {
    label: 'Muon',
    about: 'all directions of a matrix alike',
    lr: 0.01,
    momentum: 0.95,
    momentumKey: 'momentum',
  },
  lbfgs: { label: 'L-BFGS', about: 'learns the curvature', lr: 1 },
} as const satisfies Record<string, Entry>;

export type Kind = keyof typeof kinds;
export const entry = (kind: Kind): Entry => kinds[kind];
