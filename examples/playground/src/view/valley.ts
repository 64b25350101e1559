/** The valley from above, and the paths down. */
import { count, pretty } from '../model/numbers.js';
import type { Session } from '../session.js';
import { drawGround, Window } from './ground.js';
import { drawPaths, type Spot } from './paths.js';
import { byId, h, text } from './ui.js';

class Chart {
  readonly #box = byId('valley');
  readonly #base = byId<HTMLCanvasElement>('valley-ground');
  readonly #over = byId<HTMLCanvasElement>('valley-paths');
  readonly #tip = h('div', { class: 'tip', hidden: true });
  #window: Window | undefined;
  #drawn: readonly Spot[] = [];
  #ratio = 1;
  #sharp: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly session: Session) {
    this.#box.append(this.#tip);
    this.#over.addEventListener('pointermove', ({ offsetX, offsetY }) => this.#point(offsetX, offsetY));
    this.#over.addEventListener('pointerleave', () => {
      this.#tip.hidden = true;
    });
    new ResizeObserver(() => {
      this.ground();
      this.paths();
    }).observe(this.#box);
  }

  ground(): void {
    const map = this.session.loaded?.valley;
    byId('valley-panel').hidden = this.session.loaded !== undefined && !map;
    this.#window = undefined;
    clearTimeout(this.#sharp);
    if (!map || this.#box.clientWidth === 0) return;
    this.#ratio = Math.min(2, devicePixelRatio || 1);
    this.#window = new Window(map, this.#box.clientWidth, this.#box.clientHeight);
    this.#over.width = Math.round(this.#window.width * this.#ratio);
    this.#over.height = Math.round(this.#window.height * this.#ratio);
    // half as sharp at once, so that the first step need not wait for it
    drawGround(this.#base, this.#window, this.#ratio / 2);
    const ground = this.#window;
    this.#sharp = setTimeout(() => drawGround(this.#base, ground, this.#ratio), 200);
    const { rows, columns } = this.session.problem!;
    const numbers = count((rows + columns + 1) * this.session.loaded!.rank);
    const share =
      map.share === undefined
        ? 'The first nudge leads out of sight.'
        : `${Math.floor(100 * map.share)}% of the movement lies in it; the paths are seen from above.`;
    text(
      byId('valley-share'),
      `The loss over a plane through all ${numbers} numbers of U, d and V. ${share}`,
    );
  }

  paths(): void {
    const { session } = this;
    if (!this.#window || !session.frame) return;
    this.#drawn = drawPaths(this.#over, session, this.#window, this.#ratio);
    const said = session.frame.lanes.map(
      ({ total }, lane) => `${session.laneName(lane)} at loss ${pretty(total)}`,
    );
    this.#over.setAttribute(
      'aria-label',
      `The valley of the loss from above, and the paths down: ${said.join(', ')}`,
    );
  }

  /** What is under the cursor: a nudge, or the ground. */
  #point(x: number, y: number): void {
    if (!this.#window) return;
    const far = (spot: Spot) => Math.hypot(spot.x - x, spot.y - y);
    const nearest = this.#drawn.toSorted((a, b) => far(a) - far(b))[0];
    const near = nearest && far(nearest) < 14 ? nearest : undefined;
    const name = near && this.session.laneName(near.lane);
    const what = near ? `${name}, iteration ${count(near.iteration)}` : 'the ground here';
    const loss = pretty(near?.loss ?? this.#window.at(x, y));
    this.#tip.hidden = false;
    this.#tip.classList.toggle('before', x > this.#window.width / 2);
    this.#tip.style.left = `${x}px`;
    this.#tip.style.top = `${Math.min(y, this.#window.height - 44)}px`;
    this.#tip.replaceChildren(h('div', {}, what), h('div', {}, 'loss ', h('b', {}, loss)));
  }
}

export function valley(session: Session): void {
  const map = new Chart(session);
  session.on('loaded', () => map.ground());
  session.on('frame', () => map.paths());
  session.on('look', () => map.paths());
}
