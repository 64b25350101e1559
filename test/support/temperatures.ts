import { readFileSync } from 'node:fs';

/** Hourly temperature normals of Seattle in °C: days (rows) by hours (columns), of the package vega-datasets. */
export function temperatures(): number[][] {
  const file = new URL(
    '../../node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv',
    import.meta.url,
  );
  const days = new Map<string, number[]>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [time, , temperature] = line.split(',') as [string, string, string];
    const day = time.slice(0, 10);
    if (!days.has(day)) days.set(day, Array(24).fill(Number.NaN));
    days.get(day)![Number(time.slice(11, 13))] = Number(temperature);
  }
  return [...days.values()];
}
