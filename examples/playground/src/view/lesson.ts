/** The lesson: five runs, a question to each, and the run as the answer. */
import { configOf, type Ended, lesson, more, type Story } from '../model/stories.js';
import type { Session } from '../session.js';
import { byId, h, remembered, text } from './ui.js';

/** What the answer is taken from. */
function ended(session: Session): Ended {
  const { lanes } = session.frame!;
  return {
    first: (lane, below) => session.history.at[session.column(lane, 0).findIndex((loss) => loss < below)],
    losses: lanes.map(({ total }) => total),
    iterations: lanes.map(({ iteration }) => iteration),
    verdicts: lanes.map(({ verdict }) => verdict),
    psnr: lanes[0]!.psnr ?? Number.NaN,
    hidden: lanes[0]!.heldOut ?? Number.NaN,
    simple: session.loaded!.baselines[0]?.error ?? Number.NaN,
  };
}

/** Is this the run of the story, or of what the picked choice tries? */
function isRunOf(session: Session, story: Story, picked: number): boolean {
  const wanted = { ...configOf(story), ...story.question?.choices[picked]?.tries };
  const { steer } = session.config;
  return steer.length === 0 && JSON.stringify({ ...session.config, at: 0 }) === JSON.stringify(wanted);
}

/** A tick in place of its number. */
function tick(button: Element | null): void {
  const mark = button?.querySelector('.mark');
  if (!button || !mark) return;
  button.classList.add('done');
  text(mark, '✓');
}

const done = new Set((remembered('lesson') ?? '').split(' ').filter(Boolean));

function links(session: Session, list: readonly Story[], numbered: boolean): HTMLElement[] {
  return list.map((story, index) => {
    const { id, title, about } = story;
    const mark = numbered ? [h('i', { class: 'mark' }, `${index + 1}.`), ' '] : [];
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', 'data-story': id, click: () => session.tellStory(story) },
        h('b', {}, ...mark, title),
        h('span', {}, about),
      ),
    );
  });
}

class Lesson {
  #picked = -1;
  #story: Story | undefined;
  readonly #says = h('p', { class: 'says', role: 'status' });
  readonly #because = h('p', { class: 'because' });
  #choices: HTMLButtonElement[] = [];

  constructor(readonly session: Session) {}

  /** Another story, or none. */
  show(): void {
    const { story } = this.session;
    const buttons = [...document.querySelectorAll<HTMLElement>('[data-story]')];
    for (const button of buttons) {
      const chosen = button.dataset.story === story?.id;
      button.setAttribute('aria-pressed', String(chosen));
      button.tabIndex = chosen || (!story && button === buttons[0]) ? 0 : -1;
      if (done.has(button.dataset.story!)) tick(button);
    }
    byId('lesson').hidden = story === undefined;
    if (story !== this.#story) {
      this.#story = story;
      this.#picked = -1;
      this.#choices = [];
      if (story) byId('lesson').replaceChildren(...this.#card(story));
    }
    this.answer();
  }

  #card(story: Story): HTMLElement[] {
    const at = lesson.indexOf(story);
    const place = at >= 0 ? `Lesson, ${at + 1} of ${lesson.length}` : 'To look at';
    const next = [...lesson, ...more][[...lesson, ...more].indexOf(story) + 1];
    const { question } = story;
    this.#choices = (question?.choices ?? []).map(({ label }, index) =>
      h('button', { type: 'button', class: 'answer', click: () => this.pick(index) }, label),
    );
    return [
      h('p', { class: 'place' }, place),
      h('h2', { id: 'lesson-title' }, story.title),
      h('p', {}, story.text),
      ...(question
        ? [
            h(
              'div',
              { class: 'question', role: 'group', 'aria-labelledby': 'question' },
              h('p', { id: 'question' }, question.text),
              ...this.#choices,
            ),
            this.#says,
            this.#because,
          ]
        : []),
      ...(next
        ? [
            h(
              'button',
              { type: 'button', id: 'next', click: () => this.session.tellStory(next) },
              `${at === lesson.length - 1 ? 'Now play' : 'Next'}: ${next.title}`,
            ),
          ]
        : []),
    ];
  }

  pick(index: number): void {
    const { session } = this;
    const story = this.#story!;
    const { tries } = story.question!.choices[index]!;
    this.#picked = index;
    // a choice that is a run of its own, or a run that is not the story's any more: run it
    if (tries || !isRunOf(session, story, index)) {
      session.shown = 0;
      session.speed = tries ? 'most' : story.speed;
      void session.load({ ...configOf(story), ...tries }, { play: true });
    } else if (session.state === 'paused') session.play();
    this.answer();
  }

  /** Once the run has ended, it says which choice was right. */
  answer(): void {
    const { session } = this;
    const story = this.#story;
    const question = story?.question;
    if (!story || !question) return;
    const picked = this.#picked;
    const known = session.state === 'over' && picked >= 0 && isRunOf(session, story, picked);
    const right = known ? question.answer(ended(session), picked) : undefined;
    const tried = question.choices[picked]?.tries !== undefined;
    this.#choices.forEach((button, index) => {
      button.setAttribute('aria-pressed', String(index === picked));
      if (right !== undefined && index === right) button.dataset.mark = 'right';
      else if (right !== undefined && index === picked) button.dataset.mark = 'wrong';
      else if (!tried) delete button.dataset.mark;
    });
    if (right === undefined) {
      text(this.#says, picked < 0 ? '' : 'Let it run: it gives the answer.');
      text(this.#because, '');
      return;
    }
    const name = question.choices[right]?.label;
    text(this.#says, right === picked ? 'Right.' : tried ? 'Not that.' : `It is ${name}.`);
    if (right !== picked && tried) return;
    text(this.#because, question.because);
    done.add(story.id);
    remembered('lesson', [...done].join(' '));
    tick(document.querySelector(`[data-story=${story.id}]`));
    byId('next').classList.add('primary');
  }
}

/** One stop of the Tab key for all of them; the arrows go from one to the next. */
function arrows(toolbar: HTMLElement): void {
  toolbar.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const buttons = [...toolbar.querySelectorAll('button')];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    buttons.at((at + by) % buttons.length)!.focus();
    event.preventDefault();
  });
}

export function lessons(session: Session): void {
  arrows(byId('stories'));
  byId('lesson-list').replaceChildren(...links(session, lesson, true));
  byId('more-list').replaceChildren(...links(session, more, false));
  const shown = new Lesson(session);
  session.on('settings', () => shown.show());
  session.on('state', () => shown.answer());
  session.on('frame', () => shown.answer());
}
