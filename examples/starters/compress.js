/** A picture as a few patterns: the best approximations of rank 1, 2, .. of a matrix, and what each costs. */
import { reconstruct, svd } from 'gradient-svd';

const picture = `
................
....########....
..##........##..
.#...##..##...#.
#....##..##....#
#..............#
#..#........#..#
.#..########..#.
..##........##..
....########....`;
const M = picture
  .trim()
  .split('\n')
  .map((line) => Array.from(line, (mark) => (mark === '#' ? 1 : 0)));

const all = svd(M).S.reduce((sum, s) => sum + s * s, 0);
for (const rank of [1, 2, 4, 6]) {
  const factors = svd(M, { rank });
  const share = factors.S.reduce((sum, s) => sum + s * s, 0) / all;
  const numbers = rank * (M.length + 1 + M[0].length);
  console.log(
    `rank ${rank}: ${numbers} numbers for ${M.length * M[0].length}, ${(100 * share).toFixed(0)}% of the squares`,
  );
  for (const row of reconstruct(factors)) {
    console.log(Array.from(row, (x) => (x > 0.75 ? '#' : x > 0.5 ? '+' : x > 0.25 ? '-' : '.')).join(''));
  }
}
