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

/** CPU seconds of this process and of those it has started, as far as the system tells. */
export function cpuTime() {
  const { user, system } = process.cpuUsage();
  let children = 0;
  try {
    // cutime and cstime, in hundredths
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    children = (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {}
  return (user + system) / 1e6 + children;
}

export const versions = () => ({
  'gradient-svd': `${json('../package.json').version} (${commit()})`,
  node: process.versions.node,
  v8: process.versions.v8,
  ...json('package.json').dependencies,
});
