/** What lies beside the bundles. */
import { shortened } from './short-names.js';

/** What `require` and `<script>` take is CommonJS, in a folder that says so: CDNs serve no .cjs as a script. */
export function commonJsFolder() {
  return {
    name: 'common-js-folder',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
    },
  };
}

/** The core itself, for hosts that forbid compiling bytes. */
export function publishCore(name) {
  return {
    name: 'publish-core',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: `${name}.wasm`, source: await shortened(name) });
    },
  };
}
