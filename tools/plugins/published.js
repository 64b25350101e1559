/** What lies beside the bundles. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../cores.js';

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
      const fileName = `${name}.wasm`;
      this.emitFile({ type: 'asset', fileName, source: await readFile(join(root, 'build', fileName)) });
    },
  };
}
