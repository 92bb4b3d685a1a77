/**
 * A contrastive loss at ln B: the model tells no pair of the batch from another (van den Oord et al. 2018: the loss of a guess among B). It begins there, and
 * should leave soon after the warm-up.
 */
import { termNames } from '../../models/terms.ts';
import type { Detector } from './definition.ts';
import { median } from './history.ts';
import { timesRate, updateRatio, warmupOf } from './remedies.ts';

/** Below ln B and above it, what counts as chance: an untrained model that is sure of itself does worse than a guess. */
const [below, above] = [0.03, 0.25];
/** Share of distinct captions under which captions are the cause. */
const few = 0.05;
/** Update ratios under which weights hardly move, and over which they are thrown about. */
const [still, wild] = [3e-4, 1e-2];

const why = {
  en: 'It cannot tell right pairs from wrong ones yet, so it learns nothing about them.',
  zh: '模型还无法区分正误配对，等于没有学到配对关系。',
};
const seen = {
  en: 'The contrastive loss has been {loss} for {steps:count} steps; chance among {batch:count} pairs is ln {batch:count} = {chance}.',
  zh: '对比损失已有 {steps:count} 步停在 {loss}；在 {batch:count} 对中瞎猜的损失是 ln {batch:count} = {chance}。',
};

export const chance: Detector = {
  code: 'chance',
  title: { en: 'No better than chance', zh: '与瞎猜无异' },
  panel: 'loss',
  says: {
    captions: {
      seen,
      why: {
        en: 'Only {distinct:percent} of the captions differ; equal captions are all right answers, so there is nothing to tell apart.',
        zh: '只有 {distinct:percent} 的文字互不相同；相同的文字互为正确答案，因此无可区分。',
      },
    },
    slow: { seen, why, button: { en: 'Raise the rate to {rate}', zh: '把学习率提高到 {rate}' } },
    fast: { seen, why, button: { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' } },
    soft: {
      seen,
      why,
      button: { en: 'Start the temperature at 0.2', zh: '把初始温度设为 0.2' },
    },
  },
  detect(run) {
    const { history, recipe, facts, steps } = run;
    const index = recipe.objectives.findIndex(({ type }) => type === 'infonce');
    if (index < 0) return [];
    const { batch, accumulate = 1, cached } = recipe.training;
    const size = cached ? batch * accumulate : batch;
    const window = Math.round(Math.min(300, Math.max(60, steps / 10)));
    if (history.since(window) < Math.min(warmupOf(recipe), 200) / 2 + 20) return [];
    const alone = recipe.objectives.length === 1;
    const values = history.recent(alone ? 'loss' : `loss.${termNames(recipe)[index]}`, window);
    if (values.length < window) return [];
    const weight = alone ? Number(recipe.objectives[index]['weight'] ?? 1) : 1;
    const loss = median(values) / weight;
    const expected = Math.log(size);
    if (loss < (1 - below) * expected || loss > (1 + above) * expected) return [];
    const distinct = facts?.distinctCaptions ?? 1;
    const params = { loss, steps: window, batch: size, chance: expected, distinct };
    const severity = 'serious' as const;
    if (distinct < few && recipe.encoders['text']) return [{ says: 'captions', severity, params }];
    const ratio = updateRatio(run);
    if (ratio < still || ratio > wild) {
      const { remedy, params: figures } = timesRate(recipe, ratio < still ? 10 : 0.1);
      return [
        {
          says: ratio < still ? 'slow' : 'fast',
          severity,
          params: { ...params, ...figures, ratio },
          remedy,
        },
      ];
    }
    const value = recipe.objectives.with(index, {
      ...recipe.objectives[index],
      temperature: 0.2,
      learned: true,
    });
    return [{ says: 'soft', severity, params, remedy: { edits: [{ path: ['objectives'], value }] } }];
  },
};
