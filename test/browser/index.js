/**
 * npm run test:browser: the packed package and the suite in Chromium, Firefox and WebKit, as people load them:
 * bundles, modules, <script>, workers, another realm, pages under a Content-Security-Policy. Every page prints
 * the line that Node prints, digest included. Skipped, and said so, where a browser is missing; not with CI set.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { withCores } from '../../tools/plugins/index.js';
import { bundlers } from '../package/bundles.js';
import { expectedLine, installTools, makeProject, root, tool } from '../package/project.js';
import { browsers, packages } from './browsers.js';
import { files, makePages } from './pages.js';

const missing = browsers.filter(({ here }) => !here);
for (const { browser, paths } of missing) {
  console.log(`!!! SKIPPED: no ${browser} here (${paths.join(', ')}); apt-get install ${packages}`);
}
if (missing.length > 0 && process.env.CI) process.exit(1);
if (missing.length === browsers.length) process.exit(0);

installTools();
const { folder, project, installed } = makeProject();
const out = join(folder, 'bundles');
mkdirSync(out);
const bundles = {};
for (const [name, bundle] of Object.entries(bundlers)) bundles[name] = basename(await bundle(project, out));

/** The suite as one module: every test file that needs no Node. */
async function bundleSuite() {
  const tests = readdirSync(join(root, 'test')).filter(
    (file) =>
      file.endsWith('.test.ts') &&
      !/from 'node:|process\./.test(readFileSync(join(root, 'test', file), 'utf8')),
  );
  const entry = join(folder, 'suite.js');
  const imports = tests.map((file) => `import ${JSON.stringify(join(root, 'test', file))};`);
  const shim = join(root, 'test/support/vitest.js');
  writeFileSync(
    entry,
    `${imports.join('\n')}\nimport { runTests } from ${JSON.stringify(shim)};
runTests().then(({ passed, failures }) => { document.title = passed + ' passed\\n' + failures.join('\\n'); });`,
  );
  const { build } = await tool('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { vitest: shim } },
    plugins: withCores(),
    build: {
      outDir: out,
      emptyOutDir: false,
      copyPublicDir: false,
      // the package's sideEffects: false would drop the tests
      rolldownOptions: { treeshake: false, input: entry, output: { entryFileNames: 'suite.mjs' } },
    },
  });
  return tests.length;
}
const suites = await bundleSuite();

const umd = ['gradient-svd', 'sparse'].map((name) =>
  readFileSync(join(installed, `dist/umd/${name}.js`), 'utf8'),
);
const pages = makePages({ bundles, umd });
pages.suite = {
  html: `<!doctype html><meta charset="utf-8"><script type="module" src="/bundles/suite.mjs"></script>`,
  expect: /^[1-9]\d* passed\n?$/,
};
const names = Object.keys(pages);
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.cjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

function respond(url) {
  const found = /^\/page\/(\d+)$/.exec(url);
  if (found) {
    const { html, csp, charset = 'utf-8' } = pages[names[found[1]]];
    return { body: html, type: `text/html; charset=${charset}`, csp };
  }
  const type = types[extname(url)];
  if (files[url]) return { body: files[url], type };
  const [, first] = url.split('/');
  const path = first === 'bundles' ? join(folder, url) : join(first === 'dist' ? installed : project, url);
  return existsSync(path) ? { body: readFileSync(path), type } : undefined;
}

const server = createServer((request, response) => {
  const found = respond(request.url);
  response.writeHead(found ? 200 : 404, {
    'content-type': found?.type ?? 'text/plain',
    ...(found?.csp && { 'content-security-policy': found.csp }),
  });
  response.end(found?.body ?? 'not found');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

const line = expectedLine();
let passed = 0;
let failed = 0;

for (const { browser, here, launch } of browsers) {
  if (!here) continue;
  const running = await launch();
  try {
    for (const [at, name] of names.entries()) {
      const expect = pages[name].expectIn?.[browser] ?? pages[name].expect ?? line;
      const start = performance.now();
      const title = await running.title(`${origin}/page/${at}`).catch(String);
      const ok = typeof expect === 'string' ? title === expect : expect.test(title);
      if (ok) passed++;
      else failed++;
      const note = name === 'suite' ? `: ${suites} files, ${title.trim()}` : '';
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(
        `${ok ? 'ok   ' : 'FAIL '} ${running.version}, ${name} (${seconds} s)${ok ? note : `\n${title}\nexpected: ${expect}`}`,
      );
    }
  } finally {
    await running.close();
  }
}
server.close();
rmSync(folder, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) process.exit(1);
