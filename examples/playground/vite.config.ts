/** `npm run playground`: build into out/playground, which works from any folder of any web server, and serve it. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { withCores } from '../../tools/plugins/index.js';
import { realData } from './data.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** From file:// a style sheet asked for with `crossorigin` is refused; here all is of one origin. */
const plainLinks: Plugin = {
  name: 'plain-links',
  transformIndexHtml: { order: 'post', handler: (html) => html.replaceAll(' crossorigin', '') },
};

/** The worker is started by a script of its own, as soon as that is there. */
const workerFirst: Plugin = {
  name: 'worker-first',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const boot = Object.values(bundle).find(({ name }) => name === 'boot');
      const tag = `<script type="module" async src="./${boot!.fileName}"></script>`;
      return html.includes('id="run"') ? html.replace('<script type="module"', `${tag}\n    $&`) : html;
    },
  },
};

export default defineConfig({
  root: at('.'),
  base: './',
  plugins: [...withCores(), realData(), workerFirst, plainLinks],
  worker: { format: 'es', plugins: withCores },
  build: {
    outDir: at('../../out/playground'),
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: [at('index.html'), at('live-chart.html'), at('src/boot.ts')] },
    modulePreload: { polyfill: false },
  },
  preview: { port: 4173, host: '127.0.0.1' },
});
