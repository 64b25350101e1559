/** Numbers as people paste them: CSV, tabs, spaces, JSON or a spreadsheet's copy; gaps are allowed. */

export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** row-major; NaN = gap */
  readonly data: Float64Array;
  /** what was left out or understood in a way one should know of */
  readonly notes: readonly string[];
}

/** A message for people: what is wrong, where, and what would be right. */
export class PasteError extends Error {}

const most = 512;
const gap = /^(?:|-|\?|na|n\/a|nan|null|none|\.)$/i;
const quoted = (text: string) => `“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;

/** 1.5, -2e3, ? for a gap; Infinity for what is no number. */
function toNumber(text: string): number {
  const plain = text.replace(/^"(.*)"$/, '$1').trim();
  if (gap.test(plain)) return Number.NaN;
  const value = Number(plain.replace('−', '-'));
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}

const withComma = /^"?[-−+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?:e[-+]?\d+)?"?$/i;

/** 2,5 and 1.234,5, as most of the world writes them, where something else than a comma parts the entries. */
const pointed = (entry: string) =>
  withComma.test(entry) ? entry.replaceAll('.', '').replace(',', '.') : entry;

function fromJson(text: string): string[][] | undefined {
  if (!text.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PasteError(
      'This starts like JSON, but is not closed or spelt as JSON. Write [[1, 2], [3, 4]], or plain numbers, one row a line.',
    );
  }
  const rows = (value as unknown[]).map((row) => (Array.isArray(row) ? row : [row]));
  return rows.map((row) => row.map((entry) => (entry === null ? '' : String(entry))));
}

function split(line: string): string[] {
  for (const mark of ['\t', ';']) {
    if (line.includes(mark)) return line.split(mark).map((entry) => pointed(entry.trim()));
  }
  const words = line.trim().split(/\s+/);
  if (
    words.length > 1 &&
    words.some((word) => withComma.test(word)) &&
    !words.some((word) => word.endsWith(','))
  )
    return words.map(pointed);
  return line.includes(',') ? line.split(',').map((entry) => entry.trim()) : words;
}

interface Lines {
  readonly lines: string[][];
  /** the number of a row's line in what was pasted */
  readonly lineOf: (row: number) => number;
}

function toLines(text: string): Lines {
  const trimmed = text.trim();
  if (trimmed === '')
    throw new PasteError('There are no numbers here yet. Write one row a line, for example 3, 0, 2.');
  const json = fromJson(trimmed);
  if (json) return { lines: json, lineOf: (row) => row + 1 };
  // a single line of rows by semicolons, as in a link
  const byLine =
    trimmed.includes('\n') || !/;.*,|,.*;/.test(trimmed) ? text.split(/\r\n|\r|\n/) : trimmed.split(';');
  const numbered = byLine.map((line, i) => ({ line, at: i + 1 })).filter(({ line }) => line.trim() !== '');
  return { lines: numbered.map(({ line }) => split(line)), lineOf: (row) => numbered[row]!.at };
}

const isWord = (entry: string) => toNumber(entry) === Number.POSITIVE_INFINITY;

/** Without a header and row names. */
function body({ lines, lineOf }: Lines, notes: string[]): Lines {
  let first = 0;
  if (lines.length > 1 && lines[0]!.filter((x) => x !== '').every(isWord) && !lines[1]!.every(isWord)) {
    first = 1;
    notes.push(`Line ${lineOf(0)} has only words and was taken as the header.`);
  }
  const rest = lines.slice(first);
  const named = rest.length > 1 && rest[0]!.length > 1 && rest.every((row) => isWord(row[0]!));
  if (named) notes.push('The first column has only words and was taken as row names.');
  return {
    lines: rest.map((row) => row.slice(named ? 1 : 0)),
    lineOf: (row) => lineOf(row + first),
  };
}

function numbers({ lines, lineOf }: Lines): number[] {
  const columns = lines[0]!.length;
  return lines.flatMap((row, i) => {
    const line = lineOf(i);
    if (row.length !== columns) {
      const fewer = row.length < columns;
      throw new PasteError(
        `Line ${line} has ${row.length} ${row.length === 1 ? 'number' : 'numbers'}, line ${lineOf(0)} has ${columns}. ` +
          `All rows must be of one length; ${fewer ? 'write ? for a number you don’t know.' : 'is there a stray separator?'}`,
      );
    }
    return row.map((entry, j) => {
      const value = toNumber(entry);
      if (value === Number.POSITIVE_INFINITY) {
        throw new PasteError(
          `Line ${line}, entry ${j + 1}: ${quoted(entry)} is not a number. Write it like 2.5 or -3e-2, or ? for a gap.`,
        );
      }
      return value;
    });
  });
}

export function parse(text: string): Table {
  const notes: string[] = [];
  const table = body(toLines(text), notes);
  const data = numbers(table);
  const rows = table.lines.length;
  const columns = table.lines[0]!.length;
  if (rows > most || columns > most)
    throw new PasteError(`This is ${rows} × ${columns}; the page takes up to ${most} × ${most}.`);
  const gaps = data.filter(Number.isNaN).length;
  if (gaps === data.length) throw new PasteError('All entries are gaps. Give at least one number.');
  if (gaps > 0) notes.push(`${gaps} of ${data.length} entries are gaps: they are left out of the loss.`);
  return { rows, columns, data: Float64Array.from(data), notes };
}

/** The short form for the URL. */
export function compact({ rows, columns, data }: Table): string {
  return Array.from({ length: rows }, (_, i) =>
    Array.from(data.subarray(i * columns, (i + 1) * columns), (x) =>
      Number.isNaN(x) ? '?' : String(x),
    ).join(','),
  ).join(';');
}
