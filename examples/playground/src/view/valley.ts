/** The valley from above: the loss over a plane, in bands as on a hiking map, and the paths down. */
import { count, pretty } from '../model/numbers.js';
import { mapColumn, type Valley } from '../model/protocol.js';
import type { Session } from '../session.js';
import { byId, h, hex, text, theme } from './ui.js';

/** The Chebyshev points on which the worker gives the loss. */
const nodes = Array.from({ length: 9 }, (_, i) => Math.cos(((i + 0.5) * Math.PI) / 9));
const weights = nodes.map((a, i) => nodes.reduce((w, b, j) => (i === j ? w : w / (a - b)), 1));

/** Of a polynomial through the nodes: how much each of them counts at t. */
const basis = (t: number) =>
  nodes.map((_, i) => nodes.reduce((product, b, j) => (i === j ? product : product * (t - b)), weights[i]!));

/** Contours a decade, and the decades that are told apart: below the loss of the guess, and above. */
const bands = 4;
const below = 4;
const above = 1.2;

const mix = (from: readonly number[], to: readonly number[], part: number) =>
  from.map((x, c) => x + (to[c]! - x) * part);

/** A plane's window on a canvas, with the same scale both ways. */
class Window {
  readonly scale: number;

  constructor(
    readonly valley: Valley,
    readonly width: number,
    readonly height: number,
  ) {
    const { half } = valley;
    this.scale = Math.min(width / (2 * half[0]), height / (2 * half[1]));
  }

  /** To pixels. */
  place(x: number, y: number): [number, number] {
    const { center } = this.valley;
    return [this.width / 2 + (x - center[0]) * this.scale, this.height / 2 - (y - center[1]) * this.scale];
  }

  /** From pixels, in half widths of the points' box. */
  #across = (px: number) => (px - this.width / 2) / this.scale / this.valley.half[0];
  #up = (py: number) => (this.height / 2 - py) / this.scale / this.valley.half[1];

  /** The loss on a grid of pixels, `step` apart. */
  losses(columns: number, rows: number, step: number): Float64Array {
    const across = Array.from({ length: columns }, (_, c) => basis(this.#across((c + 0.5) * step)));
    const out = new Float64Array(columns * rows);
    for (let r = 0; r < rows; r++) {
      const up = basis(this.#up((r + 0.5) * step));
      const line = nodes.map((_, i) => up.reduce((sum, b, j) => sum + b * this.valley.losses[9 * j + i]!, 0));
      for (let c = 0; c < columns; c++) {
        const weights = across[c]!;
        let sum = 0;
        for (let i = 0; i < 9; i++) sum += weights[i]! * line[i]!;
        out[r * columns + c] = sum;
      }
    }
    return out;
  }

  at(px: number, py: number): number {
    const across = basis(this.#across(px));
    const up = basis(this.#up(py));
    let sum = 0;
    for (let j = 0; j < 9; j++) {
      for (let i = 0; i < 9; i++) sum += up[j]! * across[i]! * this.valley.losses[9 * j + i]!;
    }
    return Math.max(0, sum);
  }
}

/** Bands by the logarithm of the loss, with a line between each two. */
function ground(canvas: HTMLCanvasElement, window: Window, ratio: number): void {
  const [columns, rows] = [canvas.width, canvas.height];
  const level = window
    .losses(columns, rows, 1 / ratio)
    .map((loss) => Math.min(above, Math.max(-below, Math.log10(Math.max(loss, 1e-300) / window.valley.top))));
  const [low, high, line] = ['ground-low', 'ground-high', 'contour'].map(hex);
  const [deepest, highest] = [level.reduce((a, b) => Math.min(a, b)), level.reduce((a, b) => Math.max(a, b))];
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, rows);
  const steepness = (at: number, by: number) => Math.abs(level[at + by]! - level[at]!) * bands;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      const height = level[at]! * bands;
      const band = Math.floor(height) / bands;
      const part = Math.min(1, Math.max(0, (band - deepest) / (highest - deepest)));
      const slope = Math.hypot(
        steepness(at, c + 1 < columns ? 1 : -1),
        steepness(at, r + 1 < rows ? columns : -columns),
      );
      // how many pixels to the nearest line, at this steepness
      const distance = slope > 0 ? Math.abs(height - Math.round(height)) / slope : 9;
      const ink = Math.max(0, 1 - distance / (0.8 * ratio)) * (Math.round(height) % bands === 0 ? 0.9 : 0.4);
      const colour = mix(mix(low!, high!, part), line!, slope < 0.5 ? ink : 0.4 * ink);
      for (let k = 0; k < 3; k++) image.data[4 * at + k] = colour[k]!;
      image.data[4 * at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

interface Spot {
  readonly lane: number;
  readonly iteration: number;
  readonly loss: number;
  readonly x: number;
  readonly y: number;
}

/** Where a lane has been, in pixels. */
function spots(session: Session, window: Window, lane: number): Spot[] {
  const [xs, ys, total] = [mapColumn, mapColumn + 1, 0].map((what) => session.column(lane, what));
  return session.history.at.flatMap((iteration, i) => {
    if (!Number.isFinite(xs![i])) return [];
    const [x, y] = window.place(xs![i]!, ys![i]!);
    return [{ lane, iteration, loss: total![i]!, x, y }];
  });
}

function disc(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawPath(context: CanvasRenderingContext2D, path: readonly Spot[], chosen: boolean): void {
  const [casing, colour] = [theme('casing'), theme(`lane-${path[0]!.lane}`)];
  context.lineJoin = 'round';
  for (const [stroke, width] of [
    [casing, chosen ? 5 : 4],
    [colour, chosen ? 2.6 : 1.8],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    for (const { x, y } of path) context.lineTo(x, y);
    context.stroke();
  }
  // single nudges, as long as they are far enough apart to be told
  path.forEach((spot, i) => {
    const before = path[i - 1];
    if (before && Math.hypot(spot.x - before.x, spot.y - before.y) > 7) disc(context, spot, 3, colour);
  });
}

function drawPaths(canvas: HTMLCanvasElement, session: Session, window: Window, ratio: number): Spot[] {
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, window.width, window.height);
  const lanes = session.config.lanes.map((_, lane) => lane);
  const order = [...lanes.filter((lane) => lane !== session.shown), session.shown];
  const paths = order.map((lane) => spots(session, window, lane)).filter((path) => path.length > 0);
  for (const path of paths) drawPath(context, path, path[0]!.lane === session.shown);
  for (const path of paths) {
    disc(context, path.at(-1)!, 8, theme('casing'));
    disc(context, path.at(-1)!, 6, theme(`lane-${path[0]!.lane}`));
  }
  const start = paths[0]?.[0];
  if (start) {
    disc(context, start, 5, theme('ink'));
    disc(context, start, 2.5, theme('casing'));
    context.font = `600 12px ${theme('sans')}`;
    context.lineWidth = 3.5;
    context.strokeStyle = theme('casing');
    context.fillStyle = theme('ink');
    const [x, y] = [start.x + 10, start.y + 4];
    context.strokeText('guess', x, y);
    context.fillText('guess', x, y);
  }
  return paths.flat();
}

export function valley(session: Session): void {
  const box = byId('valley');
  const [base, over] = [byId<HTMLCanvasElement>('valley-ground'), byId<HTMLCanvasElement>('valley-paths')];
  const tip = h('div', { class: 'tip', hidden: true });
  box.append(tip);
  let window: Window | undefined;
  let drawn: Spot[] = [];
  let ratio = 1;

  const drawGround = () => {
    const map = session.loaded?.valley;
    byId('valley-panel').hidden = session.loaded !== undefined && !map;
    window = undefined;
    if (!map || box.clientWidth === 0) return;
    ratio = Math.min(2, devicePixelRatio || 1);
    window = new Window(map, box.clientWidth, box.clientHeight);
    for (const canvas of [base, over]) {
      canvas.width = Math.round(window.width * ratio);
      canvas.height = Math.round(window.height * ratio);
    }
    ground(base, window, ratio);
    const { rank, share } = { ...session.loaded!, ...map };
    const { rows, columns } = session.problem!;
    const numbers = count((rows + columns + 1) * rank);
    text(
      byId('valley-share'),
      `The loss over a plane through all ${numbers} numbers of U, d and V. ${Math.floor(100 * share)}% of the movement lies in it; the paths are seen from above.`,
    );
  };
  const draw = () => {
    if (!window) return;
    drawn = drawPaths(over, session, window, ratio);
    const { lanes } = session.frame!;
    const said = lanes.map(({ total }, lane) => `${session.laneName(lane)} at loss ${pretty(total)}`);
    over.setAttribute(
      'aria-label',
      `The valley of the loss from above, and the paths down: ${said.join(', ')}`,
    );
  };
  over.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    if (!window) return;
    const far = ({ x, y }: Spot) => Math.hypot(x - offsetX, y - offsetY);
    const spot = drawn.reduce<Spot | undefined>(
      (best, s) => (best && far(best) <= far(s) ? best : s),
      undefined,
    );
    const near = spot && far(spot) < 14 ? spot : undefined;
    tip.hidden = false;
    tip.classList.toggle('before', offsetX > window.width / 2);
    tip.style.left = `${offsetX}px`;
    tip.style.top = `${Math.min(offsetY, window.height - 44)}px`;
    const what = near
      ? `${session.laneName(near.lane)}, iteration ${count(near.iteration)}`
      : 'the ground here';
    tip.replaceChildren(
      h('div', {}, what),
      h('div', {}, 'loss ', h('b', {}, pretty(near?.loss ?? window.at(offsetX, offsetY)))),
    );
  });
  over.addEventListener('pointerleave', () => {
    tip.hidden = true;
  });
  session.on('loaded', drawGround);
  session.on('frame', draw);
  session.on('look', () => session.frame && draw());
  new ResizeObserver(() => {
    drawGround();
    if (session.frame) draw();
  }).observe(box);
}
