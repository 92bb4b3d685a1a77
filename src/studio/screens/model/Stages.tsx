/** What changes during the run: the stages in order, drawn and as a list. */
import { Button, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { partsOf } from '../../../core/parts.ts';
import { stagesOf } from '../../../core/stages.ts';
import { useT } from '../../i18n/index.ts';
import { recipeStore, setRecipe } from '../../state/recipe.ts';
import type { Editing } from './editing.ts';
import { Section } from './Section.tsx';
import { StageEditor } from './StageEditor.tsx';
import { alonePlan, putStages } from './stagePlan.ts';
import css from './stages.module.css';
import { Timeline } from './Timeline.tsx';
import { useKept } from './useKept.ts';

export function Stages({ problems, ...editing }: Editing) {
  const t = useT();
  const { recipe, catalog } = editing;
  const sizes = useKept(useStore(recipeStore, ({ examination }) => examination?.sizes));
  const parts = partsOf(sizes, Object.keys(recipe.encoders));
  const stages = stagesOf(recipe);
  const own = problems.filter(({ section }) => section === 'training.stages');
  const predicts = recipe.objectives.some(({ type }) => {
    const wants = catalog.objectives.find((entry) => entry.type === type)?.wants;
    return wants?.joint && wants.target?.includes('class');
  });
  const plan = alonePlan(recipe, parts, predicts, {
    alone: t('model.stages.alone'),
    jointly: t('model.stages.jointly'),
    heads: t('model.stages.heads'),
  });
  /** Problems name a stage by its place in the recipe. */
  const errorsOf = (place: number) => {
    const index = recipe.training.stages?.indexOf(stages[place]) ?? -1;
    return Object.fromEntries(
      own
        .filter(
          ({ path }) => path === `training.stages.${index}` || path.startsWith(`training.stages.${index}.`),
        )
        .map(({ path, within, text }) => [within ?? path, text]),
    );
  };
  const add = () => {
    const last = stages.at(-1)?.from ?? 0;
    const from = Math.round((last + recipe.training.steps) / 2);
    const name = t('model.stages.new', { number: stages.length + 1 });
    setRecipe(putStages(recipe, [...stages, { from, name }]));
  };
  return (
    <Section id="training.stages" title={t('model.section.stages')}>
      <p className="small muted">{t('model.stages.lead')}</p>
      {stages.length > 0 && parts.length > 0 && <Timeline recipe={recipe} parts={parts} />}
      {stages.length > 0 && (
        <ol className={css.list}>
          {[...stages.keys()].map((place) => (
            <StageEditor key={place} {...editing} place={place} sizes={sizes} errors={errorsOf(place)} />
          ))}
        </ol>
      )}
      <div className="row wrap">
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('model.stages.add')}
        </Button>
        <Tooltip label={t('model.stages.presetMisfit')} disabled={plan !== undefined}>
          <Button
            variant="default"
            data-disabled={plan === undefined || undefined}
            aria-disabled={plan === undefined}
            onClick={() => plan && setRecipe(putStages(recipe, plan))}
          >
            {t('model.stages.preset')}
          </Button>
        </Tooltip>
      </div>
    </Section>
  );
}
