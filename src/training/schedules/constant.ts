/** The peak rate to the end. */
import { rising, type ScheduleDefinition, start, warmup } from './definition.ts';

export const constant: ScheduleDefinition = {
  type: 'constant',
  title: { en: 'Constant', zh: '恒定' },
  summary: { en: 'Rises, then stays.', zh: '先上升，然后保持不变。' },
  fields: [warmup(0), start],
  factor: (step, _, fields) => rising(step, fields) ?? 1,
};
