/**
 * Draws curves on a canvas and answers where everything lies. Under the smoothed line: the raw one at a quarter of
 * its opacity and a band from the lowest to the highest value nearby. A mean of several runs has their band instead.
 */
import type { Tokens } from '../theme/tokens.ts';
import { type Box, font, makeScale, padded, paintAxes, type Scale } from './axis.ts';
import { decimate, envelope, type Points } from './decimate.ts';
import { markPath } from './marks.ts';
import type { Series } from './series.ts';
import { smooth } from './smoothing.ts';

export interface CurvesLook {
  log: boolean;
  /** Weight of the average, 0 = off. */
  smoothing: number;
  xName: string;
  yName: string;
  tickY?: (value: number) => string;
  /** Fixed y range. */
  domain?: [number, number];
}

export interface Plot {
  box: Box;
  x: Scale;
  y: Scale;
  series: Series[];
}

function extent(all: ArrayLike<number>[], positive: boolean): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of all)
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (positive && value <= 0) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : undefined;
}

export function paintCurves(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  series: Series[],
  look: CurvesLook,
  tokens: Tokens,
): Plot | undefined {
  const rangeX = extent(
    series.map((one) => one.x),
    false,
  );
  const rangeY =
    look.domain ??
    extent(
      series.flatMap((one) => (one.band ? [one.y, one.band.low, one.band.high] : [one.y])),
      look.log,
    );
  if (!rangeX || !rangeY) return undefined;
  context.font = font();
  const labels = width > 300 && series.length > 1;
  const room = labels
    ? 12 + Math.max(...series.map((one) => context.measureText(one.short ?? one.label).width))
    : 14;
  const box: Box = {
    left: 50,
    top: 20,
    right: Math.max(90, width - Math.min(room, width * 0.28)),
    bottom: height - 36,
  };
  const domainY = look.domain ?? padded(rangeY, look.log);
  const x = makeScale(false, rangeX[0] === rangeX[1] ? [rangeX[0] - 1, rangeX[1] + 1] : rangeX, [
    box.left,
    box.right,
  ]);
  const y = makeScale(look.log, domainY, [box.bottom, box.top]);
  paintAxes(context, box, { x, y }, { x: look.xName, y: look.yName, tickY: look.tickY }, tokens);
  context.save();
  context.beginPath();
  context.rect(box.left - 5, box.top - 5, box.right - box.left + 10, box.bottom - box.top + 10);
  context.clip();
  const columns = Math.max(20, Math.round(box.right - box.left));
  for (const one of series) paintSeries(context, one, { x, y, columns, look });
  context.restore();
  if (labels) paintLabels(context, series, { x, y, box }, tokens);
  return { box, x, y, series };
}

interface Frame {
  x: Scale;
  y: Scale;
  columns: number;
  look: CurvesLook;
}

function paintSeries(context: CanvasRenderingContext2D, series: Series, frame: Frame): void {
  const { columns, look } = frame;
  const raw: Points = { x: series.x, y: series.y };
  const smoothed = look.smoothing > 0 && !series.sparse && raw.x.length > 2;
  context.strokeStyle = series.color;
  context.fillStyle = series.color;
  context.lineJoin = 'round';
  if (series.band) {
    const { low, high } = series.band;
    paintBand(context, { x: raw.x, low, high }, frame);
  }
  if (smoothed) {
    if (!series.band) paintBand(context, envelope(raw, Math.max(8, Math.round(columns / 7))), frame);
    context.globalAlpha = 0.25;
    context.lineWidth = 1;
    line(context, decimate(raw, columns), frame);
  }
  context.globalAlpha = 1;
  context.lineWidth = series.width ?? 1.8;
  context.setLineDash([...series.dash]);
  const shown = smoothed ? { x: raw.x, y: smooth(raw.y, look.smoothing) } : raw;
  line(context, decimate(shown, columns), frame);
  context.setLineDash([]);
  if (series.sparse && series.x.length <= columns / 8) {
    const mark = new Path2D(markPath(series.mark, 3.4));
    for (let i = 0; i < series.x.length; i++) {
      context.save();
      context.translate(frame.x(series.x[i]), frame.y(series.y[i]));
      context.fill(mark);
      context.restore();
    }
  }
}

interface Band {
  x: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

function paintBand(context: CanvasRenderingContext2D, band: Band, { x, y, look }: Frame): void {
  const floor = (value: number) => y(look.log ? Math.max(value, y.domain()[0]) : value);
  context.globalAlpha = 0.14;
  context.beginPath();
  for (let i = 0; i < band.x.length; i++) context.lineTo(x(band.x[i]), floor(band.low[i]));
  for (let i = band.x.length - 1; i >= 0; i--) context.lineTo(x(band.x[i]), floor(band.high[i]));
  context.fill();
}

/** A logarithm has no place for zero and below: the line is broken there. */
function line(context: CanvasRenderingContext2D, points: Points, { x, y, look }: Frame): void {
  context.beginPath();
  let pen = false;
  for (let i = 0; i < points.x.length; i++) {
    if (look.log && points.y[i] <= 0) {
      pen = false;
      continue;
    }
    if (pen) context.lineTo(x(points.x[i]), y(points.y[i]));
    else context.moveTo(x(points.x[i]), y(points.y[i]));
    pen = true;
  }
  context.stroke();
}

/** Names at the ends of the lines, moved apart where they would cover each other. */
function paintLabels(
  context: CanvasRenderingContext2D,
  series: Series[],
  { y, box }: { x: Scale; y: Scale; box: Box },
  tokens: Tokens,
): void {
  const height = 14;
  const labels = series
    .filter((one) => one.y.length > 0)
    .map((one) => {
      const tail = one.sparse ? one.y.slice(-1) : one.y.slice(-20);
      const value = tail.reduce((sum, each) => sum + each, 0) / tail.length;
      return { one, y: Math.min(box.bottom, Math.max(box.top, y(value) || box.bottom)) };
    })
    .sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + height);
  let limit = box.bottom + 4;
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].y = Math.min(labels[i].y, limit);
    limit = labels[i].y - height;
  }
  context.font = font(11.5, 600);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const label of labels) {
    if (label.y < box.top - 12) continue;
    context.fillStyle = label.one.color;
    context.fillRect(box.right + 4, label.y - 4, 3, 8);
    context.fillStyle = tokens.ink;
    context.font = font();
    context.fillText(label.one.short ?? label.one.label, box.right + 11, label.y);
  }
}
