/** Scores against one setting on canvas: numbers on a linear or logarithmic axis, words side by side. The mark says how a point ended, so that colour is never the only cue. */
import type { Tokens } from '../theme/tokens.ts';
import { type Box, font, makeScale, padded, paintAxes, type Scale } from './axis.ts';
import { fitted } from './flame.ts';
import { fillMark } from './marks.ts';

export interface Against {
  value: number | string;
  score: number;
  spread: number;
  kind: 'best' | 'finished' | 'stopped';
}

const marks = { best: 'star', finished: 'circle', stopped: 'triangle' } as const;

/** Whether numbers lie so far apart that only a logarithm shows them all. */
export function wantsLog(values: readonly number[]): boolean {
  const low = Math.min(...values);
  return low > 0 && Math.max(...values) / low >= 30;
}

export function paintAgainst(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  points: readonly Against[],
  names: { x: string; y: string; tickY: (value: number) => string },
  tokens: Tokens,
): void {
  if (points.length === 0) return;
  const box: Box = { left: 50, top: 20, right: width - 14, bottom: height - 36 };
  const range = padded(
    [
      Math.min(...points.map(({ score, spread }) => score - spread)),
      Math.max(...points.map(({ score, spread }) => score + spread)),
    ],
    false,
  );
  const y = makeScale(false, range, [box.bottom, box.top]);
  const numbers = points.flatMap(({ value }) => (typeof value === 'number' ? value : []));
  const at =
    numbers.length === points.length
      ? numberAxis(context, box, numbers, y, names, tokens)
      : wordAxis(context, box, points, y, names, tokens);
  // The best lies above the others.
  const ordered = [...points].sort((a, b) => Number(a.kind === 'best') - Number(b.kind === 'best'));
  for (const point of ordered) {
    const px = at(point.value);
    context.strokeStyle = point.kind === 'best' ? tokens.fused : tokens.image;
    context.fillStyle = context.strokeStyle;
    context.globalAlpha = point.kind === 'stopped' ? 0.7 : 1;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(px, y(point.score - point.spread));
    context.lineTo(px, y(point.score + point.spread));
    context.stroke();
    context.save();
    context.translate(px, y(point.score));
    fillMark(context, marks[point.kind], point.kind === 'best' ? 6 : 4.2);
    context.restore();
  }
  context.globalAlpha = 1;
}

function numberAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  values: readonly number[],
  y: Scale,
  names: { x: string; y: string; tickY: (value: number) => string },
  tokens: Tokens,
) {
  const log = wantsLog(values);
  const x = makeScale(log, padded([Math.min(...values), Math.max(...values)], log), [box.left, box.right]);
  paintAxes(context, box, { x, y }, names, tokens);
  return (value: number | string) => x(Number(value));
}

/** Each word has a column of its own; the axis is drawn with its ticks' numbers covered by the words. */
function wordAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  points: readonly Against[],
  y: Scale,
  names: { x: string; y: string; tickY: (value: number) => string },
  tokens: Tokens,
) {
  const words = [...new Set(points.map(({ value }) => String(value)))];
  const column = (box.right - box.left) / words.length;
  const at = (value: number | string) => box.left + (words.indexOf(String(value)) + 0.5) * column;
  const x = makeScale(false, [0, words.length], [box.left, box.right]);
  paintAxes(context, box, { x, y }, { ...names, tickX: () => '' }, tokens);
  context.font = font(11);
  context.fillStyle = tokens.muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const word of words) context.fillText(fitted(context, word, column - 6), at(word), box.bottom + 6);
  return at;
}
