/** The ground under the paths: the loss over a plane, in bands as on a hiking map. */
import type { Valley } from '../model/protocol.js';
import { hex } from './ui.js';

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

/** A plane's window on a canvas, with the same scale both ways. */
export class Window {
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

/** Bands by the logarithm of the loss, with a line between each two; `ratio` pixels of the canvas to one of the window. */
export function drawGround(canvas: HTMLCanvasElement, window: Window, ratio: number): void {
  const [columns, rows] = [window.width, window.height].map((side) => Math.round(side * ratio)) as [
    number,
    number,
  ];
  canvas.width = columns;
  canvas.height = rows;
  // (plain loops: a map has a million pixels on a good screen, and the first is waited for)
  const levels = window.losses(columns, rows, 1 / ratio);
  let [deepest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < levels.length; at++) {
    const level = bands * Math.log10(Math.max(levels[at]!, 1e-300) / window.valley.top);
    levels[at] = Math.min(bands * above, Math.max(-bands * below, level));
    deepest = Math.min(deepest, Math.floor(levels[at]!));
    highest = Math.max(highest, Math.floor(levels[at]!));
  }
  const [low, high, line] = ['ground-low', 'ground-high', 'contour'].map(hex);
  const tints = Array.from({ length: highest - deepest + 1 }, (_, band) =>
    low!.map((x, c) => x + ((high![c]! - x) * band) / Math.max(1, highest - deepest)),
  );
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, rows);
  const bytes = image.data;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      const level = levels[at]!;
      const across = levels[at + (c + 1 < columns ? 1 : -1)]! - level;
      const up = levels[at + (r + 1 < rows ? columns : -columns)]! - level;
      const slope = Math.sqrt(across * across + up * up);
      const contour = Math.round(level);
      // how many pixels to the nearest line, at this steepness; where lines crowd they are fainter
      const distance = slope > 0 ? Math.abs(level - contour) / slope : 9;
      const ink = Math.max(0, 1 - distance / (0.8 * ratio)) * (contour % bands === 0 ? 0.9 : 0.4);
      const strength = slope < 0.5 ? ink : 0.4 * ink;
      const tint = tints[Math.floor(level) - deepest]!;
      for (let k = 0; k < 3; k++) bytes[4 * at + k] = tint[k]! + (line![k]! - tint[k]!) * strength;
      bytes[4 * at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}
