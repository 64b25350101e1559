/** Real data, taken from registry packages when the page is built: nothing of it is kept in this repository. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** A table with gaps: rows x columns, NaN where nothing is known. */
export interface NamedTable {
  rows: string[];
  columns: string[];
  /** row-major; null = unknown */
  values: (number | null)[];
}

interface Movie {
  Director: string | null;
  'Major Genre': string | null;
  'IMDB Rating': number | null;
}

function vegaDataset(name: string): Promise<string> {
  // its `exports` hide package.json, so it is found by its entry
  let folder = dirname(require.resolve('vega-datasets'));
  while (!folder.endsWith('vega-datasets')) folder = dirname(folder);
  return readFile(join(folder, 'data', name), 'utf8');
}

/** Mean IMDB rating by director and genre: directors known in 4 genres or more, genres known of 5 of them or more. */
async function ratings(): Promise<NamedTable> {
  const films = new Map<string, Map<string, number[]>>();
  for (const movie of JSON.parse(await vegaDataset('movies.json')) as Movie[]) {
    const { Director: director, 'Major Genre': genre, 'IMDB Rating': rating } = movie;
    if (director === null || genre === null || rating === null) continue;
    const genres = films.get(director) ?? new Map<string, number[]>();
    films.set(director, genres.set(genre, [...(genres.get(genre) ?? []), rating]));
  }
  const rows = [...films.keys()].filter((director) => films.get(director)!.size >= 4).sort();
  const known = (genre: string) => rows.filter((director) => films.get(director)!.has(genre)).length;
  const genres = new Set(rows.flatMap((director) => [...films.get(director)!.keys()]));
  const columns = [...genres].filter((genre) => known(genre) >= 5).sort();
  const values = rows.flatMap((director) =>
    columns.map((genre) => {
      const all = films.get(director)!.get(genre);
      return all ? Number((all.reduce((sum, x) => sum + x, 0) / all.length).toFixed(3)) : null;
    }),
  );
  return { rows, columns, values };
}

/** Seattle's mean temperature in degrees Celsius, by hour, each seventh day of the year. */
async function temperatures(): Promise<NamedTable> {
  const lines = (await vegaDataset('seattle-weather-hourly-normals.csv')).trim().split('\n').slice(1);
  const days = Array.from({ length: 52 }, (_, week) => lines.slice(168 * week, 168 * week + 24));
  return {
    rows: days.map(([first]) => first!.slice(5, 10)),
    columns: days[0]!.map((line) => line.slice(11, 16)),
    values: days.flatMap((day) => day.map((line) => Number(line.split(',')[2]))),
  };
}

/** Modules `virtual:ratings`, `virtual:temperatures`, `virtual:volcano` and `virtual:baboon`, each loaded by the page when it is asked for. */
export function realData(): Plugin {
  const load: Record<string, () => Promise<unknown>> = {
    ratings,
    temperatures,
    volcano: async () => JSON.parse(await vegaDataset('volcano.json')),
    baboon: async () => require('baboon-image-uri'),
  };
  return {
    name: 'real-data',
    resolveId: (id) => (id.startsWith('virtual:') && id.slice(8) in load ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith('\0virtual:')) return;
      return `export default ${JSON.stringify(await load[id.slice(9)]!())};`;
    },
  };
}
