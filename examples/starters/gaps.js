/**
 * Gaps filled in: what would people say of what they have not seen? And how far is that to be trusted? (Marks from 1 to 5,
 * null where there is none)
 */
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

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const known = (numbers) => numbers.filter((x) => x !== null);

/** About the mean of all marks, so that nothing known means an average. */
function fill(table, options) {
  const middle = mean(known(table.flat()));
  const about = table.map((row) => row.map((x) => (x === null ? null : x - middle)));
  const filled = reconstruct(svd(about, { ...options, missing: 'nan' }));
  return (i, j) => middle + filled.get(i, j);
}

/** What one would guess without any pattern: the mean of the row, and how the column is off the mean of all. */
function plain(table) {
  const middle = mean(known(table.flat()));
  return (i, j) => mean(known(table[i])) + mean(known(table.map((row) => row[j]))) - middle;
}

/** Each mark hidden in turn: how far off is what is filled in for it? (root mean square) */
function error(filler) {
  const squares = marks.flatMap((row, i) =>
    row.flatMap((mark, j) => {
      if (mark === null) return [];
      const hidden = marks.with(i, row.with(j, null));
      return [(filler(hidden)(i, j) - mark) ** 2];
    }),
  );
  return Math.sqrt(mean(squares)).toFixed(2);
}

console.log('off by, on marks that were hidden:');
console.log(`  ${error(plain)}  means of rows and columns`);
for (const rank of [1, 2]) {
  for (const regularization of [0, 1]) {
    const filler = (table) => fill(table, { rank, regularization });
    console.log(`  ${error(filler)}  rank ${rank}, regularization ${regularization}`);
  }
}

console.log('with rank 1 and regularization 1:');
const filled = fill(marks, { rank: 1, regularization: 1 });
people.forEach((name, i) => {
  const unseen = films.flatMap((film, j) =>
    marks[i][j] === null ? [`${film} ${filled(i, j).toFixed(1)}`] : [],
  );
  console.log(`  ${name}: ${unseen.join(', ') || '-'}`);
});
