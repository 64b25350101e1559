/** The playground as its tests see it: a visit on which nothing may go wrong, and what to look at. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { executablePath, launch, serve } from './browser.js';

const shots = 'out/screenshots';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const desktop = { viewport: { width: 1280, height: 800 } } satisfies BrowserContextOptions;
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
} satisfies BrowserContextOptions;

if (!executablePath) {
  const message =
    'No Chromium found (apt-get install chromium, or CHROMIUM=/path/to/it): THE PLAYGROUND IS NOT TESTED.';
  if (process.env.CI) throw new Error(message);
  console.warn(`\n${'!'.repeat(110)}\n${message}\n${'!'.repeat(110)}\n`);
}

export let browser: Browser;
export let site: Awaited<ReturnType<typeof serve>>;

/** Tests that share a browser and a server. */
export function playground(name: string, tests: () => void): void {
  describe.skipIf(!executablePath)(name, () => {
    beforeAll(async () => {
      mkdirSync(shots, { recursive: true });
      site = await serve('out/playground');
      browser = await launch();
    });
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });
    tests();
  });
}

/** A page on which nothing may go wrong: no console errors, no request to anywhere else, nothing its policy refuses. */
export async function visit(
  hash: string,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(site.url) && !url.startsWith('data:')) wrong.push(`external: ${url}`);
  });
  page.setDefaultTimeout(60_000);
  await page.goto(site.url + hash);
  await page.waitForSelector('.verdict[data-digest]');
  await use(page);
  expect(wrong).toEqual([]);
  await context.close();
}

export const badge = (page: Page, lane = 0) => page.locator('.badge').nth(lane);
export const digest = (page: Page, lane = 0) =>
  page.locator('.verdict').nth(lane).getAttribute('data-digest');
export const over = (page: Page) => page.waitForSelector('body[data-state=over]');
export const paused = (page: Page) => page.waitForSelector('body:not([data-state=playing])');
export const position = async (page: Page) =>
  Number((await page.locator('#position').textContent())!.replaceAll(',', ''));

/** Also where a small screen hides the choice. */
export const flatOut = (page: Page) =>
  page.locator('#speed').evaluate((select: HTMLSelectElement) => {
    select.value = 'most';
    select.dispatchEvent(new Event('change'));
  });

/** The start is made. */
export const started = (page: Page) => page.waitForSelector('body:not([data-state=working])');

export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  if (fullPage) {
    // what is drawn when it comes into sight
    await page.locator('#purpose-figures').scrollIntoViewIfNeeded();
    await page.waitForSelector('#layers-61');
    await page.evaluate(() => scrollTo(0, 0));
  }
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage });
}

export async function accessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  // colours that are on their way are none to be judged (what never ends, or was taken away, is not waited for)
  await page.evaluate(() =>
    Promise.race([
      Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
      new Promise((resolve) => setTimeout(resolve, 2000)),
    ]),
  );
  const violations = await page.evaluate(async () => {
    // @ts-expect-error axe is evaluated above
    const result = await globalThis.axe.run();
    return result.violations.map(
      (v: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }) =>
        `${v.id}: ${v.help}\n${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`,
    );
  });
  expect(violations).toEqual([]);
}

/** Nothing sticks out at the side, nor a chart of its card. */
export async function fits(page: Page): Promise<void> {
  const [width, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(width).toBeLessThanOrEqual(screen!);
  const charts = await page
    .locator('.chart')
    .evaluateAll((hosts) =>
      hosts.map((host) => [host.querySelector('canvas')!.clientHeight, host.clientHeight]),
    );
  for (const [drawn, room] of charts) expect(drawn).toBe(room);
}
