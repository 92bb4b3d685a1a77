/** The chosen set: its samples as a grid or a list, or its statistics; and the drawer of the sample that is open. */
import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import type { DatasetSummary } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import { browsing, cellSizes, clearFilter, setCell, setView, viewOf, views } from '../../state/browsing.ts';
import css from './Data.module.css';
import { FilterBar } from './FilterBar.tsx';
import { Grid } from './Grid.tsx';
import { SampleDrawer } from './SampleDrawer.tsx';
import { SampleList } from './SampleList.tsx';
import { useWindows } from './useWindows.ts';

const StatisticsView = lazy(async () => ({ default: (await import('./StatisticsView.tsx')).StatisticsView }));

export function Look({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const { view: chosen, cell } = useStore(browsing);
  const view = viewOf(chosen, dataset);
  // What was sought in another set is not sought in this one.
  useEffect(() => clearFilter, []);
  return (
    <div className={css.samples}>
      <div className="row wrap">
        <SegmentedControl
          aria-label={t('data.view')}
          value={view}
          onChange={(value) => {
            const found = views.find((one) => one === value);
            if (found) setView(found);
          }}
          data={views.map((value) => ({ value, label: t(`data.view.${value}`) }))}
        />
        {view === 'grid' && (
          <SegmentedControl
            aria-label={t('grid.size')}
            style={{ marginLeft: 'auto' }}
            value={cell}
            onChange={(value) => {
              const found = cellSizes.find((one) => one === value);
              if (found) setCell(found);
            }}
            data={cellSizes.map((value) => ({ value, label: t(`grid.size.${value}`) }))}
          />
        )}
      </div>
      {view === 'statistics' ? (
        <Suspense>
          <StatisticsView dataset={dataset} />
        </Suspense>
      ) : (
        <Found dataset={dataset} view={view} />
      )}
    </div>
  );
}

function Found({ dataset, view }: { dataset: DatasetSummary; view: 'grid' | 'list' }) {
  const t = useT();
  const filter = useStore(browsing, (state) => state.filter);
  const windows = useWindows(dataset, filter);
  const start = JSON.stringify(filter);
  return (
    <>
      <FilterBar dataset={dataset} total={windows.total} />
      {windows.total === 0 ? (
        <p className="muted" style={{ padding: 16 }}>
          {filter.query ? t('data.nothing', { query: filter.query }) : t('filter.none')}
        </p>
      ) : view === 'grid' ? (
        <Grid dataset={dataset} windows={windows} start={start} />
      ) : (
        <SampleList dataset={dataset} windows={windows} start={start} />
      )}
      <SampleDrawer dataset={dataset} windows={windows} />
    </>
  );
}
