/** Methods by their score, as rows of dots or against a second value; read out as a whole, the table beside has the numbers. */
import { useRef } from 'react';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import { type Dot, paintDots, paintScatter, rowHeight } from './paintDots.ts';
import { usePainter } from './usePainter.ts';

interface Props {
  label: string;
  dots: readonly Dot[];
  tick: (value: number) => string;
}

const spoken = ({ label, dots, tick }: Props) =>
  `${label}: ${dots.map(({ name, mean }) => `${name} ${tick(mean)}`).join('; ')}`;

export function Dots(props: Props) {
  const { dots, tick } = props;
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width) => paintDots(context, width, dots, tick, tokens),
    () => dots,
  );
  return (
    <div
      className={css.heat}
      style={{ height: dots.length * rowHeight + 28 }}
      role="img"
      aria-label={spoken(props)}
    >
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}

export function Scatter(props: Props & { xName: string; yName: string }) {
  const { dots, tick, xName, yName } = props;
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  usePainter(
    canvas,
    (context, width, height) =>
      paintScatter(context, width, height, dots, { x: xName, y: yName, tickY: tick }, tokens),
    () => dots,
  );
  return (
    <div className={css.heat} style={{ height: 300 }} role="img" aria-label={spoken(props)}>
      <canvas ref={canvas} className={css.canvas} />
    </div>
  );
}
