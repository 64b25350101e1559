/** A few thousand cases of `npm run fuzz`, on the built package. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('fuzz/index.js', import.meta.url));

test('nothing breaks it, and converged is true', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, '--cases', '3000', '--seed', '314'],
    {
      encoding: 'utf8',
    },
  );
  expect(status, stdout + stderr).toBe(0);
}, 300_000);
