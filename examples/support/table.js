/** A Markdown table with aligned columns; the first column to the left, the others to the right. */
export function table(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column].length), 3));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(lines[0]), rule, ...lines.slice(1).map(line)].join('\n');
}

/** Prints rows with the same keys, as console.table does, without its quotes; an object's own keys come first. */
export function showTable(rows) {
  const named = Array.isArray(rows)
    ? rows
    : Object.entries(rows).map(([name, row]) => ({ '': name, ...row }));
  const head = Object.keys(named[0]);
  console.log(
    table(
      head,
      named.map((row) => head.map((key) => row[key] ?? '')),
    ),
  );
}
