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
const digested = `import('/determinism.js').then(({ digest, total }) => console.log(line + ' ' + total(digest(gradientSvd))));`;

/** What a page under a policy without 'wasm-unsafe-eval' has to see: the error, then a core from elsewhere. */
const refused = `
  const seen = [];
  const look = async (call) => {
    try { await call(); } catch ({ name, code, message }) {
      seen.push(name, code, message.includes("'wasm-unsafe-eval'") && message.includes('initialize(module)'));
    }
  };
  onload = async () => {
    await look(() => gradientSvd.svd([[1]]));
    await look(() => gradientSvd.initialize());
    // a frame with a policy of its own compiles it (Firefox lets no module come by postMessage)
    const module = await frames[0].module;
    await look(async () => {
      await gradientSvd.initialize(module);
      seen.push(...Array.from(gradientSvd.svd([[3, 0], [0, 1]]).S, (s) => s.toFixed(9)));
    });
    say(String(seen));
  };`;

const noWebAssembly = 'SvdTypeError,no-webassembly,true';

/** { name: { html, csp?, charset?, expect?, expectIn?: { browser: expect } } }; files: what else they load. */
export function makePages({ bundles, umd }) {
  const pages = {};
  for (const [name, file] of Object.entries(bundles)) {
    const type = file.endsWith('.mjs') ? 'type="module"' : '';
    pages[name] = { html: page(`<script ${type} src="/bundles/${file}"></script>`) };
  }
  pages['module, import map'] = {
    html: page(`<script type="importmap">{ "imports": { "gradient-svd": "/dist/gradient-svd.js" } }</script>
      <script type="module" src="/program.js"></script>`),
  };
  pages['<script>'] = {
    html: page(`<script src="/dist/umd/gradient-svd.js"></script><script>${decompose}${digested}</script>`),
  };
  pages['<script>, inline, windows-1252'] = {
    html: page(`<script>${umd}</script><script>${decompose}${digested}</script>`).replace(
      'utf-8',
      'windows-1252',
    ),
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
    html: page(`<script src="/dist/umd/gradient-svd.js"></script><iframe srcdoc="<p>"></iframe><script>
      onload = async () => {
        const other = frames[0];
        const bytes = await (await fetch('/dist/core.wasm')).arrayBuffer();
        await gradientSvd.initialize(await other.WebAssembly.compile(bytes));
        const rows = other.eval('[[3, 0], new Float32Array([0, 1])]');
        const flat = other.eval('({ rows: 2, columns: 2, data: new Float64Array([3, 0, 0, 1]) })');
        say([rows, flat].map((M) => Array.from(gradientSvd.svd(M).S, (s) => s.toFixed(9))).join(' '));
      };</script>`),
    expect: '3.000000000,1.000000000 3.000000000,1.000000000',
  };
  pages["CSP with 'wasm-unsafe-eval'"] = {
    html: page(`<script src="/dist/umd/gradient-svd.js"></script><script>${decompose}${digested}</script>`),
    csp: "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  };
  pages["CSP without 'wasm-unsafe-eval'"] = {
    html: page(`<script src="/dist/umd/gradient-svd.js"></script>
      <iframe src="/compile.html"></iframe><script>${refused}</script>`),
    csp: "default-src 'self'; script-src 'self' 'unsafe-inline'",
    expect: `${noWebAssembly},${noWebAssembly},3.000000000,1.000000000`,
    // WebKit refuses an instance of any module
    expectIn: { webkit: `${noWebAssembly},${noWebAssembly},${noWebAssembly}` },
  };
  return pages;
}

export const files = {
  '/worker.mjs': `console.log = (line) => postMessage(line); await import('/bundles/rollup.mjs');`,
  '/worker.js': `importScripts('/dist/umd/gradient-svd.js'); console.log = (line) => postMessage(line);
    ${decompose}${digested}`,
  '/compile.html': `<script>module = WebAssembly.compileStreaming(fetch('/dist/core.wasm'));</script>`,
};
