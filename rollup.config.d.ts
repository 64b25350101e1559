import type { Plugin } from 'rollup';
export declare function inlineCore(): Plugin;
export declare function tameLoader(): Plugin;
export declare function minify(): Plugin;
export declare function toText(bytes: Uint8Array): string;
