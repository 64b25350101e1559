/** A browser that is installed, and the built page under a path of a plain file server. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
// @ts-expect-error: shared with test/browser/, which is plain JavaScript
import { chromiumArgs } from '../support/chromium.js';

const { CHROMIUM } = process.env;
const candidates = CHROMIUM ? [CHROMIUM] : ['/usr/bin/chromium', '/usr/bin/google-chrome'];
export const executablePath = candidates.find((path) => existsSync(path));

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: chromiumArgs });

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** The strictest policy that a host may set: nothing inline, nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:";

/** Serves `folder` under `/some/where/`: a page must not count on being at the root. */
export async function serve(folder: string): Promise<{ url: string; close: () => void }> {
  const prefix = '/some/where/';
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, normalize(path.startsWith(prefix) ? path.slice(prefix.length) : '../none'));
    const wanted = path.endsWith('/') ? join(file, 'index.html') : file;
    try {
      const body = await readFile(wanted);
      response
        .writeHead(200, {
          'content-type': types[extname(wanted)] ?? 'application/octet-stream',
          'content-security-policy': policy,
        })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${prefix}`, close: () => server.close() };
}
