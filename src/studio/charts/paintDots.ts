/**
 * Values of methods on canvas: a dot for each with the spread over repetitions, one below the other; or against a second value. Names stand beside
 * their dots, and what kind a method is shows in the mark, so that colour is never the only cue.
 */
import type { Mark, Tokens } from '../theme/tokens.ts';
import { font, makeScale, padded, paintAxes } from './axis.ts';
import { fitted } from './flame.ts';
import { fillMark } from './marks.ts';

export interface Dot {
  name: string;
  mean: number;
  spread: number;
  /** The second value of a scatter. */
  x: number;
  mark: Mark;
  color: string;
}

export const rowHeight = 26;

function rangeOf(dots: readonly Dot[]): [number, number] {
  return padded(
    [
      Math.min(...dots.map((one) => one.mean - one.spread)),
      Math.max(...dots.map((one) => one.mean + one.spread)),
    ],
    false,
  );
}

function paintMark(context: CanvasRenderingContext2D, dot: Dot, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.fillStyle = dot.color;
  fillMark(context, dot.mark, 4.5);
  context.restore();
}

/** @param tick a value in words, at the axis */
export function paintDots(
  context: CanvasRenderingContext2D,
  width: number,
  dots: readonly Dot[],
  tick: (value: number) => string,
  tokens: Tokens,
): void {
  if (dots.length === 0) return;
  context.font = font(12);
  const widest = Math.max(...dots.map(({ name }) => context.measureText(name).width));
  const left = Math.min(widest, width * 0.5) + 16;
  const right = width - 14;
  const bottom = dots.length * rowHeight + 6;
  const x = makeScale(false, rangeOf(dots), [left, right]);
  context.textBaseline = 'top';
  context.textAlign = 'center';
  for (const value of x.ticks(Math.max(2, Math.floor((right - left) / 90)))) {
    const at = Math.round(x(value)) + 0.5;
    context.strokeStyle = tokens.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, bottom);
    context.stroke();
    context.fillStyle = tokens.muted;
    context.fillText(tick(value), Math.min(at, width - 18), bottom + 4);
  }
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const [index, dot] of dots.entries()) {
    const y = (index + 0.5) * rowHeight;
    context.fillStyle = tokens.ink;
    context.fillText(fitted(context, dot.name, left - 16), 0, y);
    context.strokeStyle = dot.color;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x(dot.mean - dot.spread), y);
    context.lineTo(x(dot.mean + dot.spread), y);
    context.stroke();
    paintMark(context, dot, x(dot.mean), y);
  }
}

export function paintScatter(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  dots: readonly Dot[],
  names: { x: string; y: string; tickY: (value: number) => string },
  tokens: Tokens,
): void {
  if (dots.length === 0) return;
  const box = { left: 50, top: 20, right: width - 14, bottom: height - 36 };
  const xs = dots.map((one) => one.x);
  const x = makeScale(false, padded([Math.min(...xs), Math.max(...xs)], false), [box.left, box.right]);
  const y = makeScale(false, rangeOf(dots), [box.bottom, box.top]);
  paintAxes(context, box, { x, y }, names, tokens);
  context.font = font(11.5);
  context.textBaseline = 'middle';
  const taken: { x: number; y: number; width: number }[] = [];
  for (const dot of dots) {
    const [px, py] = [x(dot.x), y(dot.mean)];
    context.strokeStyle = dot.color;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(px, y(dot.mean - dot.spread));
    context.lineTo(px, y(dot.mean + dot.spread));
    context.stroke();
    paintMark(context, dot, px, py);
    // A name goes to the side that has room; one that would cover another is left out, the table has it.
    const label = fitted(context, dot.name, 150);
    const wide = context.measureText(label).width;
    const at = px + 9 + wide > box.right ? px - 9 - wide : px + 9;
    if (taken.some((one) => Math.abs(one.y - py) < 13 && at < one.x + one.width && one.x < at + wide))
      continue;
    taken.push({ x: at, y: py, width: wide });
    context.textAlign = 'left';
    context.fillStyle = tokens.ink;
    context.fillText(label, at, py);
  }
}
