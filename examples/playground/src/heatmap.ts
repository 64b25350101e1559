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

const shades = 256;

/** From no strength to full, 3 bytes a shade. */
function ramp(from: Colour, to: Colour): Uint8Array {
  const out = new Uint8Array(3 * shades);
  for (let i = 0; i < shades; i++) {
    for (let c = 0; c < 3; c++)
      out[3 * i + c] = Math.round(from[c]! + ((to[c]! - from[c]!) * i) / (shades - 1));
  }
  return out;
}

/** The colours of the theme in force; looking them up costs more than a map. */
let palette: ReturnType<typeof makePalette> | undefined;
function makePalette() {
  const none = hex('map-0');
  return {
    theme: document.documentElement.dataset.theme,
    over: ramp(none, hex('map-plus')),
    under: ramp(none, hex('map-minus')),
    gray: ramp([0, 0, 0], [255, 255, 255]),
    gap: Uint8Array.from(hex('map-gap')),
    hatch: theme('map-hatch'),
    ink: theme('ink'),
    mono: theme('mono'),
  };
}

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
  if (palette?.theme !== document.documentElement.dataset.theme) palette = makePalette();
  const { over, under, gray, gap, hatch, ink, mono } = palette!;
  /** where its colour is found: a ramp, and an offset in it */
  let from: Uint8Array = gap;
  let offset = 0;
  const colour = (x: number): void => {
    offset = 0;
    if (Number.isNaN(x)) {
      from = gap;
      return;
    }
    let strength = x / 255;
    if (scale === 'gray') from = gray;
    else {
      const part = full > 0 ? Math.abs(x) / full : 0;
      from = x > 0 ? over : under;
      strength = scale === 'values' ? part : 1 + Math.log10(part) / orders;
    }
    offset = 3 * Math.round((shades - 1) * Math.max(0, Math.min(1, strength)));
  };
  const context = canvas.getContext('2d')!;
  // neither taller than a screen nor with cells as large as stamps
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  canvas.style.width = `min(100%, ${scale === 'gray' ? 32 : 4.2 * columns}rem, ${(24 * columns) / rows}rem)`;
  const box = canvas.clientWidth || 200;
  const numbers = columns <= 8 && rows <= 10 && box / columns >= 34 && scale !== 'gray';
  const ratio = window.devicePixelRatio || 1;
  // few cells are drawn as rectangles, many as pixels
  const big = rows * columns <= 2500;
  const width = big ? Math.round(box * ratio) : columns;
  const height = big ? Math.round((width * rows) / columns) : rows;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  if (!big) {
    const pixels = context.createImageData(columns, rows);
    for (let at = 0; at < rows * columns; at++) {
      colour(data[at]!);
      for (let c = 0; c < 3; c++) pixels.data[4 * at + c] = from[offset + c]!;
      pixels.data[4 * at + 3] = 255;
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
      colour(value);
      const [r, g, b] = [from[offset]!, from[offset + 1]!, from[offset + 2]!];
      const [x, y] = [Math.round(j * w), Math.round(i * t)];
      const [right, bottom] = [Math.round((j + 1) * w), Math.round((i + 1) * t)];
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.fillRect(x, y, right - x - line, bottom - y - line);
      if (Number.isNaN(value) && columns <= 24) {
        context.strokeStyle = hatch;
        context.lineWidth = ratio;
        context.beginPath();
        context.moveTo(x, bottom - line);
        context.lineTo(right - line, y);
        context.stroke();
      }
      if (picture.framed?.has(at)) {
        context.strokeStyle = ink;
        context.lineWidth = 1.5 * ratio;
        context.strokeRect(x + 1.5, y + 1.5, right - x - line - 3, bottom - y - line - 3);
      }
      if (numbers && !Number.isNaN(value)) {
        const luminance = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        context.fillStyle = luminance > 0.5 ? '#10151f' : '#ffffff';
        const size = Math.min(13 * ratio, w / 4.4, t / 2);
        context.font = `${size}px ${mono}`;
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
