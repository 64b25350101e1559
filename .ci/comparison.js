/**
 * npm run comparison: M1..M5 by the notebooks' SGD, their Adam, and the defaults; with `-- --readme`, put into
 * README.md between its markers; with `-- --check`, compared with what is there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { notebookAdam, notebookSgd, residuals, svd } from 'gradient-svd';
import { matrices } from '../examples/support/matrices.js';

const contenders = { "the notebooks' SGD": notebookSgd, "the notebooks' Adam": notebookAdam, 'svd(M)': {} };

const cell = (M, options) => {
  const result = svd(M, options);
  const off = residuals(M, result).reconstruction.toExponential(0);
  return `${result.iterations.toLocaleString('en')} iterations, ${off}`;
};
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = [
  row(['', ...Object.keys(contenders)]),
  row(['---', ...Object.keys(contenders).map(() => '---')]),
  ...Object.entries(matrices).map(([name, M]) =>
    row([
      `${name}, ${M.length} x ${M[0].length}`,
      ...Object.values(contenders).map((options) => cell(M, options)),
    ]),
  ),
].join('\n');
console.log(table);

const [START, END] = ['<!-- comparison:start -->', '<!-- comparison:end -->'];
const path = new URL('../README.md', import.meta.url);
const readme = readFileSync(path, 'utf8');
const [from, to] = [readme.indexOf(START), readme.indexOf(END)];
const made = `${readme.slice(0, from) + START}\n${table}\n${readme.slice(to)}`;
if (process.argv.includes('--readme')) writeFileSync(path, made);
if (process.argv.includes('--check') && made !== readme) {
  console.error('\nThe comparison in README.md is not this: npm run comparison -- --readme');
  process.exitCode = 1;
}
