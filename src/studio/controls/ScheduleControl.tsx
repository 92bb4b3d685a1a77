/** The learning-rate schedule: its type and fields. */
import { Select } from '@mantine/core';
import { defaults } from '../../core/fields.ts';
import { FieldsForm } from '../components/FieldsForm.tsx';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';

/** @param note what it means where the control stands */
export function ScheduleControl({ note, ...controlled }: Controlled & { note?: string }) {
  const t = useT();
  const { schedule } = controlled.recipe.training;
  const { schedules } = controlled.catalog;
  const entry = schedules.find(({ type }) => type === schedule.type) ?? schedules[0];
  const put = (next: typeof schedule) => setTraining(controlled, { schedule: next });
  return (
    <>
      <Select
        label={t('model.kind')}
        value={entry.type}
        error={errorAt(controlled, 'training.schedule')}
        data={schedules.map(({ type, title }) => ({ value: type, label: t.pick(title) }))}
        onChange={(type) => {
          const chosen = schedules.find((one) => one.type === type);
          if (chosen && chosen.type !== schedule.type) put({ type: chosen.type, ...defaults(chosen.fields) });
        }}
      />
      <p className="small muted">
        {t.pick(entry.summary)} {note}
      </p>
      <FieldsForm
        fields={entry.fields}
        values={schedule}
        onChange={(key, value) => put({ ...schedule, [key]: value })}
      />
    </>
  );
}
