/**
 * Where the work is done: the descents of a race live here, all on one clock of iterations, and the page
 * only draws. What is made depends on iterations alone, never on time, so that a link shows the same run.
 */
import { type Descent, descend, directSvd, reconstruct, type SvdResult } from 'gradient-svd';
import { type Facts, judge } from './judge.js';
import { available, momentumOption, svdOptions } from './make.js';
import type { Problem } from './matrices.js';
import { meansFill } from './means.js';
import {
  type FromWorker,
  type LaneFrame,
  perLane,
  type Speed,
  type ToWorker,
  type View,
} from './protocol.js';
import type { Config, LaneConfig, Steer } from './state.js';

/** Iterations at which the loss is drawn: all of the first ones, then each half percent. */
const next = (position: number) => (position < 300 ? position + 1 : Math.ceil(position * 1.005 + 0.5));

/** How fast it goes: iterations a second at first, and growth a second later (the axis is logarithmic too). */
const speeds: Record<Speed, { first: number; growth: number }> = {
  slow: { first: 5, growth: 0.5 },
  steady: { first: 12, growth: 1.2 },
  fast: { first: 60, growth: 3 },
  most: { first: Number.POSITIVE_INFINITY, growth: 0 },
};

/** A lane that has ended is no longer drawn. */
const nothing = Array.from({ length: perLane }, () => Number.NaN);

/** Between two frames while it plays, in milliseconds: drawing takes time from the page. */
const rest = 36;

/** The page can speak to us about so often, in milliseconds. */
const patience = 24;

interface Lane {
  readonly config: LaneConfig;
  readonly descent: Descent;
  readonly result: () => SvdResult;
  /** losses at the drawn iterations, to look back */
  readonly past: { at: number[]; total: number[] };
  milliseconds: number;
  /** its end is drawn */
  drawn: boolean;
}

class Race {
  readonly lanes: Lane[];
  readonly rank: number;
  readonly direct: Float64Array | undefined;
  readonly baseline: number | undefined;
  readonly steer: Steer[];
  readonly scale: number;
  readonly norm: number;
  position = 0;
  shown: number;
  rows: number[] = [];

  constructor(
    readonly run: number,
    readonly config: Config,
    readonly problem: Problem,
    shown: number,
  ) {
    const { rows, columns, data, held } = problem;
    const most = Math.min(rows, columns);
    this.rank = config.rank > 0 ? Math.min(config.rank, most) : problem.held.length > 0 ? 1 : most;
    const M = { rows, columns, data };
    const gaps = data.some(Number.isNaN);
    this.direct = gaps ? undefined : directSvd(M).S;
    this.norm = Math.sqrt(data.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x * x), 0));
    const known = data.filter((x) => !Number.isNaN(x)).length;
    this.scale = (config.rules === 'notebook' ? this.norm ** 2 : 1) / known;
    this.baseline = held.length > 0 ? this.heldOut(meansFill(problem)) : undefined;
    this.steer = [...config.steer];
    this.shown = Math.min(shown, config.lanes.length - 1);
    const made: Lane[] = [];
    try {
      for (const lane of config.lanes) {
        const descent = descend(M, svdOptions(config, lane, this.rank, gaps));
        let memo: SvdResult | undefined;
        const result = () => {
          if (memo?.iterations !== descent.iteration || memo.status !== descent.status)
            memo = descent.result();
          return memo;
        };
        made.push({
          config: lane,
          descent,
          result,
          past: { at: [], total: [] },
          milliseconds: 0,
          drawn: false,
        });
      }
    } catch (error) {
      for (const lane of made) lane.descent.dispose();
      throw error;
    }
    this.lanes = made;
    this.record();
  }

  dispose(): void {
    for (const lane of this.lanes) lane.descent.dispose();
  }

  get over(): boolean {
    return this.lanes.every((lane) => lane.descent.status !== 'running');
  }

  /** Root mean square error of the hidden entries. */
  heldOut(guess: ArrayLike<number>): number {
    const { held } = this.problem;
    return Math.sqrt(held.reduce((sum, { at, value }) => sum + (guess[at]! - value) ** 2, 0) / held.length);
  }

  record(): void {
    this.rows.push(this.position);
    for (const lane of this.lanes) {
      const { descent, past, result } = lane;
      if (lane.drawn) {
        this.rows.push(...nothing);
        continue;
      }
      lane.drawn = descent.status !== 'running';
      const { total, reconstruction, orthonormalityU, orthonormalityV } = descent.loss;
      past.at.push(descent.iteration);
      past.total.push(total);
      const heldOut = this.problem.held.length > 0 ? this.heldOut(reconstruct(result()).data) : Number.NaN;
      this.rows.push(total, reconstruction, 0.01 * orthonormalityU, 0.01 * orthonormalityV, heldOut);
    }
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

  /** Norm of the loss's gradient by U, d and V: zero where nothing moves. */
  slope(result: SvdResult, residual: Float64Array): number {
    const { rows: m, columns: n, data } = this.problem;
    const k = this.rank;
    const notebook = this.config.rules === 'notebook';
    const unit = notebook ? 1 : this.norm;
    const known = data.reduce((count, x) => count + (Number.isNaN(x) ? 0 : 1), 0);
    let sum = 0;
    const U = result.U.data;
    const V = result.V.data;
    const s = result.S.map((x) => x / unit);
    const RV = new Float64Array(m * k);
    const RU = new Float64Array(n * k);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const r = residual[i * n + j]! / unit;
        if (Number.isNaN(r)) continue;
        for (let c = 0; c < k; c++) {
          RV[i * k + c]! += r * V[j * k + c]!;
          RU[j * k + c]! += r * U[i * k + c]!;
        }
      }
    }
    for (let c = 0; c < k; c++) {
      let ds = 0;
      for (let i = 0; i < m; i++) ds += U[i * k + c]! * RV[i * k + c]!;
      sum += ((2 / known) * ds * (notebook ? 2 * Math.sqrt(s[c]!) : 1)) ** 2;
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

  frame(lane: Lane): { frame: LaneFrame; view: Omit<View, 'lane'> } {
    const { descent, past, milliseconds, config } = lane;
    const result = lane.result();
    const { data, rows, columns, held, picture } = this.problem;
    const product = reconstruct(result).data;
    const residual = product.map((x, at) => x - data[at]!);
    const UtU = gram(result.U.data, rows, this.rank);
    const VtV = gram(result.V.data, columns, this.rank);
    const direct = this.direct?.subarray(0, this.rank);
    const off = direct
      ? direct.reduce((most, s, c) => Math.max(most, Math.abs(s - result.S[c]!)), 0) / (direct[0]! || 1)
      : Number.NaN;
    const { iteration, status } = descent;
    const half = past.at.findLastIndex((at) => at <= iteration / 2);
    const facts: Facts = {
      status,
      iteration,
      total: result.loss.total,
      earlier: past.total[Math.max(0, half)]!,
      scale: this.scale,
      off,
      skew: Math.max(offIdentity(UtU, this.rank), offIdentity(VtV, this.rank)),
      slope: () => this.slope(result, residual),
      squared: this.config.rules === 'notebook',
      smallest: result.S[this.rank - 1]!,
      smallestDirect: direct?.[this.rank - 1] ?? Number.NaN,
      fixedStep: config.lr !== undefined,
    };
    const { verdict, reason } = judge(facts);
    const square = residual.reduce((sum, r) => sum + (Number.isNaN(r) ? 0 : r * r), 0) / residual.length;
    return {
      frame: {
        iteration,
        status,
        total: result.loss.total,
        off,
        milliseconds,
        verdict,
        reason,
        digest: digest([result.U.data, result.S, result.V.data]),
        ...(picture ? { psnr: 10 * Math.log10(255 ** 2 / square) } : {}),
        ...(held.length > 0 ? { heldOut: this.heldOut(product) } : {}),
      },
      view: {
        S: result.S,
        product: Float32Array.from(product),
        residual: Float32Array.from(residual),
        UtU,
        VtV,
      },
    };
  }
}

/** XᵀX, by the library's own product. */
function gram(X: Float64Array, rows: number, k: number): Float32Array {
  const data = new Float64Array(k * rows);
  for (let i = 0; i < rows; i++) for (let c = 0; c < k; c++) data[c * rows + i] = X[i * k + c]!;
  const transposed = { rows: k, columns: rows, data };
  return Float32Array.from(
    reconstruct({ U: transposed, S: new Float64Array(rows).fill(1), V: transposed }).data,
  );
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

const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

let race: Race | undefined;
let playing = false;
let seeking = 0;
let speed: Speed = 'steady';
let last = 0;
/** where the clock is, in fractions of an iteration */
let clock = 0;
/** is the page still drawing, and is there something new for it? */
let drawing = false;
let sent = 0;
let news = false;

function show(): void {
  if (!race) return;
  news = true;
  const at = performance.now();
  if (drawing || (playing && at - sent < rest)) return;
  sent = at;
  news = false;
  drawing = true;
  const { run, position, steer, shown } = race;
  let view: View | undefined;
  const lanes = race.lanes.map((lane, index) => {
    const made = race!.frame(lane);
    if (index === shown) view = { lane: index, ...made.view };
    return made.frame;
  });
  const rows = Float64Array.from(race.rows);
  race.rows = [];
  const active = playing || seeking > position;
  const { product, residual, UtU, VtV } = view!;
  send({ type: 'frame', run, playing: active, position, rows, lanes, view: view!, steer }, [
    rows.buffer,
    product.buffer,
    residual.buffer,
    UtU.buffer,
    VtV.buffer,
  ]);
}

const channel = new MessageChannel();
channel.port1.onmessage = () => tick();
let due = false;

function soon(wait: number): void {
  if (due) return;
  due = true;
  if (wait > 0) setTimeout(tick, wait);
  else channel.port2.postMessage(0);
}

function tick(): void {
  due = false;
  if (!race || !(playing || seeking > race.position)) return;
  const now = performance.now();
  if (seeking > race.position) {
    race.advance(seeking, now + patience);
    clock = race.position;
    if (race.over || race.position >= seeking) seeking = 0;
  } else {
    const { first, growth } = speeds[speed];
    // a tab that slept does not make up for it
    const seconds = Math.min(0.1, (now - last) / 1000);
    clock = Math.min(clock + Math.max(first, growth * clock) * seconds, race.config.iterations);
    if (!(first < Number.POSITIVE_INFINITY)) clock = race.config.iterations;
    race.advance(Math.floor(clock), now + patience);
    if (performance.now() - now > patience) clock = race.position;
  }
  last = now;
  if (race.over) playing = false;
  show();
  const paced = playing && speed !== 'most';
  soon(paced ? 12 : 0);
}

function load({ run, config, problem, shown, play }: Extract<ToWorker, { type: 'load' }>): void {
  race?.dispose();
  race = undefined;
  playing = false;
  seeking = 0;
  drawing = false;
  try {
    race = new Race(run, config, problem, shown);
    const { rank, direct, baseline } = race;
    send({ type: 'loaded', run, rank, direct, baseline });
    clock = 0;
    seeking = config.at;
    if (play) start();
    else show();
    soon(0);
  } catch (error) {
    send({ type: 'failed', run, message: error instanceof Error ? error.message : String(error) });
  }
}

function start(): void {
  playing = true;
  last = performance.now();
  soon(0);
}

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.type) {
    case 'load':
      return load(message);
    case 'play':
      speed = message.speed;
      if (race && !race.over) {
        clock = race.position;
        start();
      }
      return;
    case 'pause':
      playing = false;
      seeking = 0;
      return show();
    case 'step':
      playing = false;
      if (race) {
        seeking = Math.min(race.position + message.count, race.config.iterations);
        soon(0);
      }
      return;
    case 'steer': {
      if (!race) return;
      const { lane, key, value } = message.steer;
      const at = race.position;
      // a knob that is dragged is one event
      const same = race.steer.findIndex((s) => s.lane === lane && s.key === key && s.at === at);
      if (same >= 0) race.steer.splice(same, 1);
      race.steer.push({ lane, key, value, at });
      return show();
    }
    case 'show':
      if (race) race.shown = message.lane;
      return show();
    case 'drawn':
      drawing = false;
      if (news) show();
      return;
  }
};

send({ type: 'hello', kinds: available });
