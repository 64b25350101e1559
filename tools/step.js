/** One step of a build: left out where nothing it depends on has changed, and it says what it did and how long that took. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cores.js';

/** The files in these files and folders, if they are there. */
function filesOf(paths) {
  return paths.flatMap((path) => {
    const at = join(root, path);
    if (!existsSync(at)) return [];
    if (!statSync(at).isDirectory()) return [path];
    return filesOf(readdirSync(at).map((name) => `${path}/${name}`));
  });
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of filesOf(paths).sort()) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/**
 * `work` makes `outputs` of `inputs` (files and folders, their contents count), and returns what to say. What both
 * were is noted in build/, so that outputs which somebody changed or removed are made anew as well.
 */
export async function step(name, inputs, outputs, work) {
  const start = performance.now();
  const note = join(root, `build/${name}.made`);
  const now = () => [inputs, outputs].map(fingerprint).join('\n');
  if (existsSync(note) && readFileSync(note, 'utf8') === now()) {
    console.log(`${name}: nothing changed`);
    return;
  }
  const before = fingerprint(inputs);
  const made = await work();
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(note, `${before}\n${fingerprint(outputs)}`);
  console.log(`${name}: ${made}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
