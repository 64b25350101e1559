import type { Plugin } from 'vite';
export declare function withCores(): Plugin[];
