/** What the page and its worker tell each other. */
import type { Status } from 'gradient-svd';
import type { Problem } from './matrices.js';
import type { Kind } from './optimizers.js';
import type { Config, Steer } from './state.js';

export type Speed = 'slow' | 'steady' | 'fast' | 'most';

export type ToWorker =
  | { type: 'load'; run: number; config: Config; problem: Problem; shown: number; play: boolean }
  | { type: 'play'; speed: Speed }
  | { type: 'pause' }
  | { type: 'step'; count: number }
  | { type: 'steer'; steer: Omit<Steer, 'at'> }
  | { type: 'show'; lane: number }
  /** the last frame is drawn: the next one may come */
  | { type: 'drawn' };

export type Verdict = 'ready' | 'running' | 'converged' | 'diverged' | 'stuck' | 'unfinished';

export interface LaneFrame {
  readonly iteration: number;
  readonly status: Status;
  readonly total: number;
  /** largest difference of its singular values from the direct ones, by the largest; NaN where there are none */
  readonly off: number;
  readonly milliseconds: number;
  readonly verdict: Verdict;
  readonly reason: string;
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

/** Numbers in a row of the chart, for each lane: total, its three terms (weighted, so that they add up), held-out error. */
export const perLane = 5;

export type FromWorker =
  /** the optimizers that this build of the library has */
  | { type: 'hello'; kinds: Kind[] }
  | {
      type: 'loaded';
      run: number;
      rank: number;
      /** undefined where there are gaps */
      direct: Float64Array | undefined;
      /** of the row and column means, for ratings */
      baseline: number | undefined;
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
