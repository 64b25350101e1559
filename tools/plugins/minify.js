import terser from '@rollup/plugin-terser';

export const minify = () =>
  terser({
    ecma: 2020,
    // what console.log and a stack trace show
    keep_classnames: /^(Matrix|Descent|Factor\w+|Svd\w*Error)$/,
    compress: { passes: 3 },
    format: { ascii_only: true, preserve_annotations: true },
  });
