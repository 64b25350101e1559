/** How the core starts, or does not: every way leaves a package that works. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** What both packages have in common: a core of their own, which finds the singular value of (3). */
const packages = [
  {
    core: 'core',
    async load() {
      const { initialize, svd } = await import('gradient-svd');
      return { initialize, decompose: () => svd([[3]]) };
    },
  },
  {
    core: 'sparse',
    async load() {
      const { initialize, svds } = await import('gradient-svd/sparse');
      return { initialize, decompose: () => svds([[0, 0, 3]], { rank: 1 }) };
    },
  },
];

beforeEach(() => {
  // packages whose cores have not started
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const build = process.env.CORE === 'debug' ? '.debug.wasm' : '.wasm';
const empty = () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

describe.each(packages)('$core', ({ core, load }) => {
  let library: Awaited<ReturnType<typeof load>>;
  beforeEach(async () => {
    library = await load();
  });
  const works = () => expect(library.decompose().S[0]).toBeCloseTo(3, 12);
  const bytes = readFileSync(new URL(`../build/${core}${build}`, import.meta.url));

  // biome-ignore lint/suspicious/noExplicitAny: these are the calls that types forbid
  const wrong: [string, () => any][] = [
    ['an empty module', empty],
    // that of another build has another id at its end
    [
      'another core',
      () => new WebAssembly.Module(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))),
    ],
    ['bytes', () => bytes],
    ['null', () => null],
    ['an object that calls itself a module', () => ({ [Symbol.toStringTag]: 'WebAssembly.Module' })],
  ];

  test.each(wrong)('%s is refused, before the core has started and after', async (_, module) => {
    const error = {
      name: 'SvdTypeError',
      code: 'invalid-option',
      message: new RegExp(`^module is .*; give .*gradient-svd/${core}\\.wasm`),
    };
    const refused = expect.objectContaining({ ...error, message: expect.stringMatching(error.message) });
    await expect(library.initialize(module())).rejects.toEqual(refused);
    works();
    await expect(library.initialize(module())).rejects.toEqual(refused);
    works();
  });

  test('its own module', async () => {
    await library.initialize(new WebAssembly.Module(bytes));
    vi.stubGlobal('WebAssembly', undefined);
    works();
  });

  test('a host without WebAssembly, or that forbids it for a while', async () => {
    const failed = expect.objectContaining({
      name: 'SvdTypeError',
      code: 'no-webassembly',
      cause: expect.any(Error),
    });
    vi.stubGlobal('WebAssembly', undefined);
    expect(library.decompose).toThrow(failed);
    await expect(library.initialize()).rejects.toEqual(failed);
    vi.unstubAllGlobals();
    const compile = vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new Error('not now'));
    await expect(Promise.all([library.initialize(), library.initialize()])).rejects.toEqual(failed);
    compile.mockRestore();
    await library.initialize();
    works();
  });
});

test('what runs already is kept, however many start it at once', async () => {
  const library = await import('gradient-svd');
  const bytes = readFileSync(new URL(`../build/core${build}`, import.meta.url));
  const starts = [
    library.initialize(),
    library.initialize(new WebAssembly.Module(bytes)),
    library.initialize(),
  ];
  const d = library.descend([
    [3, 0],
    [4, 5],
  ]);
  d.step(2);
  await Promise.all(starts);
  // were it another core by now, this descent would be lost
  d.step(Infinity);
  expect(d.result()).toEqual(
    library.svd([
      [3, 0],
      [4, 5],
    ]),
  );
  d.dispose();
});
