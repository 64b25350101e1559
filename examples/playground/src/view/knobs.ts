/** Learning rate and momentum: a slider, and a field for those who know the number. */
import { decimal } from '../model/numbers.js';
import type { Session } from '../session.js';
import { h } from './ui.js';

type Key = 'lr' | 'momentum';

const shapes = {
  lr: {
    label: 'Learning rate',
    range: { min: -5, max: 3, step: 0.01 },
    toSlider: (x: number) => Math.log10(Math.max(x, 1e-5)),
    fromSlider: (x: number) => Number((10 ** x).toPrecision(2)),
    fits: (x: number) => x >= 0 && x <= 1e4,
  },
  momentum: {
    label: 'Momentum',
    range: { min: 0, max: 0.99, step: 0.01 },
    toSlider: (x: number) => x,
    fromSlider: (x: number) => x,
    fits: (x: number) => x >= 0 && x < 1,
  },
};

function knob(session: Session, index: number, key: Key, value: number): HTMLElement {
  const { label, range, toSlider, fromSlider, fits } = shapes[key];
  const name = `${label} of ${session.laneName(index)}`;
  const exact = h('input', { type: 'text', inputmode: 'decimal', value, 'aria-label': name });
  const slider = h('input', {
    type: 'range',
    ...range,
    value: toSlider(value),
    'aria-label': `${name}, slider`,
    'aria-valuetext': String(value),
  });
  const set = (x: number, from: HTMLInputElement) => {
    exact.value = String(x);
    if (from !== slider) slider.value = String(toSlider(x));
    slider.setAttribute('aria-valuetext', String(x));
    session.turn(index, key, x);
  };
  slider.addEventListener('input', () => set(fromSlider(Number(slider.value)), slider));
  exact.addEventListener('change', () => {
    const x = decimal(exact.value);
    if (fits(x)) set(x, exact);
    else exact.value = String(session.lane(index)[key]);
  });
  return h('div', { class: 'knob' }, h('span', { 'aria-hidden': 'true' }, label), exact, slider);
}

export function knobs(session: Session, index: number): HTMLElement[] {
  const { lr, momentum } = session.lane(index);
  return [
    ...(lr === undefined ? [] : [knob(session, index, 'lr', lr)]),
    ...(momentum === undefined ? [] : [knob(session, index, 'momentum', momentum)]),
  ];
}
