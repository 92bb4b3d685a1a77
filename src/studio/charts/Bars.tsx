/** Named amounts as bars with their values beside them. Drawn on canvas, as the files of a panel are made of canvases; read out as a whole. */
import { useRef } from 'react';
import type { Tokens } from '../theme/tokens.ts';
import { useTokens } from '../theme/useTokens.ts';
import { font } from './axis.ts';
import css from './charts.module.css';
import { fitted } from './flame.ts';
import { usePainter } from './usePainter.ts';

export interface Bar {
  name: string;
  amount: number;
  /** The amount for people. */
  text: string;
}

const height = 24;

export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width) => paintBars(context, width, bars, tokens),
    () => bars,
  );
  return (
    <div
      className={css.heat}
      style={{ height: bars.length * height, flex: 'none' }}
      role="img"
      aria-label={`${label}: ${bars.map(({ name, text }) => `${name} ${text}`).join('; ')}`}
    >
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}

function paintBars(context: CanvasRenderingContext2D, width: number, bars: readonly Bar[], tokens: Tokens) {
  context.font = font(12);
  context.textBaseline = 'middle';
  const widest = (texts: string[]) => Math.max(0, ...texts.map((text) => context.measureText(text).width));
  const values = widest(bars.map(({ text }) => text));
  const names = Math.min(widest(bars.map(({ name }) => name)), (width - values) * 0.6);
  const from = names + 12;
  // A bar that would say nothing for want of room is left out.
  const room = width - from - values - 12;
  const most = Math.max(...bars.map(({ amount }) => amount), 0);
  for (const [index, { name, amount, text }] of bars.entries()) {
    const y = (index + 0.5) * height;
    context.fillStyle = tokens.ink;
    context.textAlign = 'left';
    context.fillText(fitted(context, name, names), 0, y);
    context.textAlign = 'right';
    context.fillText(text, width, y);
    if (room < 24) continue;
    context.fillStyle = tokens.sunken;
    context.fillRect(from, y - 7, room, 14);
    context.fillStyle = tokens.lineStrong;
    if (most > 0) context.fillRect(from, y - 7, (room * amount) / most, 14);
  }
}
