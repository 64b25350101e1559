/**
 * The descents of a race, all on one clock of iterations. What is made depends on iterations alone, never on
 * time, so that a link shows the same run.
 */
import { type Descent, descend, directSvd, reconstruct, type SvdFactors, type SvdResult } from 'gradient-svd';
import type { Config, LaneConfig, Steer } from '../model/config.js';
import type { Problem } from '../model/matrices.js';
import { type Baseline, perLane, type Valley } from '../model/protocol.js';
import { baselines, heldOutError } from './baselines.js';
import { momentumOption, svdOptions } from './make.js';
import { Loss, mapOf, type Path, type Plane, Track } from './valley.js';

/** Iterations at which the loss is drawn: all of the first ones, then each half percent. */
const next = (position: number) => (position < 300 ? position + 1 : Math.ceil(position * 1.005 + 0.5));

/** A lane that has ended is no longer drawn. */
const nothing = Array.from({ length: perLane }, () => Number.NaN);

/** Multiplications that a first look at the valley may cost, and the fewest iterations that are one. */
const lookCost = 3e8;
const shortestLook = 8;

/** Where a descent is now, computed once an iteration. */
function current(descent: Descent): () => SvdResult {
  let memo: SvdResult | undefined;
  return () => {
    if (memo?.iterations !== descent.iteration || memo.status !== descent.status) memo = descent.result();
    return memo;
  };
}

const hasDiverged = ({ status }: Descent) => status === 'diverged';

export interface Lane {
  readonly config: LaneConfig;
  readonly descent: Descent;
  readonly result: () => SvdResult;
  readonly track: Track;
  /** losses at the drawn iterations, to look back */
  readonly past: { at: number[]; total: number[] };
  milliseconds: number;
  /** its end is drawn */
  drawn: boolean;
}

export class Race {
  readonly lanes: Lane[];
  readonly rank: number;
  readonly direct: Float64Array | undefined;
  readonly baselines: Baseline[];
  readonly steer: Steer[];
  /** norm of what is known of M */
  readonly norm: number;
  /** loss of the guess U = V = 0 */
  readonly scale: number;
  readonly loss: Loss;
  readonly valley: Valley | undefined;
  readonly #plane: Plane | undefined;
  readonly #gaps: boolean;
  /** what all lanes start from */
  readonly #guess: SvdFactors | undefined;
  position = 0;
  shown: number;
  rows: number[] = [];

  constructor(
    readonly run: number,
    readonly config: Config,
    readonly problem: Problem,
    shown: number,
  ) {
    const { rows, columns, data } = problem;
    const most = Math.min(rows, columns);
    const known = data.filter((x) => !Number.isNaN(x));
    this.#gaps = known.length < data.length;
    this.rank = config.rank > 0 ? Math.min(config.rank, most) : this.#gaps ? 1 : most;
    this.direct = this.#gaps ? undefined : directSvd({ rows, columns, data }).S;
    this.norm = Math.sqrt(known.reduce((sum, x) => sum + x * x, 0));
    const raw = config.rules !== 'library';
    this.scale = (raw ? this.norm ** 2 : 1) / known.length;
    const drawn = this.#gaps && config.lanes.every(({ kind }) => kind === 'lm') ? config.regularization : 0;
    this.loss = new Loss(problem, this.rank, raw ? 1 : this.norm || 1, config.rules, drawn);
    this.baselines = baselines(problem);
    this.steer = [...config.steer];
    this.shown = Math.min(shown, config.lanes.length - 1);
    this.#guess = this.#start();
    const map = this.#look();
    this.#plane = map?.plane;
    this.valley = map?.valley;
    this.lanes = config.lanes.map((lane) => this.#lane(lane));
    this.record();
  }

  /** The guess of a lane with a step to choose, for the default to start from too. */
  #start(): SvdFactors | undefined {
    const other = this.config.lanes.find(({ kind }) => kind !== 'lm');
    if (!other || this.#gaps) return undefined;
    const descent = this.#descend(other);
    const guess = descent.result();
    descent.dispose();
    return guess;
  }

  #descend(lane: LaneConfig): Descent {
    const { rows, columns, data } = this.problem;
    const options = svdOptions(this.config, lane, this.rank, this.#gaps, this.#guess);
    return descend({ rows, columns, data }, options);
  }

  /** From the guess on, so that all paths begin at one point. */
  #track(): Track {
    const track = new Track(this.loss);
    if (this.#guess) track.follow(this.#guess);
    return track;
  }

  #lane(config: LaneConfig): Lane {
    const descent = this.#descend(config);
    return {
      config,
      descent,
      result: current(descent),
      track: this.#track(),
      past: { at: [], total: [] },
      milliseconds: 0,
      drawn: false,
    };
  }

  /** Run ahead once, to see where the paths lead; undefined where that takes long or is not shown. */
  #look(): { plane: Plane; valley: Valley } | undefined {
    const { rows, columns, picture } = this.problem;
    const { lanes, iterations } = this.config;
    // a picture shows by itself how it goes
    if (picture) return undefined;
    const most = Math.floor(lookCost / (rows * columns * this.rank * lanes.length));
    if (most < shortestLook) return undefined;
    const paths = lanes.map((lane) => this.#pathOf(lane, Math.min(most, iterations)));
    return mapOf(paths, this.loss, this.scale);
  }

  #pathOf(lane: LaneConfig, iterations: number): Path {
    const descent = this.#descend(lane);
    const track = this.#track();
    const points = [track.follow(descent.result())];
    const losses = [descent.loss.total];
    const going = () => descent.status === 'running' && descent.iteration < iterations;
    while (going()) {
      // steps an eighth longer each time: enough to find a plane
      descent.step(Math.max(1, Math.floor(descent.iteration / 8)));
      if (hasDiverged(descent)) break;
      points.push(track.follow(descent.result()));
      losses.push(descent.loss.total);
    }
    descent.dispose();
    return { points, losses };
  }

  dispose(): void {
    for (const lane of this.lanes) lane.descent.dispose();
  }

  get over(): boolean {
    return this.lanes.every((lane) => lane.descent.status !== 'running');
  }

  record(): void {
    this.rows.push(this.position);
    for (const lane of this.lanes) {
      if (lane.drawn) this.rows.push(...nothing);
      else this.rows.push(...this.#row(lane));
    }
  }

  /** perLane numbers. */
  #row(lane: Lane): number[] {
    const { descent, past, result, track } = lane;
    lane.drawn = descent.status !== 'running';
    const { total, reconstruction, orthonormalityU, orthonormalityV } = descent.loss;
    past.at.push(descent.iteration);
    past.total.push(total);
    // its best guess is no part of the way it went
    if (hasDiverged(descent)) return [Number.POSITIVE_INFINITY, ...nothing.slice(1)];
    const hidden = this.problem.held.length > 0;
    const heldOut = hidden ? heldOutError(this.problem, reconstruct(result()).data) : Number.NaN;
    const place = this.#plane?.place(track.follow(result())) ?? [Number.NaN, Number.NaN];
    return [total, reconstruction, 0.01 * orthonormalityU, 0.01 * orthonormalityV, heldOut, ...place];
  }

  turn({ lane, key, value }: Omit<Steer, 'at'>): void {
    const { descent, config } = this.lanes[lane]!;
    if (key === 'lr') descent.lr = value;
    else descent.tune(momentumOption(config.kind, value));
  }

  /** On to an iteration, or as far as the time goes. */
  advance(goal: number, until: number): void {
    while (this.position < goal && !this.over) {
      const steered = this.steer.filter((s) => s.at === this.position);
      for (const s of steered) this.turn(s);
      const knob = this.steer.find((s) => s.at > this.position)?.at ?? Number.POSITIVE_INFINITY;
      const drawn = next(this.position);
      const to = Math.min(goal, drawn, knob);
      for (const lane of this.lanes) {
        if (lane.descent.status !== 'running') continue;
        const before = performance.now();
        lane.descent.step(to - this.position);
        lane.milliseconds += performance.now() - before;
      }
      this.position = to;
      if (to === drawn || to === goal || this.over) this.record();
      if (performance.now() > until) break;
    }
    if (this.over) this.position = Math.max(...this.lanes.map((lane) => lane.descent.iteration));
  }
}
