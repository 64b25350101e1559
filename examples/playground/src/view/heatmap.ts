/** Heat maps: a cell an entry, with its number where there is room. */
import { pretty } from '../model/numbers.js';
import { hex, theme } from './ui.js';

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

/** Where a value's colour is found: a ramp, and an offset in it. */
function shade(x: number, scale: Scale, full: number): [from: Uint8Array, offset: number] {
  const { over, under, gray, gap } = palette!;
  if (Number.isNaN(x)) return [gap, 0];
  const part = full > 0 ? Math.abs(x) / full : 0;
  const strength = scale === 'gray' ? x / 255 : scale === 'values' ? part : 1 + Math.log10(part) / orders;
  const offset = 3 * Math.round((shades - 1) * Math.max(0, Math.min(1, strength)));
  return [scale === 'gray' ? gray : x > 0 ? over : under, offset];
}

export function draw(canvas: HTMLCanvasElement, picture: Picture): void {
  const { rows, columns, scale } = picture;
  if (palette?.theme !== document.documentElement.dataset.theme) palette = makePalette();
  // neither taller than a screen nor with cells as large as stamps
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  canvas.style.width = `min(100%, ${scale === 'gray' ? 32 : 4.2 * columns}rem, ${(24 * columns) / rows}rem)`;
  const ratio = window.devicePixelRatio || 1;
  // few cells are drawn as rectangles, many as pixels
  const big = rows * columns <= 2500;
  const width = big ? Math.round((canvas.clientWidth || 200) * ratio) : columns;
  const height = big ? Math.round((width * rows) / columns) : rows;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  if (big) drawCells(canvas, picture, ratio);
  else drawPixels(canvas, picture);
}

function drawPixels(canvas: HTMLCanvasElement, { data, rows, columns, scale, ...picture }: Picture): void {
  const full = picture.full ?? largest(data);
  const context = canvas.getContext('2d')!;
  const pixels = context.createImageData(columns, rows);
  for (let at = 0; at < rows * columns; at++) {
    const [from, offset] = shade(data[at]!, scale, full);
    for (let c = 0; c < 3; c++) pixels.data[4 * at + c] = from[offset + c]!;
    pixels.data[4 * at + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
}

/** Digits smaller than this are not read, so they are not drawn; in CSS pixels. */
const leastDigits = 11;

function drawCells(canvas: HTMLCanvasElement, picture: Picture, ratio: number): void {
  const { data, rows, columns, scale } = picture;
  const { width, height } = canvas;
  const full = picture.full ?? largest(data);
  const context = canvas.getContext('2d')!;
  const [w, t] = [width / columns, height / rows];
  // room for five characters, as in −0.34
  const size = Math.min(13 * ratio, w / 3.5, t / 1.8);
  const numbers = size >= leastDigits * ratio && scale !== 'gray';
  const line = columns <= 24 && rows <= 48 && scale !== 'gray' ? ratio : 0;
  context.clearRect(0, 0, width, height);
  for (let at = 0; at < rows * columns; at++) {
    const value = data[at]!;
    const [from, offset] = shade(value, scale, full);
    const [r, g, b] = [from[offset]!, from[offset + 1]!, from[offset + 2]!];
    const [x, y] = [Math.round((at % columns) * w), Math.round(Math.floor(at / columns) * t)];
    const cell = {
      x,
      y,
      width: Math.round(((at % columns) + 1) * w) - x - line,
      height: Math.round((Math.floor(at / columns) + 1) * t) - y - line,
    };
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(cell.x, cell.y, cell.width, cell.height);
    if (Number.isNaN(value) && columns <= 24) hatchCell(context, cell, ratio);
    if (picture.framed?.has(at)) frameCell(context, cell, ratio);
    if (!numbers || Number.isNaN(value)) continue;
    const luminance = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    context.fillStyle = luminance > 0.5 ? '#10151f' : '#ffffff';
    context.font = `${size}px ${palette!.mono}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(short(value), x + cell.width / 2, y + cell.height / 2);
  }
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function hatchCell(context: CanvasRenderingContext2D, { x, y, width, height }: Cell, ratio: number): void {
  context.strokeStyle = palette!.hatch;
  context.lineWidth = ratio;
  context.beginPath();
  context.moveTo(x, y + height);
  context.lineTo(x + width, y);
  context.stroke();
}

function frameCell(context: CanvasRenderingContext2D, { x, y, width, height }: Cell, ratio: number): void {
  context.strokeStyle = palette!.ink;
  context.lineWidth = 1.5 * ratio;
  context.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3);
}

/** At most five characters: of what is tiny or huge only the size, its sign is in the colour. */
function short(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && (size < 0.005 || size >= 1000)) return size.toExponential(0).replace('e+', 'e');
  return x.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0).replace('-', '−');
}

/** What a screen reader says of it. */
export function describe(canvas: HTMLCanvasElement, name: string, { data, rows, columns }: Picture): void {
  const label = `${name}, ${rows} by ${columns}, largest entry ${pretty(largest(data))}`;
  if (canvas.getAttribute('aria-label') !== label) canvas.setAttribute('aria-label', label);
}
