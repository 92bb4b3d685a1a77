/** The recipe as a form, and beside it the model it makes: drawn from its graph, with its size and cost. */
import { ActionIcon, Alert, Button, Select, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { setIn } from '../../../core/paths.ts';
import type { Catalog, DatasetSummary } from '../../../workers/api.ts';
import { goTo } from '../../app/navigate.ts';
import { reportError } from '../../app/report.tsx';
import { trainCurrent } from '../../app/training.ts';
import { type Translate, useT } from '../../i18n/index.ts';
import { datasets, selectDataset, selectedDataset } from '../../state/datasets.ts';
import { examine, recipeStore, redoRecipe, setRecipe, undoRecipe } from '../../state/recipe.ts';
import { DiagramView } from './DiagramView.tsx';
import { Estimate } from './Estimate.tsx';
import { recipeFits } from './fits.ts';
import { JsonView } from './JsonView.tsx';
import css from './Model.module.css';
import { Preflight } from './Preflight.tsx';
import { placeProblem, sectionTitle } from './problems.ts';
import { RecipeForm } from './RecipeForm.tsx';
import { sectionId } from './Section.tsx';

export function Model() {
  const t = useT();
  const { catalog, history, examination } = useStore(recipeStore);
  const { list } = useStore(datasets);
  const dataset = useStore(datasets, selectedDataset);
  const recipe = history?.present;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is asked again when recipe or data change
  useEffect(() => {
    const timer = setTimeout(() => examine(dataset?.id).catch(reportError), 150);
    return () => clearTimeout(timer);
  }, [recipe, dataset?.id]);
  if (!catalog || !recipe) return <div className="screen muted">{t('common.loading')}</div>;
  const problems = (examination?.problems ?? []).map((problem) => placeProblem(t, problem, recipe, dataset));
  return (
    <div className="screen">
      <header className="row wrap" style={{ gap: 12 }}>
        <div className="grow" style={{ minWidth: 240 }}>
          <h1>{t('model.title')}</h1>
          <p className="muted">{t('model.lead')}</p>
        </div>
        <Tooltip label={`${t('model.undo')} · Ctrl Z`}>
          <ActionIcon aria-label={t('model.undo')} disabled={history.past.length === 0} onClick={undoRecipe}>
            <IconArrowBackUp size={18} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${t('model.redo')} · Ctrl ⇧ Z`}>
          <ActionIcon
            aria-label={t('model.redo')}
            disabled={history.future.length === 0}
            onClick={redoRecipe}
          >
            <IconArrowForwardUp size={18} />
          </ActionIcon>
        </Tooltip>
        {dataset ? (
          <Button
            leftSection={<IconPlayerPlayFilled size={14} />}
            disabled={problems.length > 0}
            onClick={trainCurrent}
          >
            {t('model.train')}
          </Button>
        ) : (
          <Button onClick={() => goTo('data')}>{t('model.noData')}</Button>
        )}
      </header>
      <div className={css.choices}>
        <Select
          label={t('model.preset')}
          placeholder={t('model.preset.choose')}
          value={null}
          data={presets(t, catalog, dataset)}
          onChange={(id) => {
            const found = catalog.recipes.find((item) => item.id === id);
            if (found) setRecipe(found.recipe);
          }}
        />
        <TextInput
          label={t('model.name')}
          value={recipe.name}
          maxLength={120}
          onChange={(event) => setRecipe(setIn(recipe, ['name'], event.currentTarget.value))}
        />
        <Select
          label={t('model.dataset')}
          value={dataset?.id ?? null}
          data={list.map((item) => ({ value: item.id, label: item.name }))}
          onChange={(id) => id && selectDataset(id)}
        />
      </div>
      {problems.length > 0 && (
        <Alert color="red" title={t('model.problem')}>
          {problems.map(({ section, text }) => (
            <div key={`${section} ${text}`} className="row wrap">
              <span>
                {section && <strong>{sectionTitle(t, section, recipe, catalog)}: </strong>}
                {text}
              </span>
              {section && (
                <Button size="compact-xs" variant="default" onClick={() => show(section)}>
                  {t('model.show')}
                </Button>
              )}
            </div>
          ))}
        </Alert>
      )}
      <div className={css.columns}>
        <RecipeForm catalog={catalog} recipe={recipe} dataset={dataset} problems={problems} />
        <div className={css.side}>
          {examination && <Estimate examination={examination} />}
          <Preflight recipe={recipe} dataset={dataset} wrong={problems.length > 0} />
          {examination && examination.diagram.blocks.length > 0 && <DiagramView examination={examination} />}
          <JsonView recipe={recipe} />
        </div>
      </div>
    </div>
  );
}

/** Brings the place of a mistake into view. */
function show(section: string): void {
  const [first] = section.split('.');
  const place = document.getElementById(sectionId(section)) ?? document.getElementById(sectionId(first));
  place?.scrollIntoView({ block: 'center' });
  place?.focus({ preventScroll: true });
}

/** The shipped recipes, those that the data can train first. */
function presets(t: Translate, catalog: Catalog, dataset?: DatasetSummary) {
  const items = (fitting: boolean) =>
    catalog.recipes
      .filter(({ recipe }) => !dataset || recipeFits(recipe, dataset, catalog) === fitting)
      .map(({ id, title }) => ({ value: id, label: t.pick(title) }));
  if (!dataset) return items(true);
  return [
    { group: t('model.preset.fits'), items: items(true) },
    { group: t('model.preset.others'), items: items(false) },
  ].filter((group) => group.items.length > 0);
}
