/** Many models instead of one: every fusion on the same data, or values of any settings. */
import { Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/compare.ts';
import '../../i18n/texts/sweep.ts';
import { comparing } from '../../state/comparing.ts';
import { datasets } from '../../state/datasets.ts';
import { currentRecipe, recipeStore } from '../../state/recipe.ts';
import { Fusions } from './Fusions.tsx';

const Sweep = lazy(async () => ({ default: (await import('./sweep/Sweep.tsx')).Sweep }));

export function Compare() {
  const t = useT();
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const recipe = useStore(recipeStore, currentRecipe);
  const sets = useStore(datasets, (state) => state.list);
  const part = useStore(comparing, (state) => state.part);
  const given = sets.length > 0 ? { recipe, catalog } : {};
  return (
    <div className="screen">
      <header>
        <h1>{t('compare.title')}</h1>
        <p className="muted">{t(part === 'sweep' ? 'sweep.lead' : 'compare.lead')}</p>
      </header>
      <Tabs
        value={part}
        onChange={(next) => comparing.setState({ part: next === 'sweep' ? 'sweep' : 'fusions' })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="fusions">{t('compare.part.fusions')}</Tabs.Tab>
          <Tabs.Tab value="sweep">{t('compare.part.sweep')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="fusions" className="stack" pt={20} style={{ gap: 20 }}>
          <Fusions {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="sweep" className="stack" pt={20} style={{ gap: 20 }}>
          <Suspense fallback={<p className="muted">{t('common.loading')}</p>}>
            <Sweep {...given} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
