import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // a page can be starved on a machine that does much else; what is wrong is wrong twice
    retry: 1,
    // one browser, on a machine that may be slow
    fileParallelism: false,
  },
});
