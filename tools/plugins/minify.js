import terser from '@rollup/plugin-terser';

export const minify = () =>
  terser({
    ecma: 2020,
    // what console.log and a stack trace show
    keep_classnames: /^(Matrix|Descent|Factor\w+|Svd\w*Error)$/,
    // (statements with semicolons, functions first: gzip finds more that is alike)
    compress: { passes: 3, sequences: false, hoist_funs: true },
    format: { ascii_only: true, preserve_annotations: true },
  });
