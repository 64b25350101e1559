import { defineConfig } from 'vitest/config';
import { inlineCore, tameLoader } from '../rollup.config.js';

export default defineConfig({
  plugins: [{ ...inlineCore(), enforce: 'pre' }, tameLoader()],
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { inline: ['@assemblyscript/loader'] } },
    testTimeout: 60_000,
  },
});
