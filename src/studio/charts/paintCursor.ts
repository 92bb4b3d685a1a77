/** The shared step cursor: a hairline and a dot on each line. */
import type { Tokens } from '../theme/tokens.ts';
import { nearest } from './decimate.ts';
import type { Plot } from './paintCurves.ts';

export function paintCursor(
  context: CanvasRenderingContext2D,
  { box, x, y, series }: Plot,
  step: number,
  pinned: boolean,
  tokens: Tokens,
): void {
  const place = series.find((one) => one.x.length > 0 && !one.sparse) ?? series[0];
  if (!place) return;
  const index = nearest(place.step, step);
  if (index < 0) return;
  const at = x(place.x[index]);
  // Of a part of the run, the cursor may stand elsewhere.
  if (at < box.left - 1 || at > box.right + 1) return;
  context.strokeStyle = tokens.ink;
  context.globalAlpha = pinned ? 0.9 : 0.5;
  context.lineWidth = pinned ? 1.5 : 1;
  context.beginPath();
  context.moveTo(at, box.top);
  context.lineTo(at, box.bottom);
  context.stroke();
  context.globalAlpha = 1;
  for (const one of series) {
    const i = nearest(one.step, step);
    const value = one.y[i];
    if (i < 0 || !Number.isFinite(y(value))) continue;
    context.beginPath();
    context.arc(x(one.x[i]), y(value), 3.5, 0, 2 * Math.PI);
    context.fillStyle = one.color;
    context.fill();
    context.strokeStyle = tokens.surface;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
