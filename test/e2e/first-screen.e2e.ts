/** What a visitor sees first: the descent itself, on its way; or what to do where it can't be. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import {
  accessible,
  browser,
  desktop,
  fits,
  over,
  phone,
  playground,
  position,
  shot,
  site,
  visit,
} from './page.js';

playground('the first screen', () => {
  test.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)('%s: the ball rolls and the loss falls, in sight, by themselves', async (name, options) => {
    const times: number[] = [];
    for (let visits = 0; visits < 3; visits++) {
      await visit(
        '',
        async (page) => {
          const time = page.waitForFunction(() => {
            const moved = document.querySelector('#position')!.textContent !== '0';
            return moved && performance.now();
          });
          times.push((await (await time).jsonValue()) as number);
          for (const id of ['#valley', '#chart-loss']) {
            const box = (await page.locator(id).boundingBox())!;
            expect(box.y).toBeGreaterThan(0);
            expect(box.y + box.height).toBeLessThan(options.viewport.height);
          }
          // what is drawn is another picture a moment later
          const drawn = () =>
            page.locator('#valley-paths').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
          const before = await drawn();
          const at = await position(page);
          await page.waitForFunction(
            (from) => Number(document.querySelector('#position')!.textContent!.replaceAll(',', '')) > from,
            at,
          );
          expect(await drawn()).not.toBe(before);
          await shot(page, `first-${name}`);
        },
        options,
      );
    }
    console.log(`${name}: the first nudge is drawn after ${times.map(Math.round).join(', ')} ms`);
  });

  test('nothing moves by itself where less motion is asked for', () =>
    visit(
      '',
      async (page) => {
        expect(await page.locator('.badge').textContent()).toBe('ready');
        expect(await page.locator('#run').textContent()).toBe('Run');
        expect(await position(page)).toBe(0);
      },
      { reducedMotion: 'reduce' },
    ));

  test('from file:// and without JavaScript it says what to do', async () => {
    const file = await browser.newPage();
    await file.goto(pathToFileURL(resolve('out/playground/index.html')).href);
    await file.getByText('python3 -m http.server').waitFor();
    expect(await file.locator('#run').isVisible()).toBe(false);
    await shot(file, 'from-file');
    await file.close();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(site.url);
    // Playwright's own search for text passes over <noscript>
    await page.locator('noscript p').waitFor();
    expect(await page.locator('noscript p').textContent()).toMatch(/JavaScript is switched off here/);
    expect(await page.locator('#run').isVisible()).toBe(false);
    await context.close();
  });

  test('the start of a large matrix is work, and is called so', () =>
    visit('#matrix=M1&rules=library&optimizers=lm', async (page) => {
      await page.evaluate(() => {
        location.hash = '#matrix=random&size=400x400&rules=library&optimizers=lm';
      });
      await page.waitForFunction(() => document.querySelector('#run')!.textContent === 'Working…');
      expect(await page.locator('.badge').textContent()).toBe('working…');
      expect(await page.locator('#run').isDisabled()).toBe(true);
      await page.waitForSelector('.verdict[data-digest]');
      expect(await page.locator('.badge').textContent()).toBe('ready');
    }));

  test.each([
    ['desktop', desktop],
    ['dark', { ...desktop, colorScheme: 'dark' }],
    ['phone', phone],
    ['phone-dark', { ...phone, viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ] as const)('%s: no accessibility violations, nothing sticks out', (name, options) =>
    visit(
      '#matrix=M1&rules=notebook&seed=314&iterations=20000&optimizers=sgd:0.9:0.9,adam:0.001:0.9&at=20000',
      async (page) => {
        await over(page);
        await accessible(page);
        await fits(page);
        await shot(page, name);
        await shot(page, `${name}-whole`, true);
        const summary = page.locator('summary');
        if (!(await summary.isVisible())) return;
        await summary.click();
        await accessible(page);
      },
      options,
    ),
  );

  test('the example of a live chart in a page of one’s own', async () => {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    await page.goto(`${site.url}live-chart.html`);
    await page.waitForSelector('.uplot canvas');
    const ended = Date.now() + 60_000;
    while (said.length === 0 && Date.now() < ended)
      await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(said).toEqual([expect.stringMatching(/^max-iterations Float64Array/)]);
    await page.screenshot({ path: 'out/screenshots/live-chart.png' });
    await page.close();
  });
});
