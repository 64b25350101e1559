/**
 * The pages that browsers open. Each ends by setting document.title: to the program's line, or to what `expect`
 * asks for.
 */

const title = `<script>
  const say = (line) => { document.title = line; };
  console.log = say;
  addEventListener('error', (event) => say('error: ' + event.message));
  addEventListener('unhandledrejection', (event) => say('rejected: ' + event.reason));
</script>`;
const page = (body) => `<!doctype html><meta charset="utf-8">${title}${body}`;

const decompose = `const { S, status } = gradientSvd.svd([[0, 5], [3, 0], [0, 0]]);
  const line = Array.from(S, (s) => s.toFixed(9)) + ' ' + status;`;
const digested = `import('/determinism.js').then(async ({ digest, total }) =>
    console.log(line + ' ' + total(await digest(gradientSvd, gradientSvdSparse))));`;
const scripts = `<script src="/dist/umd/gradient-svd.js"></script><script src="/dist/umd/sparse.js"></script>`;

/** Both bundles, and the same matrix through each. */
const both = `[
    [gradientSvd, () => gradientSvd.svd([[3, 0], [0, 1]])],
    [gradientSvdSparse, () => gradientSvdSparse.svds([[0, 0, 3], [1, 1, 1]], { rank: 2 })],
  ]`;
const found = '3.000000000,1.000000000';

/** What a page under a policy without 'wasm-unsafe-eval' has to see of both: the error, then a core from elsewhere. */
const refused = `
  const seen = [];
  const look = async (call) => {
    try { await call(); } catch ({ name, code, message }) {
      seen.push(name, code, message.includes("'wasm-unsafe-eval'") && message.includes('initialize(module)'));
    }
  };
  onload = async () => {
    // a frame with a policy of its own compiles them (Firefox lets no module come by postMessage)
    const modules = await frames[0].modules;
    for (const [at, [library, decompose]] of ${both}.entries()) {
      await look(decompose);
      await look(() => library.initialize());
      await look(async () => {
        await library.initialize(modules[at]);
        seen.push(...Array.from(decompose().S, (s) => s.toFixed(9)));
      });
    }
    say(String(seen));
  };`;

const noWebAssembly = 'SvdTypeError,no-webassembly,true';
const twice = (text) => `${text},${text}`;

/** { name: { html, csp?, charset?, expect?, expectIn?: { browser: expect } } }; files: what else they load. */
export function makePages({ bundles, umd }) {
  const pages = {};
  for (const [name, file] of Object.entries(bundles)) {
    const type = file.endsWith('.mjs') ? 'type="module"' : '';
    pages[name] = { html: page(`<script ${type} src="/bundles/${file}"></script>`) };
  }
  pages['module, import map'] = {
    html: page(`<script type="importmap">{ "imports": {
        "gradient-svd": "/dist/gradient-svd.js", "gradient-svd/sparse": "/dist/sparse.js" } }</script>
      <script type="module" src="/program.js"></script>`),
  };
  pages['<script>'] = {
    html: page(`${scripts}<script>${decompose}${digested}</script>`),
  };
  pages['<script>, inline, windows-1252'] = {
    html: page(
      `${umd.map((code) => `<script>${code}</script>`).join('')}<script>${decompose}${digested}</script>`,
    ).replace('utf-8', 'windows-1252'),
    charset: 'windows-1252',
  };
  pages['module worker'] = {
    html: page(
      `<script>new Worker('/worker.mjs', { type: 'module' }).onmessage = ({ data }) => say(data);</script>`,
    ),
  };
  pages['classic worker'] = {
    html: page(`<script>new Worker('/worker.js').onmessage = ({ data }) => say(data);</script>`),
  };
  pages['another realm'] = {
    html: page(`${scripts}<iframe srcdoc="<p>"></iframe><script>
      onload = async () => {
        const other = frames[0];
        const start = async (library, file) => {
          const bytes = await (await fetch(file)).arrayBuffer();
          await library.initialize(await other.WebAssembly.compile(bytes));
        };
        await start(gradientSvd, '/dist/core.wasm');
        await start(gradientSvdSparse, '/dist/sparse.wasm');
        const rows = other.eval('[[3, 0], new Float32Array([0, 1])]');
        const flat = other.eval('({ rows: 2, columns: 2, data: new Float64Array([3, 0, 0, 1]) })');
        const csr = other.eval('({ rows: 2, columns: 2, data: new Float64Array([3, 1]), indices: [0, 1], indptr: new Int32Array([0, 1, 2]) })');
        const all = [...[rows, flat].map((M) => gradientSvd.svd(M)), gradientSvdSparse.svds(csr, { rank: 2 })];
        say(all.map(({ S }) => Array.from(S, (s) => s.toFixed(9))).join(' '));
      };</script>`),
    expect: `${found} ${found} ${found}`,
  };
  pages["CSP with 'wasm-unsafe-eval'"] = {
    html: page(`${scripts}<script>${decompose}${digested}</script>`),
    csp: "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  };
  pages["CSP without 'wasm-unsafe-eval'"] = {
    html: page(`${scripts}
      <iframe src="/compile.html"></iframe><script>${refused}</script>`),
    csp: "default-src 'self'; script-src 'self' 'unsafe-inline'",
    expect: twice(`${noWebAssembly},${noWebAssembly},${found}`),
    // WebKit refuses an instance of any module
    expectIn: { webkit: twice(`${noWebAssembly},${noWebAssembly},${noWebAssembly}`) },
  };
  return pages;
}

export const files = {
  '/worker.mjs': `console.log = (line) => postMessage(line); await import('/bundles/rollup.mjs');`,
  '/worker.js': `importScripts('/dist/umd/gradient-svd.js', '/dist/umd/sparse.js'); console.log = (line) => postMessage(line);
    ${decompose}${digested}`,
  '/compile.html': `<script>modules = Promise.all(
    ['core', 'sparse'].map((name) => WebAssembly.compileStreaming(fetch('/dist/' + name + '.wasm'))));</script>`,
};
