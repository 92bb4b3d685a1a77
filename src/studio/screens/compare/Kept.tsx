/** Comparisons or sweeps of this browser: look at one, go on with one that was stopped, delete one. */
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { datasets } from '../../state/datasets.ts';
import { useTrialsBusy } from '../../state/trialsBusy.ts';
import css from './compare.module.css';

interface KeptItem {
  id: string;
  plan: { recipe: { name: string } };
  dataset: string;
  datasetName: string;
  results: readonly unknown[];
  trials: number;
  createdAt: number;
}

interface Props<T extends KeptItem> {
  title: string;
  list: readonly T[];
  shown?: string;
  /** The name of its delete button. */
  deleteName: (one: T) => string;
  goOn: (one: T) => void;
  show: (id: string) => void;
  remove: (id: string) => Promise<void>;
}

export function Kept<T extends KeptItem>({ title, list, shown, deleteName, goOn, show, remove }: Props<T>) {
  const t = useT();
  const busy = useTrialsBusy();
  const sets = useStore(datasets, (state) => state.list);
  return (
    <section className={`card ${css.section}`}>
      <h2>{title}</h2>
      <ul className={css.kept}>
        {list.map((one) => {
          const { id, plan, dataset, datasetName, results, trials, createdAt } = one;
          return (
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
              {results.length < trials && sets.some((set) => set.id === dataset) && (
                <Button size="xs" disabled={busy} onClick={() => goOn(one)}>
                  {t('compare.goOn')}
                </Button>
              )}
              <Button
                size="xs"
                variant="default"
                aria-pressed={id === shown}
                disabled={results.length === 0}
                onClick={() => show(id)}
              >
                {t('compare.show')}
              </Button>
              <Button
                size="xs"
                variant="subtle"
                aria-label={deleteName(one)}
                disabled={busy}
                onClick={() => remove(id).catch(reportError)}
              >
                {t('compare.delete')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
