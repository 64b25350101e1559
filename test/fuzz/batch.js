/** A batch of cases from one seed; the first finding of it is made small. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { draw, run } from './cases.js';

export const BATCH = 100;
/** Tries to make a finding small, at most. */
const TRIES = 300;

/** `began(run)` is called as each case begins; `only` cases of these kinds are drawn, or all. */
export async function batch(seed, began, only) {
  const outcomes = {};
  let cases = 0;
  let found;
  let tries = 0;
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    if (found && ++tries > TRIES) return;
    const described = draw(g, only);
    began(++cases);
    try {
      const outcome = `${described.kind}: ${await run(described)}`;
      if (!found) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      found = {
        seed,
        kind: error.kind ?? 'error',
        message: error.kind ? error.message : error.stack,
        described,
      };
      throw error;
    }
  });
  const { numRuns } = await fc.check(property, { seed, numRuns: BATCH, interruptAfterTimeLimit: 60_000 });
  if (found)
    found.described = inspect(found.described, { depth: 8, breakLength: 110, maxArrayLength: 50 }).slice(
      0,
      2000,
    );
  return { cases: numRuns, outcomes, found };
}
