/** Real data, from the vega-datasets package (BSD-3-Clause; each set has its source in its README). */
import { readFileSync } from 'node:fs';

const folder = new URL('../../node_modules/vega-datasets/data/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

/**
 * IMDB ratings by director (rows) and genre (columns), the mean where there are several, NaN where there is
 * none; directors with at least three genres.
 */
export function ratings() {
  const rated = JSON.parse(read('movies.json')).filter(
    (movie) => movie.Director && movie['Major Genre'] && movie['IMDB Rating'] !== null,
  );
  const cells = new Map();
  for (const movie of rated) {
    const genres = cells.get(movie.Director) ?? new Map();
    cells.set(movie.Director, genres);
    genres.set(movie['Major Genre'], [...(genres.get(movie['Major Genre']) ?? []), movie['IMDB Rating']]);
  }
  const genres = [...new Set(rated.map((movie) => movie['Major Genre']))].sort();
  const directors = [...cells.keys()].filter((director) => cells.get(director).size >= 3).sort();
  const mean = (list) => (list ? list.reduce((sum, x) => sum + x, 0) / list.length : NaN);
  return directors.map((director) => genres.map((genre) => mean(cells.get(director).get(genre))));
}

/** Hourly temperature normals of Seattle in °C: days (rows) by hours (columns). */
export function temperatures() {
  const days = new Map();
  for (const line of read('seattle-weather-hourly-normals.csv').trim().split('\n').slice(1)) {
    const [time, , temperature] = line.split(',');
    const day = time.slice(0, 10);
    if (!days.has(day)) days.set(day, Array(24).fill(NaN));
    days.get(day)[Number(time.slice(11, 13))] = Number(temperature);
  }
  return [...days.values()];
}

/** Heights of the Maungawhau volcano in metres, on a 10 m grid. */
export function volcano() {
  const { width, values } = JSON.parse(read('volcano.json'));
  return Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
}
