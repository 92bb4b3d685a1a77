/** The recipe's form. Parts with a definition of their own (encoders, fusion, objectives, optimizer) bring their fields with them. */
import { Select } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Field } from '../../../core/fields.ts';
import { pairsPerStep } from '../../../core/recipe.ts';
import type { CatalogEntry } from '../../../workers/api.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { audioDefaults, audioFields } from './audioFields.ts';
import { Encoders } from './Encoders.tsx';
import { type Editing, setAt } from './editing.ts';
import { replaced } from './fits.ts';
import { dataFields, fieldsFor, noiseField, seedField, trainingFields } from './frameFields.ts';
import css from './Model.module.css';
import { Objectives } from './Objectives.tsx';
import { problemsIn } from './problems.ts';
import { Section } from './Section.tsx';

const FusionGallery = lazy(async () => ({ default: (await import('./FusionGallery.tsx')).FusionGallery }));

const Augmentation = lazy(async () => ({ default: (await import('./Augmentation.tsx')).Augmentation }));
const SplitForm = lazy(async () => ({ default: (await import('./SplitForm.tsx')).SplitForm }));
const TokenizerForm = lazy(async () => ({ default: (await import('./TokenizerForm.tsx')).TokenizerForm }));
const Control = lazy(async () => ({ default: (await import('./Control.tsx')).Control }));
const Stages = lazy(async () => ({ default: (await import('./Stages.tsx')).Stages }));

type Path = readonly string[];

/** A tokenizer of a file brings its own vocabulary. */
const shownDataFields = ({ data }: Editing['recipe'], used: readonly string[]): Field[] =>
  fieldsFor(dataFields, used).filter(({ key }) => key !== 'vocabulary' || !data.tokenizer);

export function RecipeForm(editing: Editing) {
  const t = useT();
  const { recipe, catalog, problems } = editing;
  const wrong = (path: Path, fields: readonly Field[]) =>
    problemsIn(
      problems,
      path.join('.'),
      fields.map(({ key }) => key),
    );
  const frame = (fields: Field[], path: Path, values: object, notes?: Record<string, string>) => (
    <FieldsForm
      fields={fields}
      values={values as Record<string, unknown>}
      errors={wrong(path, fields).errors}
      onChange={(key, value) => setAt(recipe, [...path, key], value)}
      notes={notes}
    />
  );
  const { data, training } = recipe;
  // A captioner writes words that no encoder reads.
  const wants = recipe.objectives.flatMap(
    ({ type }) => catalog.objectives.find((entry) => entry.type === type)?.wants?.data ?? [],
  );
  const used = [...Object.keys(recipe.encoders), ...wants];
  const audio = { ...audioDefaults, ...data.audio };
  return (
    <div className={css.form}>
      <Encoders {...editing} />
      <Suspense>
        <FusionGallery {...editing} />
      </Suspense>
      <Objectives {...editing} />
      <Section
        id="data"
        title={t('model.section.data')}
        problems={wrong(['data'], [...dataFields, noiseField]).others}
      >
        {frame([...shownDataFields(recipe, used), noiseField], ['data'], data)}
        <Suspense>
          {used.includes('text') && <TokenizerForm {...editing} />}
          <SplitForm {...editing} />
        </Suspense>
      </Section>
      <Suspense>
        <Augmentation {...editing} used={used} />
      </Suspense>
      {used.includes('audio') && (
        <Section
          id="data.audio"
          title={t('model.section.audio')}
          modality="audio"
          problems={wrong(['data', 'audio'], audioFields).others}
        >
          <FieldsForm
            fields={audioFields}
            values={audio}
            errors={wrong(['data', 'audio'], audioFields).errors}
            onChange={(key, value) => setAt(recipe, ['data', 'audio'], { ...audio, [key]: value })}
          />
        </Section>
      )}
      <Section
        id="training"
        title={t('model.section.training')}
        problems={wrong(['training'], trainingFields).others}
      >
        {frame(trainingFields, ['training'], training, {
          accumulate: t('model.effective', { count: pairsPerStep(recipe) }),
        })}
        {frame([seedField], [], recipe)}
      </Section>
      <Part
        {...editing}
        title={t('model.section.optimizer')}
        place="optimizer"
        entries={catalog.optimizers}
      />
      <Part {...editing} title={t('model.section.schedule')} place="schedule" entries={catalog.schedules} />
      <Suspense>
        <Control {...editing} />
        <Stages {...editing} />
      </Suspense>
    </div>
  );
}

/** Optimizer and schedule: one of several kinds with its fields. */
function Part({
  title,
  place,
  entries,
  recipe,
  problems,
}: Editing & { title: string; place: 'optimizer' | 'schedule'; entries: CatalogEntry[] }) {
  const t = useT();
  const value = recipe.training[place];
  const path = ['training', place];
  const entry = entries.find(({ type }) => type === value.type) ?? entries[0];
  const { errors, others } = problemsIn(
    problems,
    path.join('.'),
    entry.fields.map(({ key }) => key),
  );
  return (
    <Section id={path.join('.')} title={title} problems={others}>
      {entries.length > 1 && (
        <Select
          label={t('model.kind')}
          value={entry.type}
          data={entries.map((item) => ({ value: item.type, label: t.pick(item.title) }))}
          onChange={(type) => {
            const chosen = entries.find((item) => item.type === type);
            if (chosen) setAt(recipe, path, replaced(chosen, value));
          }}
        />
      )}
      <p className="small">
        {entries.length === 1 && <strong>{t.pick(entry.title)}. </strong>}
        {t.pick(entry.summary)} <span className="muted">{entry.source}</span>
      </p>
      <FieldsForm
        fields={entry.fields}
        values={value}
        errors={errors}
        onChange={(key, next) => setAt(recipe, [...path, key], next)}
      />
    </Section>
  );
}
