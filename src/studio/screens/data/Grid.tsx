/**
 * The samples as a grid of small pictures: only rows in view are drawn, and a row that leaves lends its elements to the one that comes, so that scrolling makes and
 * removes nothing. One stop for the Tab key; arrows move, Enter opens.
 */
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { browsing, type CellSize, openPlace } from '../../state/browsing.ts';
import { Cell, isDrawn } from './Cell.tsx';
import css from './Grid.module.css';
import { movedPlace } from './gridKeys.ts';
import { Sheets } from './sheets.ts';
import type { Windows } from './useWindows.ts';

const widths: Record<CellSize, number> = { small: 84, medium: 124, large: 196 };
const gap = 10;
const caption = 24;
/** Rows beyond the view on either side. */
const beyond = 3;

export function Grid({
  dataset,
  windows,
  start,
}: {
  dataset: DatasetSummary;
  windows: Windows;
  start: string;
}) {
  const t = useT();
  const { cell, open } = useStore(browsing);
  const { ref: measure, width } = useElementSize();
  const scroller = useRef<HTMLElement>(null);
  const [height, setHeight] = useState(0);
  const [row, setRow] = useState(0);
  const [active, setActive] = useState(0);
  const count = windows.total ?? 0;
  const columns = Math.max(1, Math.floor((width + gap) / (widths[cell] + gap)));
  const side = Math.max(1, (width - gap * (columns - 1)) / columns);
  const tall = side + caption + gap;
  const rows = Math.ceil(count / columns);
  const inView = Math.ceil(height / tall) + 1;
  const from = Math.max(0, row - beyond);
  const to = Math.min(rows, row + inView + beyond);

  const sheets = useSheets(dataset, side);
  useEffect(() => {
    windows.see(from * columns, to * columns);
  }, [windows, from, to, columns]);
  // What is in view comes before what may come into view.
  const needed: number[] = [];
  const order = [...Array(Math.max(0, to - from)).keys()].map((i) => from + i);
  const within = (r: number) => r >= row && r < row + inView;
  for (const r of [...order.filter(within), ...order.filter((one) => !within(one))])
    for (let place = r * columns; place < Math.min(count, (r + 1) * columns); place++) {
      const sample = windows.at(place);
      if (sample && isDrawn(sample)) needed.push(sample.index);
    }
  const wanted = needed.join();
  useEffect(() => sheets.want(wanted === '' ? [] : wanted.split(',').map(Number)), [sheets, wanted]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins at the top
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
    setRow(0);
    setActive(0);
  }, [start]);

  const show = (place: number) => {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(place / columns) * tall;
    if (top < element.scrollTop) element.scrollTo(0, top);
    else if (top + tall > element.scrollTop + element.clientHeight)
      element.scrollTo(0, top + tall - element.clientHeight);
  };
  // The open sample is walked through from the drawer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where another one opens
  useEffect(() => {
    if (open === undefined) return;
    setActive(open);
    show(open);
  }, [open]);

  const act = (event: KeyboardEvent, place: number) => {
    const next = movedPlace(event.key, place, { count, columns, page: Math.max(1, inView - 1) });
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    show(next);
  };
  const newest = useRef(act);
  newest.current = act;
  const onKey = useCallback((event: KeyboardEvent, place: number) => newest.current(event, place), []);
  // Elements are lent to other samples: the focus goes with its sample, and waits with the list while that is out of view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever rows or the active one change
  useEffect(() => {
    const element = scroller.current;
    const focused = document.activeElement;
    if (!element || !(focused instanceof HTMLElement) || !element.contains(focused)) return;
    if (focused.dataset['place'] === String(active)) return;
    const cell = element.querySelector<HTMLElement>(`[data-place="${active}"]`);
    (cell ?? element).focus({ preventScroll: true });
  }, [active, from, to, columns]);
  return (
    <section
      ref={scroller}
      className={css.scroller}
      tabIndex={-1}
      aria-label={t('grid.name', { name: dataset.name })}
      aria-description={t('grid.keys')}
      onScroll={(event) => setRow(Math.max(0, Math.floor(event.currentTarget.scrollTop / tall)))}
    >
      <ul ref={measure} className={css.cells} style={{ height: Math.max(0, rows * tall - gap) }}>
        {width > 0 &&
          Array.from({ length: Math.max(0, Math.min(count, to * columns) - from * columns) }, (_, i) => {
            const place = from * columns + i;
            const sample = windows.at(place);
            // As many as can be in view at once: rows take turns.
            const turn = place % ((inView + 2 * beyond) * columns);
            return (
              <Cell
                key={turn}
                place={place}
                count={count}
                x={(place % columns) * (side + gap)}
                y={Math.floor(place / columns) * tall}
                side={side}
                sample={sample}
                picture={sample && sheets.of(sample.index)}
                active={place === Math.min(active, count - 1)}
                onKey={onKey}
                onOpen={onOpen}
              />
            );
          })}
      </ul>
    </section>
  );
}

const onOpen = (place: number): void => openPlace(place);

/** Pictures as large as the screen shows them, never larger than they are kept. */
function useSheets(dataset: DatasetSummary, side: number): Sheets {
  const [, setVersion] = useState(0);
  const shown = side * Math.min(2, devicePixelRatio);
  const stored = dataset.storedSize;
  // A little too large costs less than to make it smaller.
  const fine = 32 * Math.ceil(shown / 32);
  const pixels = stored === 0 ? fine : stored <= 1.5 * shown ? stored : Math.min(stored, fine);
  const { id } = dataset;
  const sheets = useMemo(
    () => new Sheets(id, pixels, () => setVersion((version) => version + 1)),
    [id, pixels],
  );
  useEffect(() => () => sheets.end(), [sheets]);
  return sheets;
}
