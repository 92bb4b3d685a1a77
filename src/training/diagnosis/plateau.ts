/** A loss that no longer falls while it is far from where a loss of this run could be: the rate is too low or too high, or the schedule has ended. */

import { chance } from './chance.ts';
import type { Detector } from './definition.ts';
import { median } from './history.ts';
import { timesRate, updateRatio, warmupOf } from './remedies.ts';

/** Of the loss at the start, what counts as far from converged. */
const far = 0.5;
/** A fall over the window that still counts as falling, as a share of the loss. */
const falling = 0.01;
const still = 3e-4;
const ended = 0.05;
/** Share of the steps after which nothing is said. */
const late = 0.85;

const seen = {
  en: 'The loss has been {loss} for {steps:count} steps, {share:percent} of where it began.',
  zh: '损失已有 {steps:count} 步停在 {loss}，仍是起点的 {share:percent}。',
};

export const plateau: Detector = {
  code: 'plateau',
  title: { en: 'The loss stands still', zh: '损失停滞' },
  panel: 'loss',
  says: {
    slow: {
      seen,
      why: {
        en: 'An update changes the weights by only {ratio:percent}; around 0.1 % is healthy.',
        zh: '每次更新只改变权重的 {ratio:percent}；0.1 % 左右为宜。',
      },
      button: { en: 'Raise the rate to {rate}', zh: '把学习率提高到 {rate}' },
    },
    fast: {
      seen,
      why: {
        en: 'Steps of this size ({ratio:percent} of the weights) may leap over what is left to learn.',
        zh: '步子可能过大（权重的 {ratio:percent}），越过了余下可学的部分。',
      },
      button: { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' },
    },
    ended: {
      seen,
      why: {
        en: 'The schedule has brought the rate to {now}, {left:percent} of its peak, with {more:count} steps to go.',
        zh: '调度已把学习率降到 {now}（峰值的 {left:percent}），而还有 {more:count} 步。',
      },
      button: { en: 'Begin a cosine over the steps left', zh: '在余下步数上重新开始余弦调度' },
    },
  },
  detect(run) {
    const { history, recipe, step, steps } = run;
    // At its end a run is meant to come to rest.
    if (step > late * steps) return [];
    const window = Math.round(Math.min(600, Math.max(150, steps / 5)));
    if (history.since(window) < warmupOf(recipe) + 20) return [];
    const values = history.recent('loss', window);
    if (values.length < window || chance.detect(run).length > 0) return [];
    const third = Math.floor(window / 3);
    const [early, now] = [median(values.slice(0, third)), median(values.slice(-third))];
    // Two standard errors of a difference of medians.
    const middle = median(values);
    const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
    const noise = (2 * 1.25 * Math.SQRT2 * deviation) / Math.sqrt(third);
    const start = median(history.beginning('loss'));
    const share = now / start;
    if (start <= 0 || share < far || early - now > Math.max(falling * Math.abs(early), noise)) return [];
    const params = { loss: now, steps: window, share, ratio: updateRatio(run) };
    const rates = history.recent('lr', 1);
    const peak = Number(recipe.training.optimizer['rate'] ?? 0);
    const severity = 'warning' as const;
    if (rates.length > 0 && rates[0] < ended * peak) {
      return [
        {
          says: 'ended',
          severity,
          params: { ...params, now: rates[0], left: rates[0] / peak, more: steps - step },
          remedy: { change: { schedule: { type: 'cosine', warmup: 0 } } },
        },
      ];
    }
    const slow = params.ratio < still;
    const { remedy, params: figures } = timesRate(recipe, slow ? 3 : 1 / 3);
    return [{ says: slow ? 'slow' : 'fast', severity, params: { ...params, ...figures }, remedy }];
  },
};
