/** A form from fields (core/fields.ts): the same list that gives defaults and validation. */
import { Button, NumberInput, Select, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Field, FieldValue, Teacher } from '../../core/fields.ts';
import { useT } from '../i18n/index.ts';
import { RunField } from './RunField.tsx';

/** Help stands under its control, so that the controls of a row are level. */
const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'error', 'description'];

interface Props {
  fields: readonly Field[];
  values: Readonly<Record<string, unknown>>;
  onChange: (key: string, value: FieldValue) => void;
  /** Of fields whose value is an earlier run. */
  onRun?: (key: string, value: Teacher) => void;
  /** What a value amounts to, by field; stands before the help. */
  notes?: Readonly<Record<string, string>>;
  /** What is wrong with a value, by field; a field that is wrong is always shown. */
  errors?: Readonly<Record<string, string>>;
  disabled?: boolean;
}

export function FieldsForm({ fields, values, onChange, onRun, notes, errors = {}, disabled }: Props) {
  const t = useT();
  const [more, setMore] = useState(false);
  const shown = (field: Field) => !field.advanced || errors[field.key] !== undefined;
  const plain = fields.filter(shown);
  const advanced = fields.filter((field) => !shown(field));
  const control = (field: Field) => (
    <Control
      key={field.key}
      field={field}
      value={values[field.key]}
      onChange={onChange}
      onRun={onRun}
      note={notes?.[field.key]}
      error={errors[field.key]}
      disabled={disabled}
    />
  );
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(170px, 1fr))',
        gap: '14px 12px',
        alignItems: 'start',
      }}
    >
      {plain.map(control)}
      {more && advanced.map(control)}
      {advanced.length > 0 && (
        <Button
          variant="subtle"
          size="compact-xs"
          style={{ alignSelf: 'end', justifySelf: 'start' }}
          onClick={() => setMore(!more)}
          aria-expanded={more}
        >
          {t(more ? 'common.less' : 'common.more')}
        </Button>
      )}
    </div>
  );
}

function Control({
  field,
  value,
  onChange,
  onRun,
  note,
  error,
  disabled,
}: {
  field: Field;
  value: unknown;
  onChange: Props['onChange'];
  onRun: Props['onRun'];
  note?: string;
  error?: string;
  disabled?: boolean;
}) {
  const t = useT();
  const label = t.pick(field.label);
  const help = t.pick(field.help);
  const description = note ? (
    <>
      <strong>{note}</strong> {help}
    </>
  ) : (
    help
  );
  if (field.kind === 'switch')
    return (
      <Switch
        label={label}
        description={description}
        error={error}
        checked={typeof value === 'boolean' ? value : field.default}
        onChange={(event) => onChange(field.key, event.currentTarget.checked)}
        disabled={disabled}
      />
    );
  if (field.kind === 'choice')
    return (
      <Select
        inputWrapperOrder={order}
        label={label}
        description={description}
        error={error}
        data={field.choices.map((choice) => ({ value: choice.value, label: t.pick(choice.label) }))}
        value={typeof value === 'string' ? value : field.default}
        onChange={(next) => next !== null && onChange(field.key, next)}
        disabled={disabled}
      />
    );
  if (field.kind === 'words')
    return (
      <Textarea
        inputWrapperOrder={order}
        label={label}
        description={description}
        error={error}
        value={typeof value === 'string' ? value : field.default}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange(field.key, event.currentTarget.value)}
        disabled={disabled}
      />
    );
  if (field.kind === 'run')
    return (
      <RunField
        label={label}
        description={help}
        error={error}
        value={value as Teacher | undefined}
        onChange={(teacher) => onRun?.(field.key, teacher)}
        disabled={disabled}
      />
    );
  const step =
    field.step ??
    (field.kind === 'integer'
      ? 1
      : field.scale === 'log'
        ? Number(value ?? field.default) / 2 || 0.001
        : 0.01);
  return (
    <NumberInput
      inputWrapperOrder={order}
      label={label}
      description={description}
      error={error}
      value={typeof value === 'number' ? value : field.default}
      min={field.min}
      max={field.max}
      step={step}
      allowDecimal={field.kind === 'number'}
      clampBehavior="blur"
      onChange={(next) => typeof next === 'number' && onChange(field.key, next)}
      disabled={disabled}
    />
  );
}
