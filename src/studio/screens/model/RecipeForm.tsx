/** The recipe's form. Parts with a definition of their own (encoders, objective, optimizer) bring their fields with them. */
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { defaults, type Field } from '../../../core/fields.ts';
import { pairsPerStep, type Recipe } from '../../../core/recipe.ts';
import type { Catalog, CatalogEntry } from '../../../workers/api.ts';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { useT } from '../../i18n/index.ts';
import { setIn, setRecipe } from '../../state/recipe.ts';
import { augmentFields, dataFields, seedField, splitFields, trainingFields } from './frameFields.ts';
import css from './Model.module.css';

type Path = readonly (string | number)[];

export function RecipeForm({ catalog, recipe }: { catalog: Catalog; recipe: Recipe }) {
  const t = useT();
  const set = (path: Path, value: unknown) => setRecipe(setIn(recipe, path, value));
  const part = (title: string, path: Path, entries: CatalogEntry[], modality?: string) => (
    <Section title={title} modality={modality}>
      <Part entries={entries} value={at(recipe, path)} set={(next) => set(path, next)} />
    </Section>
  );
  const frame = (fields: Field[], path: Path, notes?: Record<string, string>) => (
    <FieldsForm
      fields={fields}
      values={at(recipe, path)}
      onChange={(key, value) => set([...path, key], value)}
      notes={notes}
    />
  );
  return (
    <div className={css.form}>
      {part(
        t('model.section.image'),
        ['encoders', 'image'],
        catalog.encoders.filter(({ modality }) => modality === 'image'),
        'image',
      )}
      {part(
        t('model.section.text'),
        ['encoders', 'text'],
        catalog.encoders.filter(({ modality }) => modality === 'text'),
        'text',
      )}
      {part(t('model.section.fusion'), ['fusion'], catalog.fusions, 'fused')}
      {part(t('model.section.objective'), ['objectives', 0], catalog.objectives, 'fused')}
      <Section title={t('model.section.data')}>
        {frame(dataFields, ['data'])}
        {frame(splitFields, ['data', 'split'])}
        {frame(augmentFields, ['data', 'augment'])}
      </Section>
      <Section title={t('model.section.training')}>
        {frame(trainingFields, ['training'], {
          accumulate: t('model.effective', { count: pairsPerStep(recipe) }),
        })}
        {frame([seedField], [])}
      </Section>
      {part(t('model.section.optimizer'), ['training', 'optimizer'], catalog.optimizers)}
      {part(t('model.section.schedule'), ['training', 'schedule'], catalog.schedules)}
    </div>
  );
}

function at(recipe: Recipe, path: Path): Record<string, unknown> {
  let value: unknown = recipe;
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key];
  return (value ?? {}) as Record<string, unknown>;
}

function Section({ title, modality, children }: { title: string; modality?: string; children: ReactNode }) {
  return (
    <section className={`card ${css.section}`} data-modality={modality}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Part({
  entries,
  value,
  set,
}: {
  entries: CatalogEntry[];
  value: Record<string, unknown>;
  set: (next: Record<string, unknown>) => void;
}) {
  const t = useT();
  const entry = entries.find(({ type }) => type === value['type']) ?? entries[0];
  return (
    <div className="stack">
      {entries.length > 1 && (
        <Select
          label={t('model.kind')}
          value={entry.type}
          data={entries.map((item) => ({ value: item.type, label: t.pick(item.title) }))}
          onChange={(type) => {
            const chosen = entries.find((item) => item.type === type);
            if (chosen) set({ type: chosen.type, ...defaults(chosen.fields) });
          }}
        />
      )}
      <p className="muted small">
        {entries.length === 1 && <strong>{t.pick(entry.title)}. </strong>}
        {t.pick(entry.summary)} {entry.source}
      </p>
      <FieldsForm
        fields={entry.fields}
        values={value}
        onChange={(key, next) => set({ ...value, [key]: next })}
        onRun={(key, teacher) => set({ ...value, [key]: teacher })}
      />
    </div>
  );
}
