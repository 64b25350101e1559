/** The settings: a matrix, a guess, ways down. */
import { type Config, choose, hasGaps, type LaneConfig, lane, presets } from '../model/config.js';
import { mostIterations, mostRegularization } from '../model/link.js';
import { grayOf, uploaded } from '../model/matrices.js';
import { decimal } from '../model/numbers.js';
import { entry, type Kind, kinds } from '../model/optimizers.js';
import type { Session } from '../session.js';
import { ownFields } from './own.js';
import { byId, field, h, text } from './ui.js';

const largestSeed = 2 ** 32 - 1;

/** A whole number that is taken when it makes sense, and put right when it does not. */
function whole(input: HTMLInputElement, most: () => number, set: (value: number) => void): void {
  const least = Number(input.min);
  input.addEventListener('change', () => {
    const given = Math.round(Number(input.value));
    if (input.value === '' || !Number.isFinite(given)) input.value = input.defaultValue;
    else set(Math.min(most(), Math.max(least, given)));
  });
}

function wholeField(label: string, value: number, least: number, most: number, set: (value: number) => void) {
  const input = h('input', { type: 'number', min: least, max: most, step: 1, value });
  whole(input, () => most, set);
  return field(label, input);
}

/* ---- the matrix ---- */

function randomFields(session: Session): HTMLElement[] {
  const { rows, columns, matrixSeed } = session.config;
  const set = (key: 'rows' | 'columns') => (value: number) => session.change({ [key]: value, rank: 0 });
  return [
    h(
      'div',
      { class: 'triple' },
      wholeField('Rows', rows, 1, 512, set('rows')),
      wholeField('Columns', columns, 1, 512, set('columns')),
      wholeField('Seed of M', matrixSeed, 0, largestSeed, (value) => session.change({ matrixSeed: value })),
    ),
  ];
}

function pictureFields(session: Session): HTMLElement[] {
  const select = h(
    'select',
    {
      id: 'picture',
      change: () => session.change({ picture: select.value as Config['picture'] }, { play: true }),
    },
    h('option', { value: 'baboon' }, 'Baboon, 128 × 128'),
    h('option', { value: 'volcano' }, 'Volcano, 61 × 87 heights'),
    ...(uploaded.picture ? [h('option', { value: 'upload' }, 'Your picture')] : []),
  );
  const { picture } = session.config;
  select.value = picture === 'upload' && !uploaded.picture ? 'baboon' : picture;
  const file = h('input', { type: 'file', accept: 'image/*' });
  file.addEventListener('change', async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    try {
      uploaded.picture = await grayOf(chosen, 'Your picture stays on this page: a link can’t carry it.');
      await session.change({ picture: 'upload' }, { play: true });
    } catch {
      session.fail(`${chosen.name} can’t be read as a picture. Try a PNG or JPEG file.`);
    }
  });
  return [field('Picture', select), field('or one of yours', file)];
}

const fieldsOf: Partial<Record<Config['matrix'], (session: Session) => HTMLElement[]>> = {
  random: randomFields,
  hilbert: (session) => [
    wholeField('Order', session.config.rows, 1, 64, (rows) => session.change({ rows, rank: 0 })),
  ],
  own: ownFields,
  image: pictureFields,
};

function matrixPart(session: Session): void {
  const select = byId<HTMLSelectElement>('matrix');
  select.addEventListener('change', () => {
    const part = choose(session.config, select.value as Config['matrix']);
    const other =
      part.lanes !== undefined && JSON.stringify(part.lanes) !== JSON.stringify(session.config.lanes);
    text(byId('matrix-fit'), other ? 'With it comes the library’s default, which fits any matrix.' : '');
    void session.change(part);
  });
  let made = '';
  session.on('settings', () => {
    const { matrix, rows, columns, matrixSeed, picture, own } = session.config;
    select.value = matrix;
    // what somebody is writing in stays as it is
    const wanted = JSON.stringify([
      matrix,
      ...(matrix === 'own' ? [own] : [rows, columns, matrixSeed, picture, uploaded.picture !== undefined]),
    ]);
    if (wanted === made) return;
    made = wanted;
    byId('matrix-fields').replaceChildren(...(fieldsOf[matrix]?.(session) ?? []));
  });
  session.on('matrix', () => text(byId('matrix-about'), session.problem!.about));
}

/* ---- the guess ---- */

function guessPart(session: Session): void {
  const seed = byId<HTMLInputElement>('seed');
  const rank = byId<HTMLInputElement>('rank');
  const radios = document.querySelectorAll<HTMLInputElement>('input[name=rules]');
  const most = () => Math.min(session.problem?.rows ?? 1, session.problem?.columns ?? 1);
  whole(
    seed,
    () => largestSeed,
    (value) => session.change({ seed: value }),
  );
  whole(rank, most, (value) => session.change({ rank: value }));
  for (const radio of radios) {
    radio.addEventListener('change', () => session.change({ rules: radio.value as Config['rules'] }));
  }
  session.on('settings', () => {
    for (const radio of radios) radio.checked = radio.value === session.config.rules;
    seed.value = String(session.config.seed);
    byId('rank-field').hidden = session.config.matrix === 'image';
  });
  session.on('matrix', () => {
    rank.max = String(most());
  });
  session.on('loaded', () => {
    rank.value = String(session.loaded!.rank);
  });
}

/** Where there are gaps: how much the default holds the layers small. */
function regularizationPart(session: Session): void {
  const input = byId<HTMLInputElement>('regularization');
  const written = () => {
    input.value = String(session.config.regularization);
  };
  input.addEventListener('change', () => {
    const given = decimal(input.value);
    if (given >= 0) void session.change({ regularization: Math.min(mostRegularization, given) });
    else written();
  });
  session.on('settings', () => {
    byId('regularization-field').hidden = !hasGaps(session.config);
    written();
  });
}

/* ---- the ways down ---- */

const clean = ({ kind, lr, momentum }: LaneConfig) => ({
  kind,
  ...(lr === undefined ? {} : { lr }),
  ...(momentum === undefined ? {} : { momentum }),
});

function presetButtons(session: Session): void {
  const buttons = Object.entries(presets).map(([id, { label, about, change }]) => {
    const button = h(
      'button',
      { type: 'button', 'data-preset': id, click: () => session.change(change as Partial<Config>) },
      h('b', {}, label),
      h('span', {}, about),
    );
    const { rules, lanes } = change;
    return { button, is: JSON.stringify([rules, lanes]) };
  });
  byId('presets').append(...buttons.map(({ button }) => button));
  session.on('settings', () => {
    const { rules, lanes } = session.config;
    const now = JSON.stringify([rules, lanes.map(clean)]);
    for (const { button, is } of buttons) button.setAttribute('aria-pressed', String(is === now));
  });
}

function optimizerChips(session: Session): void {
  const chips = (Object.keys(kinds) as Kind[]).map((kind) => {
    const input = h('input', { type: 'checkbox', value: kind });
    input.addEventListener('change', () => {
      const kept = session.config.lanes
        .map((_, index) => session.lane(index))
        .filter((other) => other.kind !== kind);
      const lanes = input.checked ? [...kept, lane(kind)] : kept;
      if (lanes.length > 0) void session.change({ lanes });
      else input.checked = true;
    });
    const { label, about } = entry(kind);
    const root = h('label', { class: 'chip', title: about }, input, h('span', {}, label));
    return { kind, input, root };
  });
  byId('optimizers').append(...chips.map(({ root }) => root));
  const offered = () => {
    const gaps = hasGaps(session.config);
    for (const { kind, root } of chips) {
      // with gaps it is the default, under the default's own chip
      const twice = gaps && kind === 'conjugateGradients';
      root.hidden = twice || (session.kinds.length > 0 && !session.kinds.includes(kind));
      if (kind === 'lm') text(root.querySelector('span')!, gaps ? 'The default' : entry(kind).label);
    }
  };
  session.on('kinds', offered);
  session.on('settings', () => {
    offered();
    for (const { kind, input } of chips) {
      input.checked = session.config.lanes.some((other) => other.kind === kind);
      input.disabled = !input.checked && session.config.lanes.length >= 6;
    }
  });
}

export function settings(session: Session): void {
  matrixPart(session);
  guessPart(session);
  regularizationPart(session);
  presetButtons(session);
  optimizerChips(session);
  const iterations = byId<HTMLInputElement>('iterations');
  whole(
    iterations,
    () => mostIterations,
    (value) => session.change({ iterations: value }),
  );
  session.on('settings', () => {
    const { config } = session;
    iterations.value = String(config.iterations);
    const names = config.lanes.map((_, index) => session.laneName(index)).join(', ');
    const size = config.matrix === 'random' ? ` ${config.rows} × ${config.columns}` : '';
    text(byId('setup-now'), `${config.matrix}${size}, ${config.rules} rules, ${names}`);
  });
  // on a small screen the set-up opens when asked for
  const wide = matchMedia('(min-width: 64.01rem)');
  const open = () => {
    byId<HTMLDetailsElement>('setup').open = wide.matches;
  };
  wide.addEventListener('change', open);
  open();
}
