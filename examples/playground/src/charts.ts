/** The loss over iterations, both axes logarithmic (uPlot). */
import uPlot from 'uplot';
import { count, h, pretty, text, theme } from './ui.js';

export interface Line {
  readonly label: string;
  /** name of a colour of the theme */
  readonly colour: string;
  readonly dash?: number[];
  readonly width?: number;
}

/** What is below is drawn at the bottom: a loss of exactly 0 has no logarithm. */
const floor = 1e-32;

export class Chart {
  #plot: uPlot | undefined;
  #lines: readonly Line[] = [];
  #data: uPlot.AlignedData = [[]];

  #raw: readonly (readonly number[])[] = [];
  #values: HTMLElement[] = [];

  constructor(
    readonly host: HTMLElement,
    readonly legend: HTMLElement,
    readonly name: string,
  ) {
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(host);
  }

  #size() {
    return { width: Math.max(200, this.host.clientWidth), height: Math.max(180, this.host.clientHeight) };
  }

  /** Other lines, or another theme. */
  setup(lines: readonly Line[]): void {
    this.#lines = lines;
    this.#plot?.destroy();
    this.host.replaceChildren();
    const font = `12px ${theme('sans')}`;
    const axis: uPlot.Axis = {
      stroke: theme('muted'),
      font,
      labelFont: font,
      grid: { stroke: theme('line'), width: 1 },
      ticks: { stroke: theme('line'), width: 1 },
    };
    const named: uPlot.Axis = {
      ...axis,
      filter: (_, splits) => splits,
      // whole powers of ten only, and not too many of them
      splits: (self, index, low, high) => powers(low, high, index === 0 ? self.width / 70 : self.height / 36),
      values: (_, splits) =>
        splits.map((v) => (v >= 1 && v < 1e7 ? count(Math.round(v)) : pretty(v).replace('1·', ''))),
    };
    this.#plot = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        hooks: { setCursor: [() => this.#read()] },
        cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
        scales: {
          x: {
            time: false,
            distr: 3,
            log: 10,
            range: (_, low, high) => [Math.max(1, low), Math.max(10, high)],
          },
          y: {
            distr: 3,
            log: 10,
            range: (_, low, high) => {
              if (low === null || high === null) return [1e-3, 1];
              const bottom = Math.max(low, floor);
              return [
                10 ** Math.floor(Math.log10(bottom)),
                10 ** Math.ceil(Math.log10(Math.max(high, 2 * bottom)) + 0.1),
              ];
            },
          },
        },
        axes: [
          { ...named, size: 30 },
          { ...named, size: 54 },
        ],
        series: [
          {},
          ...lines.map(({ label, colour, dash, width }) => ({
            label,
            stroke: theme(colour),
            width: width ?? 2,
            points: { show: false },
            ...(dash ? { dash } : {}),
          })),
        ],
      },
      this.#data.length === lines.length + 1 ? this.#data : [[], ...lines.map(() => [])],
      this.host,
    );
    for (const canvas of this.host.querySelectorAll('canvas')) canvas.setAttribute('aria-hidden', 'true');
    this.#values = lines.map(() => h('output'));
    this.legend.replaceChildren(
      ...lines.map(({ label, colour, dash }, i) => {
        const style = dash ? 'dashed' : 'solid';
        const kind = dash && dash[0]! < 4 ? 'dotted' : style;
        return h(
          'li',
          {},
          h('i', { class: `swatch ${kind}`, style: `color: var(--${colour})` }),
          label,
          ' ',
          this.#values[i]!,
        );
      }),
    );
    this.#read();
  }

  /** The numbers under the cursor, or the latest ones. */
  #read(): void {
    const at = this.#plot?.cursor.idx;
    this.#values.forEach((value, i) => {
      const line = this.#raw[i] ?? [];
      const y = at === null || at === undefined ? line.findLast((v) => !Number.isNaN(v)) : line[at];
      text(value, y === undefined || Number.isNaN(y) ? '' : pretty(y));
    });
    const said = this.#lines
      .map(({ label }, i) => `${label} ${this.#values[i]?.textContent ?? ''}`)
      .join(', ');
    const name = `${this.name}, logarithmic: ${said}`;
    if (this.host.getAttribute('aria-label') !== name) this.host.setAttribute('aria-label', name);
  }

  /** NaN: nothing there. */
  set(iterations: readonly number[], values: readonly (readonly number[])[]): void {
    this.#raw = values;
    // counted from 1, as 0 has no place on a logarithmic axis
    const clean = values.map((line) => line.map((v) => (Number.isFinite(v) ? Math.max(v, floor) : null)));
    this.#data = [iterations.map((i) => i + 1), ...clean];
    if (values.length !== this.#lines.length) return;
    this.#plot?.setData(this.#data);
    this.#read();
  }
}

function powers(low: number, high: number, most: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((to - from + 1) / Math.max(2, most)));
  // multiples of `every`, so that they stay where they are while the scale grows
  const first = Math.ceil(from / every) * every;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / every) + 1) },
    (_, i) => 10 ** (first + i * every),
  );
}
