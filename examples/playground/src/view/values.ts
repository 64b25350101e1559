/** The singular values, beside those of a direct method. */
import { pretty } from '../model/numbers.js';
import type { Session } from '../session.js';
import { byId, h, text } from './ui.js';

const most = 64;

interface Row {
  readonly root: HTMLElement;
  readonly cells: readonly HTMLElement[];
  readonly bar: HTMLElement;
  readonly tick: HTMLElement;
}

function row(number: number): Row {
  const cells = [h('td'), h('td'), h('td')];
  const bar = h('i', { class: 'bar' });
  const tick = h('i', { class: 'tick' });
  const track = h('td', { class: 'track', 'aria-hidden': 'true' }, h('div', {}, bar, tick));
  return { root: h('tr', {}, h('th', { scope: 'row' }, String(number)), ...cells, track), cells, bar, tick };
}

export function values(session: Session): void {
  let rows: Row[] = [];
  session.on('frame', () => {
    const { S } = session.frame!.view;
    const { direct } = session.loaded!;
    const length = Math.min(S.length, most);
    if (rows.length !== length) {
      rows = Array.from({ length }, (_, c) => row(c + 1));
      byId('values').replaceChildren(...rows.map(({ root }) => root));
    }
    const top = direct?.[0] ?? S[0]!;
    const bottom = Math.min(1e-3 * top, Math.max(1e-18 * top, 0.3 * (direct ?? S)[length - 1]!));
    const place = (x: number) =>
      100 * Math.max(0, Math.min(1, Math.log(x / bottom) / Math.log((1.3 * top) / bottom)));
    const plain = (x: number) => (x >= 1e-3 * top ? x.toFixed(top >= 1000 ? 1 : 4) : pretty(x));
    rows.forEach(({ cells, bar, tick }, c) => {
      const s = S[c]!;
      const d = direct?.[c];
      text(cells[0]!, plain(s));
      text(cells[1]!, d === undefined ? '–' : plain(d));
      text(cells[2]!, d === undefined ? '–' : pretty(s - d));
      bar.style.width = `${place(s).toFixed(1)}%`;
      tick.hidden = d === undefined;
      if (d !== undefined) tick.style.left = `${place(d).toFixed(1)}%`;
    });
    text(byId('values-hint'), direct ? beside(S.length, length) : gaps);
  });
}

const gaps =
  'A matrix with gaps has no direct decomposition to compare with: which numbers are missing is for the descent to find.';
const beside = (all: number, shown: number) =>
  `Beside those of a direct method (one-sided Jacobi), which knows nothing of gradients. Bars are logarithmic, a tick marks the direct value.${all > shown ? ` The first ${shown} of ${all}.` : ''}`;
