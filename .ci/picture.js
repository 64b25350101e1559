/**
 * npm run picture: the picture at the head of the README, as text, because pictures of a package page need an address:
 * a landscape of 61 x 87 heights, and what is left of it at rank 1 and 3. `-- --readme` and `-- --check` as elsewhere.
 */
import { readFileSync } from 'node:fs';
import { reconstruct, svd } from 'gradient-svd';
import { putIntoReadme } from './readme.js';

const SHADES = ' .:-=+*#%@';
const [DOWN, RIGHT] = [6, 4];

/** Heights of the Maungawhau volcano in metres, on a 10 m grid. */
const { width: n, values } = JSON.parse(
  readFileSync(new URL('../data/volcano.json', import.meta.resolve('vega-datasets')), 'utf8'),
);
const m = values.length / n;
const M = Array.from({ length: m }, (_, i) => values.slice(i * n, (i + 1) * n));
const low = Math.min(...M.flat());
const high = Math.max(...M.flat());

/** Means of blocks as characters: dark is low. */
function shade(rows) {
  return Array.from({ length: Math.floor(m / DOWN) }, (_, i) =>
    Array.from({ length: Math.floor(n / RIGHT) }, (_, j) => {
      const block = rows
        .slice(i * DOWN, (i + 1) * DOWN)
        .flatMap((row) => row.slice(j * RIGHT, (j + 1) * RIGHT));
      const mean = block.reduce((sum, x) => sum + x / block.length, 0);
      const share = Math.min(Math.max((mean - low) / (high - low), 0), 0.999);
      return SHADES[Math.floor(share * SHADES.length)];
    }).join(''),
  );
}

const panels = [
  { head: `M: ${m * n} numbers`, lines: shade(M) },
  ...[1, 3].map((rank) => ({
    head: `rank ${rank}: ${rank * (m + 1 + n)}`,
    lines: shade(reconstruct(svd(M, { rank })).toArray()),
  })),
];
const width = Math.floor(n / RIGHT) + 3;
const lines = [
  panels.map(({ head }) => head),
  ...panels[0].lines.map((_, i) => panels.map(({ lines }) => lines[i])),
];
const text = `\`\`\`text\n${lines
  .map((line) =>
    line
      .map((cell) => cell.padEnd(width))
      .join('')
      .trimEnd(),
  )
  .join('\n')}\n\`\`\``;
console.log(text);

const check = process.argv.includes('--check');
if ((check || process.argv.includes('--readme')) && !putIntoReadme('picture', text, check) && check) {
  console.error('\nThe picture in README.md is not this: npm run picture -- --readme');
  process.exitCode = 1;
}
