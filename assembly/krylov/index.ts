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
// brings nothing. Where more values are close to each other than Q can hold, MᵀM gives way to a polynomial of it (filter.ts).
// MᵀM squares what is small: the end is made with M, from G = (M V)ᵀ(M V) (end.ts); what then still has
// a residual is done again with M less what is done, (I - U Uᵀ) M, for which 6 more digits are within reach.
//
// (Where there is room for P = M Q as well, all digits are within reach at once: levenberg-marquardt/subspace.ts has T = PᵀM Q
// on two of these bases. It needs its SVD and no eigenvalues, and factors after every iteration and no requests.)

import { copy } from '../kernels/vector';
import { FINAL, PRODUCT } from '../sparse/boundary';
import { Vector } from '../views';
import { orthogonalize, randomPanel } from './basis';
import { end, finish } from './end';
import { rise, sharpen, target } from './filter';
import { apart, clustered, decompose, diagonal, intoT, keep, look, NOISE, sumOf, theta } from './ritz';
import { Krylov } from './state';

/** Starts from a block of combinations of the columns of V (n x k, row by row), in place of a random one. */
export function warm(s: Krylov, V: Vector): void {
  const W = s.Q;
  const k = s.k;
  W.clear(4 * s.n);
  for (let i = 0; i < s.n; i++) {
    for (let a = 0; a < k; a++) W[4 * i + (a & 3)] += V[i * k + a];
  }
  s.warm = true;
  s.given = true;
}

/** Goes on with what was asked for; returns what is asked for next. */
export function advance(s: Krylov): i32 {
  s.phase = next(s);
  return s.phase;
}

function next(s: Krylov): i32 {
  if (s.phase == PRODUCT) return widen(s);
  if (s.phase == FINAL) {
    const next = end(s);
    return next == PRODUCT ? join(s, s.locked) : next;
  }
  s.worst = Infinity;
  diagonal(s, 0);
  s.wait = (s.k + 7) >> 2;
  if (!s.warm) return join(s, 0);
  orthogonalize(s, 0, 0, s.Q);
  return ask(s, 0);
}

/** Asks for the product of panel q, the first one if there are to be several. */
function ask(s: Krylov, q: i32): i32 {
  s.at = q;
  s.columns += s.live;
  s.left = s.degree;
  s.X = s.panel(q);
  s.Z = target(s, s.left - 1);
  s.count = 1;
  return PRODUCT;
}

/** Goes on from `columns` columns at the head of Q and a random block. */
function join(s: Krylov, columns: i32): i32 {
  s.start = (columns + 3) >> 2;
  s.reached = Infinity;
  randomPanel(s, s.start);
  return ask(s, s.start);
}

/** A product: what is new in it joins Q. Is V good enough? */
function widen(s: Krylov): i32 {
  s.passes++;
  s.products += 8;
  if (rise(s)) return PRODUCT;
  const j = s.at;
  const live = s.live;
  // (of a product with Q as it grew there is something in its last two panels alone)
  orthogonalize(s, j > s.start ? j - 1 : 0, j + 1, s.Z);
  intoT(s, j, live);
  const full = j + 1 == s.room || s.live == 0;
  const last = s.passes + s.degree > s.mayPass && s.columns >= s.k;
  if (!full && !last && (--s.wait > 0 || s.verifying)) return ask(s, j + 1);
  const rows = decompose(s, full || last);
  const worst = look(s, rows, s.k + s.beyond);
  if (worst <= 1 || last) return verify(s, rows, last, worst);
  if (full) return restart(s, worst);
  s.wait = patience(s, worst);
  return ask(s, j + 1);
}

/** V is what it can be within Q. Is there more outside, for which no gradient shows? */
function verify(s: Krylov, rows: i32, last: bool, worst: f64): i32 {
  if (rows == 4 && s.at > 0) decompose(s, true);
  const sum = sumOf(s);
  const grown = !s.verifying || sum - s.before > (apart(s) / 2) * theta(s, s.k - 1) + NOISE * sum;
  const more = s.live != 0 && s.hasRoom(s.k) && grown && (s.warm || clustered(s));
  const unseen = s.verifying && s.live != 0 && (s.at + 1 < s.room || (s.beyond > 0 && worst > 1));
  s.open = last && (more || unseen);
  if (last || !more) return finish(s);
  s.beyond = 1;
  s.warm = false;
  s.verifying = true;
  s.before = sum;
  keep(s, s.k);
  return join(s, s.k);
}

/** Q is full: it goes on with the better half of what is not V. If that has been of no use, with a polynomial of MᵀM. */
function restart(s: Krylov, worst: f64): i32 {
  const needed = (s.k + 3) >> 2;
  const kept = max(1, min(s.room - 1, needed + (s.room - needed) / 2));
  const block = s.panel(s.at + 1);
  const stands = 2 * worst > s.reached;
  s.reached = worst;
  s.wait = 1;
  if (stands && sharpen(s, kept)) {
    s.reached = Infinity;
    s.verifying = false;
    return ask(s, s.start);
  }
  keep(s, 4 * kept);
  copy(4 * s.n, block, s.panel(kept));
  s.start = kept;
  return ask(s, kept);
}

/** The binary exponent of x >= 0. */
function exponent(x: f64): f64 {
  return <f64>(<i32>(reinterpret<u64>(x) >> 52) - 1023);
}

/** After a look at `worst`: how many products until the next one; half of what it would take at the same rate. */
function patience(s: Krylov, worst: f64): i32 {
  const gained = exponent(s.worst) - exponent(worst);
  const steps = <f64>((s.passes - s.looked) / s.degree);
  s.worst = worst;
  s.looked = s.passes;
  if (!(worst < Infinity)) return 1;
  return <i32>max(1, min(8, (0.5 * steps * (exponent(worst) + 1)) / max(gained, 1)));
}
