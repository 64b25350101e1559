import { defineConfig } from 'vitest/config';
import { withCores } from '../tools/plugins/index.js';

const debug = process.env.CORE === 'debug';

export default defineConfig({
  plugins: withCores(),
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { inline: ['@assemblyscript/loader'] } },
    testTimeout: debug ? 600_000 : 60_000,
    setupFiles: debug ? ['test/support/trap.ts'] : [],
  },
});
