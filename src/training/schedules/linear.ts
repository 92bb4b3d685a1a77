/** A straight line to the floor; PyTorch's LinearLR. */
import { floor, lastRate, progress, rising, type ScheduleDefinition, start, warmup } from './definition.ts';

export const linear: ScheduleDefinition = {
  type: 'linear',
  title: { en: 'Linear', zh: '线性' },
  summary: { en: 'Rises, then falls evenly to the floor.', zh: '先上升，再匀速下降到下限。' },
  fields: [warmup(50), start, floor(lastRate)],
  factor(step, steps, fields) {
    const least = fields['floor'] as number;
    return rising(step, fields) ?? 1 + (least - 1) * progress(step, steps, fields);
  },
};
