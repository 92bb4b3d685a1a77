/**
 * Curves of metrics. Data is read outside React (`read`, when `version` changes); the pointer or the arrow keys move
 * a step cursor that all charts share (state/cursor.ts), a click or Enter pins it.
 */
import { useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { markText } from '../../core/marks.ts';
import { useT } from '../i18n/index.ts';
import { getCursor, setCursor, subscribeCursor } from '../state/cursor.ts';
import { liveMarks } from '../state/marks.ts';
import { scaled, showSpan, zoom } from '../state/zoom.ts';
import type { Tokens } from '../theme/tokens.ts';
import { useTokens } from '../theme/useTokens.ts';
import type { Box } from './axis.ts';
import css from './charts.module.css';
import { nearest } from './decimate.ts';
import { Legend, type LegendLine } from './Legend.tsx';
import { paintCursor } from './paintCursor.ts';
import { type CurvesLook, type Plot, paintCurves } from './paintCurves.ts';
import { markNear, type PlacedMark, paintMarks, placeMarks } from './paintMarks.ts';
import { placeOf } from './placeOf.ts';
import type { Series } from './series.ts';
import { fitCanvas, usePainter } from './usePainter.ts';

interface Props extends Omit<CurvesLook, 'xName' | 'span'> {
  title: string;
  xAxis: 'step' | 'epoch' | 'time';
  read: () => Series[];
  version: () => unknown;
  /** Value as text in the legend. */
  show?: (value: number) => string;
}

export function Curves({ title, xAxis, read, version, show, ...look }: Props) {
  const t = useT();
  const tokens = useTokens();
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const [lines, setLines] = useState<LegendLine[]>([]);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [at, setAt] = useState<string>();
  const placed = useRef<PlacedMark[]>([]);
  const [told, setTold] = useState<PlacedMark>();
  /** The pointer's distance from the left, while it is over this chart. */
  const pointer = useRef<number | undefined>(undefined);
  const note = useId();
  const span = useStore(zoom, (state) => state.span);
  /** Where a part began to be chosen, pixels from the left. */
  const pressed = useRef<number | undefined>(undefined);
  const dragged = useRef(false);
  const number = show ?? t.number;

  const tell = useRef(() => {});
  useEffect(() => {
    tell.current = () => {
      const { step, pinned } = getCursor();
      const all = plot.current?.series ?? [];
      setLines((old) => {
        const next = legendOf(allSeries.current, step, number);
        return JSON.stringify(old) === JSON.stringify(next) ? old : next;
      });
      setAt(
        step === undefined || all.length === 0
          ? undefined
          : t(pinned ? 'charts.pinned' : 'charts.at', { step }),
      );
      const cursor = pointer.current ?? cursorAt(plot.current, step);
      const meant = pointer.current !== undefined || area.current === document.activeElement;
      setTold(meant && cursor !== undefined ? markNear(placed.current, cursor) : undefined);
      const context = over.current?.getContext('2d');
      if (!over.current || !context) return;
      fitCanvas(over.current, context);
      if (plot.current && step !== undefined) paintCursor(context, plot.current, step, pinned, tokens);
      const chosen = choice(pressed.current, pointer.current);
      if (plot.current && chosen) paintChoice(context, plot.current.box, chosen, tokens);
    };
    tell.current();
  });
  const allSeries = useRef<Series[]>([]);

  usePainter(
    base,
    (context, width, height) => {
      allSeries.current = read();
      const shown = allSeries.current.filter((one) => !hidden.includes(one.key));
      const xName = t(xAxis === 'time' ? 'charts.seconds' : `charts.${xAxis}`);
      plot.current = paintCurves(context, width, height, shown, { ...look, span, xName }, tokens);
      const drawn = plot.current;
      placed.current = drawn ? placeMarks(drawn, liveMarks()) : [];
      if (drawn) paintMarks(context, drawn, placed.current, tokens);
      tell.current();
    },
    () => `${String(version())} ${liveMarks().length} ${liveMarks().at(-1)?.step}`,
    // The legend follows the cursor at every move; the curves do not.
    [read, version, hidden, span, tokens, t, xAxis, ...Object.values(look)],
  );
  useEffect(() => {
    let frame = 0;
    const stop = subscribeCursor(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => tell.current());
    });
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, []);

  const stepAt = (clientX: number): number | undefined => {
    const { current } = plot;
    if (!current || !over.current) return undefined;
    const value = current.x.invert(clientX - over.current.getBoundingClientRect().left);
    const longest = longestOf(current.series);
    return longest?.step[nearest(longest.x, value)];
  };
  const move = (event: React.KeyboardEvent) => {
    const longest = longestOf(plot.current?.series ?? []);
    if (!longest) return;
    const { step, pinned } = getCursor();
    const last = longest.step.length - 1;
    const here = step === undefined ? last : nearest(longest.step, step);
    const stride = event.shiftKey ? Math.max(10, Math.round(last / 20)) : 1;
    const to: Record<string, number> = {
      ArrowLeft: here - stride,
      ArrowRight: here + stride,
      Home: 0,
      End: last,
    };
    if (event.key in to)
      setCursor({ step: longest.step[Math.min(last, Math.max(0, to[event.key]))], pinned });
    else if (event.key === 'Enter') setCursor({ step: step ?? longest.step[last], pinned: !pinned });
    else if (event.key === 'Escape' && step !== undefined) setCursor({ pinned: false });
    else if (event.key === '+' || event.key === '=' || event.key === '-') {
      const whole = { from: longest.step[0], to: longest.step[last] };
      showSpan(scaled(span ?? whole, event.key === '-' ? 2 : 0.5, step ?? whole.to, whole));
    } else if (event.key === '0' || (event.key === 'Escape' && span)) showSpan(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const longest = longestOf(plot.current?.series ?? []);
  return (
    <div className={css.chart}>
      <Legend
        lines={lines}
        hidden={hidden}
        at={at}
        onWhole={span && (() => showSpan(undefined))}
        toggle={(key) =>
          setHidden((old) => (old.includes(key) ? old.filter((other) => other !== key) : [...old, key]))
        }
      />
      <div
        ref={area}
        className={css.area}
        role="application"
        aria-label={t('charts.summary', {
          title,
          names: lines.map((one) => `${one.label} ${one.value}`).join(', '),
          from: longest?.step[0] ?? 0,
          to: longest?.step.at(-1) ?? 0,
        })}
        aria-describedby={note}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor is moved by keys
        tabIndex={0}
        onKeyDown={move}
        onBlur={() => tell.current()}
        onPointerMove={(event) => {
          pointer.current = event.clientX - event.currentTarget.getBoundingClientRect().left;
          tell.current();
          if (!getCursor().pinned) setCursor({ step: stepAt(event.clientX), pinned: false });
        }}
        onPointerDown={(event) => {
          if (event.button !== 0 || event.pointerType === 'touch') return;
          pressed.current = event.clientX - event.currentTarget.getBoundingClientRect().left;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={(event) => {
          const chosen = choice(pressed.current, pointer.current);
          pressed.current = undefined;
          dragged.current = chosen !== undefined;
          if (!chosen) return;
          const left = event.currentTarget.getBoundingClientRect().left;
          const [from, to] = chosen.map((one) => stepAt(left + one));
          if (from !== undefined && to !== undefined && to - from >= 2) showSpan({ from, to });
          tell.current();
        }}
        onPointerCancel={() => {
          pressed.current = undefined;
        }}
        onDoubleClick={() => showSpan(undefined)}
        onPointerLeave={() => {
          pointer.current = undefined;
          tell.current();
          if (!getCursor().pinned) setCursor({ pinned: false });
        }}
        onClick={(event) => {
          // The press that chose a part is no press on a step.
          if (dragged.current) {
            dragged.current = false;
            return;
          }
          const step = stepAt(event.clientX);
          if (step !== undefined)
            setCursor(getCursor().pinned ? { step, pinned: false } : { step, pinned: true });
        }}
      >
        <canvas ref={base} className={css.canvas} />
        <canvas ref={over} className={css.canvas} aria-hidden />
        {told && (
          <div
            className={css.tip}
            style={{ left: told.at }}
            data-left={told.at > (area.current?.clientWidth ?? 0) / 2}
          >
            <strong>{t('charts.mark', { number: told.mark.number, step: told.mark.step })}</strong>
            {markText(told.mark, t.locale)}
          </div>
        )}
        <span id={note} className="sr-only" aria-live="polite">
          {at && `${at}: ${lines.map((one) => `${one.label} ${one.value}`).join(', ')}`}
          {told && ` ${markText(told.mark, t.locale)}`}
        </span>
      </div>
    </div>
  );
}

/** The pixels between a press and the pointer, once it was moved. */
function choice(pressed: number | undefined, pointer: number | undefined): [number, number] | undefined {
  if (pressed === undefined || pointer === undefined || Math.abs(pointer - pressed) < 6) return undefined;
  return [Math.min(pressed, pointer), Math.max(pressed, pointer)];
}

function paintChoice(
  context: CanvasRenderingContext2D,
  { left, right, top, bottom }: Box,
  [from, to]: [number, number],
  tokens: Tokens,
): void {
  const start = Math.max(left, from);
  const width = Math.min(right, to) - start;
  context.fillStyle = tokens.ink;
  context.globalAlpha = 0.1;
  context.fillRect(start, top, width, bottom - top);
  context.globalAlpha = 0.7;
  context.strokeStyle = tokens.ink;
  context.lineWidth = 1;
  context.strokeRect(start, top, width, bottom - top);
  context.globalAlpha = 1;
}

/** Where the shared cursor stands on this chart. */
function cursorAt(plot: Plot | undefined, step: number | undefined): number | undefined {
  const longest = longestOf(plot?.series ?? []);
  const place = longest && step !== undefined ? placeOf(longest, step) : undefined;
  return place === undefined ? undefined : plot?.x(place);
}

function longestOf(series: Series[]): Series | undefined {
  return series.reduce<Series | undefined>((a, b) => (a && a.x.length >= b.x.length ? a : b), undefined);
}

function legendOf(
  series: Series[],
  step: number | undefined,
  number: (value: number) => string,
): LegendLine[] {
  return series.map(({ key, label, color, dash, mark, step: steps, y }) => {
    const at = step === undefined ? y.length - 1 : nearest(steps, step);
    return { key, label, color, dash, mark, value: at >= 0 ? number(y[at]) : '–' };
  });
}
