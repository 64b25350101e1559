/** The program through every bundler, in every format it makes; each is one file to be run or loaded. */
import { join } from 'node:path';
import { tool } from './project.js';

const esbuild = (format) => async (project, out) => {
  const { build } = await tool('esbuild');
  const outfile = join(out, `esbuild-${format}.${format === 'esm' ? 'mjs' : 'cjs'}`);
  await build({
    absWorkingDir: project,
    entryPoints: ['program.js'],
    bundle: true,
    minify: true,
    format,
    outfile,
    logLevel: 'error',
  });
  return outfile;
};

const webpack = (mode) => async (project, out) => {
  const { default: compile } = await tool('webpack');
  const filename = `webpack-${mode}.cjs`;
  await new Promise((done, failed) => {
    compile(
      { mode, context: project, entry: './program.js', target: 'web', output: { path: out, filename } },
      (error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings()) failed(error ?? new Error(stats.toString()));
        else done();
      },
    );
  });
  return join(out, filename);
};

async function vite(project, out) {
  const { build } = await tool('vite');
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: out,
      emptyOutDir: false,
      rolldownOptions: { input: join(project, 'program.js'), output: { entryFileNames: 'vite.mjs' } },
    },
  });
  return join(out, 'vite.mjs');
}

/** Rollup resolves no packages by itself. */
const nodeModules = (project) => ({
  name: 'node-modules',
  resolveId(id) {
    const [name, bundle = name] = id.split('/');
    return name === 'gradient-svd' ? join(project, `node_modules/gradient-svd/dist/${bundle}.js`) : null;
  },
});

async function rollup(project, out) {
  const { rollup } = await tool('rollup');
  const bundle = await rollup({
    input: join(project, 'program.js'),
    plugins: [nodeModules(project)],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const file = join(out, 'rollup.mjs');
  await bundle.write({ file, format: 'es' });
  return file;
}

export const bundlers = {
  'esbuild, iife': esbuild('iife'),
  'esbuild, cjs': esbuild('cjs'),
  'esbuild, esm': esbuild('esm'),
  'webpack, production': webpack('production'),
  'webpack, development': webpack('development'),
  vite,
  rollup,
};

/** What is left in a bundle that imports so much of the package. */
export async function shaken(project, code) {
  const { build } = await tool('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}
