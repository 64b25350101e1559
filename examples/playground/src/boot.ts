/** Before all else the worker: it starts, and compiles the core, while the page is still being read and laid out. */
import type { FromWorker } from './model/protocol.js';

export const worker = new Worker(new URL('./run/worker.ts', import.meta.url), { type: 'module' });

/** Its first message, kept for whoever listens later. */
export const hello = new Promise<FromWorker>((resolve, reject) => {
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => resolve(data), { once: true });
  worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
});
