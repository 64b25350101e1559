/** The page: what is picked goes to the worker, what the worker finds is drawn. */
import 'uplot/dist/uPlot.min.css';
import '../style.css';
import { Chart } from './charts.js';
import { describe, draw, largest, type Picture } from './heatmap.js';
import { build, grayOf, type Problem, uploaded } from './matrices.js';
import { meansFill } from './means.js';
import { entry, type Kind, kinds } from './optimizers.js';
import { compact, PasteError, parse } from './parse.js';
import {
  type FromWorker,
  type LaneFrame,
  perLane,
  type Speed,
  type ToWorker,
  type Verdict,
} from './protocol.js';
import {
  type Config,
  fromHash,
  initial,
  type LaneConfig,
  lane,
  longestOwn,
  presets,
  toHash,
} from './state.js';
import { byId, count, h, pretty, text } from './ui.js';

type Frame = Extract<FromWorker, { type: 'frame' }>;

const verdictNames: Record<Verdict, string> = {
  ready: 'ready',
  running: 'running',
  converged: 'converged',
  diverged: 'diverged',
  stuck: 'stuck',
  unfinished: 'out of iterations',
};

/** Ready-made runs, one for each thing there is to see. */
const stories: { label: string; about: string; speed?: Speed; change: Partial<Config> }[] = [
  {
    label: 'The notebook',
    about: 'M1 by SGD, 20,000 nudges',
    change: { matrix: 'M1', ...presets['notebook-sgd'].change },
  },
  {
    label: 'Stuck for good',
    about: 'M5, the same SGD',
    change: { matrix: 'M5', ...presets['notebook-sgd'].change },
  },
  {
    label: 'The way out',
    about: 'M5, the library’s default',
    change: { matrix: 'M5', ...presets.library.change },
  },
  {
    label: 'A race',
    about: 'one start, three ways down',
    change: { matrix: 'random', rows: 20, columns: 12, matrixSeed: 1, ...presets.race.change },
  },
  {
    label: 'Compress a picture',
    about: 'the baboon at rank 16',
    change: { matrix: 'image', picture: 'baboon', rank: 16, ...presets.library.change },
  },
  {
    label: 'Fill the gaps',
    about: 'film ratings nobody gave',
    change: {
      matrix: 'ratings',
      rank: 1,
      rules: 'library',
      lanes: [{ kind: 'lm' }, { kind: 'adam', lr: 0.01, momentum: 0.9 }],
      iterations: 3000,
    },
  },
];

let config: Config = initial;
let problem: Problem | undefined;
let run = 0;
/** is there a race in the worker? */
let ready = false;
let playing = false;
let position = 0;
let shown = 0;
let rank = 0;
let direct: Float64Array | undefined;
let baseline: number | undefined;
let latest: Frame | undefined;
let columns: { at: number[]; values: number[][] } = { at: [], values: [] };
let fresh = false;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const tell = (message: ToWorker) => worker.postMessage(message);

const lossChart = new Chart(byId('chart-loss'), byId('legend-loss'), 'Loss over iterations');
const termsChart = new Chart(
  byId('chart-terms'),
  byId('legend-terms'),
  'The terms of the loss over iterations',
);

/* ---- the run ---- */

function fail(message: string | undefined): void {
  const alert = byId('alert');
  alert.hidden = message === undefined;
  text(alert, message ?? '');
}

/** Start over with this configuration. */
async function load(next: Config, options: { play?: boolean; keepHash?: boolean } = {}): Promise<void> {
  config = next;
  const mine = ++run;
  ready = false;
  playing = options.play ?? false;
  shown = Math.min(shown, config.lanes.length - 1);
  latest = undefined;
  position = 0;
  columns = { at: [], values: config.lanes.flatMap(() => Array.from({ length: perLane }, () => [])) };
  if (!options.keepHash) writeHash();
  showSettings();
  setupCharts();
  try {
    const built = await build(config);
    if (mine !== run) return;
    problem = built;
    fail(undefined);
    showMatrix();
    tell({ type: 'load', run, config, problem, shown, play: false });
    if (options.play) tell({ type: 'play', speed: speed() });
  } catch (error) {
    if (mine !== run) return;
    playing = false;
    fail(error instanceof Error ? error.message : String(error));
  }
  showTransport();
}

const change = (part: Partial<Config>, options: { play?: boolean } = {}) =>
  // what was steered belongs to the run that is left
  load({ ...config, steer: [], at: 0, ...part }, options);

function writeHash(): void {
  const hash = toHash(config);
  if (location.hash !== hash) history.replaceState(null, '', hash);
}

const speed = () => byId<HTMLSelectElement>('speed').value as Speed;

worker.onmessage = ({ data: message }: MessageEvent<FromWorker>) => {
  if (message.type === 'hello') {
    for (const [kind, chip] of chips) chip.parentElement!.hidden = !message.kinds.includes(kind);
    return;
  }
  if (message.run !== run) {
    if (message.type === 'frame') tell({ type: 'drawn' });
    return;
  }
  if (message.type === 'failed') {
    playing = false;
    fail(message.message);
    showTransport();
  } else if (message.type === 'loaded') {
    ({ rank, direct, baseline } = message);
    ready = true;
    showRank();
    showTransport();
  } else {
    latest = message;
    collect(message);
    fresh = true;
    requestAnimationFrame(drawFrame);
  }
};
worker.onerror = (event) => fail(`The worker failed: ${event.message}. Reload the page to start again.`);

function collect({ rows, lanes, position: at, playing: going, steer }: Frame): void {
  const width = 1 + lanes.length * perLane;
  for (let from = 0; from < rows.length; from += width) {
    if (rows[from] === columns.at.at(-1)) continue;
    columns.at.push(rows[from]!);
    columns.values.forEach((values, c) => values.push(rows[from + 1 + c]!));
  }
  position = at;
  playing = going;
  config = { ...config, steer, at: going ? 0 : at };
  if (!going) writeHash();
}

function drawFrame(): void {
  if (!latest || !fresh) return;
  fresh = false;
  const frame = latest;
  showTransport();
  showVerdicts(frame.lanes);
  showCharts();
  showMaps(frame);
  showValues(frame);
  if (problem?.picture) showPicture(frame);
  if (problem && problem.held.length > 0) showRatings(frame);
  tell({ type: 'drawn' });
}

/* ---- transport ---- */

function showTransport(): void {
  const over = latest?.lanes.every(({ status }) => status !== 'running') ?? false;
  const button = byId<HTMLButtonElement>('run');
  text(button, playing ? 'Pause' : over ? 'Run again' : 'Run');
  document.body.dataset.state = playing ? 'playing' : over ? 'over' : 'paused';
  text(byId('position'), count(position));
  text(byId('limit'), count(config.iterations));
  button.disabled = !ready;
  for (const id of ['step', 'step-many']) byId<HTMLButtonElement>(id).disabled = over || !ready;
  byId<HTMLButtonElement>('rewind').disabled = position === 0;
}

function rewind(play = false): void {
  // the knobs stay where they are; the guess is the same
  void change({ lanes: config.lanes.map((_, index) => now(index)) }, { play });
}

/** A lane with its knobs as they are now. */
function now(index: number): LaneConfig {
  const knobs = { ...config.lanes[index]! };
  for (const { lane: of, key, value } of config.steer) if (of === index) knobs[key] = value;
  return knobs;
}

byId('run').addEventListener('click', () => {
  if (playing) {
    tell({ type: 'pause' });
    playing = false;
  } else if (document.body.dataset.state === 'over') {
    rewind(true);
    return;
  } else {
    tell({ type: 'play', speed: speed() });
    playing = true;
  }
  showTransport();
});
byId('step').addEventListener('click', () => tell({ type: 'step', count: 1 }));
byId('step-many').addEventListener('click', () => tell({ type: 'step', count: 100 }));
byId('rewind').addEventListener('click', () => rewind());
byId('speed').addEventListener('change', () => playing && tell({ type: 'play', speed: speed() }));

/* ---- verdicts ---- */

const laneName = (index: number) => {
  const { kind } = config.lanes[index]!;
  const same = config.lanes.filter((l) => l.kind === kind).length > 1;
  return same ? `${entry(kind).label} ${index + 1}` : entry(kind).label;
};

interface Card {
  root: HTMLElement;
  badge: HTMLElement;
  figures: HTMLElement;
  reason: HTMLElement;
  knobs: HTMLElement;
  look: HTMLButtonElement;
}
let cards: Card[] = [];

function setupVerdicts(): void {
  cards = config.lanes.map((_, index) => {
    const badge = h('span', { class: 'badge', 'data-verdict': 'ready' }, 'ready');
    const figures = h('span', { class: 'lane-figures' });
    const reason = h('p', { class: 'reason' });
    const knobs = h('div', {
      class: 'lane-knobs',
      role: 'group',
      'aria-label': `Knobs of ${laneName(index)}`,
    });
    const name = h(
      'button',
      { type: 'button', class: 'look', 'aria-pressed': index === shown, click: () => look(index) },
      h('span', { class: `dot lane-${index}` }),
      h('b', {}, laneName(index)),
    );
    const head = h('div', { class: 'verdict-head' }, name, badge);
    const root = h('li', { class: 'card verdict' }, head, figures, reason, knobs);
    return { root, badge, figures, reason, knobs, look: name };
  });
  byId('verdicts').replaceChildren(...cards.map(({ root }) => root));
}

function look(index: number): void {
  shown = index;
  cards.forEach(({ look: name, root }, i) => {
    name.setAttribute('aria-pressed', String(i === shown));
    root.classList.toggle('chosen', i === shown && cards.length > 1);
  });
  setupCharts();
  showCharts();
  tell({ type: 'show', lane: index });
}

let told = '';

function showVerdicts(lanes: readonly LaneFrame[]): void {
  lanes.forEach((frame, index) => {
    const card = cards[index]!;
    card.badge.dataset.verdict = frame.verdict;
    card.root.dataset.digest = frame.digest;
    text(card.badge, verdictNames[frame.verdict]);
    text(
      card.figures,
      `loss ${pretty(frame.total)} · ${count(frame.iteration)} ${frame.iteration === 1 ? 'iteration' : 'iterations'} · ${frame.milliseconds < 10 ? frame.milliseconds.toFixed(1) : count(Math.round(frame.milliseconds))} ms`,
    );
    text(card.reason, frame.reason);
  });
  const summary = lanes
    .map(({ verdict }, index) => `${laneName(index)}: ${verdictNames[verdict]}`)
    .filter((_, index) => !['ready', 'running'].includes(lanes[index]!.verdict))
    .join('. ');
  if (summary !== told) text(byId('news'), summary);
  told = summary;
}

/* ---- charts ---- */

function setupCharts(): void {
  const many = config.lanes.length > 1;
  lossChart.setup(
    config.lanes.map((_, index) => ({
      label: laneName(index),
      colour: `lane-${index}`,
      width: many && index === shown ? 3 : 2,
    })),
  );
  const colour = `lane-${shown}`;
  const withHeldOut = config.matrix === 'ratings';
  termsChart.setup([
    { label: 'M − U diag(S) Vᵀ', colour, width: 2.5 },
    { label: 'UᵀU − I', colour, dash: [9, 5] },
    { label: 'VᵀV − I', colour, dash: [2, 4] },
    ...(withHeldOut ? [{ label: 'error of hidden ratings', colour: 'ink', width: 2 }] : []),
  ]);
  for (const span of document.querySelectorAll('.of-lane')) text(span, many ? `of ${laneName(shown)}` : '');
}

function showCharts(): void {
  const of = (index: number, what: number) => columns.values[index * perLane + what] ?? [];
  lossChart.set(
    columns.at,
    config.lanes.map((_, index) => of(index, 0)),
  );
  const terms = [1, 2, 3, ...(config.matrix === 'ratings' ? [4] : [])];
  termsChart.set(
    columns.at,
    terms.map((what) => of(shown, what)),
  );
}

/* ---- heat maps ---- */

function map(id: string, name: string, picture: Picture): void {
  const canvas = byId<HTMLCanvasElement>(id);
  draw(canvas, picture);
  describe(canvas, name, picture);
}

function showMatrix(): void {
  if (!problem) return;
  const { rows, columns: width, data, held, picture, about } = problem;
  text(byId('matrix-about'), about);
  byId('picture-panel').hidden = !picture;
  byId('ratings-panel').hidden = held.length === 0;
  byId('fig-m').hidden = picture;
  byId('fig-product').hidden = picture;
  const full = largest(data);
  const framed = new Set(held.map(({ at }) => at));
  const m: Picture = {
    data,
    rows,
    columns: width,
    scale: picture ? 'gray' : 'values',
    full: full || 1,
    framed,
  };
  if (picture) map('before', 'The picture', m);
  else map('map-m', 'M', m);
  text(
    byId('maps-hint'),
    picture
      ? 'Blue is negative, orange positive.'
      : `Blue is negative, orange positive. The residual is shaded by order of magnitude: it fades as it falls from the size of M to rounding.${
          held.length > 0 ? ' Hatched: unknown. Framed: hidden to test the guess.' : ''
        }`,
  );
  const most = Math.min(rows, width);
  byId<HTMLInputElement>('rank').max = String(most);
  byId<HTMLInputElement>('rank-slider').max = String(most);
  text(byId('rank-most'), String(most));
}

function showMaps({ view }: Frame): void {
  if (!problem) return;
  const { rows, columns: width, data, held, picture } = problem;
  const full = largest(data) || 1;
  const framed = new Set(held.map(({ at }) => at));
  if (!picture) {
    map('map-product', 'U diag(S) V transposed', {
      data: view.product,
      rows,
      columns: width,
      scale: 'values',
      full,
      framed,
    });
  }
  map('map-residual', 'Residual', {
    data: view.residual,
    rows,
    columns: width,
    ...(picture ? { scale: 'values' } : { scale: 'orders', full }),
  });
  text(byId('residual-size'), `≤ ${pretty(largest(view.residual))}`);
  for (const [id, name, G] of [
    ['utu', 'U transposed U', view.UtU],
    ['vtv', 'V transposed V', view.VtV],
  ] as const) {
    map(`map-${id}`, name, { data: G, rows: rank, columns: rank, scale: 'values', full: 1 });
    text(
      byId(`${id}-size`),
      `= I ± ${pretty(largest(G.map((x, at) => x - (at % (rank + 1) === 0 ? 1 : 0))))}`,
    );
  }
}

/* ---- singular values ---- */

let valueRows: { row: HTMLElement; cells: HTMLElement[]; bar: HTMLElement; tick: HTMLElement }[] = [];
const mostValues = 64;

function showValues({ view: { S } }: Frame): void {
  const length = Math.min(S.length, mostValues);
  if (valueRows.length !== length) {
    valueRows = Array.from({ length }, (_, c) => {
      const cells = [h('td'), h('td'), h('td')];
      const bar = h('i', { class: 'bar' });
      const tick = h('i', { class: 'tick' });
      const track = h('td', { class: 'track', 'aria-hidden': 'true' }, h('div', {}, bar, tick));
      return {
        row: h('tr', {}, h('th', { scope: 'row' }, String(c + 1)), ...cells, track),
        cells,
        bar,
        tick,
      };
    });
    byId('values').replaceChildren(...valueRows.map(({ row }) => row));
  }
  const top = direct?.[0] ?? S[0]!;
  const bottom = Math.min(1e-3 * top, Math.max(1e-18 * top, 0.3 * (direct ?? S)[length - 1]!));
  const place = (x: number) =>
    Math.max(0, Math.min(1, Math.log(x / bottom) / Math.log((1.3 * top) / bottom)));
  valueRows.forEach(({ cells, bar, tick }, c) => {
    const s = S[c]!;
    const d = direct?.[c];
    text(cells[0]!, s >= 1e-3 * top ? s.toFixed(top >= 1000 ? 1 : 4) : pretty(s));
    text(cells[1]!, d === undefined ? '–' : d >= 1e-3 * top ? d.toFixed(top >= 1000 ? 1 : 4) : pretty(d));
    text(cells[2]!, d === undefined ? '–' : pretty(s - d));
    bar.style.width = `${(100 * place(s)).toFixed(1)}%`;
    tick.hidden = d === undefined;
    if (d !== undefined) tick.style.left = `${(100 * place(d)).toFixed(1)}%`;
  });
  text(
    byId('values-hint'),
    direct
      ? `Beside those of a direct method (one-sided Jacobi), which knows nothing of gradients. Bars are logarithmic, a tick marks the direct value.${S.length > length ? ` The first ${length} of ${S.length}.` : ''}`
      : 'A matrix with gaps has no direct decomposition to compare with: which numbers are missing is for the descent to find.',
  );
}

/* ---- pictures and ratings ---- */

function showRank(): void {
  byId<HTMLInputElement>('rank').value = String(rank);
  byId<HTMLInputElement>('rank-slider').value = String(rank);
  text(byId('rank-value'), String(rank));
  if (!problem?.picture) return;
  const { rows, columns: width } = problem;
  const kept = rank * (rows + width + 1);
  text(byId('storage'), `${((100 * kept) / (rows * width)).toFixed(0)} %`);
  byId('storage').title = `${count(kept)} numbers instead of ${count(rows * width)}`;
  const lost = direct ? direct.slice(rank).reduce((sum, s) => sum + s * s, 0) / (rows * width) : Number.NaN;
  text(byId('psnr-best'), decibel(10 * Math.log10(255 ** 2 / lost)));
}

const decibel = (x: number) => (x > 200 ? 'exact' : Number.isNaN(x) ? '–' : `${x.toFixed(2)} dB`);

function showPicture({ lanes, view }: Frame): void {
  const { rows, columns: width } = problem!;
  map('after', 'The picture from its guess', { data: view.product, rows, columns: width, scale: 'gray' });
  text(byId('psnr'), decibel(lanes[view.lane]!.psnr ?? Number.NaN));
}

let means: Float64Array | undefined;
let meansOf: Problem | undefined;

function showRatings({ lanes, view }: Frame): void {
  const { held, rowNames, columnNames, columns: width } = problem!;
  if (meansOf !== problem) {
    meansOf = problem;
    means = meansFill(problem!);
    const head = h(
      'tr',
      {},
      ...['Director', 'Genre', 'rated', 'guess', 'means'].map((name) => h('th', { scope: 'col' }, name)),
    );
    const body = held.map(({ at, value }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, rowNames![Math.floor(at / width)]!),
        h('td', {}, columnNames![at % width]!),
        h('td', {}, value.toFixed(1)),
        h('td', { class: 'guess' }),
        h('td', {}, means![at]!.toFixed(1)),
      ),
    );
    byId('ratings-table').replaceChildren(h('thead', {}, head), h('tbody', {}, ...body));
    text(
      byId('ratings-about'),
      `The error is the root mean square over ${held.length} ratings kept from the descent. Each director has few ratings, so a higher rank soon learns them by heart and guesses worse: watch the error of hidden ratings turn up.`,
    );
  }
  byId('ratings-table')
    .querySelectorAll('.guess')
    .forEach((cell, i) => text(cell, Number(view.product[held[i]!.at]).toFixed(1)));
  const errors = columns.values[view.lane * perLane + 4]!;
  text(byId('held-out'), pretty(lanes[view.lane]!.heldOut ?? Number.NaN));
  text(byId('held-best'), pretty(Math.min(...errors.filter((x) => !Number.isNaN(x)))));
  text(byId('held-means'), pretty(baseline ?? Number.NaN));
}

/* ---- settings ---- */

function field(label: string, input: HTMLElement): HTMLElement {
  return h('label', { class: 'field' }, label, ' ', input);
}

/** A whole number that is taken when it makes sense, and put right when it does not. */
function wholeField(label: string, value: number, least: number, most: number, set: (value: number) => void) {
  const input = h('input', { type: 'number', min: least, max: most, step: 1, value });
  input.addEventListener('change', () => {
    const given = Math.round(Number(input.value));
    const taken =
      Number.isFinite(given) && input.value !== '' ? Math.min(most, Math.max(least, given)) : value;
    input.value = String(taken);
    set(taken);
  });
  return field(label, input);
}

let fieldsOf = '';

function showMatrixFields(): void {
  const { matrix, rows, columns: width, matrixSeed, own, picture } = config;
  const wanted = JSON.stringify([matrix, rows, width, matrixSeed, picture, matrix === 'own' && own]);
  if (wanted === fieldsOf) return;
  fieldsOf = wanted;
  const fields = byId('matrix-fields');
  if (matrix === 'random') {
    fields.replaceChildren(
      h(
        'div',
        { class: 'triple' },
        wholeField('Rows', rows, 1, 512, (value) => change({ rows: value, rank: 0 })),
        wholeField('Columns', width, 1, 512, (value) => change({ columns: value, rank: 0 })),
        wholeField('Seed of M', matrixSeed, 0, 2 ** 32 - 1, (value) => change({ matrixSeed: value })),
      ),
    );
  } else if (matrix === 'hilbert') {
    fields.replaceChildren(wholeField('Order', rows, 1, 64, (value) => change({ rows: value, rank: 0 })));
  } else if (matrix === 'own') {
    fields.replaceChildren(...ownFields());
  } else if (matrix === 'image') {
    const select = h(
      'select',
      { id: 'picture', change: () => change({ picture: select.value as Config['picture'] }, { play: true }) },
      h('option', { value: 'baboon' }, 'Baboon, 128 × 128'),
      h('option', { value: 'volcano' }, 'Volcano, 61 × 87 heights'),
      ...(uploaded.picture ? [h('option', { value: 'upload' }, 'Your picture')] : []),
    );
    select.value = picture === 'upload' && !uploaded.picture ? 'baboon' : picture;
    const file = h('input', { type: 'file', accept: 'image/*' });
    file.addEventListener('change', async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      try {
        uploaded.picture = await grayOf(chosen, 'Your picture stays on this page: a link can’t carry it.');
        fieldsOf = '';
        await change({ picture: 'upload' }, { play: true });
      } catch {
        fail(`${chosen.name} can’t be read as a picture. Try a PNG or JPEG file.`);
      }
    });
    fields.replaceChildren(field('Picture', select), field('or one of yours', file));
  } else fields.replaceChildren();
}

function ownFields(): HTMLElement[] {
  const area = h('textarea', {
    rows: 6,
    spellcheck: 'false',
    'aria-describedby': 'own-help own-message',
    id: 'own',
  });
  area.value = config.own.replaceAll(';', '\n').replaceAll(',', ', ');
  const message = h('p', { id: 'own-message', class: 'message', role: 'alert' });
  const note = h('p', { id: 'own-note', class: 'hint', role: 'status' });
  const use = () => {
    text(note, '');
    try {
      const table = parse(area.value);
      area.removeAttribute('aria-invalid');
      text(message, '');
      const own = compact(table);
      const long =
        own.length > longestOwn ? ['These numbers are too many for a link: it carries all but them.'] : [];
      // gaps are told of with the matrix
      text(note, [...table.notes.filter((told) => !told.includes('gaps')), ...long].join(' '));
      // the fields are as the person left them
      fieldsOf = JSON.stringify(['own', config.rows, config.columns, config.matrixSeed, config.picture, own]);
      void change({ own, rank: 0 });
    } catch (error) {
      if (!(error instanceof PasteError)) throw error;
      area.setAttribute('aria-invalid', 'true');
      text(message, error.message);
      area.focus();
    }
  };
  return [
    field('Numbers, one row a line', area),
    h(
      'p',
      { class: 'hint', id: 'own-help' },
      'CSV, tabs, spaces, JSON or a copy from a spreadsheet; ? for a gap.',
    ),
    message,
    note,
    h('button', { type: 'button', id: 'use-own', click: use }, 'Use these numbers'),
  ];
}

function showSettings(): void {
  byId<HTMLSelectElement>('matrix').value = config.matrix;
  showMatrixFields();
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=rules]')) {
    radio.checked = radio.value === config.rules;
  }
  byId<HTMLInputElement>('seed').value = String(config.seed);
  byId<HTMLInputElement>('iterations').value = String(config.iterations);
  byId('rank-field').hidden = config.matrix === 'image';
  for (const [kind, chip] of chips) {
    const used = config.lanes.some((l) => l.kind === kind);
    chip.checked = used;
    chip.disabled = !used && config.lanes.length >= 6;
  }
  for (const [id, button] of presetButtons) {
    const { rules, lanes } = presets[id].change;
    const same = JSON.stringify([rules, lanes]) === JSON.stringify([config.rules, config.lanes.map(clean)]);
    button.setAttribute('aria-pressed', String(same));
  }
  setupVerdicts();
  showKnobs();
  look(shown);
  const names = config.lanes.map((_, index) => laneName(index)).join(', ');
  const size = config.matrix === 'random' ? ` ${config.rows} × ${config.columns}` : '';
  text(byId('setup-now'), `${config.matrix}${size}, ${config.rules} rules, ${names}`);
}

const clean = ({ kind, lr, momentum }: LaneConfig) => ({
  kind,
  ...(lr === undefined ? {} : { lr }),
  ...(momentum === undefined ? {} : { momentum }),
});

/** One knob: a slider, and a field for those who know the number. */
function knob(index: number, key: 'lr' | 'momentum', value: number): HTMLElement {
  const label = key === 'lr' ? 'Learning rate' : 'Momentum';
  const toSlider = (x: number) => (key === 'lr' ? Math.log10(Math.max(x, 1e-5)) : x);
  const fromSlider = (x: number) => (key === 'lr' ? Number((10 ** x).toPrecision(2)) : x);
  const range = key === 'lr' ? { min: -5, max: 1.5, step: 0.01 } : { min: 0, max: 0.99, step: 0.01 };
  const name = `${label} of ${laneName(index)}`;
  const exact = h('input', { type: 'number', min: 0, step: 'any', value, 'aria-label': name });
  const slider = h('input', {
    type: 'range',
    ...range,
    value: toSlider(value),
    'aria-label': `${name}, slider`,
    'aria-valuetext': String(value),
  });
  const set = (x: number, from: HTMLInputElement) => {
    if (from !== exact) exact.value = String(x);
    if (from !== slider) slider.value = String(toSlider(x));
    slider.setAttribute('aria-valuetext', String(x));
    turn(index, key, x);
  };
  slider.addEventListener('input', () => set(fromSlider(Number(slider.value)), slider));
  exact.addEventListener('change', () => {
    const x = Number(exact.value);
    const ok = exact.value !== '' && Number.isFinite(x) && x >= 0 && (key === 'lr' || x < 1);
    if (ok) set(x, exact);
    else exact.value = String(now(index)[key]);
  });
  return h('div', { class: 'knob' }, h('span', { 'aria-hidden': 'true' }, label), exact, slider);
}

let turning: number | undefined;

/** Before the first iteration a knob is part of the start; later it steers. */
function turn(index: number, key: 'lr' | 'momentum', value: number): void {
  if (position > 0 || playing) {
    tell({ type: 'steer', steer: { lane: index, key, value } });
    return;
  }
  const lanes = config.lanes.map((l, i) => (i === index ? { ...l, [key]: value } : l));
  config = { ...config, lanes };
  writeHash();
  clearTimeout(turning);
  turning = window.setTimeout(() => {
    tell({ type: 'load', run, config, problem: problem!, shown, play: false });
  }, 60);
}

function showKnobs(): void {
  cards.forEach(({ knobs }, index) => {
    const { lr, momentum } = now(index);
    knobs.replaceChildren(
      ...(lr === undefined ? [] : [knob(index, 'lr', lr)]),
      ...(momentum === undefined ? [] : [knob(index, 'momentum', momentum)]),
    );
  });
  byId('knobs-hint').hidden = config.lanes.every(({ lr }) => lr === undefined);
}

const chips = new Map<Kind, HTMLInputElement>();
for (const kind of Object.keys(kinds) as Kind[]) {
  const input = h('input', { type: 'checkbox', value: kind });
  input.addEventListener('change', () => {
    const kept = config.lanes.map((_, index) => now(index)).filter((l) => l.kind !== kind);
    const lanes = input.checked ? [...kept, lane(kind)] : kept;
    if (lanes.length === 0) {
      input.checked = true;
      return;
    }
    void change({ lanes });
  });
  chips.set(kind, input);
  byId('optimizers').append(
    h('label', { class: 'chip', title: entry(kind).about }, input, h('span', {}, entry(kind).label)),
  );
}

const presetButtons = new Map<keyof typeof presets, HTMLButtonElement>();
for (const id of Object.keys(presets) as (keyof typeof presets)[]) {
  const { label, about, change: part } = presets[id];
  const button = h(
    'button',
    { type: 'button', 'data-preset': id, click: () => change(part as Partial<Config>) },
    h('b', {}, label),
    h('span', {}, about),
  );
  presetButtons.set(id, button);
  byId('presets').append(button);
}

stories.forEach(({ label, about, change: part }) => {
  const tellIt = () => {
    shown = 0;
    void load({ ...initial, ...part }, { play: true });
  };
  byId('stories').append(
    h('li', {}, h('button', { type: 'button', click: tellIt }, h('b', {}, label), h('span', {}, about))),
  );
});

byId('matrix').addEventListener('change', () => {
  const matrix = byId<HTMLSelectElement>('matrix').value as Config['matrix'];
  const rankOf = { image: 16, ratings: 1 } as Partial<Record<Config['matrix'], number>>;
  const order = matrix === 'hilbert' ? { rows: 8 } : matrix === 'random' ? { rows: 20, columns: 12 } : {};
  void change({ matrix, rank: rankOf[matrix] ?? 0, ...order });
});
for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=rules]')) {
  radio.addEventListener('change', () => change({ rules: radio.value as Config['rules'] }));
}

function onWhole(id: string, least: number, most: () => number, set: (value: number) => void): void {
  const input = byId<HTMLInputElement>(id);
  input.addEventListener('change', () => {
    const given = Math.round(Number(input.value));
    if (input.value === '' || !Number.isFinite(given)) return showSettings();
    set(Math.min(most(), Math.max(least, given)));
  });
}
onWhole(
  'seed',
  0,
  () => 2 ** 32 - 1,
  (seed) => change({ seed }),
);
onWhole(
  'iterations',
  1,
  () => 10_000_000,
  (iterations) => change({ iterations }),
);
onWhole(
  'rank',
  1,
  () => Math.min(problem?.rows ?? 1, problem?.columns ?? 1),
  (value) => change({ rank: value }),
);

let sliding: number | undefined;
byId<HTMLInputElement>('rank-slider').addEventListener('input', (event) => {
  const value = Number((event.target as HTMLInputElement).value);
  text(byId('rank-value'), String(value));
  clearTimeout(sliding);
  sliding = window.setTimeout(() => change({ rank: value }, { play: true }), 120);
});

/* ---- link and theme ---- */

byId('share').addEventListener('click', async () => {
  const button = byId('share');
  if (playing) {
    tell({ type: 'pause' });
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  config = { ...config, at: position };
  writeHash();
  try {
    await navigator.clipboard.writeText(location.href);
    text(button, 'Copied');
  } catch {
    text(button, 'Copy it from the address bar');
  }
  setTimeout(() => text(button, 'Copy link'), 2500);
});

addEventListener('hashchange', () => load(fromHash(location.hash), { keepHash: true }));

const dark = matchMedia('(prefers-color-scheme: dark)');
const remembered = (value?: string) => {
  // private windows may refuse
  try {
    if (value !== undefined) localStorage.setItem('theme', value);
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
};

function showTheme(): void {
  const chosen = remembered();
  const isDark = chosen === 'dark' || (chosen !== 'light' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  byId('theme').setAttribute('aria-pressed', String(isDark));
  setupCharts();
  showCharts();
  showMatrix();
  if (latest) {
    fresh = true;
    drawFrame();
  }
}
byId('theme').addEventListener('click', () => {
  remembered(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  showTheme();
});
dark.addEventListener('change', showTheme);

let resizing: number | undefined;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = window.setTimeout(() => {
    showMatrix();
    if (latest) {
      fresh = true;
      drawFrame();
    }
  }, 100);
});

/* ---- frames ---- */

/** How smooth the page is while a run is under way: the last 240 frames. */
const frames: number[] = [];
let before = 0;
function measure(at: number): void {
  if (playing && before > 0) {
    frames.push(at - before);
    if (frames.length > 240) frames.shift();
    if (frames.length % 30 === 0) {
      const sorted = frames.toSorted((a, b) => a - b);
      const middle = sorted[sorted.length >> 1]!;
      const late = sorted[Math.floor(sorted.length * 0.95)]!;
      const line = byId('frames');
      line.dataset.median = middle.toFixed(1);
      line.dataset.late = late.toFixed(1);
      text(
        line,
        `Frames while running: every ${middle.toFixed(0)} ms, 95 of 100 within ${late.toFixed(0)} ms`,
      );
    }
  }
  before = playing ? at : 0;
  requestAnimationFrame(measure);
}
requestAnimationFrame(measure);

showTheme();
// on a small screen the set-up opens when asked for
const wide = matchMedia('(min-width: 64.01rem)');
const showSetup = () => {
  byId<HTMLDetailsElement>('setup').open = wide.matches;
};
wide.addEventListener('change', showSetup);
showSetup();
void load(fromHash(location.hash), { keepHash: location.hash !== '' });
