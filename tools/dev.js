/** npm run dev [-- sgd ...]: builds and tests (those whose files have such names) again after every change. */
import { startVitest } from 'vitest/node';
import { build, watched } from './build.js';

await build();
watched(() => build());
await startVitest('test', process.argv.slice(2), { config: 'test/vitest.config.ts', watch: true });
