/** The samples as tiles with all of their modalities; only those on screen are drawn. */
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { DatasetSummary, SampleView } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { openPlace } from '../../state/browsing.ts';
import css from './Data.module.css';
import { Tile } from './Tile.tsx';
import { tileSize } from './tile.ts';
import type { Windows } from './useWindows.ts';

const height = 560;

interface Props {
  dataset: DatasetSummary;
  windows: Windows;
  /** Another value begins at the top. */
  start: string;
}

export function SampleList({ dataset, windows, start }: Props) {
  const t = useT();
  const { ref, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts from nothing
  useEffect(() => {
    setTop(0);
    scroller.current?.scrollTo(0, 0);
  }, [start]);
  const size = tileSize(dataset);
  const { width: tileWidth, height: tileHeight } = size;
  const columns = Math.max(1, Math.floor(width / tileWidth));
  const first = Math.max(0, Math.floor(top / tileHeight) - 1) * columns;
  const last = (Math.ceil((top + height) / tileHeight) + 1) * columns;
  useEffect(() => {
    if (width > 0) windows.see(first, last);
  }, [windows, first, last, width]);
  const count = windows.total ?? 0;
  const shown: { place: number; sample: SampleView }[] = [];
  for (let place = first; place < Math.min(last, count); place++) {
    const sample = windows.at(place);
    if (sample) shown.push({ place, sample });
  }
  return (
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
            <Tile dataset={dataset} sample={sample} size={size} open={() => openPlace(place)} />
          </figure>
        ))}
      </div>
    </section>
  );
}
