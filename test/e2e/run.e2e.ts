/** Runs, driven as a person would, in headless Chromium. Pictures of the page go to out/screenshots. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  accessible,
  badge,
  browser,
  digest,
  flatOut,
  over,
  paused,
  playground,
  position,
  shot,
  site,
  started,
  visit,
} from './page.js';

playground('the playground', () => {
  test('M5 under the notebooks’ SGD is stuck, and says why; the default converges', () =>
    visit('', async (page) => {
      await page.selectOption('#matrix', 'M5');
      await page.click('[data-preset=notebook-sgd]');
      await flatOut(page);
      await page.click('#run');
      await over(page);
      expect(await badge(page).textContent()).toBe('stuck');
      expect(await position(page)).toBe(20_000);
      const reason = await page.locator('.reason').textContent();
      expect(reason).toMatch(/loss is 0\.0094/);
      expect(reason).toMatch(/diagonal entry d has reached 0.*can never leave 0/);
      expect(await page.locator('#news').textContent()).toBe('SGD: stuck');
      await shot(page, 'stuck', true);

      await page.click('[data-preset=library]');
      // the start is the worker's work: until it is made, the page says so
      await started(page);
      expect(await badge(page).textContent()).toBe('ready');
      await page.click('#run');
      await over(page);
      expect(await badge(page).textContent()).toBe('converged');
      expect(await position(page)).toBeLessThan(50);
      expect(await page.locator('#values td:nth-child(2)').allTextContents()).toEqual(
        await page.locator('#values td:nth-child(3)').allTextContents(),
      );
      await shot(page, 'converged', true);
    }));

  test('too long a step diverges, and says so', () =>
    visit('#matrix=M1&rules=notebook&optimizers=sgd:25:0.9', async (page) => {
      await flatOut(page);
      await page.click('#run');
      await over(page);
      expect(await badge(page).textContent()).toBe('diverged');
      expect(await page.locator('.reason').textContent()).toMatch(/learning rate is too large/);
    }));

  test('a picture at two ranks: more pairs, more decibels', () =>
    visit('#matrix=image&picture=baboon&rank=8&rules=library&optimizers=lm', async (page) => {
      await flatOut(page);
      await page.click('#run');
      await over(page);
      const psnr = async () => Number.parseFloat((await page.locator('#psnr').textContent())!);
      const best = async () => Number.parseFloat((await page.locator('#psnr-best').textContent())!);
      const low = await psnr();
      expect(low).toBeGreaterThan(18);
      expect(low).toBeCloseTo(await best(), 1);
      expect(await page.locator('#storage').textContent()).toBe('13 %');

      await page.locator('#rank-slider').fill('32');
      await page.waitForFunction(() => location.hash.includes('rank=32') && location.hash.includes('at='));
      await over(page);
      expect(await psnr()).toBeGreaterThan(low + 3);
      expect(await psnr()).toBeCloseTo(await best(), 1);
      expect(await page.locator('#storage').textContent()).toBe('50 %');
      await shot(page, 'picture', true);
      await accessible(page);
    }));

  test('a broken link is explained, a wild one put right', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url}#matrix=own&own=3,<b>;4&optimizers=lm`);
    await page.waitForSelector('#alert:not([hidden])');
    expect(await page.locator('#alert').textContent()).toMatch(/Line 1, entry 2: “<b>” is not a number/);
    expect(await page.locator('#run').isDisabled()).toBe(true);
    await context.close();
    const wild =
      '#matrix=nonsense&optimizers=foo:1,sgd:-3:7&steer=9:1:lr:2,0:5:zz:1&at=1e99&iterations=50&rank=900';
    await visit(wild, async (page) => {
      await over(page);
      expect(await position(page)).toBe(50);
    });
  });

  test('a picture of one’s own, and the volcano', () =>
    visit('#matrix=image&picture=volcano&rank=4&rules=library&optimizers=lm', async (page) => {
      expect(await page.locator('#before').getAttribute('aria-label')).toMatch(/61 by 87/);
      const drawn = await page.evaluate(() => {
        const canvas = document.createElement('canvas');
        canvas.width = 40;
        canvas.height = 20;
        canvas.getContext('2d')!.fillRect(5, 5, 20, 10);
        return canvas.toDataURL('image/png').split(',')[1]!;
      });
      const file = { name: 'mine.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') };
      await page.setInputFiles('input[type=file]', file);
      await page.waitForFunction(() => /20 by 40/.test(document.querySelector('#before')!.ariaLabel ?? ''));
      await page.setInputFiles('input[type=file]', { ...file, buffer: Buffer.from('no picture') });
      await page.waitForSelector('#alert:not([hidden])');
      expect(await page.locator('#alert').textContent()).toMatch(/mine\.png can’t be read as a picture/);
    }));

  test('bad numbers get a helpful message, good ones a decomposition', () =>
    visit('#matrix=own&rules=library&optimizers=lm', async (page) => {
      const message = page.locator('#own-message');
      const use = async (text: string) => {
        await page.fill('#own', text);
        await page.click('#use-own');
      };
      await use('1, 2, 3\n4, five, 6');
      expect(await message.textContent()).toMatch(/Line 2, entry 2: “five” is not a number/);
      expect(await page.locator('#own').getAttribute('aria-invalid')).toBe('true');
      await accessible(page);
      await shot(page, 'bad-numbers');
      await use('1 2 3\n4 5');
      expect(await message.textContent()).toMatch(/Line 2 has 2 numbers, line 1 has 3/);
      await use('');
      expect(await message.textContent()).toMatch(/no numbers here yet/);
      await use('[[1, 2], [3');
      expect(await message.textContent()).toMatch(/JSON/);

      await use('a,b,c\n3,0,2\n4,5,1');
      expect(await message.textContent()).toBe('');
      expect(await page.locator('#own').getAttribute('aria-invalid')).toBe(null);
      await page.waitForFunction(() => location.hash.includes('own=3,0,2;4,5,1'));
      expect(await page.locator('#own-note').textContent()).toMatch(/taken as the header/);
      await flatOut(page);
      await page.click('#run');
      await over(page);
      expect(await badge(page).textContent()).toBe('converged');
      // with a gap it is a matrix to complete
      await use('3;?;2\n4;5;1\n1;0;6');
      await page.waitForFunction(() => location.hash.includes('own=3,?,2'));
      await page.click('#run');
      await page.waitForFunction(() => document.querySelector('#values-hint')!.textContent!.includes('gaps'));
    }));

  test('a link shows the same run, knobs turned on the way included', () =>
    visit('#matrix=M3&rules=notebook&seed=7&optimizers=sgd:0.9:0.9,adam:0.01:0.9', async (page) => {
      await page.click('#step-many');
      await page.waitForFunction(() => location.hash.includes('at=100'));
      // while it runs: a shorter step, less momentum
      await page.getByLabel('Learning rate of SGD', { exact: true }).fill('0.4');
      await page.getByLabel('Learning rate of SGD', { exact: true }).press('Tab');
      await page.getByLabel('Momentum of SGD', { exact: true }).fill('0.5');
      await page.getByLabel('Momentum of SGD', { exact: true }).press('Tab');
      await page.click('#step-many');
      await page.waitForFunction(() => location.hash.includes('at=200'));
      await page.click('#step');
      await page.waitForFunction(() => location.hash.includes('at=201'));
      const url = page.url();
      expect(url).toMatch(/steer=0:100:lr:0.4,0:100:momentum:0.5/);
      const digests = [await digest(page, 0), await digest(page, 1)];
      const values = await page.locator('#values').textContent();

      const sameRun = async (other: Page) => {
        await other.waitForFunction(() => document.querySelector('#position')!.textContent === '201');
        await paused(other);
        expect([await digest(other, 0), await digest(other, 1)]).toEqual(digests);
        expect(await other.locator('#values').textContent()).toBe(values);
        expect(await other.getByLabel('Learning rate of SGD', { exact: true }).inputValue()).toBe('0.4');
        expect(other.url()).toBe(url);
      };
      await visit(url.slice(url.indexOf('#')), sameRun);

      // rewound: the same start, another way down
      await page.click('#rewind');
      await page.waitForFunction(() => document.querySelector('#position')!.textContent === '0');
      expect(page.url()).toMatch(/optimizers=sgd:0.4:0.5,adam:0.01:0.9$/);
    }));

  test('run, pause, go on; the page stays responsive meanwhile', () =>
    visit(
      '#matrix=random&size=60x40&matrixseed=3&rules=library&iterations=10000000&optimizers=sgd:0.9:0.9,adam:0.01:0.9',
      async (page) => {
        await page.selectOption('#speed', 'fast');
        await page.click('#run');
        // 60 frames a second where nothing else runs; a busy machine gets the time to have a quiet moment
        await page.waitForFunction(
          () => Number(document.querySelector<HTMLElement>('#frames')!.dataset.median) < 50,
        );
        console.log(await page.locator('#frames').textContent());
        await page.click('#run');
        await paused(page);
        const at = await position(page);
        expect(at).toBeGreaterThan(0);
        expect(at).toBeLessThan(10_000_000);
        expect(await page.locator('#run').textContent()).toBe('Run');
        await flatOut(page);
        await page.click('#run');
        await page.waitForFunction(
          (from) => Number(document.querySelector('#position')!.textContent!.replaceAll(',', '')) > from,
          at,
        );
      },
    ));

  test('ratings: what was hidden is compared with the best simple guess, and the comparison is said', () =>
    visit('#matrix=ratings&rank=1&regularization=4&rules=library&optimizers=lm', async (page) => {
      await flatOut(page);
      await page.click('#run');
      await over(page);
      const figure = async (id: string) => Number(await page.locator(id).textContent());
      const about = (await page.locator('#hidden-about').textContent())!;
      const simple = Array.from(about.matchAll(/means? (?:of all )?([\d.]+\d)/g), ([, x]) => Number(x));
      expect(simple.length).toBe(4);
      expect(await figure('#held-base')).toBe(Math.min(...simple));
      const better = (await figure('#held-out')) < (await figure('#held-base'));
      expect(await page.locator('#held-says').textContent()).toMatch(
        better ? /better than|about as well/ : /about as well|worse/,
      );
      expect(await page.locator('#hidden-table tbody tr').count()).toBeGreaterThan(20);
      await shot(page, 'ratings', true);
      await accessible(page);

      // nothing holds the layers small: what is known is learnt by heart
      const regularized = await figure('#held-out');
      const lambda = page.getByLabel('Regularization λ');
      await lambda.fill('0');
      await lambda.press('Tab');
      await page.waitForFunction(() => !location.hash.includes('regularization'));
      await page.click('#run');
      await page.waitForFunction(() =>
        document.querySelector('#held-says')!.textContent!.includes('by heart'),
      );
      expect(await figure('#held-out')).toBeGreaterThan(1.5 * regularized);
      await lambda.fill('0,5');
      await lambda.press('Tab');
      await page.waitForFunction(() => location.hash.includes('regularization=0.5'));
    }));

  test('every optimizer runs', () =>
    visit('#matrix=M1&rules=library&iterations=200&optimizers=lm,sgd,adam', async (page) => {
      await flatOut(page);
      const all = await page
        .locator('#optimizers label:not([hidden]) input')
        .evaluateAll((inputs) => inputs.map((i) => (i as HTMLInputElement).value));
      for (let from = 0; from < all.length; from += 6) {
        const kinds = all.slice(from, from + 6);
        await page.evaluate(
          (hash) => {
            location.hash = hash;
          },
          `#matrix=M1&rules=library&iterations=200&optimizers=${kinds.join(',')}`,
        );
        await page.waitForFunction(
          (n) => document.querySelectorAll('.verdict[data-digest]').length === n,
          kinds.length,
        );
        await page.click('#run');
        await over(page);
        expect(await page.locator('#alert').isVisible()).toBe(false);
        expect(await page.locator('.badge[data-verdict=diverged]').count()).toBe(0);
      }
    }));

  test('a race, by keyboard alone', () =>
    visit('#matrix=M1&rules=library&optimizers=lm', async (page) => {
      const press = async (name: string | RegExp) => {
        await page.getByRole('button', { name }).focus();
        await page.keyboard.press('Enter');
      };
      await press('Race of three');
      await page.waitForFunction(() => document.querySelectorAll('.verdict[data-digest]').length === 3);
      await page.getByLabel('Speed').focus();
      await page.keyboard.type('flat');
      await press(/^Run$/);
      await over(page);
      expect(await badge(page, 0).textContent()).toBe('converged');
      await press(/^Adam$/);
      expect(await page.locator('#maps-title').textContent()).toBe('The matrices of Adam');
      const focused = () =>
        page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
      const after: (string | null | undefined)[] = [];
      for (let tabs = 0; tabs < 3; tabs++) {
        await page.keyboard.press('Tab');
        after.push(await focused());
      }
      expect(after).toContain('See Levenberg–Marquardt: it arrived');
      expect(after).toContain('Learning rate of Adam');
    }));

  test('decimal commas, in a pasted table and in a field', () =>
    visit('#matrix=own&rules=library&optimizers=sgd:0.9:0.9', async (page) => {
      for (const [text, own] of [
        ['2,5; 3,25\n1; -0,5', '2.5,3.25;1,-0.5'],
        ['1,5\t1.234,5\n2\t3', '1.5,1234.5;2,3'],
        ['1,5 2,5\n3 4', '1.5,2.5;3,4'],
        ['1, 2\n3, 4', '1,2;3,4'],
      ] as const) {
        await page.fill('#own', text);
        await page.click('#use-own');
        await page.waitForFunction((wanted) => location.hash.includes(`own=${wanted}&`), own);
      }
      const rate = page.getByLabel('Learning rate of SGD', { exact: true });
      await rate.fill('0,25');
      await rate.press('Tab');
      expect(await rate.inputValue()).toBe('0.25');
      await page.waitForFunction(() => location.hash.includes('sgd:0.25:0.9'));
      await rate.fill('fast');
      await rate.press('Tab');
      expect(await rate.inputValue()).toBe('0.25');
    }));

  test('a shared run that is paused says so, and hovering tells iteration and loss', () =>
    visit('#matrix=M1&rules=notebook&optimizers=sgd:0.9:0.9&iterations=20000&at=120', async (page) => {
      await page.waitForFunction(() => document.querySelector('#position')!.textContent === '120');
      await paused(page);
      expect(await badge(page).textContent()).toBe('paused');
      expect(await page.locator('#run').textContent()).toBe('Run');
      const hover = async (id: string, x: number, y: number) => {
        const box = (await page.locator(id).boundingBox())!;
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
        return (await page.locator(`${id} .tip`).textContent())!;
      };
      expect(await hover('#chart-loss', 0.5, 0.5)).toMatch(/^iteration \d+SGD 0\.\d+$/);
      expect(await hover('#valley', 0.9, 0.1)).toMatch(/^the ground hereloss [\d.]+$/);
    }));

  test('a run that diverges leaves the chart its axis', () =>
    visit('#matrix=M1&rules=notebook&optimizers=sgd:25:0.9', async (page) => {
      await flatOut(page);
      await page.click('#run');
      await over(page);
      // rows of ink where the labels of the y axis are
      const labels = await page.locator('#chart-loss canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, 45, canvas.height - 40);
        const inked = Array.from({ length: height }, (_, y) =>
          data.subarray(4 * y * width, 4 * (y + 1) * width).some((byte) => byte > 0),
        );
        return inked.filter((ink, y) => ink && !inked[y - 1]).length;
      });
      expect(labels).toBeGreaterThanOrEqual(3);
      await shot(page, 'diverged');
    }));

  test('keys: a letter each, none while one writes, and they can be switched off', () =>
    visit('#matrix=own&rules=library&optimizers=sgd:0.1:0.9', async (page) => {
      await page.keyboard.press('s');
      await page.waitForFunction(() => document.querySelector('#position')!.textContent === '1');
      await page.keyboard.press('h');
      await page.waitForFunction(() => document.querySelector('#position')!.textContent === '101');
      await page.locator('#own').press('0');
      await page.locator('#own').press('Control+s');
      expect(await position(page)).toBe(101);
      await page.locator('h1').click();
      await page.keyboard.press('r');
      await page.waitForSelector('body[data-state=playing]');
      await page.keyboard.press('r');
      await page.waitForSelector('body[data-state=paused]');
      await page.keyboard.press('?');
      await accessible(page);
      await shot(page, 'keys');
      await page.getByLabel('Keys are on').uncheck();
      await page.keyboard.press('Escape');
      await page.locator('h1').click();
      const at = await position(page);
      await page.keyboard.press('0');
      await page.keyboard.press('s');
      expect(await position(page)).toBe(at);
    }));

  test('Run is near: a skip link, and early in the order of the Tab key', () =>
    visit('#matrix=M1&rules=library&optimizers=lm', async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.id);
      let tabs = 0;
      while ((await focused()) !== 'run' && tabs < 40) {
        await page.keyboard.press('Tab');
        if (tabs++ === 0)
          expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the run');
      }
      expect(tabs).toBeLessThanOrEqual(8);
    }));
});
