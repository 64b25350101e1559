import { defineConfig } from 'vitest/config';
import { withCores } from '../tools/plugins/index.js';

export default defineConfig({
  plugins: withCores(),
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { inline: ['@assemblyscript/loader'] } },
    testTimeout: 60_000,
    setupFiles: process.env.CORE === 'debug' ? ['test/support/trap.ts'] : [],
  },
});
