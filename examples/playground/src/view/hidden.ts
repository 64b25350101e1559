/** Guesses of entries that were hidden, against the best of the simple guesses. */
import type { Problem } from '../model/matrices.js';
import { pretty } from '../model/numbers.js';
import { type Baseline, heldOutColumn } from '../model/protocol.js';
import type { Session } from '../session.js';
import { byId, h, text } from './ui.js';

/** As many rows as one reads, from all over the matrix. */
const mostRows = 40;
const listed = ({ held }: Problem) => held.filter((_, i) => i % Math.ceil(held.length / mostRows) === 0);

function table(problem: Problem, best: Baseline): HTMLElement[] {
  const { columns } = problem;
  const names = problem.names!;
  const head = [...names.head, 'guess', best.name];
  const body = listed(problem).map(({ at, value }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, names.rows[Math.floor(at / columns)]!),
      h('td', {}, names.columns[at % columns]!),
      h('td', {}, (names.mean + value).toFixed(1)),
      h('td', { class: 'guess' }),
      h('td', {}, (names.mean + best.guess[at]!).toFixed(1)),
    ),
  );
  return [
    h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...body),
  ];
}

/** What the comparison says, whichever way it comes out. */
function conclusion(error: number, lowest: number, best: Baseline, regularization: number): string {
  const gain = (100 * (best.error - error)) / best.error;
  if (gain > 50)
    return `The descent is ${(best.error / error).toFixed(1)} times nearer than the ${best.name}, the best of the simple guesses.`;
  if (gain > 0.5)
    return `The descent guesses ${gain.toFixed(1)}% better than the ${best.name}, the best of the simple guesses.`;
  const close =
    gain > -0.5
      ? 'guesses about as well as'
      : gain > -100
        ? `guesses ${(-gain).toFixed(1)}% worse than`
        : `is ${pretty(Number((error / best.error).toPrecision(2)))} times as far off as`;
  const turned =
    lowest < 0.99 * error
      ? ` On the way it was at ${pretty(lowest)}: it has learnt what it knows by heart.`
      : '';
  const why =
    regularization === 0
      ? 'Nothing holds the layers small: give a regularization λ (in the set-up), 4 for the film ratings.'
      : 'There are few known entries in a row, and little in them beyond who or what is high on the whole.';
  return `The descent ${close} the ${best.name}, the best of the simple guesses.${turned} ${why}`;
}

export function hidden(session: Session): void {
  session.on('matrix', () => {
    byId('hidden-panel').hidden = session.problem!.held.length === 0;
  });
  session.on('loaded', () => {
    const { baselines } = session.loaded!;
    const { held, names } = session.problem!;
    const [best] = baselines;
    if (!best) return;
    byId('hidden-table').replaceChildren(...table(session.problem!, best));
    const all = baselines.map(({ name, error }) => `${name} ${pretty(error)}`).join(', ');
    text(
      byId('hidden-about'),
      `Root mean square error${names!.unit && `, in${names!.unit},`} over ${held.length} entries kept from the descent. Simple guesses: ${all}.`,
    );
    text(byId('held-base-name'), best.name);
    text(byId('held-base'), pretty(best.error));
  });
  session.on('frame', () => {
    const { lanes, view } = session.frame!;
    const { names: given } = session.problem!;
    const shown = listed(session.problem!);
    const [best] = session.loaded!.baselines;
    if (!best) return;
    const cells = byId('hidden-table').querySelectorAll('.guess');
    cells.forEach((cell, i) => text(cell, (given!.mean + view.product[shown[i]!.at]!).toFixed(1)));
    const error = lanes[view.lane]!.heldOut!;
    const lowest = Math.min(...session.column(view.lane, heldOutColumn).filter(Number.isFinite));
    text(byId('held-out'), pretty(error));
    text(byId('held-best'), pretty(lowest));
    const over = session.state === 'over';
    text(byId('held-says'), over ? conclusion(error, lowest, best, session.config.regularization) : '');
  });
}
