import { minify as terser } from 'terser';

/** Minifies a bundle; `rename`: what members of the core are called in it, by what they are called in src/. */
export const minify = (rename = async () => ({})) => ({
  name: 'minify',
  async renderChunk(code, _chunk, { format, sourcemap }) {
    const props = Object.entries(await rename()).map(([name, short]) => [`$${name}`, short]);
    return terser(code, {
      ecma: 2020,
      module: format === 'es',
      sourceMap: Boolean(sourcemap),
      // what console.log and a stack trace show
      keep_classnames: /^(Matrix|Descent|Factor\w+|Svd\w*Error)$/,
      // (statements with semicolons, functions first: gzip finds more that is alike)
      compress: { passes: 3, sequences: false, hoist_funs: true },
      mangle: { properties: { only_cache: true } },
      nameCache: { props: { props: Object.fromEntries(props) } },
      // (lines and not semicolons: where nobody catches an error, Node prints the line that threw it)
      format: { ascii_only: true, preserve_annotations: true, semicolons: false },
    });
  },
});
