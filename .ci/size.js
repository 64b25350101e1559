/**
 * npm run size: what the package costs, minified and gzipped, against what was aimed at and what CI allows (exit code 1
 * above that); with `-- --readme`, put into README.md between its markers; with `-- --check`, compared with what is there;
 * with `-- --functions`, what each function of the cores costs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { gzipSync } from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { cores } from '../tools/cores.js';
import { declaration, minify } from '../tools/plugins/index.js';
import { functions } from './functions.js';
import { putIntoReadme } from './readme.js';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const gzip = (text) => gzipSync(text, { level: 9 }).length;

/** What was aimed at, min + gzip in bytes, and the most each may grow to: CI fails above. */
const BUDGETS = {
  'ESM bundle': { target: 24_000, limit: 32_000 },
  'UMD bundle': { target: 24_000, limit: 32_000 },
  '`gradient-svd/sparse`': { target: 16_000, limit: 22_900 },
};

const CORE = 'the core (wasm, as text)';

/** What a front-end ships for `code`, bundled from the published ESM. */
async function frontEnd(code) {
  const bundle = await rollup({
    input: 'front-end',
    plugins: [
      {
        name: 'front-end',
        resolveId: (id) => (id === 'front-end' ? id : null),
        load: (id) => (id === 'front-end' ? code : null),
      },
      resolve(),
      minify(),
    ],
  });
  const { output } = await bundle.generate({ format: 'es' });
  return output[0].code;
}

/** The bytes each part adds: what gzip saves without that part's characters. */
function parts({ code, map }, sources) {
  const sourceMap = new SourceMap(map);
  // (no source map tells of what was put behind all else)
  const end = code.indexOf(declaration);
  const owner = (at, row, column) => {
    if (at >= end) return CORE;
    const { originalSource = '' } = sourceMap.findEntry(row, column);
    return Object.keys(sources).find((name) => sources[name].test(originalSource)) ?? 'rest';
  };
  let at = 0;
  const owners = code
    .split('\n')
    .flatMap((text, row) => Array.from(`${text}\n`, (_, column) => owner(at++, row, column)));
  const whole = gzip(code);
  const names = [...Object.keys(sources), 'rest'];
  return names.map((name) => ({
    name,
    bytes: owners.filter((one) => one === name).length,
    gzip:
      whole -
      gzip(
        Array.from(code)
          .filter((_, column) => owners[column] !== name)
          .join(''),
      ),
  }));
}

const published = (path) => read(path).replace(/\n\/\/# sourceMappingURL.*\n?$/, '');
const esm = published('dist/gradient-svd.js');
const onlySvd = await frontEnd(`import { svd } from 'gradient-svd'; console.log(svd([[3, 0], [4, 5]]).S);`);
const wasm = readFileSync(new URL('dist/core.wasm', root));

const rows = [
  { name: 'ESM bundle', ...sizes(esm) },
  { name: 'UMD bundle', ...sizes(published('dist/umd/gradient-svd.js')) },
  { name: 'a page that imports only `svd`', ...sizes(onlySvd) },
  { name: '`gradient-svd/sparse`', ...sizes(published('dist/sparse.js')) },
  { name: 'core.wasm', bytes: wasm.length, gzip: gzip(wasm) },
];
function sizes(code) {
  return { bytes: Buffer.byteLength(code), gzip: gzip(code) };
}

const modules = readdirSync(new URL('src/', root), { recursive: true }).filter((file) =>
  /(?<!\.d)\.ts$/.test(file),
);
const of = {
  [CORE]: /\.wasm$/,
  'its loader': /@assemblyscript\/loader/,
  ...Object.fromEntries(
    modules.map((file) => [`src/${file}`, new RegExp(`src/${file.replace('.', '\\.')}$`)]),
  ),
};
const shares = (bundle) =>
  parts({ code: published(`dist/${bundle}.js`), map: JSON.parse(read(`dist/${bundle}.js.map`)) }, of).filter(
    ({ bytes }) => bytes > 0,
  );

const kilo = (bytes) => (bytes / 1000).toFixed(1);
const line = ({ name, bytes, gzip }) =>
  `${name.padEnd(32)}${kilo(bytes).padStart(8)} kB${kilo(gzip).padStart(8)} kB gzip`;
console.log(['minified', ...rows.map(line)].join('\n'));
for (const { bundle } of cores) console.log([`\nin ${bundle}.js`, ...shares(bundle).map(line)].join('\n'));
if (process.argv.includes('--functions'))
  for (const { name } of cores) {
    const bytes = ({ name, bytes, gzip }) =>
      `${String(bytes).padStart(6)}${String(gzip).padStart(6)} gzip  ${name}`;
    console.log([`\nfunctions of ${name}.wasm, bytes`, ...functions(name).map(bytes)].join('\n'));
  }

const table = [
  '| | minified | and gzipped |',
  '|---|---|---|',
  ...rows.map(({ name, bytes, gzip }) => `| ${name} | ${kilo(bytes)} kB | ${kilo(gzip)} kB |`),
].join('\n');
const check = process.argv.includes('--check');
if ((check || process.argv.includes('--readme')) && !putIntoReadme('size', table, check) && check) {
  console.error('\nThe sizes in README.md are not these: npm run size -- --readme');
  process.exitCode = 1;
}

console.log();
for (const { name, gzip } of rows) {
  const { target, limit } = BUDGETS[name] ?? {};
  if (gzip > target) console.log(`${name}: ${kilo(gzip - target)} kB above the ${kilo(target)} kB aimed at`);
  if (gzip > limit) {
    console.error(`${name}: ${gzip} bytes are above the limit of ${limit}`);
    process.exitCode = 1;
  }
}
