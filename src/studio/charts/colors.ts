/** Colour tables for heat maps: diverging around zero for similarity, sequential for attention; never a rainbow. */
import { interpolateCividis, interpolatePuOr, interpolateViridis, rgb } from 'd3';

/** Red, green, blue and, where cells are see-through, opacity: 0 … 255 each. */
export type Ramp = (share: number) => readonly number[];

function table(interpolate: (t: number) => string): Ramp {
  const colors = Array.from({ length: 256 }, (_, i) => {
    const { r, g, b } = rgb(interpolate(i / 255));
    return [r, g, b];
  });
  return (share) => colors[Math.min(255, Math.max(0, Math.round(share * 255)))];
}

/** −1 … 1 as purple … orange. */
export const diverging: Ramp = table(interpolatePuOr);
const viridis = table(interpolateViridis);
const cividis = table(interpolateCividis);
export const sequential = (scheme: 'light' | 'dark'): Ramp => (scheme === 'dark' ? viridis : cividis);
export const cssOf = ([r, g, b]: readonly number[]) => `rgb(${r},${g},${b})`;
