/** Run, pause, step, rewind, and where the clock is. */

import { count } from '../model/numbers.js';
import type { Speed } from '../model/protocol.js';
import type { Session, State } from '../session.js';
import { byId, text } from './ui.js';

const runLabels: Record<State, string> = {
  working: 'Working…',
  failed: 'Run',
  paused: 'Run',
  playing: 'Pause',
  over: 'Run again',
};

export function transport(session: Session): void {
  const run = byId<HTMLButtonElement>('run');
  const speed = byId<HTMLSelectElement>('speed');
  const steps = [byId<HTMLButtonElement>('step'), byId<HTMLButtonElement>('step-many')];
  const rewind = byId<HTMLButtonElement>('rewind');

  run.addEventListener('click', () => toggle(session));
  steps[0]!.addEventListener('click', () => session.step(1));
  steps[1]!.addEventListener('click', () => session.step(100));
  rewind.addEventListener('click', () => session.rewind());
  speed.addEventListener('change', () => session.setSpeed(speed.value as Speed));

  session.on('settings', () => {
    speed.value = session.speed;
  });
  session.on('state', () => {
    const { state, position, config, trouble } = session;
    document.body.dataset.state = state;
    document.body.setAttribute('aria-busy', String(state === 'working'));
    text(run, runLabels[state]);
    run.disabled = state === 'working' || state === 'failed';
    for (const button of steps) button.disabled = run.disabled || state === 'over';
    rewind.disabled = position === 0;
    text(byId('position'), count(position));
    text(byId('limit'), count(config.iterations));
    byId('alert').hidden = trouble === undefined;
    text(byId('alert'), trouble ?? '');
  });
}

export function toggle(session: Session): void {
  if (session.state === 'working' || session.state === 'failed') return;
  if (session.state === 'playing') session.pause();
  else session.play();
}
