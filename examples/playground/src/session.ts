/** The page's one state: what is set up, what the worker found, and who wants to know. */
import { hello, worker } from './boot.js';
import { type Config, hasGaps, initial, type LaneConfig } from './model/config.js';
import { fromHash, toHash } from './model/link.js';
import { build, type Problem } from './model/matrices.js';
import { count } from './model/numbers.js';
import { entry, type Kind } from './model/optimizers.js';
import { type FromWorker, perLane, type Speed, type ToWorker } from './model/protocol.js';
import { configOf, type Story, storyOf } from './model/stories.js';

export type Frame = Extract<FromWorker, { type: 'frame' }>;
export type Loaded = Extract<FromWorker, { type: 'loaded' }>;

/** `working`: the worker makes a start, or catches up with a link. */
export type State = 'working' | 'paused' | 'playing' | 'over' | 'failed';

/** What there is news of: the library's optimizers, other settings, M itself, the start, a frame, the state of the run, the lane looked at. */
export type News = 'kinds' | 'settings' | 'matrix' | 'loaded' | 'frame' | 'state' | 'look';

interface LoadOptions {
  readonly play?: boolean;
  readonly keepHash?: boolean;
}

export class Session {
  config: Config = initial;
  story: Story | undefined;
  problem: Problem | undefined;
  loaded: Loaded | undefined;
  frame: Frame | undefined;
  kinds: readonly Kind[] = [];
  speed: Speed = 'steady';
  state: State = 'working';
  position = 0;
  /** the lane that is looked at */
  shown = 0;
  trouble: string | undefined;
  /** the drawn iterations, and perLane columns for each lane */
  history: { at: number[]; values: number[][] } = { at: [], values: [] };

  #run = 0;
  #fresh = false;
  #settling: number | undefined;
  readonly #listeners = new Map<News, (() => void)[]>();

  constructor() {
    const broken = ({ message }: { message: string }) =>
      this.fail(`The worker failed: ${message}. Reload the page to start again.`);
    hello.then((first) => {
      this.#hear(first);
      worker.onerror = broken;
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    }, broken);
  }

  on(news: News, listener: () => void): void {
    this.#listeners.set(news, [...(this.#listeners.get(news) ?? []), listener]);
  }

  /** The next time only. */
  once(news: News, listener: () => void): void {
    const told = () => {
      this.#listeners.set(
        news,
        this.#listeners.get(news)!.filter((other) => other !== told),
      );
      listener();
    };
    this.on(news, told);
  }

  tell(news: News): void {
    for (const listener of this.#listeners.get(news) ?? []) listener();
  }

  #ask(message: ToWorker): void {
    worker.postMessage(message);
  }

  #enter(state: State): void {
    this.state = state;
    this.tell('state');
  }

  /* ---- set up ---- */

  /** Start over with this configuration. */
  async load(config: Config, { play = false, keepHash = false }: LoadOptions = {}): Promise<void> {
    const run = ++this.#run;
    this.config = config;
    this.shown = Math.min(this.shown, config.lanes.length - 1);
    this.loaded = undefined;
    this.frame = undefined;
    this.position = 0;
    this.history = { at: [], values: Array.from({ length: config.lanes.length * perLane }, () => []) };
    if (!keepHash) this.#writeHash();
    this.state = 'working';
    this.tell('settings');
    this.tell('state');
    try {
      const problem = await build(config);
      if (run !== this.#run) return;
      this.problem = problem;
      this.trouble = undefined;
      // the worker first: it works while the page draws M
      this.#ask({ type: 'load', run, config, problem, shown: this.shown });
      if (play) this.#ask({ type: 'play', speed: this.speed });
      this.tell('matrix');
    } catch (error) {
      if (run === this.#run) this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Some of the settings, others; what was steered belongs to the run that is left. */
  change(part: Partial<Config>, options: LoadOptions = {}): Promise<void> {
    return this.load({ ...this.config, steer: [], at: 0, ...part }, options);
  }

  tellStory(story: Story, play = true): Promise<void> {
    this.story = story;
    this.shown = 0;
    this.speed = story.speed;
    return this.load(configOf(story), { play });
  }

  /** As an address says it. */
  open(hash: string): Promise<void> {
    const { config, story } = fromHash(hash);
    this.story = storyOf(story);
    return this.load(config, { keepHash: true });
  }

  fail(message: string): void {
    this.trouble = message;
    this.#enter('failed');
  }

  #writeHash(): void {
    const hash = toHash(this.config, this.story?.id ?? '');
    if (location.hash !== hash) history.replaceState(null, '', hash);
  }

  /* ---- transport ---- */

  play(): void {
    if (this.state === 'over') {
      this.rewind(true);
      return;
    }
    this.#ask({ type: 'play', speed: this.speed });
    this.#enter('playing');
  }

  pause(): void {
    this.#ask({ type: 'pause' });
    this.#enter('paused');
  }

  step(iterations: number): void {
    this.#ask({ type: 'step', count: iterations });
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    if (this.state === 'playing') this.#ask({ type: 'play', speed });
  }

  /** To the guess; the knobs stay where they are. */
  rewind(play = false): void {
    void this.change({ lanes: this.config.lanes.map((_, index) => this.lane(index)) }, { play });
  }

  /** Put the run as it stands into the address. */
  async keep(): Promise<void> {
    if (this.state === 'playing') {
      this.pause();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    this.config = { ...this.config, at: this.position };
    this.#writeHash();
  }

  /* ---- lanes ---- */

  /** A lane with its knobs as they are now. */
  lane(index: number): LaneConfig {
    const knobs = { ...this.config.lanes[index]! };
    for (const { lane, key, value } of this.config.steer) if (lane === index) knobs[key] = value;
    return knobs;
  }

  /** Its optimizer, with what sets it apart from others of the same kind. */
  laneName(index: number): string {
    const { kind, lr, momentum } = this.config.lanes[index]!;
    // what the library takes by default where there are gaps
    const filling = kind === 'lm' && hasGaps(this.config) && this.kinds.includes('conjugateGradients');
    const { label } = entry(filling ? 'conjugateGradients' : kind);
    const same = this.config.lanes.filter((lane) => lane.kind === kind);
    if (same.length === 1) return label;
    if (same.some((lane) => lane.lr !== lr)) return `${label}, rate ${lr}`;
    if (same.some((lane) => lane.momentum !== momentum)) return `${label}, momentum ${momentum}`;
    return `${label} ${index + 1}`;
  }

  look(index: number): void {
    this.shown = index;
    this.tell('look');
    this.#ask({ type: 'show', lane: index });
  }

  /** Before the first iteration a knob is part of the start; later it steers. */
  turn(index: number, key: 'lr' | 'momentum', value: number): void {
    if (this.position > 0 || this.state === 'playing') {
      this.#ask({ type: 'steer', steer: { lane: index, key, value } });
      return;
    }
    const lanes = this.config.lanes.map((lane, i) => (i === index ? { ...lane, [key]: value } : lane));
    this.config = { ...this.config, lanes };
    this.#writeHash();
    clearTimeout(this.#settling);
    // the slider under the hand stays the one it is
    this.#settling = window.setTimeout(() => {
      const { config, problem, shown } = this;
      if (problem) this.#ask({ type: 'load', run: this.#run, config, problem, shown });
    }, 60);
  }

  /* ---- what the worker says ---- */

  #hear(message: FromWorker): void {
    if (message.type === 'hello') {
      this.kinds = message.kinds;
      this.tell('kinds');
      if (hasGaps(this.config)) this.tell('settings');
    } else if (message.run !== this.#run) {
      if (message.type === 'frame') this.#ask({ type: 'drawn' });
    } else if (message.type === 'failed') {
      this.fail(message.message);
    } else if (message.type === 'loaded') {
      this.loaded = message;
      this.tell('loaded');
    } else {
      this.#collect(message);
      this.#fresh = true;
      requestAnimationFrame(() => this.#draw());
    }
  }

  #collect(frame: Frame): void {
    const { rows, lanes, position, playing, steer } = frame;
    const { at, values } = this.history;
    const width = 1 + lanes.length * perLane;
    for (let from = 0; from < rows.length; from += width) {
      if (rows[from] === at.at(-1)) continue;
      at.push(rows[from]!);
      values.forEach((column, c) => column.push(rows[from + 1 + c]!));
    }
    this.frame = frame;
    this.position = position;
    this.config = { ...this.config, steer, at: playing ? 0 : position };
    const over = lanes.every(({ status }) => status !== 'running');
    this.state = playing ? 'playing' : over ? 'over' : 'paused';
    if (!playing) this.#writeHash();
  }

  #draw(): void {
    if (!this.frame || !this.#fresh) return;
    this.#fresh = false;
    this.tell('state');
    this.tell('frame');
    this.#ask({ type: 'drawn' });
  }

  /** Draw what there is anew: other colours, another size. */
  redraw(): void {
    this.tell('look');
    this.tell('matrix');
    if (this.loaded) this.tell('loaded');
    if (this.frame) this.tell('frame');
  }

  /** The column of one lane's numbers. */
  column(lane: number, what: number): readonly number[] {
    return this.history.values[lane * perLane + what] ?? [];
  }
}

export const nudges = (n: number) => `${count(n)} ${n === 1 ? 'iteration' : 'iterations'}`;
