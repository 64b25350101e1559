/**
 * npm run digest: compares this engine's result bits with the committed digest; with `-- --write`, renews it
 * (after a change to the arithmetic).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as gradientSvd from 'gradient-svd';
import * as sparse from 'gradient-svd/sparse';
import { digest, total } from './program.js';

const file = new URL('digest.json', import.meta.url);
const sections = await digest(gradientSvd, sparse);
const found = { total: total(sections), sections };

if (process.argv.includes('--write')) writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
else {
  const { sections: expected } = JSON.parse(readFileSync(file, 'utf8'));
  const names = new Set([...Object.keys(expected), ...Object.keys(sections)]);
  const different = [...names].filter((name) => sections[name] !== expected[name]);
  if (different.length > 0) {
    console.error(
      `Other bits than committed in: ${different.join('; ')}\nIf that is meant: npm run digest -- --write`,
    );
    process.exit(1);
  }
}
console.log(`${found.total} over ${Object.keys(sections).length} sections`);
