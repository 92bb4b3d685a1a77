/** One setting of a sweep: a range or a list for numbers, ticks for words and switches. */
import { ActionIcon, Checkbox, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Axis, AxisValue } from '../../../../core/sweepPlan.ts';
import { useT } from '../../../i18n/index.ts';
import { setAxis } from '../../../state/sweeping.ts';
import type { Setting } from '../../model/recipeSettings.ts';
import { axisOf, numbersIn, valueText } from './axisOf.ts';
import css from './sweep.module.css';

interface Props {
  axis: Axis;
  name: string;
  /** Absent where the recipe has no such setting. */
  setting?: Setting;
  grid: boolean;
  disabled: boolean;
}

export function AxisRow({ axis, name, setting, grid, disabled }: Props) {
  const t = useT();
  return (
    <li className={css.axis}>
      <div className={css.axisHead}>
        <strong>{name}</strong>
        <span className="muted small grow">
          {setting && t('sweep.now', { value: valueText(t, setting.field, setting.value) })}
        </span>
        <ActionIcon
          size={26}
          aria-label={t('sweep.remove', { name })}
          disabled={disabled}
          onClick={() => setAxis(axis.path, undefined)}
        >
          <IconX size={15} />
        </ActionIcon>
      </div>
      {!setting ? (
        <p className={css.wrong}>{t('sweep.gone')}</p>
      ) : setting.field.kind === 'integer' || setting.field.kind === 'number' ? (
        <Numbers axis={axis} name={name} setting={setting} grid={grid} disabled={disabled} />
      ) : (
        <Ticks axis={axis} name={name} setting={setting} disabled={disabled} />
      )}
    </li>
  );
}

type RowProps = Omit<Props, 'setting' | 'grid'> & { setting: Setting };

function Ticks({ axis, name, setting, disabled }: RowProps) {
  const t = useT();
  const { field, path } = setting;
  const all: AxisValue[] = field.kind === 'choice' ? field.choices.map(({ value }) => value) : [false, true];
  const chosen = 'values' in axis ? axis.values : [];
  return (
    <fieldset className={css.ticks}>
      <legend className="sr-only">{t('sweep.valuesOf', { name })}</legend>
      {all.map((value) => (
        <Checkbox
          key={String(value)}
          label={valueText(t, field, value)}
          checked={chosen.includes(value)}
          disabled={disabled}
          onChange={(event) => {
            const on = event.currentTarget.checked;
            setAxis(path, { path, values: all.filter((one) => (one === value ? on : chosen.includes(one))) });
          }}
        />
      ))}
    </fieldset>
  );
}

function Numbers({ axis, name, setting, grid, disabled }: RowProps & { grid: boolean }) {
  const t = useT();
  const { path } = setting;
  const listed = 'values' in axis;
  const [text, setText] = useState(listed ? axis.values.join(', ') : '');
  return (
    <div className={css.numbers}>
      <SegmentedControl
        size="xs"
        aria-label={t('sweep.how', { name })}
        value={listed ? 'values' : 'range'}
        disabled={disabled}
        data={[
          { value: 'range', label: t('sweep.range') },
          { value: 'values', label: t('sweep.values') },
        ]}
        onChange={(next) => {
          if (next === 'range') {
            setAxis(path, axisOf(setting));
            return;
          }
          const values = listed ? axis.values : [axis.min, axis.max];
          setText(values.join(', '));
          setAxis(path, { path, values });
        }}
      />
      {listed ? (
        <TextInput
          className={css.list}
          label={t('sweep.valuesOf', { name })}
          description={t('sweep.valuesHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={text}
          disabled={disabled}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAxis(path, { path, values: numbersIn(event.currentTarget.value) });
          }}
        />
      ) : (
        <Range axis={axis} setting={setting} grid={grid} disabled={disabled} />
      )}
    </div>
  );
}

function Range({
  axis,
  setting,
  grid,
  disabled,
}: {
  axis: Exclude<Axis, { values: AxisValue[] }>;
  setting: Setting;
  grid: boolean;
  disabled: boolean;
}) {
  const t = useT();
  const { field } = setting;
  if (field.kind !== 'integer' && field.kind !== 'number') return null;
  const end = (key: 'min' | 'max') => (
    <NumberInput
      label={t(`sweep.${key}`)}
      value={axis[key]}
      min={field.min}
      max={field.max}
      step={field.step ?? (field.kind === 'integer' ? 1 : axis[key] / 2 || 0.01)}
      allowDecimal={field.kind === 'number'}
      clampBehavior="blur"
      disabled={disabled}
      onChange={(value) => typeof value === 'number' && setAxis(axis.path, { ...axis, [key]: value })}
    />
  );
  return (
    <>
      {end('min')}
      {end('max')}
      <Select
        label={t('sweep.scale')}
        allowDeselect={false}
        value={axis.scale}
        disabled={disabled}
        data={[
          { value: 'linear', label: t('sweep.linear') },
          { value: 'log', label: t('sweep.log') },
        ]}
        onChange={(scale) => setAxis(axis.path, { ...axis, scale: scale === 'log' ? 'log' : 'linear' })}
      />
      {grid && (
        <NumberInput
          label={t('sweep.points')}
          value={axis.points ?? 5}
          min={1}
          max={50}
          allowDecimal={false}
          clampBehavior="strict"
          disabled={disabled}
          onChange={(points) => typeof points === 'number' && setAxis(axis.path, { ...axis, points })}
        />
      )}
    </>
  );
}
