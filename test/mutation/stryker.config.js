/** Mutants of src/ by Stryker. Run from the root: index.js. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: ['src/**/*.ts', '!src/**/*.d.ts'],
  // words of messages are told by tests of what they name; what they say else is for people to read
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  // (it does not read the core's decorators, and nothing here is type-checked)
  disableTypeChecks: false,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: 'out/mutation.json' },
  tempDirName: 'out/mutation',
  ignorePatterns: [
    '/bench',
    '/out',
    '/dist',
    '/examples/playground',
    '/test/package',
    '/test/e2e',
    '/test/browser',
  ],
  concurrency: 2,
  timeoutMS: 20_000,
};
