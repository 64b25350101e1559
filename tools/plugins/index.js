/** What stands between src/ and a bundle of it, besides TypeScript. */
import { inlineCore, inlineCores } from './inline-core.js';
import { tameLoader } from './tame-loader.js';

export { coreAtEnd, declaration } from './inline-core.js';
export { minify } from './minify.js';
export { commonJsFolder, publishCore } from './published.js';
export { shortNames } from './short-names.js';

/** The wrapper with this core in it, for rollup. */
export const withCore = (name) => [inlineCore(name), tameLoader()];

/** The same for Vite and Vitest. */
export const withCores = () => [inlineCores(), tameLoader()];
