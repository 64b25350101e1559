/** A bundle of the wrapper for each core: an ES module, a script that `require` takes as well, their declarations. */
import resolve from '@rollup/plugin-node-resolve';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';
import { cores } from './tools/cores.js';
import {
  commonJsFolder,
  coreAtEnd,
  minify,
  publishCore,
  shortNames,
  withCore,
} from './tools/plugins/index.js';

/** @returns {import('rollup').RollupOptions[]} */
const bundles = ({ name, bundle, source: input, global }) => [
  // (first: what they declare, the others leave as it is called)
  {
    input,
    plugins: [dts()],
    output: [{ file: `dist/${bundle}.d.ts` }, { file: `dist/umd/${bundle}.d.ts` }],
  },
  {
    input,
    plugins: [
      ...withCore(name),
      resolve(),
      typescript({ include: ['src/**/*.ts', 'assembly/**/boundary.ts'], noEmit: false, sourceMap: true }),
    ],
    output: [
      {
        file: `dist/${bundle}.js`,
        format: 'es',
        // (the namespace of optimizers is ours alone)
        freeze: false,
        sourcemap: true,
        plugins: [minify(() => shortNames(name)), coreAtEnd(name), publishCore(name)],
      },
      {
        file: `dist/umd/${bundle}.js`,
        format: 'umd',
        name: global,
        freeze: false,
        sourcemap: true,
        plugins: [minify(() => shortNames(name)), coreAtEnd(name), commonJsFolder()],
      },
    ],
  },
];

export default cores.flatMap(bundles);
