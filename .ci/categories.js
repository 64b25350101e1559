/** What the exports are for, by the file that declares them: the order of the docs and of the README's table. */
export const categories = [
  [
    'Decompose',
    /src\/(sparse\/(svds|options|products|factor\w*)|svd|descent|slices|direct|inverse|options|result|run|save|core)\.ts$/,
  ],
  ['Matrices and factors', /src\/(sparse\/matrix|matrix|factors|random)\.ts$/],
  ['Optimizers and learning rates', /src\/(optimizers?|resolve|schedules)\.ts$/],
  ['Errors', /src\/errors\.ts$/],
];
