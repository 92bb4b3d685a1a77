/** Paints axes, grid, lines and cursor of a line chart on a canvas. No React, no app state: values in, pixels out. */
import { extent, scaleLinear, scaleLog } from 'd3';
import { formatNumber } from '../i18n/format.ts';
import { fontFamily } from '../theme/theme.ts';
import type { Tokens } from '../theme/tokens.ts';
import { decimate } from './decimate.ts';
import { type Series, valueAt } from './series.ts';
import type { Surface } from './useFrame.ts';

export interface LineOptions {
  xLabel: string;
  yLabel: string;
  rightLabel?: string;
  log?: boolean;
  /** Fixed lower and upper ends of the left axis. */
  domain?: readonly [number, number];
  cursor?: number;
  pinned?: boolean;
  tokens: Tokens;
}

export type XScale = (value: number) => number;
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: XScale & { invert(pixel: number): number };
}

type YScale = ((value: number) => number) & { ticks(count: number): number[] };

function yScale(series: Series[], range: [number, number], options: LineOptions, fixed: boolean): YScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const see = (value: number) => {
    if (!Number.isFinite(value) || (options.log && value <= 0)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const one of series) {
    for (let i = 0; i < one.y.length; i++) see(one.y[i]);
    if (one.raw) for (let i = 0; i < one.raw.length; i++) see(one.raw[i]);
  }
  if (fixed && options.domain) [low, high] = options.domain;
  if (low > high) [low, high] = options.log ? [0.1, 1] : [0, 1];
  if (low === high) [low, high] = options.log ? [low / 2, high * 2] : [low - (Math.abs(low) / 2 || 1), high + (Math.abs(high) / 2 || 1)];
  if (options.log) return scaleLog().domain([low, high]).range(range).nice();
  // Zero belongs to the picture when it is near.
  if (low > 0 && low < high * 0.4) low = 0;
  const scale = scaleLinear().domain([low, high]).range(range);
  return fixed && options.domain ? scale : scale.nice(5);
}

function logTicks(scale: YScale, most: number): number[] {
  const all = scale.ticks(10);
  const tens = all.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-6);
  const pool = tens.length >= 2 ? tens : all;
  const skip = Math.ceil(pool.length / most);
  return pool.filter((_, i) => i % skip === 0);
}

const tickText = (value: number) => {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size < 0.001 || size >= 1e6) return value.toExponential(0).replace('e+', 'e').replace(/-/g, '−');
  if (size >= 1000) return `${+(value / 1000).toPrecision(4)}k`;
  return String(+value.toPrecision(3)).replace('-', '−');
};

export function drawLines(surface: Surface, series: Series[], options: LineOptions): Plot {
  const { context: c, width, height } = surface;
  const { tokens } = options;
  const onRight = series.filter((one) => one.axis === 'right');
  const onLeft = series.filter((one) => one.axis !== 'right');
  const plot = { left: 50, right: width - (onRight.length > 0 ? 54 : 14), top: 22, bottom: height - 34 };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const one of series) {
    const [from, to] = extent(one.x);
    if (from !== undefined && from < low) low = from;
    if (to !== undefined && to > high) high = to;
  }
  if (low > high) [low, high] = [0, 1];
  const x = scaleLinear()
    .domain([low, high === low ? low + 1 : high])
    .range([plot.left, plot.right]);
  const range: [number, number] = [plot.bottom, plot.top];
  const left = yScale(onLeft, range, options, true);
  const right = onRight.length > 0 ? yScale(onRight, range, { ...options, log: false }, false) : undefined;

  c.font = `11px ${fontFamily}`;
  c.lineWidth = 1;
  c.textBaseline = 'middle';
  const rows = Math.max(2, Math.floor((plot.bottom - plot.top) / 38));
  const yTicks = options.log ? logTicks(left, rows + 1) : left.ticks(rows);
  c.strokeStyle = tokens.line;
  c.fillStyle = tokens.muted;
  for (const tick of yTicks) {
    const y = Math.round(left(tick)) + 0.5;
    c.beginPath();
    c.moveTo(plot.left, y);
    c.lineTo(plot.right, y);
    c.stroke();
    c.textAlign = 'right';
    c.fillText(tickText(tick), plot.left - 8, y);
  }
  if (right)
    for (const tick of right.ticks(rows)) {
      c.textAlign = 'left';
      c.fillText(tickText(tick), plot.right + 8, right(tick));
    }
  c.textAlign = 'center';
  for (const tick of x.ticks(Math.max(2, Math.floor((plot.right - plot.left) / 90)))) {
    if (!Number.isInteger(tick) && high - low > 4) continue;
    c.fillText(tickText(tick), x(tick), plot.bottom + 12);
  }
  c.fillText(options.xLabel, (plot.left + plot.right) / 2, height - 8);
  c.textAlign = 'left';
  c.fillText(options.yLabel, 8, 9);
  if (right && options.rightLabel) {
    c.textAlign = 'right';
    c.fillText(options.rightLabel, width - 8, 9);
  }

  c.save();
  c.beginPath();
  c.rect(plot.left - 3, plot.top - 4, plot.right - plot.left + 6, plot.bottom - plot.top + 8);
  c.clip();
  c.lineJoin = 'round';
  const columns = Math.max(1, Math.floor(plot.right - plot.left));
  for (const one of series) {
    const y = one.axis === 'right' && right ? right : left;
    c.strokeStyle = one.color;
    if (one.raw) {
      // The band of raw values: min–max decimation fills each pixel column from lowest to highest.
      c.globalAlpha = 0.28;
      c.lineWidth = 1;
      c.setLineDash([]);
      trace(c, one.x, one.raw, x, y, low, high, columns, options.log);
      c.globalAlpha = 1;
    }
    c.lineWidth = one.width ?? 1.75;
    c.setLineDash([...(one.dash ?? [])]);
    trace(c, one.x, one.y, x, y, low, high, columns, options.log);
    c.setLineDash([]);
    if (one.points && one.x.length < 200) {
      c.fillStyle = tokens.surface;
      for (let i = 0; i < one.x.length; i++) {
        if (!Number.isFinite(one.y[i])) continue;
        c.beginPath();
        c.arc(x(one.x[i]), y(one.y[i]), 2.75, 0, 2 * Math.PI);
        c.fill();
        c.stroke();
      }
    }
  }
  c.restore();

  if (options.cursor !== undefined && options.cursor >= low && options.cursor <= high) {
    const at = Math.round(x(options.cursor)) + 0.5;
    c.strokeStyle = options.pinned ? tokens.ink : tokens.lineStrong;
    c.setLineDash(options.pinned ? [] : [3, 3]);
    c.beginPath();
    c.moveTo(at, plot.top);
    c.lineTo(at, plot.bottom);
    c.stroke();
    c.setLineDash([]);
    for (const one of series) {
      const found = valueAt(one, options.cursor);
      if (!found || (options.log && found.y <= 0)) continue;
      const y = one.axis === 'right' && right ? right : left;
      c.fillStyle = one.color;
      c.strokeStyle = tokens.surface;
      c.beginPath();
      c.arc(x(found.x), y(found.y), 4, 0, 2 * Math.PI);
      c.fill();
      c.stroke();
    }
  }
  return { ...plot, x };
}

function trace(
  c: CanvasRenderingContext2D,
  xs: Float64Array,
  ys: Float64Array,
  x: XScale,
  y: XScale,
  low: number,
  high: number,
  columns: number,
  log: boolean | undefined,
): void {
  const points = decimate(xs, ys, low, high, columns);
  c.beginPath();
  let pen = false;
  for (let i = 0; i < points.count; i++) {
    const value = points.y[i];
    if (!Number.isFinite(value) || (log && value <= 0)) {
      pen = false;
      continue;
    }
    if (pen) c.lineTo(x(points.x[i]), y(value));
    else c.moveTo(x(points.x[i]), y(value));
    pen = true;
  }
  c.stroke();
}

/** One line per series for a screen reader. */
export function describeSeries(series: Series[], value: (label: string, y: string, x: string) => string): string {
  return series
    .map((one) => {
      const last = valueAt(one, Number.POSITIVE_INFINITY);
      return last ? value(one.label, formatNumber(last.y), String(Math.round(last.x))) : one.label;
    })
    .join('; ');
}
