/** Learning-rate schedules: the factor of the peak rate at a step (1-based), after a linear warm-up. As PyTorch's LinearLR followed by CosineAnnealingLR. */
import type { Field, FieldValues, Text } from '../../core/fields.ts';

/** What a schedule remembers of what was measured, as JSON. */
export type ScheduleState = Record<string, number>;

export interface ScheduleDefinition {
  type: string;
  title: Text;
  summary: Text;
  fields: Field[];
  factor(step: number, steps: number, fields: FieldValues, state?: ScheduleState): number;
  initial?(): ScheduleState;
  measured?(state: ScheduleState, loss: number, fields: FieldValues): ScheduleState;
}

const warmup: Field = {
  key: 'warmup',
  kind: 'integer',
  label: { en: 'Warm-up', zh: '预热' },
  help: { en: 'Steps over which the rate rises from 0.', zh: '学习率从 0 上升所用的步数。' },
  default: 50,
  min: 0,
  max: 1_000_000,
};

const start: Field = {
  key: 'start',
  kind: 'number',
  label: { en: 'Start', zh: '起始' },
  help: { en: 'First rate of the warm-up, as a fraction of the peak.', zh: '预热起点占峰值的比例。' },
  default: 0.01,
  min: 0,
  max: 1,
  advanced: true,
};

/** As PyTorch's LinearLR: the first step has the start factor, step `warmup` + 1 the peak. */
const rising = (step: number, fields: FieldValues) => {
  const length = fields['warmup'] as number;
  const from = fields['start'] as number;
  return step <= length ? from + ((1 - from) * (step - 1)) / length : undefined;
};

export const cosine: ScheduleDefinition = {
  type: 'cosine',
  title: { en: 'Warm-up and cosine', zh: '预热 + 余弦' },
  summary: {
    en: 'Rises, then falls along half a cosine to the floor.',
    zh: '先上升，再沿半个余弦下降到下限。',
  },
  fields: [
    warmup,
    start,
    {
      key: 'floor',
      kind: 'number',
      label: { en: 'Floor', zh: '下限' },
      help: { en: 'Last rate, as a fraction of the peak.', zh: '结束时的学习率占峰值的比例。' },
      default: 0,
      min: 0,
      max: 1,
      advanced: true,
    },
  ],
  factor(step, steps, fields) {
    const length = fields['warmup'] as number;
    const floor = fields['floor'] as number;
    const progress = Math.min(1, (step - 1 - length) / Math.max(1, steps - length));
    return rising(step, fields) ?? floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
  },
};

export const constantSchedule: ScheduleDefinition = {
  type: 'constant',
  title: { en: 'Constant', zh: '恒定' },
  summary: { en: 'Rises, then stays.', zh: '先上升，然后保持不变。' },
  fields: [{ ...warmup, default: 0 }, start],
  factor: (step, _, fields) => rising(step, fields) ?? 1,
};

export const schedules = [cosine, constantSchedule];
