/** Scales and axes on canvas: few ticks, thin lines, the unit once per axis. */
import { format, scaleLinear, scaleLog } from 'd3';
import type { Tokens } from '../theme/tokens.ts';

export type Scale =
  | ReturnType<typeof scaleLinear<number, number>>
  | ReturnType<typeof scaleLog<number, number>>;

export const font = (size = 11.5, weight = 400) => {
  const family = typeof document === 'undefined' ? 'sans-serif' : getComputedStyle(document.body).fontFamily;
  return `${weight} ${size}px ${family}`;
};

const plain = format('.4~g');
const large = format('.3~s');

export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e4) return large(value);
  if (size > 0 && size < 1e-3) return format('.2~e')(value).replace('-', '−').replace('e+', 'e');
  return plain(value);
}

export function makeScale(log: boolean, domain: [number, number], range: [number, number]): Scale {
  return log ? scaleLog(domain, range) : scaleLinear(domain, range);
}

/** A little room above and below, and never an empty span. */
export function padded([low, high]: [number, number], log: boolean): [number, number] {
  if (log) return low === high ? [low / 2, high * 2] : [low / 1.15, high * 1.15];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

export function ticksOf(scale: Scale, count: number): number[] {
  const all = scale.ticks(count);
  if (!('base' in scale)) return all;
  const powers = all.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
  // Less than two powers of ten: round numbers say more than a crowd near the top.
  if (powers.length < 2) return scaleLinear(scale.domain(), [0, 1]).ticks(count);
  if (all.length <= count * 1.6) return all;
  const every = Math.ceil(powers.length / count);
  return powers.filter((_, i) => i % every === 0);
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function paintAxes(
  context: CanvasRenderingContext2D,
  box: Box,
  scales: { x: Scale; y: Scale },
  names: { x: string; y: string; tickX?: (value: number) => string; tickY?: (value: number) => string },
  tokens: Tokens,
): void {
  const { left, top, right, bottom } = box;
  context.font = font();
  context.lineWidth = 1;
  context.strokeStyle = tokens.line;
  context.fillStyle = tokens.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of ticksOf(scales.y, Math.max(3, Math.floor((bottom - top) / 42)))) {
    const y = Math.round(scales.y(value)) + 0.5;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillText((names.tickY ?? tickText)(value), left - 6, y);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const ticks = ticksOf(scales.x, Math.max(3, Math.floor((right - left) / 80)));
  for (const value of ticks) {
    const x = scales.x(value);
    context.fillText((names.tickX ?? tickText)(value), Math.min(x, right - 4), bottom + 6);
  }
  context.strokeStyle = tokens.lineStrong;
  context.beginPath();
  context.moveTo(left, bottom + 0.5);
  context.lineTo(right, bottom + 0.5);
  context.stroke();
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(names.x, right, bottom + 34);
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(names.y, 4, 0);
}
