/** The lesson from its first question to its last, and every matrix in every story. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  accessible,
  badge,
  desktop,
  fits,
  flatOut,
  over,
  phone,
  playground,
  shot,
  started,
  visit,
} from './page.js';

/** A wrong answer to each question, and the right one. */
const answers = [
  ['about 20', 'about 2,000'],
  ['3', '1'],
  ['none', '0.95'],
  ['ten times as many nudges', 'S = d in place of S = d²'],
  ['about 1,000', 'fewer than 10'],
] as const;

const storyIds = ['guess', 'rate', 'momentum', 'stuck', 'curvature', 'race', 'picture', 'gaps'];
const matrices = [
  'M1',
  'M2',
  'M3',
  'M4',
  'M5',
  'random',
  'hilbert',
  'own',
  'image',
  'temperatures',
  'ratings',
];

const tell = (page: Page, story: string) =>
  page.locator(`[data-story=${story}]`).evaluate((b: HTMLElement) => b.click());

/** Run to the end; what has not arrived offers what does, and the first thing offered is taken. */
async function endsWell(page: Page): Promise<string[]> {
  const way: string[] = [];
  for (let tries = 0; tries < 3; tries++) {
    await over(page);
    const lanes = await page.locator('.verdict').evaluateAll((cards) =>
      cards.map((card) => ({
        verdict: card.querySelector<HTMLElement>('.badge')!.dataset.verdict!,
        reason: card.querySelector('.reason')!.textContent!,
        offered: [...card.querySelectorAll<HTMLElement>('[data-remedy]')].map((b) => b.dataset.remedy!),
      })),
    );
    way.push(lanes.map(({ verdict }) => verdict).join('+'));
    for (const { verdict, reason, offered } of lanes) {
      expect(reason.length).toBeGreaterThan(20);
      if (verdict !== 'converged') expect(offered).not.toEqual([]);
    }
    if (lanes.some(({ verdict }) => verdict === 'converged')) return way;
    await page.locator('[data-remedy]').first().click();
    await flatOut(page);
  }
  return [...way, 'no end'];
}

playground('the lesson', () => {
  test.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)('%s: five questions, answered by running', (name, options) =>
    visit(
      '',
      async (page) => {
        for (const [at, [wrong, right]] of answers.entries()) {
          const answer = (label: string) => page.locator('.answer').getByText(label, { exact: true });
          expect(await page.locator('#lesson .place').textContent()).toBe(`Lesson, ${at + 1} of 5`);
          await flatOut(page);
          await answer(wrong).click();
          await flatOut(page);
          await page.waitForSelector('.answer[data-mark]');
          expect(await page.locator('.says').textContent()).toMatch(/^(It is|Not that)/);
          await answer(right).click();
          await page.waitForFunction(() => document.querySelector('.says')!.textContent === 'Right.');
          expect((await page.locator('.because').textContent())!.length).toBeGreaterThan(80);
          await accessible(page);
          await fits(page);
          await shot(page, `lesson-${at + 1}-${name}`);
          await page.click('#next');
        }
        expect(await page.locator('.stories .done').count()).toBe(5);
        expect(await page.locator('#lesson-title').textContent()).toBe('A race');
      },
      options,
    ),
  );

  test.each(
    storyIds.flatMap((story) => [['desktop', story, desktop] as const, ['phone', story, phone] as const]),
  )('%s, %s: every matrix ends well', (name, story, options) =>
    visit(
      '',
      async (page) => {
        const seen: string[] = [];
        for (const matrix of matrices) {
          await tell(page, story);
          // a small screen has the set-up folded
          await page.locator('#setup').evaluate((details: HTMLDetailsElement) => {
            details.open = true;
          });
          await page.selectOption('#matrix', matrix);
          await started(page);
          await flatOut(page);
          await page.click('#run');
          seen.push(`${story}, ${matrix}: ${(await endsWell(page)).join(' -> ')}`);
          expect(await page.locator('#alert').isVisible()).toBe(false);
        }
        await accessible(page);
        await fits(page);
        await shot(page, `story-${story}-${name}`);
        console.log(seen.join('\n'));
        expect(seen.filter((line) => line.includes('no end'))).toEqual([]);
      },
      options,
    ),
  );

  test.each([
    ['light', desktop],
    ['dark', { ...desktop, colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('pictures of every story as it ends: %s', (name, options) =>
    visit(
      '',
      async (page) => {
        for (const story of storyIds) {
          await tell(page, story);
          await flatOut(page);
          await over(page);
          await accessible(page);
          await fits(page);
          await shot(page, `end-${story}-${name}`);
        }
      },
      options,
    ),
  );

  test('a lane that is out of iterations leads to the one that arrived', () =>
    visit('', async (page) => {
      await tell(page, 'curvature');
      await flatOut(page);
      await over(page);
      expect(await badge(page, 1).textContent()).toBe('out of iterations');
      await page.getByRole('button', { name: /^Adam$/ }).click();
      await page.getByRole('button', { name: 'See Levenberg–Marquardt: it arrived' }).first().click();
      expect(await page.locator('#maps-title').textContent()).toBe('The matrices of Levenberg–Marquardt');
    }));
});
