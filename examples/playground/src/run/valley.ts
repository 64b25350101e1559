/**
 * A map of the valley: the plane through the space of all U, d and V in which the paths move most, and the loss
 * on it. The plane comes from an SVD too: of the paths themselves.
 */
import { directSvd, manualSeed, type SvdFactors } from 'gradient-svd';
import type { Rules } from '../model/config.js';
import type { Problem } from '../model/matrices.js';
import type { Valley } from '../model/protocol.js';

type Point = Float64Array;

/** Degree 8 in any direction: 9 points hold all of it. */
export const nodes = Array.from({ length: 9 }, (_, i) => Math.cos(((i + 0.5) * Math.PI) / 9));

/** The loss, written out once more, by U, d and V in one array [U | d | V], as the descents see it. */
export class Loss {
  readonly length: number;
  readonly #known: number;

  constructor(
    readonly problem: Problem,
    readonly rank: number,
    /** M is divided by this */
    readonly unit: number,
    readonly rules: Rules,
    /** λ, in M's unit */
    readonly regularization: number,
  ) {
    this.length = (problem.rows + problem.columns + 1) * rank;
    this.#known = problem.data.reduce((count, x) => count + (Number.isNaN(x) ? 0 : 1), 0);
  }

  at(θ: Point): number {
    const { rows: m, columns: n, data } = this.problem;
    const k = this.rank;
    const U = θ.subarray(0, m * k);
    const s = θ.slice(m * k, (m + 1) * k).map((d) => (this.rules === 'notebook' ? d * d : d));
    const V = θ.subarray((m + 1) * k);
    let square = 0;
    for (let i = 0; i < m; i++) {
      const us = s.map((x, c) => x * U[i * k + c]!);
      for (let j = 0; j < n; j++) {
        let sum = -data[i * n + j]! / this.unit;
        if (Number.isNaN(sum)) continue;
        for (let c = 0; c < k; c++) sum += us[c]! * V[j * k + c]!;
        square += sum * sum;
      }
    }
    const drawn = 2 * (this.regularization / this.unit) * s.reduce((sum, x) => sum + Math.abs(x), 0);
    return (square + drawn) / this.#known + 0.01 * (skew(U, m, k) + skew(V, n, k));
  }
}

/** mean((XᵀX - I)²) */
function skew(X: Point, rows: number, k: number): number {
  let sum = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = a === b ? -1 : 0;
      for (let i = 0; i < rows; i++) dot += X[i * k + a]! * X[i * k + b]!;
      sum += (a === b ? 1 : 2) * dot * dot;
    }
  }
  return sum / k ** 2;
}

/**
 * Where a descent is, in one unbroken line. A result comes sorted and with signs made equal; the loss is the same
 * for any order and any signs, so each point takes those that are nearest to the one before.
 */
export class Track {
  #last: Point | undefined;

  constructor(readonly loss: Loss) {}

  follow({ U, S, V }: SvdFactors): Point {
    const { rank: k, unit, rules, problem } = this.loss;
    const m = problem.rows;
    const n = problem.columns;
    const d = S.map((s) => (rules === 'notebook' ? Math.sqrt(s / unit) : s / unit));
    const point = new Float64Array(this.loss.length);
    const free = new Set(d.keys());
    for (let c = 0; c < k; c++) {
      const [from, signU, signV] = this.#nearest(c, U.data, V.data, free);
      free.delete(from);
      for (let i = 0; i < m; i++) point[i * k + c] = signU * U.data[i * k + from]!;
      point[m * k + c] = signU * signV * d[from]!;
      for (let j = 0; j < n; j++) point[(m + 1 + j) * k + c] = signV * V.data[j * k + from]!;
    }
    this.#last = point;
    return point;
  }

  /** The column pair that goes on from pair c, and the signs it needs. */
  #nearest(c: number, U: Point, V: Point, free: Set<number>): [number, number, number] {
    const last = this.#last;
    if (!last) return [c, 1, 1];
    const { rank: k, rules, problem } = this.loss;
    const behind = last.subarray((problem.rows + 1) * k);
    const dot = (X: Point, Y: Point, rows: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += X[i * k + c]! * Y[i * k + b]!;
      return sum;
    };
    let best: [number, number, number] = [0, 1, 1];
    let most = Number.NEGATIVE_INFINITY;
    for (const b of free) {
      const u = dot(last, U, problem.rows, b);
      const v = dot(behind, V, problem.columns, b);
      // d² can't be negative: there both signs turn together
      const near = rules === 'notebook' ? Math.abs(u + v) : Math.abs(u) + Math.abs(v);
      if (near <= most) continue;
      most = near;
      const together = u + v < 0 ? -1 : 1;
      best = rules === 'notebook' ? [b, together, together] : [b, u < 0 ? -1 : 1, v < 0 ? -1 : 1];
    }
    return best;
  }
}

const dot = (a: Point, b: Point) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const minus = (a: Point, b: Point) => a.map((x, i) => x - b[i]!);

/** A plane: a point, two directions of length 1. */
export class Plane {
  constructor(
    readonly origin: Point,
    readonly across: Point,
    readonly up: Point,
  ) {}

  place(point: Point): [number, number] {
    const from = minus(point, this.origin);
    return [dot(from, this.across), dot(from, this.up)];
  }

  point(x: number, y: number): Point {
    return this.origin.map((o, i) => o + x * this.across[i]! + y * this.up[i]!);
  }
}

/** One at right angles to `first`, of length 1, from what is left of `wish`. */
function perpendicular(wish: Point, first: Point): Point {
  const along = dot(wish, first);
  const left = wish.map((x, i) => x - along * first[i]!);
  const norm = Math.sqrt(dot(left, left));
  return left.map((x) => x / norm);
}

/** The plane through `end` in which the points lie best: singular vectors of their differences from it. */
function planeOf(points: readonly Point[], end: Point): { plane: Plane; share: number | undefined } {
  const moved = points.map((point) => minus(point, end));
  const gram = moved.map((a) => moved.map((b) => dot(a, b)));
  const { U, S } = directSvd(gram);
  const direction = (c: number) => {
    const sum = new Float64Array(end.length);
    moved.forEach((a, i) => a.forEach((x, at) => (sum[at]! += U.get(i, c) * x)));
    const norm = Math.sqrt(dot(sum, sum));
    return sum.map((x) => x / norm);
  };
  const all = S.reduce((sum, s) => sum + s, 0);
  const any = Float64Array.from(manualSeed(1).rand(1, end.length).data, (x) => x - 0.5);
  const across = S[0]! > 0 ? direction(0) : perpendicular(any, new Float64Array(end.length));
  const flat = S.length < 2 || S[1]! < 1e-12 * S[0]!;
  const up = flat ? perpendicular(any, across) : perpendicular(direction(1), across);
  const share = all > 0 ? (S[0]! + (flat ? 0 : S[1]!)) / all : undefined;
  // the guess at the upper left
  const plane = new Plane(end, across, up);
  const [x, y] = plane.place(points[0]!);
  const turned = (v: Point, turn: boolean) => (turn ? v.map((c) => -c) : v);
  return { plane: new Plane(end, turned(across, x > 0), turned(up, y < 0)), share };
}

export interface Path {
  readonly points: readonly Point[];
  readonly losses: readonly number[];
}

/** Most points of a path that choose the plane. */
const most = 48;

/** Points far from each other, so that a long rest at the bottom does not outweigh the way to it. */
function spread(path: Path, highest: number): Point[] {
  const kept = path.points.filter((_, i) => path.losses[i]! <= highest);
  const steps = kept.map((point, i) =>
    i === 0 ? 0 : Math.sqrt(dot(minus(point, kept[i - 1]!), minus(point, kept[i - 1]!))),
  );
  const length = steps.reduce((sum, x) => sum + x, 0);
  let gone = 0;
  let next = 0;
  return kept.filter((_, i) => {
    gone += steps[i]!;
    const wanted = i === 0 || i === kept.length - 1 || gone >= next;
    if (wanted) next = gone + length / most;
    return wanted;
  });
}

/**
 * What the paths look like from above, and the ground under them; what is far above `scale`, and above the guess, is
 * left out. Undefined where it is not finite.
 */
export function mapOf(
  paths: readonly Path[],
  loss: Loss,
  scale: number,
): { plane: Plane; valley: Valley } | undefined {
  const highest = 4 * Math.max(scale, paths[0]!.losses[0]!);
  const points = paths.flatMap((path) => spread(path, highest));
  const top = Math.max(...paths.flatMap(({ losses }) => losses).filter((value) => value <= highest));
  const all = paths.flatMap(({ points, losses }) => points.map((end, i) => ({ end, low: losses[i]! })));
  const { end } = all.reduce((best, other) => (other.low < best.low ? other : best));
  const { plane, share } = planeOf(points, end);
  const places = points.map((point) => plane.place(point));
  const range = (axis: 0 | 1) => {
    const values = places.map((place) => place[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const sides = ([0, 1] as const).map(range);
  const widest = Math.max(...sides.map(([low, high]) => high - low)) || 6;
  const center = sides.map(([low, high]) => (low + high) / 2) as [number, number];
  const half = sides.map(([low, high]) => 0.6 * Math.max(high - low, 0.3 * widest)) as [number, number];
  const losses = Float64Array.from(
    nodes.flatMap((y) => nodes.map((x) => [x, y] as const)),
    ([x, y]) => loss.at(plane.point(center[0] + half[0] * x, center[1] + half[1] * y)),
  );
  if (!losses.every(Number.isFinite)) return undefined;
  return { plane, valley: { losses, center, half, share, top } };
}
