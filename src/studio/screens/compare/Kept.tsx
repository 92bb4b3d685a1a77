/** Comparisons of this browser: look at one, go on with one that was stopped, delete one. */
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import type { Comparison } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { comparing, removeComparison, startComparison } from '../../state/comparing.ts';
import { datasets } from '../../state/datasets.ts';
import css from './compare.module.css';

export function Kept({ list, shown }: { list: readonly Comparison[]; shown?: string }) {
  const t = useT();
  const job = useStore(comparing, (state) => state.job);
  const sets = useStore(datasets, (state) => state.list);
  return (
    <section className={`card ${css.section}`}>
      <h2>{t('compare.earlier')}</h2>
      <ul className={css.kept}>
        {list.map(({ id, plan, dataset, datasetName, results, trials, createdAt }) => (
          <li key={id}>
            <span className="grow">
              {t('compare.resultsLine', {
                recipe: plan.recipe.name,
                data: datasetName,
                done: results.length,
                total: trials,
                date: t.date(createdAt),
              })}
            </span>
            {results.length < trials && sets.some((one) => one.id === dataset) && (
              <Button
                size="xs"
                disabled={job !== undefined}
                onClick={() => void startComparison(plan, dataset)}
              >
                {t('compare.goOn')}
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              aria-pressed={id === shown}
              disabled={results.length === 0}
              onClick={() => comparing.setState({ shown: id })}
            >
              {t('compare.show')}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              aria-label={t('compare.deleteOf', { recipe: plan.recipe.name })}
              disabled={job !== undefined}
              onClick={() => removeComparison(id).catch(reportError)}
            >
              {t('compare.delete')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
