/** What scripts keep in README.md, each between its markers. */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../README.md', import.meta.url);

/** Puts `text` between the markers of `section`, or with `check` leaves the file alone; whether it was there already. */
export function putIntoReadme(section, text, check) {
  const [start, end] = [`<!-- ${section}:start -->`, `<!-- ${section}:end -->`];
  const readme = readFileSync(path, 'utf8');
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} ... ${end}`);
  const made = `${readme.slice(0, from) + start}\n${text}\n${readme.slice(to)}`;
  if (made !== readme && !check) writeFileSync(path, made);
  return made === readme;
}
