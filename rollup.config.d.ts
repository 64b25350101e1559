import type { Plugin } from 'rollup';
export declare function inlineCore(): Plugin;
export declare function tameLoader(): Plugin;
