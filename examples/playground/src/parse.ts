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

/** 1.5, -2e3, and with a decimal comma where that is the only reading. */
function toNumber(text: string): number {
  const plain = text.replace(/^"(.*)"$/, '$1').trim();
  if (gap.test(plain)) return Number.NaN;
  const value = Number(plain.replace('−', '-'));
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}

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
  for (const mark of ['\t', ';', ',']) if (line.includes(mark)) return line.split(mark).map((x) => x.trim());
  return line.trim().split(/\s+/);
}

export function parse(text: string): Table {
  const trimmed = text.trim();
  if (trimmed === '')
    throw new PasteError('There are no numbers here yet. Write one row a line, for example 3, 0, 2.');
  const notes: string[] = [];
  let lines = fromJson(trimmed);
  /** the number of a row's line in what was pasted */
  let lineOf = (row: number) => row + 1;
  if (!lines) {
    // a single line of rows by semicolons, as in a link
    const byLine =
      trimmed.includes('\n') || !/;.*,|,.*;/.test(trimmed) ? text.split(/\r\n|\r|\n/) : trimmed.split(';');
    const numbered = byLine.map((line, i) => ({ line, at: i + 1 })).filter(({ line }) => line.trim() !== '');
    lines = numbered.map(({ line }) => split(line));
    lineOf = (row) => numbered[row]!.at;
  }
  const isWord = (entry: string) => toNumber(entry) === Number.POSITIVE_INFINITY;
  let first = 0;
  if (lines.length > 1 && lines[0]!.filter((x) => x !== '').every(isWord) && !lines[1]!.every(isWord)) {
    first = 1;
    notes.push(`Line ${lineOf(0)} has only words and was taken as the header.`);
  }
  let from = 0;
  const body = lines.slice(first);
  if (body.length > 1 && body[0]!.length > 1 && body.every((row) => isWord(row[0]!))) {
    from = 1;
    notes.push('The first column has only words and was taken as row names.');
  }
  const columns = body[0]!.length - from;
  const data: number[] = [];
  let gaps = 0;
  body.forEach((row, i) => {
    const line = lineOf(i + first);
    if (row.length - from !== columns) {
      const fewer = row.length - from < columns;
      throw new PasteError(
        `Line ${line} has ${row.length - from} ${row.length - from === 1 ? 'number' : 'numbers'}, line ${lineOf(first)} has ${columns}. ` +
          `All rows must be of one length; ${fewer ? 'write ? for a number you don’t know' : 'is there a stray separator'}${fewer ? '.' : '?'}`,
      );
    }
    row.slice(from).forEach((entry, j) => {
      const value = toNumber(entry);
      if (value === Number.POSITIVE_INFINITY) {
        throw new PasteError(
          `Line ${line}, entry ${j + 1}: ${quoted(entry)} is not a number. Write it like 2.5 or -3e-2, or ? for a gap.`,
        );
      }
      if (Number.isNaN(value)) gaps++;
      data.push(value);
    });
  });
  if (body.length > most || columns > most) {
    throw new PasteError(`This is ${body.length} × ${columns}; the page takes up to ${most} × ${most}.`);
  }
  if (gaps === data.length) throw new PasteError('All entries are gaps. Give at least one number.');
  if (gaps > 0) notes.push(`${gaps} of ${data.length} entries are gaps: they are left out of the loss.`);
  return { rows: body.length, columns, data: Float64Array.from(data), notes };
}

/** The short form for the URL. */
export function compact({ rows, columns, data }: Table): string {
  return Array.from({ length: rows }, (_, i) =>
    Array.from(data.subarray(i * columns, (i + 1) * columns), (x) =>
      Number.isNaN(x) ? '?' : String(x),
    ).join(','),
  ).join(';');
}
