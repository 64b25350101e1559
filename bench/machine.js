// Where and with what a run was made.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url)));

function commit() {
  try {
    const git = (...args) =>
      execFileSync('git', args, { cwd: new URL('.', import.meta.url), encoding: 'utf8' }).trim();
    return (
      git('rev-parse', '--short', 'HEAD') +
      (git('status', '--porcelain', '../src', '../assembly') ? ' and changes' : '')
    );
  } catch {
    return 'unknown';
  }
}

export const machine = () => ({
  cpu: cpus()[0].model,
  cores: cpus().length,
  load: loadavg()[0],
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${type()} ${release()} ${process.arch}`,
});

export const versions = () => ({
  'gradient-svd': `${json('../package.json').version} (${commit()})`,
  node: process.versions.node,
  v8: process.versions.v8,
  ...json('package.json').dependencies,
});
