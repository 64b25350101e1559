/**
 * npm run docs: the documentation, in out/docs/: the README's parts and docs/guides/ in front, then every export by what
 * it is for, from the docstrings. Any warning (a name without words, a link to nowhere) fails. What that needs, TypeDoc
 * and KaTeX, is pinned in docs/package.json and installed there when it is missing (27 MB).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { categories } from './categories.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'docs');
const out = join(root, 'out/docs');

function install() {
  const stamp = join(home, 'node_modules/.installed');
  const lock = readFileSync(join(home, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('docs: installing TypeDoc and KaTeX into docs/node_modules (27 MB, once)');
  // (TypeScript, their peer, is the package's own)
  const options = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', ...options], {
    cwd: home,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  writeFileSync(stamp, lock);
}

const require = createRequire(join(home, 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

/** The README's parts that are pages of their own; what is before the first of them is the landing page. */
function pagesOfReadme() {
  const [front, ...parts] = readFileSync(join(root, 'README.md'), 'utf8').split(/^(?=## )/m);
  const folder = join(root, 'out/docs-pages');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const own = (part) => !/^## (Install|When to use)/.test(part);
  const write = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const pages = parts.filter(own).map((part, at) => {
    const title = /^## (.*)/.exec(part)[1];
    return write(
      `${at}-${title.replace(/\W+/g, '-').toLowerCase()}.md`,
      `---\ntitle: ${JSON.stringify(title)}\n---\n\n# ${part.slice(3)}`,
    );
  });
  // (the page has its title already)
  return {
    front: write('front.md', [front.replace(/^# .*/, ''), ...parts.filter((part) => !own(part))].join('')),
    pages,
  };
}

install();
console.log('docs: reading the docstrings');
const { Application, CommentTag, Comment, Converter, ReflectionKind } = await load('typedoc');
const { default: katex } = await load('@vscode/markdown-it-katex');
const { front, pages } = pagesOfReadme();
const guides = ['when-to-use-what', 'mathematics', 'lesson'].map((name) => join(home, `guides/${name}.md`));
const app = await Application.bootstrap({
  name: 'gradient-svd',
  entryPoints: [join(root, 'src/index.ts'), join(root, 'src/sparse/index.ts')],
  tsconfig: join(root, 'tsconfig.json'),
  basePath: root,
  out,
  readme: front,
  projectDocuments: [...guides, ...pages],
  // MathML: every browser of today draws it, without a stylesheet or a font
  markdownItLoader: (parser) => parser.use(katex.default ?? katex, { output: 'mathml' }),
  customCss: join(home, 'style.css'),
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  navigation: { includeCategories: true, includeGroups: false },
  categorizeByGroup: false,
  categoryOrder: [...categories.map(([name]) => name), '*'],
  sort: ['source-order'],
  intentionallyNotExported: ['numbers', 'optimizers', 'RunState', 'Entries'],
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Method'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
});
app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
  if (!reflection.parent?.kindOf(ReflectionKind.Module | ReflectionKind.Project)) return;
  const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName ?? '';
  const category = categories.find(([, files]) => files.test(file))?.[0];
  if (!category) return;
  const tag = new CommentTag('@category', [{ kind: 'text', text: category }]);
  const commented = reflection.signatures ?? [reflection];
  for (const one of commented) {
    one.comment ??= new Comment();
    one.comment.blockTags.push(tag.clone());
  }
});
const project = await app.convert();
if (!project) process.exit(1);
app.validate(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
await app.generateDocs(project, out);
console.log(`docs: ${relative(root, join(out, 'index.html'))}`);
