/** Multiplied by γ every so many steps; PyTorch's StepLR. */
import { rising, type ScheduleDefinition, start, warmup } from './definition.ts';

export const step: ScheduleDefinition = {
  type: 'step',
  title: { en: 'Steps', zh: '阶梯' },
  summary: { en: 'Rises, then falls by a factor at regular steps.', zh: '先上升，再每隔固定步数乘以系数。' },
  fields: [
    warmup(0),
    start,
    {
      key: 'every',
      kind: 'integer',
      label: { en: 'Every', zh: '间隔' },
      help: { en: 'Steps from one fall to the next.', zh: '两次下降之间的步数。' },
      default: 500,
      min: 1,
      max: 1_000_000,
    },
    {
      key: 'gamma',
      kind: 'number',
      label: { en: 'γ', zh: 'γ' },
      help: { en: 'What the rate is multiplied with at each fall.', zh: '每次下降时学习率乘以的系数。' },
      default: 0.5,
      min: 0,
      max: 1,
    },
  ],
  factor(at, _, fields) {
    const done = at - 1 - (fields['warmup'] as number);
    const falls = Math.floor(done / (fields['every'] as number));
    return rising(at, fields) ?? (fields['gamma'] as number) ** falls;
  },
};
