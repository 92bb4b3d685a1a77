/** A histogram on canvas; a dashed line marks where what is longer is cut. Read out as a whole. */
import { useRef } from 'react';
import { font } from '../../charts/axis.ts';
import charts from '../../charts/charts.module.css';
import { usePainter } from '../../charts/usePainter.ts';
import { type Translate, useT } from '../../i18n/index.ts';
import type { Tokens } from '../../theme/tokens.ts';
import { useTokens } from '../../theme/useTokens.ts';

interface Props {
  label: string;
  bins: readonly { from: number; to: number; count: number }[];
  mark?: number;
}

const height = 132;

/** Whole numbers without a point. */
export const plain = (t: Translate, value: number): string =>
  Number.isInteger(value) ? t.count(value) : t.number(value);

export function Histogram({ label, bins, mark }: Props) {
  const t = useT();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width) => paint(context, width, bins, mark, tokens, (value) => plain(t, value)),
    () => [bins, mark],
  );
  const told = bins.map(({ from, to, count }) => `${plain(t, from)}–${plain(t, to)}: ${t.count(count)}`);
  return (
    <div
      className={charts.heat}
      style={{ height, flex: 'none' }}
      role="img"
      aria-label={`${label}: ${told.join('; ')}`}
    >
      <canvas ref={canvas} className={charts.canvas} />
    </div>
  );
}

function paint(
  context: CanvasRenderingContext2D,
  width: number,
  bins: Props['bins'],
  mark: number | undefined,
  tokens: Tokens,
  text: (value: number) => string,
) {
  const base = height - 18;
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const step = width / bins.length;
  context.fillStyle = tokens.lineStrong;
  for (const [i, { count }] of bins.entries()) {
    const tall = (count / most) * (base - 16);
    context.fillRect(i * step + 1, base - tall, Math.max(1, step - 2), tall);
  }
  context.fillStyle = tokens.line;
  context.fillRect(0, base, width, 1);
  context.font = font(11);
  context.fillStyle = tokens.muted;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(text(bins[0].from), 0, height - 4);
  context.textAlign = 'right';
  context.fillText(text(bins[bins.length - 1].to), width, height - 4);
  // Behind the last bin that still holds what is not cut.
  const at = mark === undefined ? -1 : bins.findIndex(({ to }) => to >= mark);
  if (mark === undefined || at < 0) return;
  const { from, to } = bins[at];
  const x = (at + (mark - from + 1) / (to - from + 1)) * step;
  context.strokeStyle = tokens.ink;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, base);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = tokens.ink;
  context.textAlign = x > width / 2 ? 'right' : 'left';
  context.fillText(text(mark), x + (x > width / 2 ? -5 : 5), 10);
}
