/** A loss above that of the untrained model, or far above its best: the steps are too large. */
import type { Detector, Sighting } from './definition.ts';
import { median } from './history.ts';
import { timesRate } from './remedies.ts';

const window = 50;
const worse = 1.25;

export const diverging: Detector = {
  code: 'diverging',
  title: { en: 'The loss runs away', zh: '损失发散' },
  panel: 'loss',
  says: {
    rate: {
      seen: {
        en: 'The loss is {loss}, over {steps:count} steps; the untrained model had {start}.',
        zh: '近 {steps:count} 步损失为 {loss}；未训练时为 {start}。',
      },
      why: {
        en: 'Updates of {ratio:percent} of the weights destroy more than they teach; around 0.1 % is healthy.',
        zh: '每次更新达权重的 {ratio:percent}，破坏多于学习；0.1 % 左右为宜。',
      },
      button: { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' },
    },
  },
  detect({ history, recipe }): Sighting[] {
    const losses = history.recent('loss', window);
    if (losses.length < window || history.since(window) <= 10) return [];
    const start = history.beginning('loss')[0];
    const loss = median(losses);
    if (!(start > 0) || loss < worse * start) return [];
    const ratios = Object.keys(recipe.encoders).map((name) =>
      median(history.recent(`ratio.${name}`, window)),
    );
    const { remedy, params } = timesRate(recipe, 0.1);
    const ratio = Math.max(...ratios.filter(Number.isFinite), 0);
    return [
      { says: 'rate', severity: 'serious', params: { loss, steps: window, start, ratio, ...params }, remedy },
    ];
  },
};
