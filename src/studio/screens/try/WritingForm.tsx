/** How a caption is written: the likeliest word each time, drawn at random, or the best of several at once. */
import { NativeSelect, NumberInput } from '@mantine/core';
import type { Writing } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';
import css from './Try.module.css';

export const writingDefaults: Writing = { how: 'greedy', temperature: 0.8, top: 20, beams: 4, seed: 0 };

const ways = ['greedy', 'sample', 'beam'] as const;
const fields = {
  greedy: [],
  sample: [
    { key: 'temperature', min: 0.05, max: 5, step: 0.1 },
    { key: 'top', min: 1, max: 500, step: 1 },
    { key: 'seed', min: 0, max: 1e6, step: 1 },
  ],
  beam: [{ key: 'beams', min: 2, max: 16, step: 1 }],
} as const;

export function WritingForm({ value, onChange }: { value: Writing; onChange: (value: Writing) => void }) {
  const t = useT();
  return (
    <div className={css.cells}>
      <NativeSelect
        label={t('try.how')}
        value={value.how}
        onChange={({ currentTarget }) =>
          onChange({ ...value, how: ways.find((one) => one === currentTarget.value) ?? 'greedy' })
        }
        data={ways.map((way) => ({ value: way, label: t(`try.how.${way}`) }))}
      />
      {fields[value.how].map(({ key, min, max, step }) => (
        <NumberInput
          key={key}
          label={t(`try.how.${key}`)}
          value={value[key]}
          min={min}
          max={max}
          step={step}
          allowDecimal={key === 'temperature'}
          clampBehavior="blur"
          onChange={(next) => typeof next === 'number' && onChange({ ...value, [key]: next })}
        />
      ))}
    </div>
  );
}
