/** `npm run playground`: build into out/playground, which works from any folder of any web server, and serve it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { withCores } from '../../tools/plugins/index.js';
import { realData } from './data.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  base: './',
  plugins: [...withCores(), realData()],
  worker: { format: 'es', plugins: withCores },
  build: {
    outDir: at('../../out/playground'),
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: [at('index.html'), at('live-chart.html')] },
    modulePreload: { polyfill: false },
  },
  preview: { port: 4173, host: '127.0.0.1' },
});
