/** What the model learns: a list of objectives in order, each with its weight, and how they add up. What does not fit is offered with its reason. */
import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { CatalogEntry } from '../../../workers/api.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { type Editing, setAt } from './editing.ts';
import { objectiveMisfit, replaced } from './fits.ts';
import { weightingField } from './frameFields.ts';
import css from './Model.module.css';
import { problemsIn } from './problems.ts';
import { Section } from './Section.tsx';
import { misfitText } from './sentences.ts';

export function Objectives(editing: Editing) {
  const t = useT();
  const { recipe } = editing;
  const several = recipe.objectives.length > 1;
  return (
    <Section id="objectives" title={t('model.section.objectives')} modality="fused">
      <ol className={css.objectives}>
        {recipe.objectives.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an objective is its place in the recipe
          <Objective key={index} index={index} several={several} {...editing} />
        ))}
      </ol>
      {several && (
        <FieldsForm
          fields={[weightingField]}
          values={recipe.training}
          onChange={(key, value) => setAt(recipe, ['training', key], value)}
        />
      )}
      <Add {...editing} />
    </Section>
  );
}

function Objective({
  index,
  several,
  recipe,
  catalog,
  dataset,
  problems,
}: Editing & { index: number; several: boolean }) {
  const t = useT();
  const value = recipe.objectives[index];
  const path = ['objectives', index] as const;
  const entry = catalog.objectives.find(({ type }) => type === value.type);
  const title = entry ? t.pick(entry.title) : value.type;
  const misfit = entry && objectiveMisfit(entry, recipe, catalog, dataset);
  const fields = (entry?.fields ?? []).map((field) =>
    // A weight says nothing while there is one objective, and much beside others.
    field.key === 'weight' ? { ...field, advanced: !several } : field,
  );
  const { errors, others } = problemsIn(
    problems,
    path.join('.'),
    fields.map(({ key }) => key),
  );
  const mistakes = misfit ? [misfitText(t, misfit)] : others;
  const put = (list: typeof recipe.objectives) => setAt(recipe, ['objectives'], list);
  const move = (by: number) => {
    const list = recipe.objectives.toSpliced(index, 1);
    put(list.toSpliced(index + by, 0, value));
  };
  const remove = () => put(recipe.objectives.toSpliced(index, 1));
  return (
    <li>
      <header className="row">
        <h3 className="grow">{title}</h3>
        {several && (
          <>
            <ActionIcon
              aria-label={t('model.objective.up', { title })}
              disabled={index === 0}
              onClick={() => move(-1)}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              aria-label={t('model.objective.down', { title })}
              disabled={index === recipe.objectives.length - 1}
              onClick={() => move(1)}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon aria-label={t('model.objective.removeNamed', { title })} onClick={remove}>
              <IconTrash size={16} />
            </ActionIcon>
          </>
        )}
      </header>
      {entry && (
        <p className="small">
          {t.pick(entry.summary)} <span className="muted">{entry.source}</span>
        </p>
      )}
      {mistakes.map((text) => (
        <p key={text} className={css.mistake}>
          {text}
        </p>
      ))}
      <FieldsForm
        fields={fields}
        values={value}
        errors={errors}
        onChange={(key, next) => setAt(recipe, [...path, key], next)}
        onRun={(key, teacher) => setAt(recipe, [...path, key], teacher)}
      />
    </li>
  );
}

function Add({ recipe, catalog, dataset }: Editing) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const add = (entry: CatalogEntry) => {
    setAt(recipe, ['objectives'], [...recipe.objectives, replaced(entry)]);
    setOpen(false);
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Button
        variant="default"
        style={{ alignSelf: 'start' }}
        leftSection={<IconPlus size={14} />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t('model.objective.add')}
      </Button>
      {open && (
        <ul className={css.offers}>
          {catalog.objectives.map((entry) => {
            const misfit = objectiveMisfit(entry, recipe, catalog, dataset);
            const title = t.pick(entry.title);
            return (
              <li key={entry.type} data-misfit={misfit !== undefined}>
                <div className="grow">
                  <strong>{title}</strong>
                  <p className="small">
                    {t.pick(entry.summary)} <span className="muted">{entry.source}</span>
                  </p>
                  {misfit && <p className={`small ${css.reason}`}>{misfitText(t, misfit)}</p>}
                </div>
                <ActionIcon
                  variant="default"
                  aria-label={t('model.objective.addNamed', { title })}
                  disabled={misfit !== undefined}
                  onClick={() => add(entry)}
                >
                  <IconPlus size={16} />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
