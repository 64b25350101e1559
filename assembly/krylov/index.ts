// The k largest singular values of M, from products MᵀM X alone: descent on |M - M V Vᵀ|²/2 = (|M|² - |M V|²)/2 over
// V with orthonormal columns. Its gradient is -MᵀM V, and instead of a step along it the loss is made least over all
// combinations of the gradients so far: thick-restart block Lanczos (Golub and Underwood 1977; Wu and Simon 2000).
//
//     Q = [Q₀ Q₁ .. Qⱼ]        panels of 4 orthonormal columns
//     W = MᵀM Qⱼ               asked of whoever runs this: reverse communication
//     T = QᵀMᵀM Q,  W - Q QᵀW = Qⱼ₊₁ R
//     T = Y diag(θ) Yᵀ         V = Q Y,  |MᵀM v - θ v| = |R y|, y the last four rows of Y
//
// When Q is full, its best combinations become the new Q. From a block of four, no more than four columns can come that
// belong to one singular value: where four values of V are equal, a random block joins Q, and all goes on until that
// brings nothing. MᵀM squares what is small: the end is made with M, from G = (M V)ᵀ(M V) (ritz.ts); what then still has
// a residual is done again with M less what is done, (I - U Uᵀ) M, for which 6 more digits are within reach.

import { addDots, addProduct, expand, project, ROTATED, rotate } from '../kernels/panels';
import { multiplyAdd } from '../kernels/vector';
import { alloc } from '../memory';
import { DONE, FINAL, PRODUCT } from '../sparse/boundary';
import { Vector } from '../views';
import { eigen } from './eigen';
import { singular } from './ritz';

/** 2^-52 */
const EPSILON: f64 = reinterpret<f64>(0x3cb0000000000000);
/** Relative to |MᵀM|, or |M|: what is noise. */
const NOISE: f64 = 8 * EPSILON;
/** What is left of a column once orthogonalized, at least; less is orthogonalized again, ... */
const LOST: f64 = 0.03;
/** ... and less than this is nothing. */
const NOTHING: f64 = 64 * EPSILON;
/** θ are of one cluster where they differ by less than this share. */
const CLUSTER: f64 = 1e-6;
/** Below this share of the largest, singular values may have lost digits in MᵀM. */
export const SMALL: f64 = 1e-3;

@unmanaged
export class Krylov {
  /** Length of the vectors. */
  n: i32;
  k: i32;
  /** Panels that Q has room for, and panels in all. */
  room: i32;
  panels: i32;
  /** Steps that may be made. */
  most: i32;
  /** What is asked for. */
  phase: i32;
  converged: bool;
  /** The panel whose product is asked for. */
  at: i32;
  /** The first one since Q was made anew. */
  start: i32;
  /** Columns of Q that are not 0 to fill a panel. */
  columns: i32;
  /** Leading columns of Q that are done, and left out of M. */
  locked: i32;
  /** Products until T is looked at again. */
  wait: i32;
  /** A random block has joined: is V all there is? */
  verifying: bool;
  passes: i32;
  products: i32;
  count: i32;
  /** State of the generator of random blocks. */
  draw: u64;
  tolerance: f64;
  /** Which columns of the latest panel are not 0, a bit each. */
  live: i32;
  /** Whoever runs this can leave columns out of M. */
  canLock: bool;
  /** It started with what somebody gave, which need not have a part of everything. */
  warm: bool;
  /** Σ θ before a random block joined. */
  before: f64;
  /** The largest residual at the last look, in units of what it may be, and passes until then. */
  worst: f64;
  looked: i32;
  X: usize;
  Z: usize;
  /** Panels of Q. */
  Q: usize;
  T: Vector;
  /** T, to be destroyed; [L | Lᵀ⁻¹] of the end */
  work: Vector;
  /** Rows of Yᵀ. */
  E: Vector;
  G: Vector;
  /** Singular values at the end. */
  sigma: Vector;
  /** T's diagonal where Q is made anew. */
  S: Vector;
  W: Vector;
  d: Vector;
  e: Vector;
  p: Vector;
  residuals: Vector;
  /** 4 x 4 by panel. */
  H: Vector;
  R: Vector;
  R1: Vector;
  order: usize;
  scratch: usize;

  panel(q: i32): usize {
    return this.Q + ((<usize>q * <usize>this.n) << 5);
  }

  /** Rows of T. */
  get ld(): i32 {
    return 4 * this.room;
  }
}

/** Where the next buffer of a new run begins. */
let cursor: usize = 0;

function take(words: f64): Vector {
  const at = cursor;
  cursor += (<usize>words) << 3;
  return Vector.at(at);
}

/** Room for a run; `k` columns of vectors of length `n`; traps if there is none. */
export function krylov(n: i32, k: i32, tolerance: f64, most: i32, seed: f64, canLock: bool): Krylov {
  const head = (offsetof<Krylov>() + 15) & ~15;
  // (where it holds everything: one more, as what is locked may leave a panel half empty)
  const room = (min(2 * k + 40, n + 4) + 3) >> 2,
    kept = (k + 3) >> 2,
    panels = max(room + 1, 2 * kept),
    ld = 4 * room;
  const square = <f64>ld * <f64>ld,
    ends = 16 * <f64>(kept * kept),
    work = max(square, 2 * ends),
    column = <f64>(ld + 4),
    basis = 4 * <f64>n * <f64>panels,
    rotated = <f64>(4 * ROTATED * panels),
    small = <f64>(16 * panels + 32);
  cursor = alloc(<f64>head / 8 + basis + 2 * square + work + 2 * ends + 7 * column + small + rotated);
  const s = changetype<Krylov>(cursor);
  memory.fill(cursor, 0, head);
  cursor += head;
  s.n = n;
  s.k = k;
  s.room = room;
  s.panels = panels;
  s.most = most;
  s.tolerance = tolerance;
  s.draw = <u64>seed * 2 + 1;
  s.canLock = canLock;
  s.Q = changetype<usize>(take(basis));
  s.scratch = changetype<usize>(take(rotated));
  s.T = take(square);
  s.E = take(square);
  s.work = take(work);
  s.G = take(ends);
  s.W = take(ends);
  s.H = take(small - 32);
  s.R = take(16);
  s.R1 = take(16);
  s.S = take(column);
  s.sigma = take(column);
  s.d = take(column);
  s.e = take(column);
  s.p = take(column);
  s.residuals = take(column);
  s.order = changetype<usize>(take(column));
  return s;
}

/** A random column c of the panel W, of `rows` rows; xorshift64* (Vigna 2016), its upper 32 bits. */
export function randomColumn(s: Krylov, rows: i32, W: Vector, c: i32): void {
  let draw = s.draw;
  for (let i = 0, end = 4 * rows; i < end; i += 4) {
    draw ^= draw >> 12;
    draw ^= draw << 25;
    draw ^= draw >> 27;
    W[i + c] = <f64>(<u32>((draw * 2685821657736338717) >> 32)) / 4294967296.0 - 0.5;
  }
  s.draw = draw;
}

/**
 * R (upper triangle) with RᵀR = G (4 x 4). A column that depends on those before it, as far as G can tell, is left as
 * short as it becomes: the next round sees what it is. Columns of which nothing is left of `whole`, and those beyond the `most` that there can be, have rows of 0.
 * Returns the others, a bit each.
 */
function triangle(G: Vector, whole: Vector, most: i32, R: Vector): i32 {
  let live = 0;
  memory.fill(changetype<usize>(R), 0, 128);
  for (let c = 0; c < 4; c++) {
    const g = G[5 * c];
    let rest = g;
    for (let i = 0; i < c; i++) {
      let sum = G[4 * i + c];
      for (let j = 0; j < i; j++) sum -= R[4 * j + i] * R[4 * j + c];
      const r = R[5 * i] > 0 ? sum / R[5 * i] : 0;
      R[4 * i + c] = r;
      rest -= r * r;
    }
    if (popcnt(live) == most || !(g > NOTHING * NOTHING * whole[c])) continue;
    R[5 * c] = sqrt(rest > 1e-8 * g ? rest : g);
    live |= 1 << c;
  }
  return live;
}

/** X = R⁻¹ for a triangle (4 x 4), column by column; those of dead columns are 0. */
function invert(R: Vector, X: Vector): void {
  memory.fill(changetype<usize>(X), 0, 128);
  for (let c = 0; c < 4; c++) {
    if (R[5 * c] == 0) continue;
    const by = 1 / R[5 * c];
    X[5 * c] = by;
    for (let i = 0; i < c; i++) {
      let sum: f64 = 0;
      for (let j = i; j < c; j++) sum += X[4 * i + j] * R[4 * j + c];
      X[4 * i + c] = -sum * by;
    }
  }
}

/** R = R1 R for triangles. */
function accumulate(R1: Vector, R: Vector): void {
  for (let i = 0; i < 4; i++) {
    for (let c = i; c < 4; c++) {
      let sum: f64 = 0;
      for (let l = i; l <= c; l++) sum += R1[4 * i + l] * R[4 * l + c];
      R[4 * i + c] = sum;
    }
  }
}

/**
 * W = W' R1 with orthonormal W', which takes its place (Cholesky QR); R = R1 R. A column of which nothing is left of its
 * squared length `whole` becomes random while there are directions left, 0 afterwards. Returns whether one is short beside
 * what was `taken` from it, so that there may be more to take.
 */
function normalize(s: Krylov, W: usize, whole: Vector, taken: Vector): bool {
  const G = s.scratch,
    X = Vector.at(s.scratch + 128),
    copy = s.scratch + 256,
    R1 = s.R1;
  memory.fill(G, 0, 128);
  addDots(s.n, W, W, G, 32);
  s.live = triangle(Vector.at(G), whole, s.n - s.columns, R1);
  invert(R1, X);
  accumulate(R1, s.R);
  for (let i = 0; i < s.n; i += ROTATED) {
    const some = min(ROTATED, s.n - i),
      bytes = (<usize>some) << 5,
      at = W + ((<usize>i) << 5);
    memory.copy(copy, at, bytes);
    memory.fill(at, 0, bytes);
    addProduct(some, copy, changetype<usize>(X), 32, at);
  }
  let again: bool = false;
  for (let c = 0; c < 4; c++) {
    if (s.live & (1 << c)) {
      if (R1[5 * c] * R1[5 * c] < LOST * LOST * taken[c]) again = true;
    } else if (s.columns + popcnt(s.live) < s.n) {
      randomColumn(s, s.n, Vector.at(W), c);
      s.live |= 1 << c;
      again = true;
    }
  }
  return again;
}

/** t += the squared lengths of the columns of W */
function addSquares(rows: i32, W: usize, t: Vector): void {
  let a = v128.load(changetype<usize>(t)),
    b = v128.load(changetype<usize>(t), 16);
  for (const end = W + ((<usize>rows) << 5); W < end; W += 32) {
    const x = v128.load(W),
      y = v128.load(W, 16);
    a = multiplyAdd(a, x, x);
    b = multiplyAdd(b, y, y);
  }
  v128.store(changetype<usize>(t), a);
  v128.store(changetype<usize>(t), b, 16);
}

/** T's columns of panel j += H R, but for rows of what is locked. */
function addToT(s: Krylov, j: i32): void {
  const H = s.H,
    R = s.R,
    T = s.T,
    ld = s.ld;
  for (let i = s.locked, end = 4 * (j + 1); i < end; i++) {
    for (let c = 0; c < 4; c++) {
      let sum: f64 = 0;
      for (let l = 0; l < 4; l++) sum += H[4 * i + l] * R[4 * l + c];
      T[i * ld + 4 * j + c] = T[i * ld + 4 * j + c] + sum;
    }
  }
}

/** T's rows of panel j from its columns. */
function mirror(s: Krylov, j: i32): void {
  const T = s.T,
    ld = s.ld;
  for (let c = 4 * j; c < 4 * j + 4; c++) {
    for (let i = 0; i < c; i++) {
      if (i >= 4 * j) T[i * ld + c] = (T[i * ld + c] + T[c * ld + i]) / 2;
      T[c * ld + i] = T[i * ld + c];
    }
  }
}

/**
 * W - Q QᵀW = W' R for the first `panels` panels of Q, W' in the place of W; and with W = MᵀM Qⱼ, T's columns of Qⱼ. First
 * what W has of the last two panels is taken away, which is all there is but for rounding, unless Q has just been made
 * anew; then what it has of any. (At once, what panels lack of being orthogonal would grow from each to the next.)
 */
function orthogonalize(s: Krylov, panels: i32, W: usize, j: i32): void {
  const H = s.H,
    R = s.R,
    whole = s.p,
    taken = s.p.from(4);
  memory.fill(changetype<usize>(R), 0, 128);
  for (let c = 0; c < 4; c++) R[5 * c] = 1;
  let again: bool = true;
  for (let round = 0; again && round < 8; round++) {
    const from = round == 0 && j > s.start ? panels - 2 : 0;
    memory.fill(changetype<usize>(H), 0, (<usize>panels) << 7);
    memory.fill(changetype<usize>(taken), 0, 32);
    project(s.n, panels - from, s.panel(from), W, changetype<usize>(H.from(16 * from)));
    if (j >= 0) addToT(s, j);
    for (let i = 16 * from, end = 16 * panels; i < end; i++) {
      taken[i & 3] = taken[i & 3] + H[i] * H[i];
      H[i] = -H[i];
    }
    expand(s.n, panels - from, s.panel(from), changetype<usize>(H.from(16 * from)), W);
    if (round == 0) {
      for (let c = 0; c < 4; c++) whole[c] = taken[c];
      addSquares(s.n, W, whole);
      if (panels > 0) continue;
    }
    again = normalize(s, W, whole, taken);
    for (let c = 0; c < 4; c++) {
      whole[c] = 1;
      taken[c] = 1;
    }
    if (!again) again = normalize(s, W, whole, taken);
  }
}

/** A random block for panel q, orthogonal to those before. */
function randomPanel(s: Krylov, q: i32): void {
  const W = s.panel(q);
  for (let c = 0; c < 4; c++) randomColumn(s, s.n, Vector.at(W), c);
  orthogonalize(s, q, W, -1);
}

function asks(s: Krylov, phase: i32): i32 {
  s.phase = phase;
  return phase;
}

/** Asks for the product of panel q. */
function ask(s: Krylov, q: i32): i32 {
  s.at = q;
  s.columns += popcnt(s.live);
  s.X = s.panel(q);
  s.Z = s.panel(q + 1);
  s.count = 1;
  return asks(s, PRODUCT);
}

/** T = Y diag(θ) Yᵀ; θ in d, in the order of `order`; of Y all rows, or the last four. Returns how many rows. */
function decompose(s: Krylov, all: bool): i32 {
  const size = 4 * (s.at + 1),
    r = all ? size : 4,
    ld = s.ld,
    T = changetype<usize>(s.T),
    E = s.E;
  for (let i = 0; i < size; i++) {
    memory.copy(
      changetype<usize>(s.work) + ((<usize>(i * size)) << 3),
      T + ((<usize>(i * ld)) << 3),
      (<usize>size) << 3,
    );
  }
  memory.fill(changetype<usize>(E), 0, (<usize>(size * r)) << 3);
  for (let i = 0; i < r; i++) E[(size - r + i) * r + i] = 1;
  eigen(size, s.work, s.d, s.e, r, E, s.p);
  for (let i = 0; i < size; i++) {
    let at = i;
    for (; at > 0 && s.d[ordered(s, at - 1)] < s.d[i]; at--)
      store<i32>(s.order + ((<usize>at) << 2), ordered(s, at - 1));
    store<i32>(s.order + ((<usize>at) << 2), i);
  }
  return r;
}

function ordered(s: Krylov, i: i32): i32 {
  return load<i32>(s.order + ((<usize>i) << 2));
}

function theta(s: Krylov, i: i32): f64 {
  return s.d[ordered(s, i)];
}

/** The largest |MᵀM v - θ v| = |R y| of the k largest θ, in units of what it may be: tolerance σ₁ σ, so that Mᵀu - σ v is within tolerance σ₁. */
function look(s: Krylov, r: i32): f64 {
  if (s.columns < s.k) return Infinity;
  let worst: f64 = 0;
  const noise = NOISE * theta(s, min(s.locked, s.k - 1));
  for (let i = s.locked; i < s.k; i++) {
    const y = s.E.from(ordered(s, i) * r + r - 4);
    let sum: f64 = 0;
    for (let c = 0; c < 4; c++) {
      let one: f64 = 0;
      for (let l = c; l < 4; l++) one += s.R[4 * c + l] * y[l];
      sum += one * one;
    }
    if (sum == 0) continue;
    const allowed = max(s.tolerance * sqrt(theta(s, 0)) * sqrt(max(theta(s, i), 0)), noise);
    worst = max(worst, sqrt(sum) / allowed);
  }
  return worst;
}

/** The binary exponent of x >= 0. */
function exponent(x: f64): f64 {
  return <f64>(<i32>(reinterpret<u64>(x) >> 52) - 1023);
}

/** After a look at `worst`: how many products until the next one; half of what it would take at the same rate. */
function patience(s: Krylov, worst: f64): i32 {
  const gained = exponent(s.worst) - exponent(worst),
    steps = <f64>(s.passes - s.looked);
  s.worst = worst;
  s.looked = s.passes;
  if (!(worst < Infinity)) return 1;
  return <i32>max(1, min(8, (0.5 * steps * (exponent(worst) + 1)) / max(gained, 1)));
}

/** Q becomes the combinations that belong to the `columns` largest θ, filled to whole panels with 0. T = diag(θ) */
function keep(s: Krylov, columns: i32): void {
  const size = 4 * (s.at + 1),
    panels = (columns + 3) >> 2,
    width = 4 * panels,
    Y = s.work;
  for (let a = 0; a < width; a++) {
    const y = s.E.from(ordered(s, a) * size);
    for (let i = 0; i < size; i++) Y[i * width + a] = a < columns ? y[i] : 0;
  }
  rotate(s.n, s.at + 1, panels, s.Q, changetype<usize>(Y), width, s.scratch);
  for (let a = 0; a < columns; a++) s.S[a] = theta(s, a);
  diagonal(s, columns, width);
}

/** T = diag(S), -1 for columns that are 0: less than any θ */
function diagonal(s: Krylov, columns: i32, width: i32): void {
  const ld = s.ld;
  memory.fill(changetype<usize>(s.T), 0, (<usize>(ld * ld)) << 3);
  for (let a = 0; a < width; a++) s.T[a * ld + a] = a < columns ? s.S[a] : -1;
  s.columns = columns;
}

/** Are there four equal values among the k largest, and smaller ones after them? Then there may be more of them. */
function clustered(s: Krylov): bool {
  const last = theta(s, s.k - 1) * (1 + CLUSTER);
  for (let i = s.locked + 3; i < s.k; i++) {
    const one = theta(s, i);
    if (one > last && one > 0 && theta(s, i - 3) - one <= CLUSTER * one) return true;
  }
  return false;
}

/** Is there room in Q for a block behind so many columns? */
function hasRoom(s: Krylov, columns: i32): bool {
  return (columns + 3) >> 2 < s.room;
}

/** Goes on from `columns` columns at the head of Q and a random block. */
function join(s: Krylov, columns: i32): i32 {
  const panels = (columns + 3) >> 2;
  randomPanel(s, panels);
  s.start = panels;
  return ask(s, panels);
}

/** What to do after a product, W being orthogonalized. */
function decide(s: Krylov): i32 {
  const next = s.at + 1,
    full = next == s.room || s.live == 0,
    last = s.passes >= s.most && s.columns >= s.k;
  if (!full && !last && (--s.wait > 0 || s.verifying)) return ask(s, next);
  let r = decompose(s, full || last);
  const worst = look(s, r);
  if (worst <= 1 || last) {
    if (r == 4 && next > 1) r = decompose(s, true);
    let sum: f64 = 0;
    for (let i = 0; i < s.k; i++) sum += theta(s, i);
    const grown = !s.verifying || sum - s.before > (CLUSTER / 2) * theta(s, s.k - 1);
    if (!last && s.live && hasRoom(s, s.k) && grown && (s.warm || clustered(s))) {
      s.warm = false;
      s.verifying = true;
      s.before = sum;
      keep(s, s.k);
      return join(s, s.k);
    }
    return finish(s);
  }
  if (full) {
    const kept = restartAt(s);
    keep(s, 4 * kept);
    memory.copy(s.panel(kept), s.panel(next), (<usize>s.n) << 5);
    s.wait = 1;
    s.start = kept;
    return ask(s, kept);
  }
  s.wait = patience(s, worst);
  return ask(s, next);
}

/** Panels that are kept where Q is full. */
function restartAt(s: Krylov): i32 {
  return max(1, min(s.room - 1, ((s.k + 3) >> 2) + (s.room - ((s.k + 3) >> 2)) / 2));
}

/** Asks for the products of what is best. */
function finish(s: Krylov): i32 {
  const panels = (s.k + 3) >> 2;
  keep(s, min(4 * panels, s.columns));
  s.count = panels;
  s.X = s.Q;
  s.Z = s.panel(s.panels - panels);
  memory.fill(changetype<usize>(s.G), 0, (<usize>(16 * panels * panels)) << 3);
  return asks(s, FINAL);
}

/** What a residual may be at the end. */
export function allowed(s: Krylov): f64 {
  return max(s.tolerance, NOISE) * s.sigma[0];
}

/** From V, Z = MᵀM V and G: singular values, V and Z turned by W, and the residuals |Mᵀu - σ v|. */
function end(s: Krylov): i32 {
  const panels = s.count,
    width = 4 * panels,
    V = Vector.at(s.Q),
    Z = Vector.at(s.Z),
    n = s.n,
    S = s.sigma;
  for (let a = s.columns; a < width; a++) s.G[a * (width + 1)] = -1;
  singular(width, s.G, S, s.W, s.work);
  rotate(n, panels, panels, s.Q, changetype<usize>(s.W), width, s.scratch);
  rotate(n, panels, panels, s.Z, changetype<usize>(s.W), width, s.scratch);
  let done = -1;
  for (let a = 0; a < s.k; a++) {
    const sigma = S[a],
      by = sigma > 0 ? 1 / sigma : 0;
    let sum: f64 = 0;
    for (let i = 0, at = (a >> 2) * 4 * n + (a & 3); i < n; i++, at += 4) {
      const one = by * Z[at] - sigma * V[at];
      sum += one * one;
    }
    const residual = sqrt(sum);
    s.residuals[a] = residual;
    // (of what is as small as that, U is mended and looked at later)
    const fine = residual <= allowed(s) || (s.canLock && 2 * sigma <= allowed(s));
    if (done < 0 && !fine) done = a;
  }
  if (done < 0) {
    s.converged = true;
    return asks(s, DONE);
  }
  if (!s.canLock || s.passes >= s.most || done <= s.locked || S[done] > SMALL * S[0] || !hasRoom(s, done))
    return asks(s, DONE);
  s.locked = done;
  s.verifying = false;
  s.worst = Infinity;
  for (let a = 0; a < done; a++) s.S[a] = S[a] * S[a];
  for (let a = done, whole = (done + 3) & ~3; a < whole; a++) {
    for (let i = 0, at = (a >> 2) * 4 * n + (a & 3); i < n; i++, at += 4) V[at] = 0;
  }
  diagonal(s, done, (done + 3) & ~3);
  return join(s, done);
}

/** Starts from a block of combinations of the columns of V (n x k, row by row), in place of a random one. */
export function warm(s: Krylov, V: Vector): void {
  const W = Vector.at(s.Q),
    k = s.k;
  memory.fill(s.Q, 0, (<usize>s.n) << 5);
  for (let i = 0; i < s.n; i++) {
    for (let a = 0; a < k; a++) W[4 * i + (a & 3)] = W[4 * i + (a & 3)] + V[i * k + a];
  }
  s.warm = true;
}

/** Goes on with what was asked for; returns what is asked for next. */
export function advance(s: Krylov): i32 {
  if (s.phase == PRODUCT) {
    s.passes++;
    s.products += 8;
    const j = s.at,
      live = s.live;
    orthogonalize(s, j + 1, s.Z, j);
    mirror(s, j);
    for (let c = 0; c < 4; c++) if (!(live & (1 << c))) s.T[(4 * j + c) * (s.ld + 1)] = -1;
    return decide(s);
  }
  if (s.phase == FINAL) {
    s.passes++;
    s.products += 8 * s.count;
    return end(s);
  }
  s.worst = Infinity;
  diagonal(s, 0, 0);
  s.wait = (s.k + 7) >> 2;
  if (!s.warm) return join(s, 0);
  orthogonalize(s, 0, s.Q, -1);
  return ask(s, 0);
}
