/** What is being done, on one line of a terminal that the next replaces; nothing in a pipe, nothing when it is `done`. */
export function doing(what) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}

export const done = () => doing('');
