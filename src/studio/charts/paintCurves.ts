/**
 * Draws curves on a canvas and answers where everything lies. Under the smoothed line: the raw one at a quarter of
 * its opacity and a band from the lowest to the highest value nearby. A mean of several runs has their band instead.
 */
import type { Tokens } from '../theme/tokens.ts';
import { type Box, font, makeScale, padded, paintAxes, type Scale } from './axis.ts';
import { decimate, envelope, lowerBound, type Points } from './decimate.ts';
import { fillMark } from './marks.ts';
import { placeOf } from './placeOf.ts';
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
  /** The y range ends where one value in a hundred lies beyond, on either side; what does is cut. */
  cut?: boolean;
  /** The steps to show; absent: all. */
  span?: { from: number; to: number };
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

/** From the 1st to the 99th of a hundred values; of many, some thousands tell. */
export function middle(all: readonly Float64Array[], positive: boolean): [number, number] | undefined {
  const count = all.reduce((sum, { length }) => sum + length, 0);
  const stride = Math.max(1, Math.ceil(count / 4000));
  const some = all.flatMap((one) =>
    Array.from(one.filter((value, at) => at % stride === 0 && (!positive || value > 0))),
  );
  const values = Float64Array.from(some).sort();
  if (values.length < 20) return undefined;
  const last = values.length - 1;
  const [low, high] = [values[Math.floor(last * 0.01)], values[Math.ceil(last * 0.99)]];
  return low < high ? [low, high] : undefined;
}

/** Where the steps to show lie on the axis: by the series that says most. */
function spanOf(series: readonly Series[], { span }: CurvesLook): [number, number] | undefined {
  const longest = series.reduce<Series | undefined>(
    (a, b) => (a && a.x.length >= b.x.length ? a : b),
    undefined,
  );
  if (!span || !longest || longest.step.length === 0) return undefined;
  const last = longest.step.length - 1;
  const at = (step: number) =>
    placeOf(longest, Math.min(Math.max(step, longest.step[0]), longest.step[last]));
  const [from, to] = [at(span.from), at(span.to)];
  return from !== undefined && to !== undefined && from < to ? [from, to] : undefined;
}

/** What is to be drawn of ascending places: those within, and one beyond on either side, so that lines reach the edge. */
function indices(x: ArrayLike<number>, [from, to]: [number, number]): [number, number] {
  return [Math.max(0, lowerBound(x, from) - 1), Math.min(x.length, lowerBound(x, to) + 1)];
}

export function paintCurves(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  series: Series[],
  look: CurvesLook,
  tokens: Tokens,
): Plot | undefined {
  const rangeX =
    spanOf(series, look) ??
    extent(
      series.map((one) => one.x),
      false,
    );
  if (!rangeX) return undefined;
  const seen = series.flatMap((one) => {
    const [from, to] = indices(one.x, rangeX);
    return [one.y, ...(one.band ? [one.band.low, one.band.high] : [])].map((y) => y.subarray(from, to));
  });
  const whole = extent(seen, look.log);
  const rangeY = look.domain ?? (look.cut ? (middle(seen, look.log) ?? whole) : whole);
  if (!rangeY) return undefined;
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
  for (const one of series) paintSeries(context, one, { x, y, columns, look, shown: indices(one.x, rangeX) });
  context.restore();
  if (labels) paintLabels(context, series, { y, box, rangeX }, tokens);
  return { box, x, y, series };
}

interface Frame {
  x: Scale;
  y: Scale;
  columns: number;
  look: CurvesLook;
  /** First and end of the points that are drawn. */
  shown: [number, number];
}

function paintSeries(context: CanvasRenderingContext2D, series: Series, frame: Frame): void {
  const { columns, look } = frame;
  const part = (values: Float64Array) => values.subarray(...frame.shown);
  const raw: Points = { x: part(series.x), y: part(series.y) };
  const smoothed = look.smoothing > 0 && !series.sparse && raw.x.length > 2;
  context.strokeStyle = series.color;
  context.fillStyle = series.color;
  context.lineJoin = 'round';
  if (series.band) {
    const { low, high } = series.band;
    paintBand(context, { x: raw.x, low: part(low), high: part(high) }, frame);
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
  // The average comes from all values before.
  const shown = smoothed ? { x: raw.x, y: part(smooth(series.y, look.smoothing)) } : raw;
  line(context, decimate(shown, columns), frame);
  context.setLineDash([]);
  if (series.sparse && raw.x.length <= columns / 8) {
    for (let i = 0; i < raw.x.length; i++) {
      context.save();
      context.translate(frame.x(raw.x[i]), frame.y(raw.y[i]));
      fillMark(context, series.mark, 3.4);
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
  { y, box, rangeX }: { y: Scale; box: Box; rangeX: [number, number] },
  tokens: Tokens,
): void {
  const height = 14;
  const labels = series
    .filter((one) => one.y.length > 0)
    .map((one) => {
      const [from, to] = indices(one.x, rangeX);
      const tail = one.y.subarray(Math.max(from, one.sparse ? to - 1 : to - 20), to);
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
