/** The axis that a setting begins with, and how values of an axis are written and read. */
import type { Axis, AxisValue } from '../../../../core/sweepPlan.ts';
import type { Translate } from '../../../i18n/index.ts';
import type { Setting, Variable } from '../../model/recipeSettings.ts';

const clamp = (field: { min: number; max: number }, value: number) =>
  Math.min(field.max, Math.max(field.min, value));

/** Small numbers (rates, decays) count by their size, and so do widths and counts. */
const logarithmic = (field: Variable, value: AxisValue) =>
  (field.kind === 'number' || field.kind === 'integer') &&
  typeof value === 'number' &&
  value > 0 &&
  (field.scale === 'log' || (field.kind === 'number' && value < 0.02));

/** A third to three times of what the recipe says, for numbers; all there is, for words and switches. */
export function axisOf({ path, field, value }: Setting): Axis {
  if (field.kind === 'switch') return { path, values: [false, true] };
  if (field.kind === 'choice') return { path, values: field.choices.map((choice) => choice.value) };
  const now = typeof value === 'number' ? value : field.default;
  const integer = field.kind === 'integer';
  const log = logarithmic(field, now);
  const factor = log ? 10 : 2;
  const step = field.step ?? (integer ? 1 : 0.1);
  let [min, max] = [clamp(field, now / factor), clamp(field, now * factor)];
  if (integer) [min, max] = [Math.max(field.min, Math.round(min)), Math.round(max)];
  if (min >= max) [min, max] = [clamp(field, now), clamp(field, now + step)];
  if (min >= max) min = clamp(field, max - step);
  return { path, min, max, scale: log ? 'log' : 'linear', ...(integer && { integer }) };
}

/** `0.001, 0.01` as numbers; what is no number is left out. */
export const numbersIn = (text: string): number[] => [
  ...new Set(
    text
      .split(/[,;，；\s]+/)
      .filter(Boolean)
      .map(Number)
      .filter(Number.isFinite),
  ),
];

/** A value as people read it: a choice by its label. */
export function valueText(t: Translate, field: Variable | undefined, value: AxisValue): string {
  if (typeof value === 'boolean') return t(value ? 'sweep.on' : 'sweep.off');
  if (field?.kind === 'choice') {
    const choice = field.choices.find((one) => one.value === value);
    if (choice) return t.pick(choice.label);
  }
  return typeof value === 'number' ? String(value) : value;
}
