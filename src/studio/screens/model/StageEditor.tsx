/** One stage: its name, its step, and what it changes, by the same controls that change a running session. */
import { ActionIcon, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Stage } from '../../../core/controls.ts';
import type { ParameterSize } from '../../../core/parts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { stagesOf, withChange } from '../../../core/stages.ts';
import { changeWords } from '../../../core/words.ts';
import { Fold } from '../../controls/Fold.tsx';
import { Settings } from '../../controls/Settings.tsx';
import { useT } from '../../i18n/index.ts';
import { filled } from '../../state/openRun.ts';
import { setRecipe } from '../../state/recipe.ts';
import type { Editing } from './editing.ts';
import { objectiveMisfit, replaced } from './fits.ts';
import { putStages, recipeBefore, stageTo, swapped } from './stagePlan.ts';
import css from './stages.module.css';

interface Props extends Omit<Editing, 'problems'> {
  /** Among the stages in order. */
  place: number;
  sizes: readonly ParameterSize[];
  /** What is wrong with it, by the path in the recipe that it makes. */
  errors: Readonly<Record<string, string>>;
}

export function StageEditor({ place, recipe, catalog, dataset, sizes, errors }: Props) {
  const t = useT();
  const stages = stagesOf(recipe);
  const stage = stages[place];
  const before = filled(recipeBefore(recipe, place), catalog);
  const after = withChange(before, stage);
  const words = changeWords(before, after, catalog, t.locale, stage);
  const number = place + 1;
  const put = (next: Stage) => setRecipe(putStages(recipe, stages.with(place, next)));
  const late = stage.from >= recipe.training.steps;
  return (
    <li className={css.stage} data-wrong={Object.keys(errors).length > 0} data-stage={number}>
      <div className={css.head}>
        <TextInput
          label={`${number}. ${t('model.stages.name')}`}
          value={stage.name ?? ''}
          maxLength={120}
          onChange={(event) => put({ ...stage, name: event.currentTarget.value || undefined })}
        />
        <Step
          key={stage.from}
          value={stage.from}
          error={late ? t('model.stages.late', { steps: recipe.training.steps }) : undefined}
          onCommit={(from) => put({ ...stage, from })}
        />
        <span className="row" style={{ gap: 2 }}>
          <ActionIcon
            aria-label={t('model.stages.up', { number })}
            disabled={place === 0}
            onClick={() => setRecipe(swapped(recipe, place, place - 1))}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            aria-label={t('model.stages.down', { number })}
            disabled={place === stages.length - 1}
            onClick={() => setRecipe(swapped(recipe, place, place + 1))}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            aria-label={t('model.stages.remove', { number })}
            onClick={() => setRecipe(putStages(recipe, stages.toSpliced(place, 1)))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </span>
      </div>
      <p className={css.words}>
        {words.length > 0 ? (
          words.join(t.locale === 'zh' ? '；' : '; ')
        ) : (
          <span className="muted">{t('model.stages.nothing')}</span>
        )}
      </p>
      {Object.entries(errors).map(([path, text]) => (
        <p key={path} role="alert" style={{ color: 'var(--a-error)' }}>
          {text}
        </p>
      ))}
      <Fold title={t('model.stages.settings')} open={words.length === 0}>
        <Objectives
          before={before}
          after={after}
          catalog={catalog}
          dataset={dataset}
          onChange={(objectives) => put(stageTo(stage, before, { ...after, objectives }))}
        />
        <Settings
          recipe={after}
          set={(next) => put(stageTo(stage, before, next))}
          catalog={catalog}
          sizes={sizes}
          dataset={dataset}
          from={() => stage.from}
          errors={errors}
        />
      </Fold>
    </li>
  );
}

/** A step is taken over when it has been typed: the list is in its order. */
function Step({
  value,
  error,
  onCommit,
}: {
  value: number;
  error?: string;
  onCommit: (value: number) => void;
}) {
  const t = useT();
  const [typed, setTyped] = useState<number | string>(value);
  const commit = () => {
    if (typeof typed === 'number' && typed !== value) onCommit(typed);
    else setTyped(value);
  };
  return (
    <NumberInput
      label={t('model.stages.from')}
      value={typed}
      error={error}
      min={0}
      step={50}
      allowDecimal={false}
      clampBehavior="blur"
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

/** Which objectives hold from here on; one that stays keeps its fields. */
function Objectives({
  before,
  after,
  catalog,
  dataset,
  onChange,
}: Omit<Editing, 'recipe' | 'problems'> & {
  before: Recipe;
  after: Recipe;
  onChange: (objectives: Recipe['objectives']) => void;
}) {
  const t = useT();
  const known = [...after.objectives, ...before.objectives];
  const types = [...new Set(after.objectives.map(({ type }) => type))];
  return (
    <MultiSelect
      label={t('model.stages.objectives')}
      description={t('model.stages.objectives.help')}
      value={types}
      data={catalog.objectives
        .filter((entry) => types.includes(entry.type) || !objectiveMisfit(entry, after, catalog, dataset))
        .map(({ type, title }) => ({ value: type, label: t.pick(title) }))}
      onChange={(chosen) => {
        if (chosen.length === 0) return;
        onChange(
          chosen.flatMap((type) => {
            const own = known.find((part) => part.type === type);
            const entry = catalog.objectives.find((one) => one.type === type);
            return own ?? (entry ? replaced(entry) : []);
          }),
        );
      }}
    />
  );
}
