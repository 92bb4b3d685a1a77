/** Every fusion on the same data with equally many parameters: the plan, how far it is, what came of it, and earlier ones. */
import { IconScale } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import { comparing, refreshComparisons } from '../../state/comparing.ts';
import { datasets } from '../../state/datasets.ts';
import { currentRecipe, recipeStore } from '../../state/recipe.ts';
import { Kept } from './Kept.tsx';
import { Plan } from './Plan.tsx';
import { Results } from './Results.tsx';

export function Compare() {
  const t = useT();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const recipe = useStore(recipeStore, currentRecipe);
  const sets = useStore(datasets, (state) => state.list);
  const list = useStore(comparing, (state) => state.list);
  const shown = useStore(comparing, (state) => state.shown);
  useEffect(() => {
    refreshComparisons().catch(reportError);
  }, []);
  const comparison = list.find(({ id }) => id === shown) ?? list[0];
  return (
    <div className="screen">
      <header>
        <h1>{t('compare.title')}</h1>
        <p className="muted">{t('compare.lead')}</p>
      </header>
      {recipe && catalog && sets.length > 0 ? (
        <Plan recipe={recipe} catalog={catalog} />
      ) : (
        <div className="card">
          <Empty
            icon={<IconScale size={36} stroke={1.4} />}
            title={t('compare.emptyTitle')}
            body={t('compare.emptyData')}
            action={{ label: t('train.toData'), run: () => goTo('data'), primary: true }}
          />
        </div>
      )}
      {comparison && comparison.rows.length > 0 && <Results key={comparison.id} comparison={comparison} />}
      {list.length > 0 && <Kept list={list} shown={comparison?.id} />}
    </div>
  );
}
