/**
 * npm run mutation [-- --core 20 --src src/matrix.ts,src/save.ts --seed 314]: small changes of core and wrapper, each
 * of which some test has to notice. Without arguments: the whole of src/ by Stryker, and 200 mutants of assembly/.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../tools/cores.js';

const { values } = parseArgs({
  options: { core: { type: 'string' }, src: { type: 'string' }, seed: { type: 'string', default: '314' } },
});
const own = join(root, 'test/mutation');
if (!existsSync(join(own, 'node_modules'))) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--legacy-peer-deps'], {
    cwd: own,
    stdio: 'inherit',
  });
}

const whole = values.core === undefined && values.src === undefined;

if (whole || values.core !== undefined) {
  // in a copy: what is being worked on stays as it is
  const copy = join(root, 'out/mutants');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of [
    'assembly',
    'src',
    'test',
    'tools',
    'examples',
    'build',
    'dist',
    'asconfig.json',
    'package.json',
    'tsconfig.json',
  ]) {
    const filter = (path) => !/node_modules|examples.playground/.test(path);
    cpSync(join(root, name), join(copy, name), { recursive: true, filter });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const args = [join(own, 'core.js'), copy, values.core ?? '200', values.seed];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
}

if (whole || values.src !== undefined) {
  const stryker = join(own, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const args = [stryker, 'run', join(own, 'stryker.config.js')];
  if (values.src) args.push('--mutate', values.src);
  process.exitCode ||= spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status;
}
