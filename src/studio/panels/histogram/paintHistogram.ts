/** One tensor: its histogram, and beside it those that were seen before as a strip over the steps. */
import { font, tickText } from '../../charts/axis.ts';
import { cssOf, sequential } from '../../charts/colors.ts';
import type { Tokens } from '../../theme/tokens.ts';
import { rebinned, type Seen } from './history.ts';

const foot = 16;
const gap = 16;
const rows = 32;

export function paintHistogram(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { seen, now, log, color }: { seen: readonly Seen[]; now: Seen; log: boolean; color: string },
  tokens: Tokens,
): void {
  const half = seen.length > 1 ? Math.round((width - gap) * 0.55) : width;
  const { counts, from, to } = now.histogram;
  const base = height - foot;
  const tall = (count: number) => (log ? Math.log1p(count) : count);
  const most = Math.max(1, ...Array.from(counts, tall));
  const step = half / counts.length;
  context.fillStyle = color;
  for (const [i, count] of counts.entries()) {
    const size = count > 0 ? Math.max(1, (tall(count) / most) * (base - 2)) : 0;
    context.fillRect(i * step + 0.25, base - size, Math.max(0.5, step - 0.5), size);
  }
  context.fillStyle = tokens.line;
  context.fillRect(0, base, half, 1);
  context.font = font(11);
  context.fillStyle = tokens.muted;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(tickText(from), 0, height - 3);
  context.textAlign = 'right';
  context.fillText(tickText(to), half, height - 3);
  if (from < 0 && to > 0) {
    const zero = (-from / (to - from)) * half;
    if (zero > 44 && zero < half - 44) {
      context.textAlign = 'center';
      context.fillText('0', zero, height - 3);
    }
    context.fillStyle = tokens.lineStrong;
    context.fillRect(zero, base, 1, 4);
  }
  if (seen.length > 1)
    paintStrip(context, { left: half + gap, width: width - half - gap, base, height }, seen, tokens);
}

/** Values upward, steps to the right, the share of the values as colour. */
function paintStrip(
  context: CanvasRenderingContext2D,
  box: { left: number; width: number; base: number; height: number },
  seen: readonly Seen[],
  tokens: Tokens,
): void {
  const low = Math.min(...seen.map(({ histogram }) => histogram.from));
  const high = Math.max(...seen.map(({ histogram }) => histogram.to));
  const ramp = sequential(tokens.scheme);
  const wide = box.width / seen.length;
  for (const [column, { histogram }] of seen.entries()) {
    const shares = rebinned(histogram, low, high, rows);
    const most = Math.max(1e-9, ...shares);
    for (const [row, share] of shares.entries()) {
      if (share <= 0) continue;
      context.fillStyle = cssOf(ramp(Math.sqrt(share / most)));
      const y = box.base - ((row + 1) * box.base) / rows;
      context.fillRect(box.left + column * wide, y, wide + 0.4, box.base / rows + 0.4);
    }
  }
  context.fillStyle = tokens.muted;
  context.textAlign = 'left';
  context.fillText(String(seen[0].step), box.left, box.height - 3);
  context.textAlign = 'right';
  context.fillText(String(seen[seen.length - 1].step), box.left + box.width, box.height - 3);
}
