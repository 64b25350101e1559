/** The lesson: five runs in order, each with a question that running answers; then three more to look at. */
import { type Config, initial, libraryDefault } from './config.js';
import type { Speed, Verdict } from './protocol.js';

/** What an answer may look at. */
export interface Ended {
  /** the first iteration at which a lane's loss is below this */
  first(lane: number, below: number): number | undefined;
  readonly losses: readonly number[];
  readonly iterations: readonly number[];
  readonly verdicts: readonly Verdict[];
  /** of the picture, in decibels */
  readonly psnr: number;
  /** error of hidden ratings: the descent's, and the best simple guess's */
  readonly hidden: number;
  readonly simple: number;
}

export interface Choice {
  readonly label: string;
  /** picking it changes the run so, and the run's own end is the answer */
  readonly tries?: Partial<Config>;
}

export interface Question {
  readonly text: string;
  readonly choices: readonly Choice[];
  /** which choice the run bears out */
  readonly answer: (run: Ended, picked: number) => number;
  readonly because: string;
}

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly text: string;
  readonly speed: Speed;
  readonly question?: Question;
  readonly config: Partial<Config>;
}

const sgd = (lr: number, momentum: number) => ({ kind: 'sgd', lr, momentum }) as const;
const lowest = ({ losses, verdicts }: Ended) => {
  const standing = losses.map((loss, i) => (verdicts[i] === 'diverged' ? Number.POSITIVE_INFINITY : loss));
  return standing.indexOf(Math.min(...standing));
};

export const lesson: readonly Story[] = [
  {
    id: 'guess',
    title: 'Guess and improve',
    about: 'M1 by SGD',
    text: 'U, S and V start as random numbers. Each nudge moves all of them a little way down the slope of the loss. Nobody tells the ball where the bottom is.',
    speed: 'steady',
    config: { matrix: 'M1', rules: 'notebook', lanes: [sgd(0.9, 0.9)] },
    question: {
      text: 'How many nudges until the loss is below one millionth?',
      choices: [{ label: 'about 20' }, { label: 'about 200' }, { label: 'about 2,000' }],
      answer: (run) => {
        const nudges = run.first(0, 1e-6) ?? Number.POSITIVE_INFINITY;
        return [60, 600].filter((most) => nudges > most).length;
      },
      because:
        'The first 30 do most of the work. Then the ball crawls along a nearly flat floor, and only far down the slope does it gain a digit every few hundred nudges.',
    },
  },
  {
    id: 'rate',
    title: 'Learning rate',
    about: 'four step lengths, one start',
    text: 'The learning rate is the length of a nudge. Too short and it crawls; too long and it leaps over the valley, higher up the other side each time.',
    speed: 'steady',
    config: {
      matrix: 'M1',
      rules: 'notebook',
      iterations: 2000,
      lanes: [sgd(0.03, 0), sgd(0.3, 0), sgd(1, 0), sgd(3, 0)],
    },
    question: {
      text: 'Which of the four gets lowest in 2,000 nudges?',
      choices: [{ label: '0.03' }, { label: '0.3' }, { label: '1' }, { label: '3' }],
      answer: lowest,
      because:
        'The longest step that does not leap out goes fastest. Where that is depends on the matrix, so nobody knows it beforehand: with 3 the loss left all bounds within a few nudges.',
    },
  },
  {
    id: 'momentum',
    title: 'Momentum',
    about: 'let the ball roll',
    text: 'With momentum a part of the last nudge is kept. On a long flat floor the ball gathers speed; in a narrow curve the speed carries it up the walls.',
    speed: 'steady',
    config: {
      matrix: 'M1',
      rules: 'notebook',
      iterations: 5000,
      lanes: [sgd(0.9, 0), sgd(0.9, 0.9), sgd(0.9, 0.95), sgd(0.9, 0.99)],
    },
    question: {
      text: 'One learning rate, 0.9. How much momentum gets lowest in 5,000 nudges?',
      choices: [{ label: 'none' }, { label: '0.9' }, { label: '0.95' }, { label: '0.99' }],
      answer: lowest,
      because:
        'Momentum m adds up to 1/(1 - m) nudges: 0.95 is as good as steps 20 times as long, without leaping. At 0.99 it is 100 times, and the ball never settles.',
    },
  },
  {
    id: 'stuck',
    title: 'Stuck',
    about: 'M5, the trap',
    text: 'The same SGD, another matrix. The loss falls to 0.0094 and stays there: the slope is zero, yet this is no decomposition of M5.',
    speed: 'fast',
    config: { matrix: 'M5', rules: 'notebook', lanes: [sgd(0.9, 0.9)] },
    question: {
      text: 'What gets it out? Pick one, and it runs.',
      choices: [
        { label: 'ten times as many nudges', tries: { iterations: 200_000 } },
        { label: 'more momentum: 0.95', tries: { lanes: [sgd(0.9, 0.95)] } },
        { label: 'S = d in place of S = d²', tries: { rules: 'signed' } },
      ],
      answer: (run, picked) => (run.verdicts[0] === 'converged' ? picked : -1),
      because:
        'With S = d² the slope of d has the factor d. Once d is 0 it is 0 for good, like a ball balanced on a ridge. As S = d it may pass through 0, and it does.',
    },
  },
  {
    id: 'curvature',
    title: 'Why Levenberg–Marquardt',
    about: 'a valley too narrow to roll in',
    text: 'In a Hilbert matrix each singular value is far smaller than the one before, so the valley is steep one way and all but flat another. One learning rate can’t suit both.',
    speed: 'steady',
    config: {
      matrix: 'hilbert',
      rows: 6,
      rules: 'library',
      lanes: [{ kind: 'lm' }, sgd(0.9, 0.9), { kind: 'adam', lr: 0.01, momentum: 0.9 }],
    },
    question: {
      text: 'SGD and Adam get 20,000 nudges and do not arrive. How many does Levenberg–Marquardt need?',
      choices: [{ label: 'fewer than 10' }, { label: 'about 100' }, { label: 'about 1,000' }],
      answer: ({ iterations }) => [10, 300].filter((most) => iterations[0]! >= most).length,
      because:
        'It measures the curvature in every direction and divides by it: short steps where it is steep, long ones where it is flat. Nothing is left to choose. That is why it is the library’s default.',
    },
  },
];

export const more: readonly Story[] = [
  {
    id: 'race',
    title: 'A race',
    about: 'one start, three ways down',
    text: 'A random 20 × 12 matrix. All three start from the same guess; watch the first digits come together and the last ones not.',
    speed: 'steady',
    config: {
      matrix: 'random',
      rows: 20,
      columns: 12,
      matrixSeed: 1,
      rules: 'library',
      lanes: [{ kind: 'lm' }, sgd(80, 0.9), { kind: 'adam', lr: 0.003, momentum: 0.9 }],
    },
    question: {
      text: 'Of SGD and Adam, which is lower after 20,000 nudges?',
      choices: [{ label: 'SGD' }, { label: 'Adam' }],
      answer: ({ losses }) => (losses[1]! < losses[2]! ? 0 : 1),
      because:
        'Adam gives each number a step of its own, which helps where slopes differ much; but its steps never shrink to nothing, so it jitters near the end. Another rate or seed may turn it round: try.',
    },
  },
  {
    id: 'picture',
    title: 'Compress a picture',
    about: 'the baboon at rank 16',
    text: 'A picture is a matrix of grays. Sixteen column pairs hold a quarter of the numbers, and most of the baboon. Move the slider.',
    speed: 'steady',
    config: { matrix: 'image', picture: 'baboon', rank: 16, ...libraryDefault },
    question: {
      text: 'At 30 dB it is hard to tell from the original. How many pairs does that take?',
      choices: [8, 24, 48].map((rank) => ({ label: `${rank} of 128`, tries: { rank } })),
      answer: ({ psnr }, picked) => (psnr >= 30 ? picked : -1),
      because:
        'Fur and whiskers are fine detail, spread over many small layers. A smooth picture, such as the volcano, needs far fewer.',
    },
  },
  {
    id: 'gaps',
    title: 'Fill the gaps',
    about: 'half the temperatures are hidden',
    text: 'Seattle’s temperatures by day and hour, half of them hidden from the descent. Two layers are enough to say what a day is like; what fits the known half guesses the other. It starts with zeros in the gaps and holds the layers small at first.',
    speed: 'steady',
    config: { matrix: 'temperatures', rank: 2, ...libraryDefault },
    question: {
      text: 'Simple guesses are means of the day and of the hour. How far will the descent be off, beside the best of them?',
      choices: [{ label: 'as far' }, { label: 'half as far' }, { label: 'a third as far, or less' }],
      answer: ({ hidden, simple }) => (hidden < simple / 2.8 ? 2 : hidden < simple / 1.4 ? 1 : 0),
      because:
        'Means know that noon is warm and July is warm, not that July’s noons are warmer yet: that is the product of a day’s number and an hour’s, a layer. Film ratings (in the set-up) have no such layers: there no guess beats a mean, and with a regularization λ of 0 the descent learns them by heart.',
    },
  },
];

export const stories: readonly Story[] = [...lesson, ...more];
export const storyOf = (id: string): Story | undefined => stories.find((story) => story.id === id);
export const configOf = (story: Story): Config => ({ ...initial, ...story.config });
