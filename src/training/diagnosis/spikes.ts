/** Steps whose loss or gradient stands far out of those around it, by a robust z-score (median and median deviation, Iglewicz & Hoaglin 1993). */
import type { Detector, Sighting } from './definition.ts';
import { median } from './history.ts';
import { rounded, timesRate, warmupOf } from './remedies.ts';

const window = 200;
/** Deviations that count as out of all proportion, and how many such steps are no accident. */
const far = 10;
const several = 3;
/** Of the loss at the start, the least height over the median; and of the median, a gradient's. */
const tall = 0.2;
const times = 8;

const seen = {
  en: '{count:count} of the last {steps:count} steps stood out: up to {worst}, where {usual} is usual.',
  zh: '最近 {steps:count} 步中有 {count:count} 步异常：最高达 {worst}，而通常为 {usual}。',
};

/** Values that stand out upwards. */
export function outliers(values: readonly number[], least: number): number[] {
  const middle = median(values);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return values.filter((value) => value - middle > Math.max(far * deviation, least));
}

export const spikes: Detector = {
  code: 'spikes',
  title: { en: 'Spikes', zh: '尖峰' },
  panel: 'loss',
  says: {
    clip: {
      seen,
      why: {
        en: 'A few samples throw the weights far off, and the steps after only repair it.',
        zh: '少数样本把权重推得很远，之后的步数只是在修复。',
      },
      button: { en: 'Clip the gradient at {clip}', zh: '将梯度裁剪到 {clip}' },
    },
    rate: {
      seen,
      why: {
        en: 'The loss jumps though the gradient is clipped: the steps themselves are too large.',
        zh: '梯度已裁剪，损失仍跳动：说明步子本身过大。',
      },
      button: { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' },
    },
  },
  detect({ history, recipe }): Sighting[] {
    if (history.since(window) < Math.min(warmupOf(recipe), 100)) return [];
    const losses = history.recent('loss', window);
    const norms = history.recent('grad.total', window);
    if (losses.length < window / 2) return [];
    const begun = Math.abs(median(history.beginning('loss')));
    const jumps = outliers(losses, tall * begun);
    const usual = median(norms);
    const { clip } = recipe.training;
    // A gradient that is clipped does no harm by being large.
    const pulls = clip > 0 ? [] : outliers(norms, times * usual);
    const worse = jumps.length >= pulls.length ? jumps : pulls;
    if (worse.length < several) return [];
    const ofLoss = worse === jumps;
    const params = {
      count: worse.length,
      steps: losses.length,
      worst: Math.max(...worse),
      usual: ofLoss ? median(losses) : usual,
    };
    if (clip === 0) {
      const value = rounded(2 * usual);
      return [
        {
          says: 'clip',
          severity: 'warning',
          params: { ...params, clip: value },
          remedy: { change: { clip: value } },
        },
      ];
    }
    const { remedy, params: figures } = timesRate(recipe, 0.5);
    return [{ says: 'rate', severity: 'warning', params: { ...params, ...figures }, remedy }];
  },
};
