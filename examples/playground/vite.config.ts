/** `npm run playground`: build into out/playground, which works from any folder of any web server, and serve it. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { inlineCore, tameLoader } from '../../rollup.config.js';
import { realData } from './data.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const core = (): Plugin[] => [{ ...inlineCore(), enforce: 'pre' } as Plugin, tameLoader() as Plugin];

export default defineConfig({
  root: at('.'),
  base: './',
  plugins: [...core(), realData()],
  resolve: { alias: { 'gradient-svd': at('../../src/index.ts') } },
  worker: { format: 'es', plugins: () => core() },
  build: {
    outDir: at('../../out/playground'),
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: [at('index.html'), at('live-chart.html')] },
    modulePreload: { polyfill: false },
  },
  preview: { port: 4173, host: '127.0.0.1' },
});
