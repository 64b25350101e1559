/** M, its guess, what is between them, and how orthonormal U and V are. */
import { pretty } from '../model/numbers.js';
import type { Session } from '../session.js';
import { describe, draw, largest, type Picture } from './heatmap.js';
import { byId, text } from './ui.js';

export function map(id: string, name: string, picture: Picture): void {
  const canvas = byId<HTMLCanvasElement>(id);
  draw(canvas, picture);
  describe(canvas, name, picture);
}

const hint = 'Blue is negative, orange positive.';
const fades =
  ' The residual is shaded by order of magnitude: it fades as it falls from the size of M to rounding.';
const marks = ' Hatched: not known to the descent.';

export function maps(session: Session): void {
  const ofM = () => {
    const { rows, columns, data, held } = session.problem!;
    return {
      data,
      rows,
      columns,
      scale: 'values',
      full: largest(data) || 1,
      // where most is hidden, frames would hide the map
      framed: new Set(held.length < data.length / 8 ? held.map(({ at }) => at) : []),
    } as const;
  };
  session.on('matrix', () => {
    const { held, picture } = session.problem!;
    byId('fig-m').hidden = picture;
    byId('fig-product').hidden = picture;
    if (!picture) map('map-m', 'M', ofM());
    text(byId('maps-hint'), picture ? hint : hint + fades + (held.length > 0 ? marks : ''));
  });
  session.on('frame', () => {
    const { view } = session.frame!;
    const { picture } = session.problem!;
    const { rank } = session.loaded!;
    const { rows, columns, full, framed } = ofM();
    if (!picture) {
      const product = { data: view.product, rows, columns, scale: 'values', full, framed } as const;
      map('map-product', 'U diag(S) V transposed', product);
    }
    const shading = picture ? ({ scale: 'values' } as const) : ({ scale: 'orders', full } as const);
    map('map-residual', 'Residual', { data: view.residual, rows, columns, ...shading });
    text(byId('residual-size'), `≤ ${pretty(largest(view.residual))}`);
    for (const [id, name, data] of [
      ['utu', 'U transposed U', view.UtU],
      ['vtv', 'V transposed V', view.VtV],
    ] as const) {
      map(`map-${id}`, name, { data, rows: rank, columns: rank, scale: 'values', full: 1 });
      const off = data.map((x, at) => x - (at % (rank + 1) === 0 ? 1 : 0));
      text(byId(`${id}-size`), `= I ± ${pretty(largest(off))}`);
    }
  });
}
