/**
 * npm run api: tables of every option and every export, from the docstrings; with `-- --readme`, put into README.md
 * between its markers; with `-- --check`, compared with what is there.
 */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { categories } from './categories.js';
import { putIntoReadme } from './readme.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const entries = { 'gradient-svd': 'src/index.ts', 'gradient-svd/sparse': 'src/sparse/index.ts' };
const files = Object.values(entries).map((file) => root + file);
const program = ts.createProgram(files, { ...options, noEmit: true });
const checker = program.getTypeChecker();

/** What a package exports: name -> what it is, wherever it was declared. */
function exportsOf(file) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(root + file));
  const found = checker.getExportsOfModule(module).map((symbol) => {
    const alias = symbol.flags & ts.SymbolFlags.Alias;
    return [symbol.name, alias ? checker.getAliasedSymbol(symbol) : symbol];
  });
  return new Map(found);
}

const words = (symbol) =>
  ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/\{@link ([\w.]+)\s*\}/g, '`$1`')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\s+/g, ' ')
    .trim();
const first = (text) => (/^(.*?)(?:[.:;](?: |$)|$)/.exec(text)[1] || text).replace(/[.:]$/, '');
const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

/** `name(parameters)` */
function call(name, symbol) {
  const type = checker.getTypeOfSymbol(symbol);
  const signature = type.getCallSignatures().at(-1);
  if (!signature) return `\`${name}\``;
  const parameters = signature.getParameters().map((one) => {
    const { initializer, questionToken } = one.valueDeclaration;
    return one.name + (initializer || questionToken ? '?' : '');
  });
  return `\`${name}(${parameters.join(', ')})\``;
}

const optional = (of) =>
  table(
    ['option', 'what it does'],
    checker
      .getDeclaredTypeOfSymbol(of)
      .getProperties()
      .map((option) => row(`\`${option.name}\``, words(option))),
  );

const isValue = (symbol) => symbol.flags & ts.SymbolFlags.Value;
const main = exportsOf(entries['gradient-svd']);
const sparse = exportsOf(entries['gradient-svd/sparse']);

/** Functions and other values by what they are for, then the names of the types. */
function list(exported) {
  const values = [...exported].filter(([, symbol]) => isValue(symbol));
  const types = [...exported.keys()].filter((name) => !isValue(exported.get(name)));
  const category = ([, symbol]) => {
    const file = symbol.declarations[0].getSourceFile().fileName;
    const at = categories.findIndex(([, files]) => files.test(file));
    return at < 0 ? categories.length : at;
  };
  const rows = [...values]
    .sort((a, b) => category(a) - category(b))
    .map(([name, symbol]) => row(call(name, symbol), first(words(symbol))));
  return `${table(['export', 'what it is'], rows)}\n\nTypes: ${types.map((name) => `\`${name}\``).join(', ')}.`;
}

const own = new Map([...sparse].filter(([name, symbol]) => main.get(name) !== symbol));
const sections = {
  options: optional(main.get('SvdOptions')),
  'run-options': optional(main.get('RunOptions')),
  exports: list(main),
};
if ([...own.values()].some(isValue)) sections['sparse-exports'] = list(own);
for (const [name, text] of [
  ['svds-options', 'SvdsOptions'],
  ['factorize-options', 'FactorizeOptions'],
]) {
  if (sparse.has(text)) sections[name] = optional(sparse.get(text));
}

const check = process.argv.includes('--check');
for (const [name, text] of Object.entries(sections)) {
  if (!check) console.log(`${name}\n\n${text}\n`);
  if (!(check || process.argv.includes('--readme'))) continue;
  if (!putIntoReadme(name, text, check) && check) {
    console.error(`The table "${name}" in README.md is not what the docstrings say: npm run api -- --readme`);
    process.exitCode = 1;
  }
}
