/** Heat maps: a cell an entry, with its number where there is room. */
import { pretty, theme } from './ui.js';

export type Scale =
  /** 0 to the largest magnitude; blue below, orange above where there are both signs */
  | 'values'
  /** by order of magnitude, so that it fades as a residual does */
  | 'orders'
  | 'gray';

export interface Picture {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  readonly scale: Scale;
  /** what counts as full strength; default: the largest magnitude */
  readonly full?: number;
  /** cells to be framed */
  readonly framed?: ReadonlySet<number>;
}

type Colour = readonly [number, number, number];

function hex(name: string): Colour {
  const value = Number.parseInt(theme(name).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const mix = (a: Colour, b: Colour, t: number): Colour => [
  Math.round(a[0] + (b[0] - a[0]) * t),
  Math.round(a[1] + (b[1] - a[1]) * t),
  Math.round(a[2] + (b[2] - a[2]) * t),
];

/** Below this part of the whole a residual is rounding, and fades out. */
const orders = 16;

export function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!);
    if (size > most) most = size;
  }
  return most;
}

export function draw(canvas: HTMLCanvasElement, picture: Picture): void {
  const { data, rows, columns, scale } = picture;
  const full = picture.full ?? largest(data);
  const [none, over, under, gap] = [hex('map-0'), hex('map-plus'), hex('map-minus'), hex('map-gap')];
  const colour = (x: number): Colour => {
    if (Number.isNaN(x)) return gap;
    if (scale === 'gray') return [x, x, x].map((v) => Math.max(0, Math.min(255, Math.round(v)))) as never;
    if (x === 0 || full === 0) return none;
    const part = Math.abs(x) / full;
    const strength = scale === 'values' ? part : 1 + Math.log10(part) / orders;
    return mix(none, x > 0 ? over : under, Math.max(0, Math.min(1, strength)));
  };
  const context = canvas.getContext('2d')!;
  const box = canvas.clientWidth || 200;
  const numbers = columns <= 8 && rows <= 10 && box / columns >= 34 && scale !== 'gray';
  const ratio = window.devicePixelRatio || 1;
  // few cells are drawn as rectangles, many as pixels
  const big = rows * columns <= 2500;
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  const width = big ? Math.round(box * ratio) : columns;
  const height = big ? Math.round((width * rows) / columns) : rows;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  if (!big) {
    const pixels = context.createImageData(columns, rows);
    for (let at = 0; at < rows * columns; at++) {
      const [r, g, b] = colour(data[at]!);
      pixels.data.set([r, g, b, 255], 4 * at);
    }
    context.putImageData(pixels, 0, 0);
    return;
  }
  const [w, t] = [width / columns, height / rows];
  const line = columns <= 24 && rows <= 48 && scale !== 'gray' ? ratio : 0;
  context.clearRect(0, 0, width, height);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      const value = data[at]!;
      const [r, g, b] = colour(value);
      const [x, y] = [Math.round(j * w), Math.round(i * t)];
      const [right, bottom] = [Math.round((j + 1) * w), Math.round((i + 1) * t)];
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.fillRect(x, y, right - x - line, bottom - y - line);
      if (Number.isNaN(value) && columns <= 24) {
        context.strokeStyle = theme('map-hatch');
        context.lineWidth = ratio;
        context.beginPath();
        context.moveTo(x, bottom - line);
        context.lineTo(right - line, y);
        context.stroke();
      }
      if (picture.framed?.has(at)) {
        context.strokeStyle = theme('ink');
        context.lineWidth = 1.5 * ratio;
        context.strokeRect(x + 1.5, y + 1.5, right - x - line - 3, bottom - y - line - 3);
      }
      if (numbers && !Number.isNaN(value)) {
        const luminance = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        context.fillStyle = luminance > 0.5 ? '#10151f' : '#ffffff';
        const size = Math.min(13 * ratio, w / 4.4, t / 2);
        context.font = `${size}px ${theme('mono')}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText(short(value), (x + right) / 2, (y + bottom) / 2);
      }
    }
  }
}

/** At most six characters. */
function short(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && (size < 0.005 || size >= 1000))
    return x.toExponential(0).replace('e+', 'e').replace('-', '−');
  return x.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0).replace('-', '−');
}

/** What a screen reader says of it. */
export function describe(canvas: HTMLCanvasElement, name: string, { data, rows, columns }: Picture): void {
  const label = `${name}, ${rows} by ${columns}, largest entry ${pretty(largest(data))}`;
  if (canvas.getAttribute('aria-label') !== label) canvas.setAttribute('aria-label', label);
}
