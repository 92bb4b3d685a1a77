/** Values of any settings of the recipe: the plan, how far it is, what came of it, and earlier ones. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '../../../../core/recipe.ts';
import type { Catalog } from '../../../../workers/api.ts';
import { reportError } from '../../../app/report.tsx';
import { useT } from '../../../i18n/index.ts';
import { refreshSweeps, removeSweep, startSweep, sweeping } from '../../../state/sweeping.ts';
import { Kept } from '../Kept.tsx';
import { NothingYet } from '../NothingYet.tsx';
import { Form } from './Form.tsx';
import { Results } from './Results.tsx';
import { useSettings } from './settingName.ts';

export function Sweep({ recipe, catalog }: { recipe?: Recipe; catalog?: Catalog }) {
  const t = useT();
  const { list, shown } = useStore(sweeping);
  const settings = useSettings(recipe, catalog);
  useEffect(() => {
    refreshSweeps().catch(reportError);
  }, []);
  const sweep = list.find(({ id }) => id === shown) ?? list[0];
  return (
    <>
      {recipe && catalog ? (
        <Form recipe={recipe} settings={settings} />
      ) : (
        <NothingYet body={t('sweep.emptyData')} />
      )}
      {sweep && sweep.rows.length > 0 && <Results key={sweep.id} sweep={sweep} />}
      {list.length > 0 && (
        <Kept
          title={t('sweep.earlier')}
          list={list}
          shown={sweep?.id}
          deleteName={({ plan }) => t('sweep.deleteOf', { recipe: plan.recipe.name })}
          goOn={({ plan, dataset }) => void startSweep(plan, dataset)}
          show={(id) => sweeping.setState({ shown: id })}
          remove={removeSweep}
        />
      )}
    </>
  );
}
