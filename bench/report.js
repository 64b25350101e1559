// Results as Markdown tables, for the terminal and for the README.

import { markdownTable } from 'markdown-table';

const units = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** A figure of any size. */
export const short = (x) => (Number.isInteger(x) ? String(x) : x.toPrecision(2));

const digits = (x) => (x >= 100 ? Math.round(x).toString() : x.toPrecision(x < 0.1 ? 1 : 2));

export function time(seconds) {
  const [unit, name] = units.find(([size]) => seconds >= size) ?? units.at(-1);
  const value = seconds / unit;
  return `${value.toPrecision(value >= 100 ? 3 : 2)} ${name}`;
}

export const times = (ratio) => `${digits(ratio)} x`;

const spread = ({ low, high }) => `(${digits(low)}–${digits(high)})`;

const ratioCell = (lane) => `${times(lane.ratio.median)} ${spread(lane.ratio)}`;

/** "0.25 µs ± 3%": median and half the distance of the quartiles. */
const timeCell = ({ median, low, high }) => `${time(median)} ±${Math.round((50 * (high - low)) / median)}%`;

/** The first column to the left, the others to the right. */
export const table = (head, rows) =>
  markdownTable(
    [head, ...rows].map((cells) => cells.map(String)),
    {
      align: head.map((_, column) => (column ? 'r' : 'l')),
    },
  );

/** Rows of lanes: the time of the first lane, the ratios of the others to it. */
function raceTable(rows) {
  const names = [...new Set(rows.flatMap(({ lanes }) => Object.keys(lanes)))];
  const cell = (lanes, name) => {
    if (!lanes[name]) return '';
    return name === Object.keys(lanes)[0] ? timeCell(lanes[name]) : ratioCell(lanes[name]);
  };
  return table(
    ['', ...names],
    rows.map(({ name, lanes }) => [name, ...names.map((lane) => cell(lanes, lane))]),
  );
}

const rateTable = (rows) =>
  table(
    ['', 'flops', 'GFLOP/s', "of the kernel's peak"],
    rows.map(({ name, flops, lanes }) => {
      const [own] = Object.values(lanes);
      const share = lanes['kernel peak'].ratio;
      const percent = (x) => Math.round(100 * x);
      return [
        name,
        flops.toExponential(2),
        digits(flops / own.median / 1e9),
        `${percent(share.median)}% (${percent(share.low)}–${percent(share.high)})`,
      ];
    }),
  );

/** Root mean square errors over what is hidden: a line for each who predicts it, a column for each row that has them. */
export function errorTable(rows) {
  const told = rows.filter(({ errors }) => errors);
  const names = [...new Set(told.flatMap(({ errors }) => Object.keys(errors)))];
  return table(
    ['RMSE over hidden ratings', ...told.map(({ name }) => name)],
    names.map((name) => [name, ...told.map(({ errors }) => errors[name]?.toFixed(4) ?? '')]),
  );
}

const figureTable = (figures) =>
  table(
    ['', 'figure'],
    figures.map(({ what, figure, said = short(figure) }) => [what, said]),
  );

const exponentTable = (exponents) =>
  table(
    ['exponent over', 'of the time', 'of the flops', 'sizes m x n, k'],
    exponents.map(({ over, time, flops, sizes }) => [
      over,
      time.toFixed(2),
      flops.toFixed(2),
      [sizes[0], sizes.at(-1)].map(([m, n, k]) => `${m} x ${n}, ${k}`).join(' to '),
    ]),
  );

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const memoryTable = (memory) =>
  table(
    ['memory after', 'JS heap', 'core', 'resident'],
    memory.map(({ runs, heap, core, resident }) => [
      `${runs} runs`,
      ...[heap, core, resident].map(megabytes),
    ]),
  );

export const targetTable = (targets) =>
  table(
    ['target', 'asked', 'figure', 'met'],
    targets.map(({ what, asked, figure, met }) => [
      what,
      asked,
      figure,
      met === undefined ? 'not measured' : met ? 'yes' : 'NO',
    ]),
  );

/** All there is to say of a section. */
export function sectionReport({
  title,
  rows = [],
  figures,
  exponents,
  memory,
  bundle,
  notes,
  absent,
  failed,
}) {
  const parts = [`## ${title}`];
  if (rows.length) parts.push(raceTable(rows));
  if (figures) parts.push(figureTable(figures));
  if (rows[0]?.flops) parts.push(rateTable(rows));
  if (rows.some(({ errors }) => errors)) parts.push(errorTable(rows));
  if (exponents) parts.push(exponentTable(exponents));
  if (memory) parts.push(memoryTable(memory));
  if (bundle) parts.push(`Bundle: ${bundle.bytes} bytes, ${bundle.gzip} after gzip.`);
  const list = (label, entries) => Object.entries(entries).map(([name, why]) => `${label}: ${name} (${why})`);
  const remarks = [...notes, ...list('Absent', absent), ...list('Failed, left out', failed)];
  if (remarks.length) parts.push(remarks.join('\n'));
  return parts.join('\n\n');
}
