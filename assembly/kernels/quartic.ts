// The loss along a line of two factors: c₁ t + c₂ t² + c₃ t³ + c₄ t⁴, and where it is least.

import { Vector } from '../views';

/** line[i] is the coefficient of tⁱ. */
export const line = Vector.at(memory.data(40, 16));

export function along(t: f64): f64 {
  return t * (line[1] + t * (line[2] + t * (line[3] + t * line[4])));
}

function slope(t: f64): f64 {
  return line[1] + t * (2 * line[2] + t * (3 * line[3] + t * 4 * line[4]));
}

/** Where the slope is 0 between a point where the loss falls and one where it rises: Newton's steps, or halves. */
function root(left: f64, right: f64): f64 {
  let t = 0.5 * (left + right);
  for (let i = 0; i < 100; i++) {
    const s = slope(t);
    if (s == 0) break;
    if (s < 0) left = t;
    else right = t;
    const bend = 2 * line[2] + t * (6 * line[3] + t * 12 * line[4]);
    let next = t - s / bend;
    if (!(next > left && next < right)) next = 0.5 * (left + right);
    if (next == t) break;
    t = next;
  }
  return t;
}

/** A step changes factors by no more than so many times what they are: along what is flat it would be rounding that leads. */
const FAR: f64 = 10;

/** The t > 0 at which the loss is least, pp and xx being the squared norms of direction and factors; 0 if there is no way down. */
export function least(pp: f64, xx: f64): f64 {
  if (!(line[1] < 0)) return 0;
  const most = xx > 0 ? FAR * sqrt(xx / pp) : Infinity;
  let right = line[2] > 0 ? -line[1] / line[2] : 1,
    tries = 0;
  for (; slope(right) < 0; right *= 2) if (++tries > 200) return 0;
  const t = root(0, right);
  // the other two roots, of the slope divided by what is known of one; the last one may be a deeper minimum
  const cubic = 4 * line[4],
    p = 3 * line[3] + cubic * t,
    q = 2 * line[2] + t * p,
    rest = p * p - 4 * cubic * q;
  if (rest > 0 && cubic > 0) {
    const between = (-p - sqrt(rest)) / (2 * cubic),
      last = (-p + sqrt(rest)) / (2 * cubic);
    if (between > t && last < most && along(last) < along(t)) return last;
  }
  return min(t, most);
}

/** The same from where the loss is level, or as good as level, and bends down: `least` wants a slope to begin with. */
export function leastFromLevel(): f64 {
  line[1] = min(line[1], -2 * f64.MIN_NORMAL_VALUE);
  return least(0, 0);
}
