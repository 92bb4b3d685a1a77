/** A field whose value is an earlier run with its recipe: the teacher of a distillation. */
import { Select } from '@mantine/core';
import { useStore } from 'zustand';
import type { Teacher } from '../../core/fields.ts';
import { useT } from '../i18n/index.ts';
import { runs, visibleRuns } from '../state/runs.ts';

interface Props {
  label: string;
  description: string;
  error?: string;
  value: Teacher | undefined;
  onChange: (value: Teacher) => void;
  disabled?: boolean;
}

export function RunField({ label, description, error, value, onChange, disabled }: Props) {
  const t = useT();
  const state = useStore(runs);
  const list = visibleRuns(state).filter(({ checkpoints }) => checkpoints.length > 0);
  const known = value && !list.some(({ id }) => id === value.run);
  return (
    <Select
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      label={label}
      description={description}
      error={error}
      placeholder={t(list.length ? 'model.run.choose' : 'model.run.none')}
      data={[
        ...list.map(({ id, name, step }) => ({ value: id, label: t('model.run.at', { name, step }) })),
        ...(known
          ? [{ value: value.run, label: t('model.run.at', { name: value.name, step: value.step }) }]
          : []),
      ]}
      value={value?.run ?? null}
      onChange={(id) => {
        const run = list.find((one) => one.id === id);
        if (run)
          onChange({
            run: run.id,
            name: run.name,
            step: run.checkpoints.at(-1)?.step ?? 0,
            recipe: run.recipe,
          });
      }}
      disabled={disabled}
    />
  );
}
