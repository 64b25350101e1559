/** What an SVD is for, in a picture: a landscape as a sum of a few layers. */
import { directSvd, initialize, reconstruct } from 'gradient-svd';
import type { Session } from '../session.js';
import { map } from './maps.js';
import { byId, h } from './ui.js';

const ranks = [1, 2, 5, 61];

async function draw(): Promise<void> {
  const [{ default: volcano }] = await Promise.all([import('virtual:volcano'), initialize()]);
  const { width, height, values } = volcano;
  const least = Math.min(...values);
  const most = Math.max(...values);
  const data = Float64Array.from(values, (x) => (255 * (x - least)) / (most - least));
  const { U, S, V } = directSvd({ rows: height, columns: width, data });
  const figures = ranks.map((rank) => {
    const part = (100 * rank * (height + width + 1)) / (height * width);
    const layers = rank === 1 ? '1 layer' : `${rank} layers`;
    const says = rank === 61 ? 'all 61 layers' : `${layers}, ${part.toFixed(0)}%`;
    return h('figure', {}, h('canvas', { id: `layers-${rank}`, role: 'img' }), h('figcaption', {}, says));
  });
  byId('purpose-figures').replaceChildren(...figures);
  for (const rank of ranks) {
    const kept = S.map((s, c) => (c < rank ? s : 0));
    const product = reconstruct({ U, S: kept, V }).data;
    map(`layers-${rank}`, `The volcano from ${rank} layers`, {
      data: product,
      rows: height,
      columns: width,
      scale: 'gray',
    });
  }
}

/** Once, when the first run is on its way. */
export function purpose(session: Session): void {
  let drawn = false;
  session.on('frame', () => {
    if (drawn) return;
    drawn = true;
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        seen.disconnect();
        void draw();
      },
      { rootMargin: '400px' },
    );
    seen.observe(byId('purpose-figures'));
  });
}
