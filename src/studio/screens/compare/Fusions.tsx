/** Every fusion on the same data with equally many parameters: the plan, how far it is, what came of it, and earlier ones. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '../../../core/recipe.ts';
import type { Catalog } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { comparing, refreshComparisons, removeComparison, startComparison } from '../../state/comparing.ts';
import { Kept } from './Kept.tsx';
import { NothingYet } from './NothingYet.tsx';
import { Plan } from './Plan.tsx';
import { Results } from './Results.tsx';

export function Fusions({ recipe, catalog }: { recipe?: Recipe; catalog?: Catalog }) {
  const t = useT();
  const { list, shown } = useStore(comparing);
  useEffect(() => {
    refreshComparisons().catch(reportError);
  }, []);
  const comparison = list.find(({ id }) => id === shown) ?? list[0];
  return (
    <>
      {recipe && catalog ? (
        <Plan recipe={recipe} catalog={catalog} />
      ) : (
        <NothingYet body={t('compare.emptyData')} />
      )}
      {comparison && comparison.rows.length > 0 && <Results key={comparison.id} comparison={comparison} />}
      {list.length > 0 && (
        <Kept
          title={t('compare.earlier')}
          list={list}
          shown={comparison?.id}
          deleteName={({ plan }) => t('compare.deleteOf', { recipe: plan.recipe.name })}
          goOn={({ plan, dataset }) => void startComparison(plan, dataset)}
          show={(id) => comparing.setState({ shown: id })}
          remove={removeComparison}
        />
      )}
    </>
  );
}
