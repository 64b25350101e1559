/** Where the work is done: a race lives here, on a clock, and the page only draws. */
import { initialize } from 'gradient-svd';
import type { FromWorker, Speed, ToWorker, View } from '../model/protocol.js';
import { available } from './make.js';
import { Race } from './race.js';
import { snapshot } from './snapshot.js';

/** How fast it goes: iterations a second at first, and growth a second later (the axis is logarithmic too). */
const speeds: Record<Speed, { first: number; growth: number }> = {
  slow: { first: 5, growth: 0.5 },
  steady: { first: 12, growth: 1.2 },
  fast: { first: 60, growth: 3 },
  most: { first: Number.POSITIVE_INFINITY, growth: 0 },
};

/** Between two frames while it plays, in milliseconds: drawing takes time from the page. */
const rest = 36;

/** The page can speak to us about so often, in milliseconds. */
const patience = 24;

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
  const active = playing || seeking > position;
  let view: View | undefined;
  const lanes = race.lanes.map((lane, index) => {
    const made = snapshot(race!, lane, active);
    if (index === shown) view = { lane: index, ...made.view };
    return made.frame;
  });
  const rows = Float64Array.from(race.rows);
  race.rows = [];
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

function load({ run, config, problem, shown }: Extract<ToWorker, { type: 'load' }>): void {
  race?.dispose();
  race = undefined;
  playing = false;
  seeking = 0;
  drawing = false;
  try {
    race = new Race(run, config, problem, shown);
    const { rank, direct, baselines, valley } = race;
    send({ type: 'loaded', run, rank, direct, baselines, valley });
    clock = 0;
    seeking = config.at;
    show();
    soon(0);
  } catch (error) {
    send({ type: 'failed', run, message: error instanceof Error ? error.message : String(error) });
  }
}

function play(wanted: Speed): void {
  speed = wanted;
  if (!race || race.over) return;
  // the first step at once
  clock = race.position + 1;
  playing = true;
  last = performance.now();
  soon(0);
}

function steer({ lane, key, value }: Extract<ToWorker, { type: 'steer' }>['steer']): void {
  if (!race) return;
  const at = race.position;
  // a knob that is dragged is one event
  const same = race.steer.findIndex((s) => s.lane === lane && s.key === key && s.at === at);
  if (same >= 0) race.steer.splice(same, 1);
  race.steer.push({ lane, key, value, at });
  show();
}

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.type) {
    case 'load':
      return load(message);
    case 'play':
      return play(message.speed);
    case 'pause':
      playing = false;
      seeking = 0;
      return show();
    case 'step':
      playing = false;
      if (race) seeking = Math.min(race.position + message.count, race.config.iterations);
      return soon(0);
    case 'steer':
      return steer(message.steer);
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
// (should that fail, the first load says how)
initialize().catch(() => {});
