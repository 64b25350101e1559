/** Numbers over iterations, both axes logarithmic (uPlot). */
import type uPlot from 'uplot';
import { count, pretty } from '../model/numbers.js';
import { h, text, theme } from './ui.js';

/** It comes once the descent is on its way: nothing of the first step waits for it. */
let library: typeof uPlot | undefined;
const waiting: (() => void)[] = [];
export async function loadCharts(): Promise<void> {
  library = (await import('uplot')).default;
  for (const start of waiting.splice(0)) start();
}

export interface Line {
  readonly label: string;
  /** name of a colour of the theme */
  readonly colour: string;
  readonly dash?: number[];
  readonly width?: number;
}

/** What is below is drawn at the bottom: a loss of exactly 0 has no logarithm. */
const floor = 1e-32;
/** What is so many times above the first values is cut off: a run that diverges takes the axis nowhere. */
const headroom = 100;

function yRange(low: number | null, high: number | null, ceiling: number): [number, number] {
  if (low === null || high === null) return [1e-3, 1];
  const bottom = Math.max(Math.min(low, ceiling / 10), floor);
  const top = Math.min(Math.max(high, 2 * bottom), ceiling);
  return [10 ** Math.floor(Math.log10(bottom)), 10 ** Math.ceil(Math.log10(top) + 0.1)];
}

/** Whole powers of ten between two bounds, and not too many of them. */
function powers(low: number, high: number, most: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((to - from + 1) / Math.max(2, most)));
  // multiples of `every`, so that they stay where they are while the scale grows
  const first = Math.ceil(from / every) * every;
  const length = Math.max(0, Math.floor((to - first) / every) + 1);
  return Array.from({ length }, (_, i) => 10 ** (first + i * every));
}

function axis(size: number): uPlot.Axis {
  const font = `12px ${theme('sans')}`;
  return {
    size,
    stroke: theme('muted'),
    font,
    labelFont: font,
    grid: { stroke: theme('line'), width: 1 },
    ticks: { stroke: theme('line'), width: 1 },
    filter: (_, splits) => splits,
    splits: (self, index, low, high) => powers(low, high, index === 0 ? self.width / 70 : self.height / 36),
    values: (_, splits) =>
      splits.map((v) => (v >= 1 && v < 1e7 ? count(Math.round(v)) : pretty(v).replace('1·', ''))),
  };
}

export class Chart {
  #plot: uPlot | undefined;
  #lines: readonly Line[] = [];
  #data: uPlot.AlignedData = [[]];
  #raw: readonly (readonly number[])[] = [];
  #values: HTMLElement[] = [];
  #ceiling = 1;
  readonly #tip = h('div', { class: 'tip', hidden: true });

  constructor(
    readonly host: HTMLElement,
    readonly legend: HTMLElement,
    readonly name: string,
  ) {
    new ResizeObserver(this.#fit).observe(host);
  }

  readonly #fit = () => {
    const { width, height } = this.#size();
    if (this.#plot && (this.#plot.width !== width || this.#plot.height !== height)) {
      this.#plot.setSize({ width, height });
    }
  };

  #size() {
    return { width: Math.max(200, this.host.clientWidth), height: Math.max(140, this.host.clientHeight) };
  }

  /** Other lines, or another theme. */
  setup(lines: readonly Line[]): void {
    this.#lines = lines;
    this.#label();
    if (library) this.#draw();
    else if (!waiting.includes(this.#draw)) waiting.push(this.#draw);
  }

  readonly #draw = () => {
    this.#plot?.destroy();
    this.host.replaceChildren();
    const empty: uPlot.AlignedData = [[], ...this.#lines.map(() => [])];
    const data = this.#data.length === this.#lines.length + 1 ? this.#data : empty;
    this.#plot = new library!(this.#options(), data, this.host);
    this.#plot.over.append(this.#tip);
    for (const canvas of this.host.querySelectorAll('canvas')) canvas.setAttribute('aria-hidden', 'true');
    // made while the cards beside it are still those of another story: an observer sees no size that comes and goes at once
    requestAnimationFrame(this.#fit);
  };

  #label(): void {
    this.#values = this.#lines.map(() => h('output'));
    this.legend.replaceChildren(
      ...this.#lines.map(({ label, colour, dash }, i) => {
        const kind = dash ? (dash[0]! < 4 ? 'dotted' : 'dashed') : 'solid';
        const swatch = h('i', { class: `swatch ${kind} ${colour}` });
        return h('li', {}, swatch, label, ' ', this.#values[i]!);
      }),
    );
    this.#read();
  }

  #options(): uPlot.Options {
    return {
      ...this.#size(),
      legend: { show: false },
      hooks: { setCursor: [() => this.#point()] },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: {
        x: {
          time: false,
          distr: 3,
          log: 10,
          range: (_, low, high) => [Math.max(1, low), Math.max(10, high)],
        },
        y: { distr: 3, log: 10, range: (_, low, high) => yRange(low, high, this.#ceiling) },
      },
      axes: [axis(30), axis(54)],
      series: [
        {},
        ...this.#lines.map(({ label, colour, dash, width }) => ({
          label,
          stroke: theme(colour),
          width: width ?? 2,
          points: { show: false },
          ...(dash ? { dash } : {}),
        })),
      ],
    };
  }

  /** The latest numbers, in the legend and for screen readers. */
  #read(): void {
    this.#values.forEach((value, i) => {
      const y = this.#raw[i]?.findLast(Number.isFinite);
      text(value, y === undefined ? '' : pretty(y));
    });
    const said = this.#lines
      .map(({ label }, i) => `${label} ${this.#values[i]?.textContent ?? ''}`)
      .join(', ');
    const name = `${this.name}, logarithmic: ${said}`;
    if (this.host.getAttribute('aria-label') !== name) this.host.setAttribute('aria-label', name);
  }

  /** The numbers under the cursor, beside it. */
  #point(): void {
    const { idx, left = -1 } = this.#plot?.cursor ?? {};
    const at = idx === null || idx === undefined || left < 0 ? undefined : this.#data[0][idx];
    this.#tip.hidden = at === undefined;
    if (at === undefined) return;
    const rows = this.#lines.flatMap(({ label, colour }, i) => {
      const y = this.#raw[i]?.[idx!];
      if (y === undefined || !Number.isFinite(y)) return [];
      return [h('div', {}, h('i', { class: `swatch solid ${colour}` }), `${label} `, h('b', {}, pretty(y)))];
    });
    this.#tip.replaceChildren(h('div', {}, `iteration ${count(at - 1)}`), ...rows);
    const width = this.#plot!.over.clientWidth;
    this.#tip.classList.toggle('before', left > width / 2);
    this.#tip.style.left = `${left}px`;
  }

  /** NaN: nothing there. */
  set(iterations: readonly number[], values: readonly (readonly number[])[]): void {
    this.#raw = values;
    const first = values.map((line) => line[0]!).filter(Number.isFinite);
    this.#ceiling = first.length > 0 ? headroom * Math.max(...first, floor) : 1;
    // counted from 1, as 0 has no place on a logarithmic axis
    const clean = values.map((line) => line.map((v) => (Number.isFinite(v) ? Math.max(v, floor) : null)));
    this.#data = [iterations.map((i) => i + 1), ...clean];
    if (values.length !== this.#lines.length) return;
    this.#plot?.setData(this.#data);
    this.#read();
  }
}
