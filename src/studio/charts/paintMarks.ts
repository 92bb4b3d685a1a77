/** Where stages and changes of the run came into force: a dashed line with a numbered flag, on every chart over steps or time. */
import type { ChangeMark } from '../../core/marks.ts';
import type { Tokens } from '../theme/tokens.ts';
import { font } from './axis.ts';
import type { Plot } from './paintCurves.ts';
import { placeOf } from './placeOf.ts';
import type { Series } from './series.ts';

/** A mark and where it stands, in pixels from the left. */
export interface PlacedMark {
  mark: ChangeMark;
  at: number;
}

/** Flags that stand closer than this are drawn over each other; the lines stay apart. */
const flag = { width: 15, height: 14 };

/** Marks within the plot. The run's own series tell where a step lies on an axis of seconds. */
export function placeMarks({ x, box, series }: Plot, marks: readonly ChangeMark[]): PlacedMark[] {
  const own = series.filter((one) => one.x.length > 0 && !one.other);
  const longest = own.reduce<Series | undefined>(
    (a, b) => (a && a.x.length >= b.x.length ? a : b),
    undefined,
  );
  if (!longest) return [];
  return marks.flatMap((mark) => {
    const place = placeOf(longest, mark.step);
    if (place === undefined) return [];
    const at = x(place);
    return at >= box.left - 1 && at <= box.right + 1 ? [{ mark, at }] : [];
  });
}

export function paintMarks(
  context: CanvasRenderingContext2D,
  { box }: Plot,
  placed: readonly PlacedMark[],
  tokens: Tokens,
): void {
  context.save();
  context.font = font(10.5, 600);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  for (const { mark, at } of placed) {
    const x = Math.round(at) + 0.5;
    context.strokeStyle = tokens.lineStrong;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x, box.top);
    context.lineTo(x, box.bottom);
    context.stroke();
    context.setLineDash([]);
    const text = String(mark.number);
    const width = Math.max(flag.width, context.measureText(text).width + 7);
    // A flag at the right edge waves to the left.
    const left = x + width > box.right + 6 ? x - width : x;
    context.fillStyle = tokens.surface;
    context.strokeStyle = tokens.lineStrong;
    context.beginPath();
    context.roundRect(left, box.top - 6, width, flag.height, 3);
    context.fill();
    context.stroke();
    context.fillStyle = tokens.ink;
    context.fillText(text, left + width / 2, box.top + 1.5);
  }
  context.restore();
}

/** The mark nearest to a place, if near enough to be meant. */
export function markNear(placed: readonly PlacedMark[], at: number, reach = 8): PlacedMark | undefined {
  let best: PlacedMark | undefined;
  for (const one of placed)
    if (Math.abs(one.at - at) <= reach && !(best && Math.abs(best.at - at) <= Math.abs(one.at - at)))
      best = one;
  return best;
}
