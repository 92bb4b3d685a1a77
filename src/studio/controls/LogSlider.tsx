/** A number on a logarithmic slider with the exact number beside it. */
import { NumberInput, Slider } from '@mantine/core';
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import css from './controls.module.css';

interface Props {
  label: string;
  /** Of the slider, which is a second control of the same number. */
  sliderLabel: string;
  description?: ReactNode;
  error?: string;
  value: number;
  /** Powers of ten between which it slides; the number may lie outside. */
  powers: [number, number];
  min: number;
  max: number;
  onChange: (value: number) => void;
}

export function LogSlider({
  label,
  sliderLabel,
  description,
  error,
  value,
  powers,
  min,
  max,
  onChange,
}: Props) {
  const t = useT();
  const [low, high] = powers;
  const place = value > 0 ? Math.min(high, Math.max(low, Math.log10(value))) : low;
  const marks = Array.from({ length: high - low + 1 }, (_, i) => ({ value: low + i, label: `1e${low + i}` }));
  return (
    <div className={css.slide}>
      <NumberInput
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        label={label}
        description={description}
        error={error}
        value={value}
        min={min}
        max={max}
        step={value / 2 || 0.001}
        clampBehavior="blur"
        onChange={(next) => typeof next === 'number' && onChange(next)}
      />
      <Slider
        className={css.slider}
        thumbLabel={sliderLabel}
        size={4}
        min={low}
        max={high}
        step={0.05}
        scale={(power) => 10 ** power}
        label={(scaled) => t.number(scaled)}
        marks={marks}
        value={place}
        onChange={(power) => onChange(Number((10 ** power).toPrecision(2)))}
      />
    </div>
  );
}
