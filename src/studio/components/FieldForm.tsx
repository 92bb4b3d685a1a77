/**
 * A form made from a list of fields (core/fields.ts): one control per kind, its help beside it, a problem under the
 * control it is about. Advanced fields wait behind "more".
 */
import { Button, NumberInput, Select, Switch, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Field, FieldValue } from '../../core/fields.ts';
import { useT } from '../i18n/index.ts';
import css from './components.module.css';

interface Props {
  fields: readonly Field[];
  values: Record<string, unknown>;
  onChange: (key: string, value: FieldValue) => void;
  /** Sentences by field key. */
  problems?: Record<string, string>;
}

export function FieldForm({ fields, values, onChange, problems = {} }: Props) {
  const t = useT();
  const [more, setMore] = useState(false);
  const advanced = fields.some((field) => field.advanced);
  const shown = fields.filter((field) => more || !field.advanced || problems[field.key]);
  return (
    <div className={css.fields}>
      {shown.map((field) => (
        <Row
          key={field.key}
          field={field}
          value={(values[field.key] as FieldValue | undefined) ?? field.default}
          onChange={(value) => onChange(field.key, value)}
          problem={problems[field.key]}
        />
      ))}
      {advanced && (
        <Button size="compact-xs" variant="subtle" onClick={() => setMore(!more)} aria-expanded={more}>
          {t(more ? 'common.less' : 'common.more')}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  field: Field;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  problem?: string;
}

function Row({ field, value, onChange, problem }: RowProps) {
  const t = useT();
  const id = useId();
  const label = t.pick(field.label);
  return (
    <div className={css.field}>
      <span className={css.fieldLabel}>
        <label htmlFor={id}>{label}</label>
        <Tooltip label={t.pick(field.help)} events={{ hover: true, focus: true, touch: true }}>
          <span role="note" aria-label={t.pick(field.help)} className={css.hint}>
            <IconInfoCircle size={14} stroke={1.6} aria-hidden />
          </span>
        </Tooltip>
      </span>
      <Control id={id} field={field} value={value} onChange={onChange} problem={problem} />
    </div>
  );
}

function Control({ id, field, value, onChange, problem }: RowProps & { id: string }) {
  const t = useT();
  if (field.kind === 'switch')
    return <Switch id={id} checked={Boolean(value)} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (field.kind === 'choice')
    return (
      <Select
        id={id}
        size="xs"
        value={String(value)}
        error={problem}
        data={field.choices.map((choice) => ({ value: choice.value, label: t.pick(choice.label) }))}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
      />
    );
  const now = Number(value);
  const step = field.step ?? (field.kind === 'integer' ? 1 : field.scale === 'log' ? now / 4 || 0.0001 : 0.01);
  return (
    <NumberInput
      id={id}
      size="xs"
      value={now}
      min={field.min}
      max={field.max}
      step={step}
      clampBehavior="blur"
      allowDecimal={field.kind === 'number'}
      error={problem}
      onChange={(next) => {
        // An empty or half-typed number is not a value yet.
        if (typeof next === 'number' && next >= field.min && next <= field.max) onChange(next);
      }}
    />
  );
}
