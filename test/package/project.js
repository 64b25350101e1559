/** The packed tarball, installed into a temporary project beside what it is checked with. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
export const root = join(here, '../..');
export const tools = join(here, 'node_modules');

export function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
      ...options,
    });
  } catch (error) {
    throw new Error(
      `${command} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`,
    );
  }
}

/** Bundlers, runtimes and checkers, pinned in package-lock.json; no root dependencies. */
export function installTools() {
  const stamp = join(tools, '.installed');
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, timeout: 600_000 });
  // puts bun's binary, from the package of this platform, into its place
  run(process.execPath, ['install.js'], { cwd: join(here, 'node_modules/bun') });
  writeFileSync(stamp, lock);
}

const require = createRequire(join(here, 'package.json'));

/** A tool's module. */
export const tool = (name) => import(pathToFileURL(require.resolve(name)).href);

/** Pack what is built; returns the tarball, the files in it, and a folder in which it is installed. */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'gradient-svd-'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root }),
  );
  const tarball = join(folder, packed.filename);
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
  for (const name of ['program.js', 'program.cjs', 'program.ts'])
    cpSync(join(here, name), join(project, name));
  cpSync(join(here, '../determinism/program.js'), join(project, 'determinism.js'));
  return { folder, tarball, packed, project, installed: join(project, 'node_modules/gradient-svd') };
}

/** What every host has to print. */
export function expectedLine() {
  const { total } = JSON.parse(readFileSync(join(here, '../determinism/digest.json'), 'utf8'));
  return `5.000000000,3.000000000 converged ${total}`;
}
