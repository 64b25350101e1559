/** How smooth the page is while a run is under way: the last 240 frames. */
import type { Session } from '../session.js';
import { byId, text } from './ui.js';

export function frames(session: Session): void {
  const times: number[] = [];
  let before = 0;
  const measure = (at: number) => {
    const playing = session.state === 'playing';
    if (playing && before > 0) {
      times.push(at - before);
      if (times.length > 240) times.shift();
      if (times.length % 30 === 0) show(times);
    }
    before = playing ? at : 0;
    requestAnimationFrame(measure);
  };
  requestAnimationFrame(measure);
}

function show(times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1]!;
  const late = sorted[Math.floor(sorted.length * 0.95)]!;
  const line = byId('frames');
  line.dataset.median = middle.toFixed(1);
  line.dataset.late = late.toFixed(1);
  const said = `every ${middle.toFixed(0)} ms, 95 of 100 within ${late.toFixed(0)} ms`;
  text(line, `Frames while running: ${said}`);
}
