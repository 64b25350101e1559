/** What core and wrapper both know stands once, or is compared here: the order of an optimizer's hyper-parameters. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as optimizers from '../src/optimizers.js';

const read = (file: string) => readFileSync(`assembly/optimizers/${file}.ts`, 'utf8');

/** The fields of a class of the core, those of the class it extends first. */
function fields(source: string, name: string): string[] {
  const [, base, body] = new RegExp(`class ${name}(?: extends (\\w+))? {\\n([^}]*)}`).exec(source) ?? [];
  if (body === undefined) return [];
  const own = Array.from(body.matchAll(/^ {2}([\p{L}\p{N}]+): f64;/gmu), ([, field]) => field!);
  return base ? [...fields(read('moments'), base), ...own] : own;
}

/** The core's names for what the wrapper has in pairs, or in Latin letters. */
const names: Record<string, string[]> = {
  betas: ['β1', 'β2'],
  etas: ['down', 'up'],
  stepSizes: ['least', 'most'],
  nsCoefficients: ['a', 'b', 'c'],
  rho: ['ρ'],
};

/** Those that have the options of others, or none that the core reads in its own file. */
const others = ['adamW', 'radam', 'adamax', 'levenbergMarquardt', 'conjugateGradients'];

const own = Object.values(optimizers).map((make) => make({ lr: 1 }));

test.each(own.filter(({ name }) => !others.includes(name)))('$name', ({ name, options }) => {
  expect(existsSync(`assembly/optimizers/${name}.ts`)).toBe(true);
  const expected = Object.keys(options).flatMap((key) => {
    return name === 'rmsprop' && key === 'alpha' ? ['α'] : (names[key] ?? [key]);
  });
  expect(fields(read(name), 'Options')).toEqual(expected);
});
