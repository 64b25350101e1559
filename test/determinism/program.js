/**
 * One fixed program over all there is, its result bits hashed section by section: the same in every engine.
 * Plain JavaScript with no imports, so that any host or bundler can run it; it takes the namespaces of the package.
 */

/** FNV-1a over 32-bit words, two lanes with a different offset: 64 bits to tell results apart by. */
class Hash {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  /** Numbers, strings, (typed) arrays and plain objects of them, field by field. */
  add(value) {
    if (typeof value === 'number') this.#words(new Uint32Array(Float64Array.of(value).buffer));
    else if (ArrayBuffer.isView(value)) this.#words(new Uint32Array(Float64Array.from(value).buffer));
    else if (typeof value === 'string')
      this.#words(Array.from(value, (character) => character.charCodeAt(0)));
    else for (const key of Object.keys(value)) this.add(key).add(value[key]);
    return this;
  }

  #words(words) {
    for (const word of words) {
      this.#a = Math.imul(this.#a ^ word, 0x01000193);
      this.#b = Math.imul(this.#b ^ word, 0x01000193);
      // the low bits of a product never see the high ones
      this.#a ^= this.#a >>> 15;
      this.#b ^= this.#b >>> 13;
    }
  }

  toString() {
    return [this.#a, this.#b].map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

const hash = (value) => String(new Hash().add(value));

/** The optimizers are the exports that make what bears their own name. */
function optimizers(g) {
  const made = {};
  for (const [name, make] of Object.entries(g)) {
    for (const options of [{ lr: 0.02 }, undefined]) {
      try {
        const optimizer = make(options);
        // initialize and svdAsync promise something
        optimizer?.catch?.(() => {});
        if (optimizer?.name === name) made[name] ??= optimizer;
      } catch {
        // no optimizer, or one without a learning rate
      }
    }
  }
  return made;
}

/** Options of the schedules; one that is not here fails for want of some. */
const rates = {
  step: { lr: 0.9, stepSize: 3, gamma: 0.7 },
  exponential: { lr: 0.9, gamma: 0.93 },
  cosine: { lr: 0.9, tMax: 13 },
  oneCycle: { maxLr: 0.9, totalSteps: 50 },
  linearWarmup: { lr: 0.9 },
};

/** One hash where all results are the same, as they should be; else each one's. */
const alike = (...results) => [...new Set(results.map(hash))].join(' or ');

/** Sparse matrices of every kind: { name: [matrix, rank] } */
function sparseMatrices(draw) {
  const scattered = (seed, rows, columns, count) => {
    const entries = Array.from(draw(seed, count, 3));
    return {
      rows,
      columns,
      row: entries.map(([a]) => Math.floor(rows * a)),
      col: entries.map(([, b]) => Math.floor(columns * b)),
      data: entries.map(([, , c]) => c - 0.3),
    };
  };
  const diagonal = (data) => ({
    rows: data.length,
    columns: data.length,
    row: data.map((_, i) => i),
    col: data.map((_, i) => i),
    data,
  });
  const list = (length, value) => Array.from({ length }, (_, i) => value(i));
  let last = 2;
  const decaying = list(150, () => (last *= 0.8));
  const tall = scattered(21, 120, 40, 500);
  return {
    tall: [tall, 7],
    wide: [scattered(22, 40, 120, 500), 40],
    square: [scattered(23, 200, 200, 1500), 12],
    'empty rows and columns': [scattered(24, 100, 100, 40), 30],
    'one value many times': [diagonal(list(60, (i) => (i < 50 ? 1 : 0))), 9],
    clusters: [diagonal(list(80, (i) => 3 - (i % 4) + i * 1e-9)), 10],
    decades: [diagonal(decaying), 30],
    'times 1e150': [{ ...tall, data: tall.data.map((x) => 1e150 * x) }, 7],
    'times 1e-150': [{ ...tall, data: tall.data.map((x) => 1e-150 * x) }, 7],
  };
}

/** Sections of `gradient-svd/sparse`: the largest singular values, in memory and not. */
async function svdsSections({ svds, svdsAsync, project }, draw) {
  const sections = {};
  const zoo = sparseMatrices(draw);
  for (const [name, [A, rank]] of Object.entries(zoo)) {
    sections[`svds, ${name}`] = alike(svds(A, { rank }), await svdsAsync(A, { rank }));
  }
  const [A] = zoo.tall;
  const { rows, columns } = A;
  const found = svds(A, { rank: 3 });
  sections['svds, warm'] = hash(svds(A, { rank: 3, init: found, seed: 5 }));
  sections['svds, out of iterations'] = hash(svds(A, { rank: 3, iterations: 2 }));
  sections['svds, projected'] = hash(project(A, found));

  const M = Array.from({ length: rows }, () => new Array(columns).fill(0));
  for (const [e, i] of A.row.entries()) M[i][A.col[e]] += A.data[e];
  const transposed = M[0].map((_, j) => M.map((row) => row[j]));
  const times = (N) => (X) => {
    const panel = X.toArray();
    return N.map((row) => panel[0].map((_, b) => row.reduce((sum, x, j) => sum + x * panel[j][b], 0)));
  };
  const operator = {
    rows,
    columns,
    multiply: times(M),
    multiplyTransposed: async (Y) => times(transposed)(Y),
  };
  sections['svds, operator'] = hash(await svdsAsync(operator, { rank: 7 }));

  const blocks = (size) => ({
    columns,
    *blocks() {
      for (let i = 0; i < rows; i += size) yield M.slice(i, i + size);
    },
  });
  const ofBlocks = [];
  for (const size of [rows, 50, 7]) {
    const found = await svdsAsync(blocks(size), { rank: 7 });
    const U = [];
    for await (const { data } of project(blocks(size), found)) U.push(...data);
    ofBlocks.push({ ...found, U });
  }
  sections['svds, blocks'] = alike(...ofBlocks);
  sections['svds, blocks and in memory'] = alike(svds(A, { rank: 7 }).S, ...ofBlocks.map(({ S }) => S));
  return sections;
}

/** Sections of `gradient-svd/sparse`: ratings. */
async function factorizeSections({ factorize, factorizeAsync }, draw) {
  const entries = Array.from(draw(31, 1500, 3), ([a, b, c]) => {
    const [i, j] = [Math.floor(60 * a), Math.floor(40 * b)];
    return [i, j, ((i % 5) - 2) * ((j % 3) - 1) + c];
  });
  const weights = entries.map(([i]) => 1 + (i % 2));
  const options = { rank: 3, range: [-3, 3] };
  const bits = (found) => found.toJSON();
  const found = factorize(entries, { ...options, regularization: 0.5 });
  const row = found.foldIn([
    [0, 2],
    [5, -1],
  ]);
  return {
    factorize: hash(bits(found)),
    'factorize, weights': hash(
      bits(factorize(entries, { ...options, regularization: 0.5, weights, biases: false })),
    ),
    'factorize, by validation': alike(
      bits(factorize(entries, options)),
      bits(await factorizeAsync(entries, options)),
    ),
    'factorize, predicted': hash([
      found.predict(3, 4),
      found.recommend(7, { count: 5 }),
      row.factors,
      row.predict(9),
    ]),
  };
}

/** { section: hash of its results }, of `gradient-svd` and `gradient-svd/sparse` */
export async function digest(g, sparse) {
  const draw = (seed, rows, columns) => g.manualSeed(seed).rand(rows, columns);
  const M = draw(11, 7, 5);
  const short = { iterations: 60, tolerance: 0 };
  const sections = {};

  for (const [name, optimizer] of Object.entries(optimizers(g)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const diagonal of ['signed', 'squared']) {
      sections[`${name}, ${diagonal}`] = hash(g.svd(M, { ...short, optimizer, diagonal }));
    }
    const first = g.descend(M, { optimizer, tolerance: 0, iterations: 40, rank: 3 });
    first.step(7);
    const second = g.resume(first.save());
    for (const descent of [first, second]) descent.step(20);
    const [a, b] = [first, second].map((descent) => hash(descent.result()));
    sections[`${name}, resumed`] = a === b ? a : `${a}, resumed ${b}`;
    first.dispose();
    second.dispose();
  }

  const sgd = g.sgd({ lr: 0.5, momentum: 0.9 });
  sections.rates = hash(
    g.svd(M, { ...short, optimizer: g.sgd({ lr: (t) => 0.9 / (1 + t), momentum: 0.9 }) }),
  );
  for (const [name, make] of Object.entries(g.schedules)) {
    const lr = make(rates[name]);
    sections[`schedule, ${name}`] = hash(g.svd(M, { ...short, optimizer: g.sgd({ lr, momentum: 0.9 }) }));
  }
  sections.diverging = hash(g.svd(M, { optimizer: sgd, normalize: false, init: 'uniform' }));
  sections['penalties, history'] = hash(
    g.svd(M, { ...short, optimizer: sgd, penalty: { U: 0.1, V: 1 }, history: 7 }),
  );
  sections['notebook, SGD'] = hash(g.svd(draw(314, 5, 4), { ...g.notebookSgd, iterations: 2000 }));
  sections['notebook, Adam'] = hash(g.svd(draw(314, 5, 4), { ...g.notebookAdam, iterations: 2000 }));

  sections['notebook, inverse'] = hash(g.invert(draw(314, 4, 4), { ...g.notebookInverse, iterations: 2000 }));

  const shapes = [[1, 1], [4, 1], [1, 4], [5, 4], [4, 7], [20, 20], [33, 17], [70, 66]]; // biome-ignore format: a list
  for (const [rows, columns] of shapes) {
    const A = draw(rows + columns, rows, columns);
    const found = g.svd(A);
    sections[`${rows} x ${columns}`] = hash(found);
    const direct = g.directSvd(A);
    sections[`${rows} x ${columns}, direct`] = hash(direct);
    sections[`${rows} x ${columns}, compared`] = hash([g.compare(found, direct), g.residuals(A, found)]);
  }
  const thin = g.svd(draw(3, 12, 9), { rank: 3 });
  sections['rank 3'] = hash(thin);
  sections.reconstructed = hash([g.reconstruct(thin), g.pseudoInverse(thin)]);
  sections.warm = hash(g.svd(draw(3, 12, 9), { rank: 3, init: thin }));

  const holes = draw(5, 9, 8);
  for (let at = 0; at < holes.data.length; at += 7) holes.data[at] = Number.NaN;
  sections.missing = hash(g.svd(holes, { rank: 2, missing: 'nan', iterations: 200 }));
  sections.weights = hash(g.svd(M, { weights: draw(6, 7, 5), rank: 2, iterations: 200 }));

  return { ...sections, ...(await svdsSections(sparse, draw)), ...(await factorizeSections(sparse, draw)) };
}

/** One line for all sections. */
export const total = (sections) => hash(sections);
