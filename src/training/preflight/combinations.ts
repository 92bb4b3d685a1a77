/** What batches that are alike will be of: each combination of modalities with its rows, and those that no objective can learn from. */
import { alikeOf } from '../alike.ts';
import { modelShape } from '../shape.ts';
import type { Check, Outcome } from './definition.ts';

export const combinations: Check = {
  id: 'combinations',
  title: { en: 'Batches of equal modalities', zh: '同模态批次' },
  about: {
    en: 'Says how many rows a batch of each combination has, and which samples teach nothing.',
    zh: '给出每种模态组合的批次行数，以及哪些样本无法用于学习。',
  },
  says: {
    left: {
      seen: {
        en: '{count:count} training samples have only {names}, and are left out.',
        zh: '有 {count:count} 个训练样本只含 {names}，将不被抽取。',
      },
      why: {
        en: 'No objective of this recipe can learn from them.',
        zh: '此配方的任何目标都无法从中学习。',
      },
    },
  },
  async run({ recipe, data, finding, progress }): Promise<Outcome> {
    progress(1);
    if (!recipe.training.sampling?.alike)
      return {
        summary: { en: 'Batches are mixed.', zh: '批次混合各种模态组合。' },
        figures: {},
        findings: [],
      };
    const { drawn, left } = alikeOf(recipe, data, modelShape(recipe, data));
    const told = drawn.map(({ name, rows }) => `${name} ${rows}`).join(', ');
    const count = left.reduce((sum, one) => sum + one.count, 0);
    const names = left.map(({ name }) => name).join(', ');
    return {
      summary: { en: `Rows of a batch: ${told}.`, zh: `每批行数：${told}。` },
      figures: { combinations: drawn.length, left: count },
      findings: count > 0 ? [finding({ says: 'left', severity: 'note', params: { count, names } })] : [],
    };
  },
};
