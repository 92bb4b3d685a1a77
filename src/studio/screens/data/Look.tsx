/** The chosen set: its samples, or its statistics. */
import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { DatasetSummary } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './Data.module.css';
import { Samples } from './Samples.tsx';

const StatisticsView = lazy(async () => ({ default: (await import('./StatisticsView.tsx')).StatisticsView }));

export function Look({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const [statistics, setStatistics] = useState(false);
  return (
    <div className={css.samples}>
      <SegmentedControl
        aria-label={t('data.view')}
        style={{ alignSelf: 'flex-start' }}
        value={statistics ? 'statistics' : 'samples'}
        onChange={(value) => setStatistics(value === 'statistics')}
        data={(['samples', 'statistics'] as const).map((value) => ({
          value,
          label: t(`data.view.${value}`),
        }))}
      />
      {statistics ? (
        <Suspense>
          <StatisticsView dataset={dataset} />
        </Suspense>
      ) : (
        <Samples dataset={dataset} />
      )}
    </div>
  );
}
