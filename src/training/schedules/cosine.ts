/** Half a cosine to the floor (Loshchilov & Hutter 2017, arXiv 1608.03983, without restarts); PyTorch's CosineAnnealingLR. */
import { floor, lastRate, progress, rising, type ScheduleDefinition, start, warmup } from './definition.ts';

export const cosine: ScheduleDefinition = {
  type: 'cosine',
  title: { en: 'Warm-up and cosine', zh: '预热 + 余弦' },
  summary: {
    en: 'Rises, then falls along half a cosine to the floor.',
    zh: '先上升，再沿半个余弦下降到下限。',
  },
  fields: [warmup(50), start, floor(lastRate)],
  factor(step, steps, fields) {
    const least = fields['floor'] as number;
    const fallen = (1 + Math.cos(Math.PI * progress(step, steps, fields))) / 2;
    return rising(step, fields) ?? least + (1 - least) * fallen;
  },
};
