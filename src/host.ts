/** What long work owes its host: a turn now and then, and an end when it is told so. */

import { parameter } from './check.js';
import { isObject } from './errors.js';
import type { SvdResult } from './result.js';

/** How a host follows what takes long. */
export const watchTable = /* @__PURE__ */ (() => ({
  signal: parameter(
    undefined,
    'an AbortSignal',
    (signal: unknown) => isObject(signal) && typeof (signal as AbortSignal).aborted === 'boolean',
  ),
  onProgress: parameter(undefined, 'a function', (call) => typeof call === 'function'),
}))();

/** Work was stopped by its `signal`: an `AbortError` that brings along what was found until then. */
export class SvdAbortError<Result = SvdResult> extends Error {
  override readonly name = 'AbortError';
  readonly code = 'aborted';
  constructor(
    /** `signal.reason` */
    override readonly cause: unknown,
    /** How far it came: `iteration 7`. */
    at: string,
    /** The best guess so far, with all that a result has; undefined where there is none without more products. */
    readonly result: Result,
  ) {
    super(`aborted at ${at}${result ? '; error.result has the best guess' : ''}`);
  }
}

/** Let the host do what waits: events, timers, a frame. Unlike a timer, a message is not held back in hidden tabs. */
export function turn(): Promise<unknown> {
  return new Promise((resolve) => {
    if (typeof MessageChannel !== 'function') return setTimeout(resolve, 0);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(0);
    };
    port2.postMessage(0);
  });
}
