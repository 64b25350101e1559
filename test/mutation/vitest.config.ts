/** The tests that mutants have to survive: those of src/ that take no build and little time. */
import { mergeConfig } from 'vitest/config';
import all from '../vitest.config.js';

export default mergeConfig(all, {
  test: { exclude: ['**/examples.test.ts', '**/fuzz.test.ts', '**/zoo.test.ts', '**/node_modules/**'] },
});
