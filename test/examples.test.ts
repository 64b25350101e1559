/**
 * Every example is executed: the ts blocks of the docstrings and the js blocks of the README and the guides, against the built
 * package. What a line's comment says is compared with the value of its expression, or with what console.log
 * prints there: numbers to the digits given (up to "...", or anything tiny for tiny), words as they stand;
 * prose in a comment is none of the test's business. A text block right after a README block is all it prints.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as gradientSvd from '../dist/gradient-svd.js';
import * as sparse from '../dist/sparse.js';

interface Example {
  where: string;
  code: string;
  prints?: string;
}

function docstringExamples(): Example[] {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) =>
    Array.from(
      readFileSync(new URL(file, folder), 'utf8').matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```/gm),
      (found) => ({
        where: `src/${file}: ${found[1]!.split('\n')[0]!.replace(/^ *\* ?/, '')}`,
        code: found[1]!.replace(/^ *\* ?/gm, ''),
      }),
    ),
  );
}

const pages = [
  'README.md',
  ...readdirSync(new URL('../docs/guides/', import.meta.url)).map((name) => `docs/guides/${name}`),
];

function pageExamples(page: string): Example[] {
  const blocks = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8').matchAll(
    /^```(?:js|ts)\n([\s\S]*?)^```\n(?:\n*```(?:text|console)\n([\s\S]*?)^```)?/gm,
  );
  return Array.from(blocks, ([, code, prints], at) => ({
    where: `${page}, block ${at + 1}`,
    code: code!,
    prints,
  }));
}

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** Does the value say what the comment says? */
function agrees(said: string, value: unknown): boolean {
  const shown =
    typeof value === 'string'
      ? value
      : inspect(value, { depth: 6, maxArrayLength: 200, numericSeparator: false });
  const words = said.match(/'[^']*'|\b(?:true|false|null|undefined|NaN|Infinity)\b/g) ?? [];
  if (!words.every((word) => shown.includes(word) || shown === word.slice(1, -1))) return false;
  const expected = said.replace(/sqrt\((\d+)\)/g, (_, x) => String(Math.sqrt(x))).match(NUMBER) ?? [];
  const found = (shown.replace(/\b(?:Float64Array|Matrix)\(?\d*\)?/g, '').match(NUMBER) ?? []).map(Number);
  return expected.every((digits, at) => {
    const x = Number(digits);
    const decimals = /\.(\d+)/.exec(digits)?.[1]?.length ?? 0;
    const unit = 10 ** (Number(/e([+-]?\d+)/i.exec(digits)?.[1] ?? 0) - decimals);
    const y = found[at]!;
    return Math.abs(x) < 1e-12 ? Math.abs(y) < 1e-12 : Math.abs(x - y) <= Math.max(unit / 2, 1e-12) * 1.0001;
  });
}

/** A comment that says a value: numbers, brackets and quotes rather than a sentence. */
const saysValue = (comment: string) => /^(?:[[{'"\d-]|sqrt|true|false|NaN|Float64Array|Matrix)/.test(comment);

/** The code with every `expression; // value` turned into a call of `said(value, comment)`. */
function instrument(code: string): string {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  const edits: [from: number, to: number, text: string][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const from = (node.moduleSpecifier as ts.StringLiteral).text;
      const names = node.importClause?.namedBindings?.getText();
      // what is imported from elsewhere (React) only has a name
      const value = from.startsWith('node:')
        ? `process.getBuiltinModule('${from}')`
        : `packages['${from}'] ?? {}`;
      edits.push([node.getStart(), node.end, `const ${names} = ${value};`]);
    }
    if (ts.isExpressionStatement(node)) {
      const [range] = ts.getTrailingCommentRanges(code, node.end) ?? [];
      const comment = range ? code.slice(range.pos + 2, range.end).trim() : '';
      if (saysValue(comment)) {
        const { expression } = node;
        const isLog = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
        const value = isLog
          ? `(${node.getText().replace(/;$/, '')}, printed.at(-1))`
          : `(${expression.getText()})`;
        edits.push([node.getStart(), node.end, `said(${value}, ${JSON.stringify(comment)});`]);
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let edited = code;
  for (const [from, to, text] of edits.sort((a, b) => b[0] - a[0]))
    edited = edited.slice(0, from) + text + edited.slice(to);
  return ts.transpile(edited, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

/** What it printed. */
async function execute({ where, code, prints }: Example): Promise<string> {
  const printed: string[] = [];
  const console = {
    log: (...values: unknown[]) => {
      printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
    },
  };
  const said = (value: unknown, comment: string) => {
    expect(agrees(comment, value), `${where}: ${inspect(value)} is not ${comment}`).toBe(true);
  };
  // what docstrings take for granted
  const given = {
    ...sparse,
    ...gradientSvd,
    // both have a project()
    ...(where.startsWith('src/sparse') && sparse),
    M: gradientSvd.manualSeed(314).rand(5, 4),
    d: gradientSvd.descend(gradientSvd.manualSeed(314).rand(5, 4), {
      optimizer: gradientSvd.sgd({ lr: 0.9, momentum: 0.9 }),
    }),
    packages: { 'gradient-svd': gradientSvd, 'gradient-svd/sparse': sparse },
    console,
    printed,
    said,
  };
  // in a block, so that examples may declare names of their own
  await new AsyncFunction(...Object.keys(given), `{${instrument(code)}}`)(...Object.values(given));
  given.d.dispose();
  const all = printed.join('\n').trim();
  if (prints !== undefined) expect(all).toBe(prints.trim());
  return all;
}

const examples = [...docstringExamples(), ...pages.flatMap(pageExamples)];

/** The files to be copied, and a line that each has to print. */
const starters: Record<string, RegExp> = {
  'compress.js': /^rank 1: 27 numbers for 160, 58% of the squares$/m,
  'gaps.js':
    /^ {2}2\.33 {2}means of rows and columns\n {2}0\.99 {2}rank 1, regularization 0\n[\s\S]*^ {2}Ada: ghosts 3\.7$/m,
  'least-squares.js': /^y = 1\.038 \+ -0\.116 x \+ 0\.523 x²$/m,
  'pca.js': /^explained +93\.5% 4\.7% 1\.8% 0\.0%$/m,
  'watch.js': /^converged$/m,
};

/** The README's blocks of a language that contain `mark`, joined. */
function block(language: string, mark: string): string {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = Array.from(
    readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')),
    ([, code]) => code!,
  );
  return blocks.find((code) => code.includes(mark))!;
}

describe('recipes', () => {
  const umd = fileURLToPath(new URL('../dist/umd/gradient-svd.js', import.meta.url));

  test('a page to open as it is: draws both, and starts anew', () => {
    const script = /<script>\n([\s\S]*)<\/script>/.exec(block('html', 'canvas'))![1]!;
    const points: number[][] = [];
    let next = () => {};
    const lr: { value: string; oninput?: () => void } = { value: '0.9' };
    const momentum = { value: '0.9' };
    const says = { textContent: '' };
    const context = { clearRect: () => points.splice(0), fillRect: (...at: number[]) => points.push(at) };
    const chart = { getContext: () => context };
    const requestAnimationFrame = (frame: () => void) => {
      next = frame;
    };
    const names = {
      gradientSvd: createRequire(import.meta.url)(umd),
      lr,
      momentum,
      says,
      chart,
      requestAnimationFrame,
    };
    new Function(...Object.keys(names), script)(...Object.values(names));
    for (let i = 0; i < 99; i++) next();
    expect(points).toHaveLength(200);
    expect(points.every(([x, y]) => x! > 0 && x! <= 800 && y! > 0 && y! < 300)).toBe(true);
    expect(says.textContent).toMatch(
      /^SGD .*: iteration 1000, loss 5\.6e-4, running\nAdam .*: iteration 1000/m,
    );
    lr.value = '5';
    lr.oninput!();
    expect(points).toHaveLength(0);
    for (let i = 0; i < 200; i++) next();
    expect(says.textContent).toMatch(/^learning rate 5, .*\nSGD .*, diverged\nAdam .*, running$/);
  });

  test('in a worker: progress, an answer that the next function takes, errors, and an end at once', async () => {
    const code = block('javascript', '// worker.js').replace(
      /^import (\{.*\}) from .*$/m,
      `const $1 = require(${JSON.stringify(umd)});`,
    );
    const shim = `const { parentPort } = require('node:worker_threads');
      var onmessage, postMessage = (data) => parentPort.postMessage(data);
      parentPort.on('message', (data) => onmessage({ data }));`;
    // as a page has it
    class PageWorker {
      readonly #worker = new Worker(`${shim}${code}`, { eval: true });
      set onmessage(hear: (message: { data: unknown }) => void) {
        this.#worker.on('message', (data) => hear({ data }));
      }
      postMessage(data: unknown) {
        this.#worker.postMessage(data);
      }
      terminate() {
        return this.#worker.terminate();
      }
    }
    const page = block('javascript', '// page.js').split('\nconst stop')[0]!;
    const decompose = new Function(
      'Worker',
      page.replace('export', 'return').replace('import.meta.url', '"file:///"'),
    )(PageWorker);
    const M = [
      [3, 0],
      [4, 5],
    ];
    let heard = 0;
    const result = await decompose(M, { budgetMs: 1e-9 }, () => heard++);
    expect(heard).toBeGreaterThan(0);
    expect(gradientSvd.residuals(M, result).reconstruction).toBeLessThan(1e-14);
    await expect(decompose(M, { rank: 3 })).rejects.toMatchObject({ code: 'invalid-rank' });
    const stop = new AbortController();
    const long = decompose(gradientSvd.manualSeed(1).rand(600, 600), {}, () => {}, stop.signal);
    stop.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
  });
});

describe('examples', () => {
  test('examples/starters stand alone, and run', async () => {
    const folder = new URL('../examples/starters/', import.meta.url);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(starters));
    for (const [name, line] of Object.entries(starters)) {
      const code = readFileSync(new URL(name, folder), 'utf8');
      expect(code.match(/ from '.*'/g)).toEqual([" from 'gradient-svd'"]);
      expect(await execute({ where: name, code })).toMatch(line);
    }
  });

  test('every other example is to be copied too: it imports packages, and files of its own folder', () => {
    const folder = new URL('../examples/', import.meta.url);
    const list = (path: string) => readdirSync(new URL(path, folder)).map((name) => `${path}${name}`);
    const all = list('./').flatMap((path) => (/\.js$|playground$/.test(path) ? path : list(`${path}/`)));
    const files = all.filter((path) => path.endsWith('.js'));
    expect(files).toContain('./notebooks.js');
    for (const file of files) {
      const code = readFileSync(new URL(file, folder), 'utf8');
      const own = file.split('/').length > 2 ? /^\.\/\w/ : /^(?!\.)/;
      const elsewhere = Array.from(code.matchAll(/ from '(\..*)'/g), ([, from]) => from!);
      expect(
        elsewhere.filter((from) => !own.test(from)),
        file,
      ).toEqual([]);
    }
  });

  test.each(examples)('$where', async (example) => {
    await execute(example);
  });

  test('are there for every function', () => {
    const functions = Object.entries({ ...sparse, ...gradientSvd }).filter(
      ([, value]) => typeof value === 'function' && !/^class/.test(String(value)),
    );
    const all = docstringExamples()
      .map(({ code }) => code)
      .join('\n');
    expect(functions.map(([name]) => name).filter((name) => !new RegExp(`\\b${name}\\(`).test(all))).toEqual(
      [],
    );
  });
});
