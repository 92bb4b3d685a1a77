/** One curve over a logarithmic axis with one place marked: a learning-rate range test. Its values are a table beside it. */
import { useRef } from 'react';
import type { Tokens } from '../theme/tokens.ts';
import { useTokens } from '../theme/useTokens.ts';
import { font, makeScale, padded, ticksOf, tickText } from './axis.ts';
import css from './charts.module.css';
import { usePainter } from './usePainter.ts';

export interface LogCurveData {
  x: readonly number[];
  y: readonly number[];
  mark?: number;
}

const height = 190;
const [left, right, top, bottom] = [46, 12, 10, 34];

export function LogCurve({ label, xName, data }: { label: string; xName: string; data: LogCurveData }) {
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width) => paint(context, width, data, xName, tokens),
    () => data,
  );
  return (
    <div className={css.heat} style={{ height, flex: 'none' }} role="img" aria-label={label}>
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}

function paint(
  context: CanvasRenderingContext2D,
  width: number,
  { x: xs, y: ys, mark }: LogCurveData,
  xName: string,
  tokens: Tokens,
): void {
  if (xs.length < 2) return;
  // What ran away would press the rest flat.
  const start = Math.max(...ys.slice(0, Math.ceil(ys.length / 4)));
  const low = Math.min(...ys);
  const high = Math.min(Math.max(...ys), start + Math.max(start - low, 0.1 * Math.abs(start)));
  const x = makeScale(true, [xs[0], xs[xs.length - 1]], [left, width - right]);
  const y = makeScale(false, padded([low, high], false), [height - bottom, top]);
  context.font = font();
  context.lineWidth = 1;
  context.fillStyle = tokens.muted;
  context.strokeStyle = tokens.line;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of y.ticks(4)) {
    const at = Math.round(y(value)) + 0.5;
    line(context, [left, at], [width - right, at]);
    context.fillText(tickText(value), left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of ticksOf(x, Math.max(2, Math.floor((width - left) / 64))))
    context.fillText(tickText(value), x(value), height - bottom + 5);
  context.fillText(xName, (left + width - right) / 2, height - 13);
  context.save();
  context.beginPath();
  context.rect(left, top - 2, width - left - right, height - top - bottom + 4);
  context.clip();
  context.beginPath();
  for (const [i, value] of ys.entries()) context.lineTo(x(xs[i]), y(value));
  context.strokeStyle = tokens.ink;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.stroke();
  if (mark !== undefined) {
    context.strokeStyle = tokens.fused;
    context.lineWidth = 1.5;
    context.setLineDash([5, 3]);
    line(context, [x(mark), top], [x(mark), height - bottom]);
  }
  context.restore();
}

function line(context: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
