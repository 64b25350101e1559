/**
 * npm run comparison: M1..M5 by the notebooks' SGD, their Adam, and the defaults; with `-- --readme`, put into
 * README.md between its markers; with `-- --check`, compared with what is there.
 */
import { notebookAdam, notebookSgd, residuals, svd } from 'gradient-svd';
import { markdownTable } from 'markdown-table';
import { notebookMatrices } from '../examples/zoo/matrices.js';
import { putIntoReadme } from './readme.js';

const contenders = { "the notebooks' SGD": notebookSgd, "the notebooks' Adam": notebookAdam, 'svd(M)': {} };

const cell = (M, options) => {
  const result = svd(M, options);
  const off = residuals(M, result).reconstruction.toExponential(0);
  const { iterations } = result;
  return `${iterations.toLocaleString('en')} iteration${iterations === 1 ? '' : 's'}, ${off}`;
};
const rows = Object.entries(notebookMatrices).map(([name, M]) => [
  `${name}, ${M.length} x ${M[0].length}`,
  ...Object.values(contenders).map((options) => cell(M, options)),
]);
const table = markdownTable([['', ...Object.keys(contenders)], ...rows]);
console.log(table);

const check = process.argv.includes('--check');
if ((check || process.argv.includes('--readme')) && !putIntoReadme('comparison', table, check) && check) {
  console.error('\nThe comparison in README.md is not this: npm run comparison -- --readme');
  process.exitCode = 1;
}
