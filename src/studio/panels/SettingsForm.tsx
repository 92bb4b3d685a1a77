/**
 * The settings of a panel. Choices are native: a list in a layer of its own would count as a press outside and close
 * the popover before the choice is taken.
 */
import { NativeSelect } from '@mantine/core';
import type { Field, FieldValue, FieldValues } from '../../core/fields.ts';
import { FieldsForm } from '../components/FieldsForm.tsx';
import { useT } from '../i18n/index.ts';

interface Props {
  fields: readonly Field[];
  values: FieldValues;
  onChange: (key: string, value: FieldValue) => void;
}

export function SettingsForm({ fields, values, onChange }: Props) {
  const t = useT();
  return (
    <div className="stack">
      {fields.map((field) =>
        field.kind === 'choice' ? (
          <NativeSelect
            key={field.key}
            label={t.pick(field.label)}
            description={t.pick(field.help)}
            value={String(values[field.key])}
            data={field.choices.map(({ value, label }) => ({ value, label: t.pick(label) }))}
            onChange={(event) => onChange(field.key, event.currentTarget.value)}
          />
        ) : (
          <FieldsForm key={field.key} fields={[field]} values={values} onChange={onChange} />
        ),
      )}
    </div>
  );
}
