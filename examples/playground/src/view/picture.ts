/** A picture before and after, and what it costs. */
import { count } from '../model/numbers.js';
import type { Session } from '../session.js';
import { map } from './maps.js';
import { byId, text } from './ui.js';

const decibel = (x: number) => (x > 200 ? 'exact' : Number.isNaN(x) ? '–' : `${x.toFixed(2)} dB`);

export function picture(session: Session): void {
  const slider = byId<HTMLInputElement>('rank-slider');
  let sliding: number | undefined;
  slider.addEventListener('input', () => {
    const rank = Number(slider.value);
    text(byId('rank-value'), String(rank));
    clearTimeout(sliding);
    sliding = window.setTimeout(() => session.change({ rank }, { play: true }), 120);
  });
  session.on('matrix', () => {
    const { rows, columns, data, picture } = session.problem!;
    byId('picture-panel').hidden = !picture;
    const most = Math.min(rows, columns);
    slider.max = String(most);
    text(byId('rank-most'), String(most));
    if (picture) map('before', 'The picture', { data, rows, columns, scale: 'gray' });
  });
  session.on('loaded', () => {
    const { rank, direct } = session.loaded!;
    const { rows, columns, picture } = session.problem!;
    if (!picture) return;
    slider.value = String(rank);
    text(byId('rank-value'), String(rank));
    const kept = rank * (rows + columns + 1);
    text(byId('storage'), `${((100 * kept) / (rows * columns)).toFixed(0)} %`);
    byId('storage').title = `${count(kept)} numbers instead of ${count(rows * columns)}`;
    const lost = direct!.slice(rank).reduce((sum, s) => sum + s * s, 0) / (rows * columns);
    text(byId('psnr-best'), decibel(10 * Math.log10(255 ** 2 / lost)));
  });
  session.on('frame', () => {
    const { rows, columns, picture } = session.problem!;
    if (!picture) return;
    const { lanes, view } = session.frame!;
    map('after', 'The picture from its guess', { data: view.product, rows, columns, scale: 'gray' });
    text(byId('psnr'), decibel(lanes[view.lane]!.psnr ?? Number.NaN));
  });
}
