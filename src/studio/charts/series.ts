/** What a line chart draws, and how values are read off it. */
import { bisectLeft } from 'd3';

export interface Series {
  id: string;
  label: string;
  color: string;
  dash?: readonly number[];
  width?: number;
  /** Ascending: steps or seconds. */
  x: Float64Array;
  /** What is drawn in full. */
  y: Float64Array;
  /** Drawn faintly beneath (the raw values under a smoothed line). */
  raw?: Float64Array;
  /** Points stand apart (validation): each is marked. */
  points?: boolean;
  /** Which y axis: the left one, or the right one with its own scale. */
  axis?: 'left' | 'right';
}

/** The measured value nearest to x, looking a few rows to both sides past gaps. */
export function valueAt(series: Series, x: number): { x: number; y: number } | undefined {
  const { x: xs, y: ys } = series;
  const start = bisectLeft(xs, x);
  for (let reach = 0; reach < xs.length; reach++) {
    const [after, before] = [start + reach, start - 1 - reach];
    const a = after < xs.length && !Number.isNaN(ys[after]) ? after : -1;
    const b = before >= 0 && !Number.isNaN(ys[before]) ? before : -1;
    if (a < 0 && b < 0) continue;
    const i = a < 0 ? b : b < 0 ? a : Math.abs(xs[a] - x) <= Math.abs(xs[b] - x) ? a : b;
    return { x: xs[i], y: ys[i] };
  }
  return undefined;
}

/** Keeps only what was measured: short columns for metrics that come every few hundred steps. */
export function measured(x: Float64Array, y: Float64Array): { x: Float64Array; y: Float64Array } {
  let count = 0;
  for (let i = 0; i < y.length; i++) if (!Number.isNaN(y[i])) count++;
  const out = { x: new Float64Array(count), y: new Float64Array(count) };
  for (let i = 0, at = 0; i < y.length; i++) {
    if (Number.isNaN(y[i])) continue;
    out.x[at] = x[i];
    out.y[at++] = y[i];
  }
  return out;
}
