// Clusters of more values than Q can hold. What is outside of such a cluster is large beside the differences within it: as soon
// as a residual is made of these, rounding brings back the rest, and the few blocks until Q is full again go into that. Then
// A = MᵀM gives way to a polynomial of it with the same vectors, of which the rest is as good as nothing (Saad 1984):
//
//     p(A) = θ T_d(A/e - I) / T_d(γ),   γ = θ/e - 1      T_d by Chebyshev, below 1 on [0, 2 e], steep above it; p(θ) = θ
//     X₀ = Qⱼ, X₁ = ρ₁ (A/e - I) X₀,  Xᵢ₊₁ = 2 ρᵢ₊₁ (A/e - I) Xᵢ - ρᵢ₊₁ ρᵢ Xᵢ₋₁,   ρ₁ = 1/γ, ρᵢ₊₁ = 1/(2 γ - ρᵢ)
//
// with θ the cluster's largest value and 2 e near the largest one below it. Larger ones than the cluster's are found already; p
// would make too much of them, and they are kept out.

import { addColumn, dotColumns } from '../kernels/panels';
import { copy } from '../kernels/vector';
import { Column, Vector } from '../views';
import { orthogonalize } from './basis';
import { hold, keep, look, theta } from './ritz';
import { Krylov, rightColumn } from './state';

/** θ that differ by less than this share from one to the next are of one cluster, as wide as this. */
const WIDE: f64 = 1e-2;
/** p of the cluster beside p of the rest. */
const DAMPED: f64 = 1e5;

/** Where the X belongs after which `left` are to come: the last one is the next panel of Q. */
export function target(s: Krylov, left: i32): Vector {
  const place = left % 3;
  return s.panel(place == 0 ? s.at + 1 : s.panels - place);
}

/** Z -= V Vᵀ Z for the columns that are done. */
function leaveOut(s: Krylov): void {
  for (let c = 0; c < 4; c++) {
    const z = Column.of(s.Z, s.n, c);
    for (let a = 0; a < s.done; a++) {
      const v = rightColumn(s, a);
      addColumn(s.n, -dotColumns(s.n, v, z), v, z);
    }
  }
}

/** Z = A X becomes the next X. False if it is the last, and Z = p(A) Qⱼ. */
export function rise(s: Krylov): bool {
  if (s.degree == 1) return false;
  const X = s.X,
    Z = s.Z,
    earlier = s.earlier;
  const first = s.left == s.degree;
  const last = s.left == 1;
  const ratio = 1 / (first ? s.gamma : 2 * s.gamma - s.ratio);
  const unit = last ? s.scale : 1;
  const a = unit * ratio * (first ? 1 : 2),
    b = first ? 0 : unit * ratio * s.ratio;
  for (let i = 0; i < 4 * s.n; i++) Z[i] = a * (Z[i] / s.edge - X[i]) - b * earlier[i];
  leaveOut(s);
  s.ratio = ratio;
  s.left--;
  if (last) return false;
  s.earlier = X;
  s.X = Z;
  s.Z = target(s, s.left - 1);
  return true;
}

/** From the θ of a full Q that does not get better: p, if they show a cluster and where it ends. */
function choose(s: Krylov, kept: i32): bool {
  let done = s.k - 1;
  while (done > s.done && theta(s, done - 1) <= (1 + WIDE) * theta(s, done)) done--;
  const top = theta(s, done);
  const bottom = (1 - WIDE) * top;
  if (theta(s, 4 * kept - 1) <= bottom || look(s, s.ld, done) > 1) return false;
  let outside = 4 * kept;
  while (outside < s.ld && theta(s, outside) > bottom) outside++;
  // (the first one below may be one on its way into the cluster)
  if (++outside >= s.ld) return false;
  const edge = max(theta(s, outside), top / 10) / 2;
  const gamma = top / edge - 1;
  let degree = 1;
  for (let a: f64 = 1, b = gamma; b < DAMPED; degree++) {
    const next = 2 * gamma * b - a;
    a = b;
    b = next;
  }
  if (s.passes + degree * (2 + ((s.k + 3) >> 2)) > s.mayPass) return false;
  s.done = done;
  s.edge = edge;
  s.gamma = gamma;
  s.scale = top;
  s.degree = degree;
  s.steep = degree * sqrt((gamma + 1) / (gamma - 1));
  return true;
}

/** If Q is full of a cluster, it begins anew for p(A), with what is done and a block that is a mix of all that it would keep. */
export function sharpen(s: Krylov, kept: i32): bool {
  if (s.degree > 1 || s.at + 1 < s.room || !choose(s, kept)) return false;
  const W = s.panel(kept);
  keep(s, 4 * kept);
  W.clear(4 * s.n);
  for (let a = s.done; a < 4 * kept; a++) addColumn(s.n, 1, rightColumn(s, a), Column.of(W, s.n, a & 3));
  hold(s, s.done);
  s.start = (s.done + 3) >> 2;
  copy(4 * s.n, W, s.panel(s.start));
  orthogonalize(s, 0, s.start, s.panel(s.start));
  return true;
}
