/** A learning-rate schedule: the factor of the peak rate at a step. All begin with a linear warm-up, as PyTorch's LinearLR before another. */
import type { Field, FieldValues, Text } from '../../core/fields.ts';

/** What a schedule remembers of what was measured; plain JSON, for checkpoints. */
export type ScheduleState = Record<string, number | null>;

export interface ScheduleDefinition {
  type: string;
  title: Text;
  summary: Text;
  fields: Field[];
  /**
   * @param step 1-based @param steps of the whole run
   * @param state of a schedule that has one; as at the start without
   */
  factor(step: number, steps: number, fields: FieldValues, state?: ScheduleState): number;
  /** Of schedules that depend on what is measured. */
  initial?: () => ScheduleState;
  /** After a validation. @param value its loss, or the training loss where nothing is validated */
  measured?(state: ScheduleState, value: number, fields: FieldValues): ScheduleState;
}

export const warmup = (value: number): Field => ({
  key: 'warmup',
  kind: 'integer',
  label: { en: 'Warm-up', zh: '预热' },
  help: { en: 'Steps over which the rate rises from 0.', zh: '学习率从 0 上升所用的步数。' },
  default: value,
  min: 0,
  max: 1_000_000,
});

export const start: Field = {
  key: 'start',
  kind: 'number',
  label: { en: 'Start', zh: '起始' },
  help: { en: 'First rate of the warm-up, as a fraction of the peak.', zh: '预热起点占峰值的比例。' },
  default: 0.01,
  min: 0,
  max: 1,
  advanced: true,
};

/** @param help of what the floor is to this schedule */
export const floor = (help: Text): Field => ({
  key: 'floor',
  kind: 'number',
  label: { en: 'Floor', zh: '下限' },
  help,
  default: 0,
  min: 0,
  max: 1,
  advanced: true,
});

export const lastRate: Text = {
  en: 'Last rate, as a fraction of the peak.',
  zh: '结束时的学习率占峰值的比例。',
};

/** The first step has the start factor, step `warmup` + 1 the peak. @returns undefined after the warm-up */
export function rising(step: number, fields: FieldValues): number | undefined {
  const length = fields['warmup'] as number;
  const from = fields['start'] as number;
  return step <= length ? from + ((1 - from) * (step - 1)) / length : undefined;
}

/** Share of the steps after the warm-up that are done, 0 at the peak, at most 1. */
export function progress(step: number, steps: number, fields: FieldValues): number {
  const length = fields['warmup'] as number;
  return Math.min(1, (step - 1 - length) / Math.max(1, steps - length));
}
