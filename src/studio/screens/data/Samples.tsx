/** All samples of a data set as a grid that draws only what is on screen. Search and split filter run in the worker. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue, useElementSize } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { DatasetSummary, SampleView, Split } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import css from './Data.module.css';
import { Tile } from './Tile.tsx';
import { tileSize } from './tile.ts';

const page = 60;

type Shown = Split | 'all' | 'dropped';

export function Samples({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const [split, setSplit] = useState<Shown>('all');
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, 200);
  const { ref, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [total, setTotal] = useState<number>();
  const [pages, setPages] = useState<ReadonlyMap<number, SampleView[]>>(new Map());
  const [asked, setAsked] = useState<Set<number>>(() => new Set());
  const newest = useRef(asked);

  // What is kept is another list; compared by its words, since a set is listed anew again and again.
  const cleaning = JSON.stringify(dataset.cleaning ?? {});
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts from nothing
  useEffect(() => {
    newest.current = new Set();
    setAsked(newest.current);
    setPages(new Map());
    setTop(0);
    scroller.current?.scrollTo(0, 0);
  }, [dataset.id, split, query, cleaning]);

  const counts = { ...dataset.splits, dropped: dataset.dropped ?? 0 };
  const size = tileSize(dataset);
  const { width: tileWidth, height: tileHeight } = size;
  const height = 560;
  const columns = Math.max(1, Math.floor(width / tileWidth));
  const first = Math.max(0, Math.floor(top / tileHeight) - 1) * columns;
  const last = (Math.ceil((top + height) / tileHeight) + 1) * columns;

  useEffect(() => {
    if (width === 0) return;
    for (let number = Math.floor(first / page); number <= Math.floor(last / page); number++) {
      if (asked.has(number) || (total !== undefined && number > 0 && number * page >= total)) continue;
      asked.add(number);
      api()
        .data.samples(dataset.id, {
          offset: number * page,
          limit: page,
          split: split === 'all' ? undefined : split,
          query: query || undefined,
        })
        .then((result) => {
          if (asked !== newest.current) return;
          setTotal(result.total);
          setPages((known) => new Map(known).set(number, result.samples));
        }, reportError);
    }
  }, [dataset.id, split, query, asked, first, last, width, total]);

  const count = total ?? 0;
  const shown: { place: number; sample: SampleView }[] = [];
  for (let place = first; place < Math.min(last, count); place++) {
    const sample = pages.get(Math.floor(place / page))?.[place % page];
    if (sample) shown.push({ place, sample });
  }
  return (
    <section className={css.samples}>
      <div className="row wrap">
        <TextInput
          className="grow"
          style={{ minWidth: 180 }}
          leftSection={<IconSearch size={15} />}
          placeholder={t('data.search')}
          aria-label={t('data.search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t('data.split')}
          value={split}
          onChange={(value) => setSplit(value as Shown)}
          data={(['all', 'train', 'validation', 'test', 'dropped'] as const)
            .filter((value) => value === 'all' || counts[value] > 0 || value === split)
            .map((value) => ({ value, label: t(`split.${value}`) }))}
        />
        <span className="muted small number">{total !== undefined && t('data.shown', { count: total })}</span>
      </div>
      <section
        ref={scroller}
        className={css.scroller}
        style={{ height }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label={t('data.shown', { count })}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div ref={ref} style={{ height: Math.ceil(count / columns) * tileHeight, position: 'relative' }}>
          {shown.map(({ place, sample }) => (
            <figure
              key={sample.index}
              className={css.tile}
              style={{
                left: `${((place % columns) * 100) / columns}%`,
                top: Math.floor(place / columns) * tileHeight,
                width: `${100 / columns}%`,
                height: tileHeight - 6,
              }}
            >
              <Tile dataset={dataset} sample={sample} size={size} dropped={split === 'dropped'} />
            </figure>
          ))}
          {total === 0 && (
            <p className="muted" style={{ padding: 16 }}>
              {t('data.nothing', { query })}
            </p>
          )}
        </div>
      </section>
    </section>
  );
}
