/**
 * A live line chart: canvas marks drawn by drawLines.ts, a legend that is also the read-out, the step cursor shared
 * with every other chart, and the keyboard. The series are pulled when something changed, outside React.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useT } from '../i18n/index.ts';
import { getCursor, setCursor, subscribeCursor } from '../state/cursor.ts';
import { useTokens } from '../theme/useTokens.ts';
import css from './charts.module.css';
import { describeSeries, drawLines, type Plot } from './drawLines.ts';
import { type Series, valueAt } from './series.ts';
import { useFrame } from './useFrame.ts';

interface Props {
  title: string;
  series: () => Series[];
  version: () => unknown;
  xLabel: string;
  yLabel: string;
  rightLabel?: string;
  log?: boolean;
  domain?: readonly [number, number];
  format?: (value: number) => string;
  /** Whether the x axis counts steps, and so shares the cursor. */
  byStep?: boolean;
}

export function LineChart(props: Props) {
  const { byStep = true } = props;
  const t = useT();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const plot = useRef<Plot>(undefined);
  const shown = useRef<Series[]>([]);
  const [own, setOwn] = useState<number>();
  const [legend, setLegend] = useState<Series[]>([]);
  const [summary, setSummary] = useState('');
  const legendAt = useRef(0);
  const cursor = byStep ? getCursor().step : own;

  const redraw = useFrame(canvas, {
    version: props.version,
    draw: (surface) => {
      shown.current = props.series();
      plot.current = drawLines(surface, shown.current, {
        ...props,
        tokens,
        cursor: byStep ? getCursor().step : own,
        pinned: byStep && getCursor().pinned,
      });
      // The words around the canvas follow at most four times a second.
      if (performance.now() - legendAt.current > 250) {
        legendAt.current = performance.now();
        setLegend(shown.current);
      }
    },
  });
  const [, rerender] = useState(0);
  useEffect(() => {
    if (!byStep) return;
    let waiting = 0;
    return subscribeCursor(() => {
      redraw();
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => rerender((n) => n + 1));
    });
  }, [byStep, redraw]);

  const move = useCallback(
    (at: number | undefined, pin = false) => {
      if (byStep) setCursor({ step: at, pinned: pin && at !== undefined });
      else setOwn(at);
    },
    [byStep],
  );
  const stepAt = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const value = plot.current?.x.invert(event.clientX - box.left);
    const nearest = value === undefined ? undefined : shown.current[0] && valueAt(shown.current[0], value);
    return nearest?.x;
  };
  const press = (event: React.KeyboardEvent) => {
    const first = shown.current[0];
    if (!first || first.x.length === 0) return;
    const far = event.shiftKey ? 25 : 1;
    const now = cursor ?? first.x[first.x.length - 1];
    let index = first.x.findIndex((value) => value >= now);
    if (index < 0) index = first.x.length - 1;
    const to: Record<string, number> = {
      ArrowLeft: index - far,
      ArrowRight: index + far,
      Home: 0,
      End: first.x.length - 1,
    };
    if (event.key === 'Escape') move(undefined);
    else if (event.key === 'Enter') move(now, !getCursor().pinned);
    else if (event.key in to) move(first.x[Math.max(0, Math.min(first.x.length - 1, to[event.key]))], getCursor().pinned);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const describe = () =>
    setSummary(
      t('chart.summary', {
        title: props.title,
        n: shown.current.length,
        values: describeSeries(shown.current, (label, value, step) => t('chart.value', { label, value, step })),
      }),
    );
  const format = props.format ?? t.number;
  return (
    <div className={css.chart}>
      <ul className={css.legend}>
        {legend.map((one) => {
          const found = valueAt(one, cursor ?? Number.POSITIVE_INFINITY);
          return (
            <li key={one.id}>
              <svg width="22" height="10" aria-hidden="true">
                <line
                  x1="1"
                  x2="21"
                  y1="5"
                  y2="5"
                  stroke={one.color}
                  strokeWidth="2.5"
                  strokeDasharray={one.dash?.join(' ')}
                />
              </svg>
              <span className="ellipsis">{one.label}</span>
              <b>{found ? format(found.y) : '–'}</b>
            </li>
          );
        })}
        {cursor !== undefined && (
          <li className="muted">
            {props.xLabel} {t.count(cursor)}
            {byStep && getCursor().pinned && ` · ${t('chart.pinned')}`}
          </li>
        )}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the chart has a keyboard cursor */}
      <div className={css.plot} role="img" tabIndex={0} aria-label={summary || props.title} onFocus={describe} onKeyDown={press}>
        <canvas
          ref={canvas}
          onPointerMove={(event) => !getCursor().pinned && move(stepAt(event))}
          onPointerLeave={() => !getCursor().pinned && move(undefined)}
          onClick={(event) => {
            const at = stepAt(event as React.PointerEvent<HTMLCanvasElement>);
            move(at, !getCursor().pinned);
          }}
        />
      </div>
    </div>
  );
}
