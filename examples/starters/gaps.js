/** Gaps filled in: what would people say of what they have not seen? (Marks from 1 to 5, null where there is none) */
import { reconstruct, svd } from 'gradient-svd';

const people = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn'];
const films = ['space', 'robots', 'ghosts', 'love', 'wedding'];
const marks = [
  [5, 4, null, 1, 2],
  [4, null, 3, 1, 1],
  [null, 5, 4, 2, null],
  [1, 2, null, 5, 4],
  [2, 1, 2, null, 5],
  [1, null, 1, 4, 5],
];

// about the mean of all marks, so that nothing known means an average
const known = marks.flat().filter((x) => x !== null);
const mean = known.reduce((a, b) => a + b) / known.length;
const about = marks.map((row) => row.map((x) => (x === null ? null : x - mean)));

const filled = reconstruct(svd(about, { rank: 1, missing: 'nan' }));
people.forEach((name, i) => {
  const unseen = films.flatMap((film, j) =>
    marks[i][j] === null ? [`${film} ${(filled.get(i, j) + mean).toFixed(1)}`] : [],
  );
  console.log(`${name}: ${unseen.join(', ') || '-'}`);
});
