/** From what the page says to what the library takes. */
import * as library from 'gradient-svd';
import type { Config, LaneConfig } from '../model/config.js';
import { entry, type Kind, kinds } from '../model/optimizers.js';

type Make = (options?: object) => library.Optimizer;
const factories = library as unknown as Partial<Record<string, Make>>;

/** Those this build of the library has. */
export const available = (Object.keys(kinds) as Kind[]).filter((kind) => kind === 'lm' || factories[kind]);

/** The option by which this optimizer's momentum is set. */
export function momentumOption(kind: Kind, momentum: number | undefined): Record<string, unknown> {
  const { momentumKey } = entry(kind);
  if (momentumKey === undefined || momentum === undefined) return {};
  return momentumKey === 'betas' ? { betas: [momentum, 0.999] } : { momentum };
}

function optimizer({ kind, lr, momentum }: LaneConfig, { rules }: Config): library.Optimizer | undefined {
  // the library's own default, whatever it is, comes from leaving the option out
  if (kind === 'lm') return undefined;
  const make = factories[kind];
  if (!make) throw new Error(`This build of the library has no ${kind}.`);
  // the notebook's Adam has a little; Muon's own would draw all singular values down
  const decay =
    kind === 'muon'
      ? { weightDecay: 0 }
      : kind === 'adam' && rules !== 'library'
        ? { weightDecay: 1e-5 }
        : {};
  return make({ lr, ...momentumOption(kind, momentum), ...decay });
}

/**
 * The options of one lane. All lanes have the same start; where the default would choose its own, it is given the
 * `guess` of the others.
 */
export function svdOptions(
  config: Config,
  lane: LaneConfig,
  rank: number,
  gaps: boolean,
  guess?: library.SvdFactors,
): library.SvdOptions {
  const { rules, seed, iterations } = config;

  const missing = gaps ? 'nan' : 'error';
  const regularization = gaps && lane.kind === 'lm' ? config.regularization : 0;
  const shared = {
    optimizer: optimizer(lane, config),
    rank,
    seed,
    iterations,
    history: 0,
    missing,
    regularization,
  } as const;
  if (rules === 'library') return { ...shared, ...(lane.kind === 'lm' && guess ? { init: guess } : {}) };
  const { init, normalize, penalty, tolerance, signs } = library.notebookSgd;
  const diagonal = rules === 'signed' ? 'signed' : library.notebookSgd.diagonal;
  // the notebooks never stop early; an optimizer of ours may
  const stops = lane.kind === 'lm' ? {} : { tolerance };
  return { ...shared, init, diagonal, normalize, penalty, signs, ...stops };
}
