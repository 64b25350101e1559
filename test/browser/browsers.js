/** The three engines, each driven by what its makers offer: open a page, wait for its title. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from '../package/project.js';
import { chromiumArgs } from '../support/chromium.js';

/** A page that says nothing for so long has failed; in milliseconds. */
const patience = 60_000;
const every = 50;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const found = (paths) => paths.find(existsSync);
const profile = (browser) => mkdtempSync(join(tmpdir(), `${browser}-`));

/** Chromium and Firefox, by puppeteer. */
const byPuppeteer = (browser, paths, args) => ({
  browser,
  paths,
  here: found(paths) !== undefined,
  async launch() {
    const { default: puppeteer } = await tool('puppeteer-core');
    const userDataDir = profile(browser);
    const options = { browser, executablePath: found(paths), args, userDataDir, headless: true };
    const running = await puppeteer.launch(options);
    return {
      version: await running.version(),
      async title(url) {
        const page = await running.newPage();
        try {
          await page.goto(url);
          await page.waitForFunction('document.title', { timeout: patience, polling: every });
          return await page.evaluate('document.title');
        } finally {
          await page.close();
        }
      },
      async close() {
        await running.close();
        rmSync(userDataDir, { recursive: true, force: true });
      },
    };
  },
});

/** A process that ends with this one. */
function service(command, args, options) {
  const child = spawn(command, args, options);
  process.once('exit', () => child.kill());
  return child;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** A W3C WebDriver at this address. */
const webDriver = (address) => async (method, path, body) => {
  const response = await fetch(address + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}, ${value.message}`);
  return value;
};

const miniBrowser = found(
  ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
);
const webkitPaths = ['/usr/bin/WebKitWebDriver', '/usr/bin/Xvfb'];

/** WebKit, by WebKitGTK's own driver: its browser needs a screen, which Xvfb is. */
const webkit = {
  browser: 'webkit',
  paths: webkitPaths,
  here: webkitPaths.every(existsSync) && miniBrowser !== undefined,
  async launch() {
    const home = profile('webkit');
    // it picks a display that is free, and says which
    const screen = service('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [display] = await once(screen.stdio[3], 'data');
    const port = await freePort();
    const env = { ...process.env, HOME: home, DISPLAY: `:${String(display).trim()}` };
    const driver = service('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
    const ask = webDriver(`http://127.0.0.1:${port}`);
    while (!(await ask('GET', '/status').catch(() => undefined))?.ready) await pause(every);
    const browserOptions = { binary: miniBrowser, args: ['--automation'] };
    const { sessionId, capabilities } = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } },
    });
    const session = `/session/${sessionId}`;
    return {
      version: `WebKitGTK ${capabilities.browserVersion}`,
      async title(url) {
        await ask('POST', `${session}/url`, { url });
        for (const end = performance.now() + patience; performance.now() < end; await pause(every)) {
          const title = await ask('GET', `${session}/title`);
          if (title) return title;
        }
        throw new Error(`no title within ${patience / 1000} s`);
      },
      async close() {
        await ask('DELETE', session).catch(() => {});
        for (const child of [driver, screen]) {
          child.kill();
          await once(child, 'exit');
        }
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
};

/** What has to be installed for all three. */
export const packages = 'chromium firefox-esr webkit2gtk-driver xvfb';

export const browsers = [
  byPuppeteer(
    'chrome',
    ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    chromiumArgs,
  ),
  byPuppeteer('firefox', ['/usr/bin/firefox-esr', '/usr/bin/firefox'], []),
  webkit,
];
