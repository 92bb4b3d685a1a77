/** Scores against one setting; read out as a whole, the table beside has the numbers. */
import { useRef } from 'react';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import { type Against, paintAgainst } from './paintAgainst.ts';
import { usePainter } from './usePainter.ts';

interface Props {
  label: string;
  points: readonly Against[];
  xName: string;
  yName: string;
  tick: (value: number) => string;
}

export function AgainstSetting({ label, points, xName, yName, tick }: Props) {
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width, height) =>
      paintAgainst(context, width, height, points, { x: xName, y: yName, tickY: tick }, tokens),
    () => points,
  );
  const spoken = `${label}: ${points.map(({ value, score }) => `${value} ${tick(score)}`).join('; ')}`;
  return (
    <div className={css.heat} style={{ height: 240 }} role="img" aria-label={spoken}>
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}
