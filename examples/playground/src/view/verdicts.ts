/** A card for each lane: how it stands, why, and what would help. */
import { libraryDefault } from '../model/config.js';
import { mostIterations } from '../model/link.js';
import { count, pretty } from '../model/numbers.js';
import type { LaneFrame, Remedy, Verdict } from '../model/protocol.js';
import { nudges, type Session } from '../session.js';
import { knobs } from './knobs.js';
import { byId, h, text } from './ui.js';

export const verdictNames: Record<Verdict | 'working', string> = {
  working: 'working…',
  ready: 'ready',
  running: 'running',
  paused: 'paused',
  converged: 'converged',
  diverged: 'diverged',
  stuck: 'stuck',
  unfinished: 'out of iterations',
};

interface Card {
  readonly root: HTMLElement;
  readonly name: HTMLButtonElement;
  readonly badge: HTMLElement;
  readonly figures: HTMLElement;
  readonly reason: HTMLElement;
  readonly remedies: HTMLElement;
  readonly knobs: HTMLElement;
}

function card(session: Session, index: number): Card {
  const label = session.laneName(index);
  const badge = h('span', { class: 'badge', 'data-verdict': 'working' }, verdictNames.working);
  const figures = h('span', { class: 'lane-figures' });
  const reason = h('p', { class: 'reason' });
  const remedies = h('p', { class: 'remedies' });
  const group = h('div', { class: 'lane-knobs', role: 'group', 'aria-label': `Knobs of ${label}` });
  const name = h(
    'button',
    { type: 'button', class: 'look', click: () => session.look(index) },
    h('span', { class: `dot lane-${index}` }),
    h('b', {}, label),
  );
  const head = h('div', { class: 'verdict-head' }, name, badge);
  const root = h('li', { class: 'card verdict' }, head, figures, reason, remedies, group);
  return { root, name, badge, figures, reason, remedies, knobs: group };
}

/** What each remedy is called, and what it changes. */
const cures: Record<Remedy, { label: string; apply: (session: Session, lane: number) => void }> = {
  default: {
    label: 'Run the library’s default',
    apply: (session) => session.change({ ...libraryDefault, iterations: 20_000 }, { play: true }),
  },
  slower: {
    label: 'A tenth of the learning rate',
    apply: (session, lane) => {
      const lanes = session.config.lanes.map((_, i) => session.lane(i));
      const lr = Number((lanes[lane]!.lr! / 10).toPrecision(3));
      session.change({ lanes: lanes.with(lane, { ...lanes[lane]!, lr }) }, { play: true });
    },
  },
  longer: {
    label: 'Ten times the iterations',
    apply: (session) => {
      const iterations = Math.min(mostIterations, 10 * session.config.iterations);
      session.change({ iterations }, { play: true });
    },
  },
};

/** Buttons that lead to where it ends well; where a lane beside it has arrived, it is shown. */
function showRemedies(session: Session, card: Card, index: number, lanes: readonly LaneFrame[]): void {
  const { remedies, verdict } = lanes[index]!;
  const arrived = lanes.findIndex((lane) => lane.verdict === 'converged');
  const key = `${verdict} ${remedies.join(' ')} ${arrived}`;
  if (card.remedies.dataset.key === key) return;
  card.remedies.dataset.key = key;
  const offered = remedies.filter((remedy) => arrived < 0 || remedy !== 'default');
  const beside = h(
    'button',
    { type: 'button', 'data-remedy': 'look', click: () => session.look(arrived) },
    `See ${arrived < 0 ? '' : session.laneName(arrived)}: it arrived`,
  );
  card.remedies.replaceChildren(
    ...(remedies.length > 0 && arrived >= 0 ? [beside] : []),
    ...offered.map((remedy) => {
      const { label, apply } = cures[remedy];
      return h(
        'button',
        { type: 'button', 'data-remedy': remedy, click: () => apply(session, index) },
        label,
      );
    }),
  );
}

function showLane(session: Session, card: Card, index: number, lanes: readonly LaneFrame[]): void {
  const { verdict, digest, total, iteration, milliseconds, reason } = lanes[index]!;
  card.badge.dataset.verdict = verdict;
  card.root.dataset.digest = digest;
  text(card.badge, verdictNames[verdict]);
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : count(Math.round(milliseconds));
  text(card.figures, `loss ${pretty(total)} · ${nudges(iteration)} · ${time} ms`);
  text(card.reason, reason);
  showRemedies(session, card, index, lanes);
}

export function verdicts(session: Session): void {
  let cards: Card[] = [];
  let told = '';
  const look = () =>
    cards.forEach(({ name, root }, i) => {
      name.setAttribute('aria-pressed', String(i === session.shown));
      root.classList.toggle('chosen', i === session.shown && cards.length > 1);
    });
  session.on('settings', () => {
    cards = session.config.lanes.map((_, index) => card(session, index));
    cards.forEach(({ knobs: group }, index) => group.replaceChildren(...knobs(session, index)));
    byId('verdicts').replaceChildren(...cards.map(({ root }) => root));
    byId('knobs-hint').hidden = session.config.lanes.every(({ lr }) => lr === undefined);
    look();
  });
  session.on('look', look);
  session.on('frame', () => {
    const { lanes } = session.frame!;
    cards.forEach((card, index) => showLane(session, card, index, lanes));
    const summary = lanes
      .map(({ verdict }, index) => `${session.laneName(index)}: ${verdictNames[verdict]}`)
      .filter((_, index) => !['ready', 'running', 'paused'].includes(lanes[index]!.verdict))
      .join('. ');
    if (summary !== told) text(byId('news'), summary);
    told = summary;
  });
  session.on('state', () => {
    if (session.state !== 'failed') return;
    for (const { badge } of cards) badge.textContent = 'no start';
  });
}
