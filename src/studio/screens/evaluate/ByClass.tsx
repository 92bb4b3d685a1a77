/** Precision, recall and F1 of each class, sorted by any of them. */
import { Box } from '@mantine/core';
import { useState } from 'react';
import type { Evaluation } from '../../../workers/api.ts';
import { ariaSort, SortHead } from '../../components/SortHead.tsx';
import { useT } from '../../i18n/index.ts';
import css from './evaluate.module.css';

type Classes = NonNullable<Evaluation['tasks'][number]['classes']>;
const columns = ['precision', 'recall', 'f1', 'count'] as const;

export function ByClass({ classes }: { classes: Classes }) {
  const t = useT();
  const [sort, setSort] = useState<{ by: (typeof columns)[number]; down: boolean }>({
    by: 'f1',
    down: false,
  });
  const rows = classes
    .filter(({ count, precision }) => count > 0 || precision > 0)
    .sort((a, b) => (sort.down ? b[sort.by] - a[sort.by] : a[sort.by] - b[sort.by]));
  const titles = {
    precision: t('evaluate.precision'),
    recall: t('evaluate.recall'),
    f1: 'F1',
    count: t('evaluate.count'),
  };
  return (
    <details className={css.more}>
      <summary>{t('evaluate.byClass')}</summary>
      <Box
        component="section"
        className={`${css.scroll} ${css.tall}`}
        tabIndex={0}
        aria-label={t('evaluate.byClass')}
      >
        <table className={css.numbers}>
          <thead>
            <tr>
              <th scope="col">{t('evaluate.class')}</th>
              {columns.map((by) => {
                const down = sort.by === by ? sort.down : undefined;
                return (
                  <th key={by} scope="col" aria-sort={ariaSort(down)}>
                    <SortHead
                      title={titles[by]}
                      down={down}
                      onPress={() => setSort({ by, down: down === undefined ? false : !down })}
                    />
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, precision, recall, f1, count }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{t.percent(precision)}</td>
                <td>{t.percent(recall)}</td>
                <td>{t.number(f1)}</td>
                <td>{t.count(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
    </details>
  );
}
