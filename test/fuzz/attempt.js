/** Doing something that may fail, and what may come of it. */
import { Finding } from './certificate.js';
import { Injected } from './forms.js';

/** Errors that may come: of a known name and code, with a message. All else is a finding. */
export function expected(error) {
  if (error instanceof Finding) throw error;
  if (error instanceof Injected) return 'injected';
  if (error instanceof WebAssembly.RuntimeError) throw new Finding('trap', error.stack);
  const { name, code, message } = error ?? {};
  const ours =
    (name === 'SvdTypeError' && error instanceof TypeError) ||
    (name === 'SvdRangeError' && error instanceof RangeError) ||
    name === 'AbortError';
  if (!ours || typeof code !== 'string' || !(message.length > 10 && message.length < 1200)) {
    throw new Finding('untyped', error?.stack ?? String(error));
  }
  return code;
}

export const attempt = (work) => {
  try {
    return { result: work() };
  } catch (error) {
    return { error: expected(error) };
  }
};

export const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** All that an input is made of, as text. */
function plain(value) {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  return `{${Object.entries(value).map(([key, one]) => `${key}:${plain(one)}`)}}`;
}

/** No input is changed by `work`. */
export function unchanged(inputs, work) {
  const before = plain(inputs);
  const result = work();
  if (before !== plain(inputs)) throw new Finding('changed', 'an input');
  return result;
}
