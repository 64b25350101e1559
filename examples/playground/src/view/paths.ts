/** The paths down, on the map of the valley. */
import { mapColumn } from '../model/protocol.js';
import type { Session } from '../session.js';
import type { Window } from './ground.js';
import { theme } from './ui.js';

export interface Spot {
  readonly lane: number;
  readonly iteration: number;
  readonly loss: number;
  readonly x: number;
  readonly y: number;
}

/** Where a lane has been, in pixels. */
function spots(session: Session, window: Window, lane: number): Spot[] {
  const [xs, ys, total] = [mapColumn, mapColumn + 1, 0].map((what) => session.column(lane, what));
  return session.history.at.flatMap((iteration, i) => {
    if (!Number.isFinite(xs![i])) return [];
    const [x, y] = window.place(xs![i]!, ys![i]!);
    return [{ lane, iteration, loss: total![i]!, x, y }];
  });
}

function disc(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawPath(context: CanvasRenderingContext2D, path: readonly Spot[], chosen: boolean): void {
  const [casing, colour] = [theme('casing'), theme(`lane-${path[0]!.lane}`)];
  context.lineJoin = 'round';
  for (const [stroke, width] of [
    [casing, chosen ? 5 : 4],
    [colour, chosen ? 2.6 : 1.8],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    for (const { x, y } of path) context.lineTo(x, y);
    context.stroke();
  }
  // single nudges, as long as they are far enough apart to be told
  path.forEach((spot, i) => {
    const before = path[i - 1];
    if (before && Math.hypot(spot.x - before.x, spot.y - before.y) > 7) disc(context, spot, 3, colour);
  });
}

function drawLead(context: CanvasRenderingContext2D, from: Spot, to: Spot): void {
  context.strokeStyle = theme(`lane-${to.lane}`);
  context.lineWidth = 1.6;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.setLineDash([]);
}

export function drawPaths(
  canvas: HTMLCanvasElement,
  session: Session,
  window: Window,
  ratio: number,
): Spot[] {
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, window.width, window.height);
  const lanes = session.config.lanes.map((_, lane) => lane);
  const order = [...lanes.filter((lane) => lane !== session.shown), session.shown];
  const paths = order.map((lane) => spots(session, window, lane)).filter((path) => path.length > 0);
  for (const path of paths) drawPath(context, path, path[0]!.lane === session.shown);
  for (const path of paths) {
    disc(context, path.at(-1)!, 8, theme('casing'));
    disc(context, path.at(-1)!, 6, theme(`lane-${path[0]!.lane}`));
  }
  const start = paths[0]?.[0];
  if (start) {
    // the default begins with what of the guess lies in the span of M
    for (const path of paths) drawLead(context, start, path[0]!);
    disc(context, start, 5, theme('ink'));
    disc(context, start, 2.5, theme('casing'));
    context.font = `600 12px ${theme('sans')}`;
    context.lineWidth = 3.5;
    context.strokeStyle = theme('casing');
    context.fillStyle = theme('ink');
    const [x, y] = [start.x + 10, start.y + 4];
    context.strokeText('guess', x, y);
    context.fillText('guess', x, y);
  }
  return paths.flat();
}
