/** What the page and its worker tell each other. */
import type { Status } from 'gradient-svd';
import type { Config, Steer } from './config.js';
import type { Problem } from './matrices.js';
import type { Kind } from './optimizers.js';

export type Speed = 'slow' | 'steady' | 'fast' | 'most';

export type ToWorker =
  | { type: 'load'; run: number; config: Config; problem: Problem; shown: number }
  | { type: 'play'; speed: Speed }
  | { type: 'pause' }
  | { type: 'step'; count: number }
  | { type: 'steer'; steer: Omit<Steer, 'at'> }
  | { type: 'show'; lane: number }
  /** the last frame is drawn: the next one may come */
  | { type: 'drawn' };

export type Verdict = 'ready' | 'running' | 'paused' | 'converged' | 'diverged' | 'stuck' | 'unfinished';

/** What gets a lane out of where it is: the library's default, a tenth of the step, ten times the iterations. */
export type Remedy = 'default' | 'slower' | 'longer';

export interface LaneFrame {
  readonly iteration: number;
  readonly status: Status;
  readonly total: number;
  /** largest difference of its singular values from the direct ones, by the largest; NaN where there are none */
  readonly off: number;
  readonly milliseconds: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly remedies: readonly Remedy[];
  /** of all bits of U, S and V */
  readonly digest: string;
  readonly psnr?: number;
  readonly heldOut?: number;
}

/** The lane that is looked at. */
export interface View {
  readonly lane: number;
  readonly S: Float64Array;
  readonly product: Float32Array;
  readonly residual: Float32Array;
  /** k x k */
  readonly UtU: Float32Array;
  readonly VtV: Float32Array;
}

/**
 * Numbers in a row of the chart, for each lane: total, its three terms (weighted, so that they add up), held-out
 * error, and where it is on the map of the valley.
 */
export const perLane = 7;
export const heldOutColumn = 4;
export const mapColumn = 5;

/**
 * The loss over a plane through the space of all U, d and V. Along any line it is a polynomial (of degree 8 at
 * most: (u d² v - m)²), so its values at 9 x 9 Chebyshev points are all of it.
 */
export interface Valley {
  /** of the points, row by row */
  readonly losses: Float64Array;
  /** where those points lie: center and half width, by axis */
  readonly center: readonly [number, number];
  readonly half: readonly [number, number];
  /** what part of the paths' movement lies in this plane; undefined where all of it leads out of sight */
  readonly share: number | undefined;
  /** the highest loss on the paths */
  readonly top: number;
}

export interface Baseline {
  readonly name: string;
  /** a guess for each entry */
  readonly guess: Float64Array;
  /** its root mean square error over the hidden entries */
  readonly error: number;
}

export type FromWorker =
  /** the optimizers that this build of the library has */
  | { type: 'hello'; kinds: Kind[] }
  | {
      type: 'loaded';
      run: number;
      rank: number;
      /** undefined where there are gaps */
      direct: Float64Array | undefined;
      /** simple guesses for what is hidden, the best first */
      baselines: Baseline[];
      valley: Valley | undefined;
    }
  | {
      type: 'frame';
      run: number;
      playing: boolean;
      position: number;
      /** new rows of the chart: position, then perLane numbers a lane */
      rows: Float64Array;
      lanes: LaneFrame[];
      view: View;
      /** all that was steered so far */
      steer: Steer[];
    }
  | { type: 'failed'; run: number; message: string };
