/** A recipe in words: what it is made of and how it was trained, line by line. */

import { modalityNames } from '../../core/evaluationTexts.ts';
import type { Text } from '../../core/fields.ts';
import { pairsPerStep, type Recipe } from '../../core/recipe.ts';
import type { Definition } from '../../models/definition.ts';
import { encoders, fusions, objectives } from '../../models/registry.ts';
import { optimizers } from '../optimizers/index.ts';
import { schedules } from '../schedules/schedules.ts';

type Part = { type: string; [key: string]: unknown };

export function recipeLines(recipe: Recipe): { label: Text; value: Text }[] {
  const { training } = recipe;
  const value = (list: readonly Pick<Definition, 'type' | 'title' | 'fields'>[], part: Part): Text => {
    const found = list.find(({ type }) => type === part.type);
    const said = (language: 'en' | 'zh') => {
      const details = Object.entries(part).flatMap(([key, one]) => {
        if (key === 'type' || typeof one === 'object') return [];
        const label = found?.fields.find((field) => field.key === key)?.label[language] ?? key;
        return [`${language === 'en' ? label.toLowerCase() : label} ${one}`];
      });
      const title = found?.title[language] ?? part.type;
      return details.length > 0 ? `${title} (${details.join(', ')})` : title;
    };
    return { en: said('en'), zh: said('zh') };
  };
  const plain = (text: string): Text => ({ en: text, zh: text });
  return [
    ...Object.entries(recipe.encoders).map(([modality, part]) => {
      const name = modalityNames[modality] ?? plain(modality);
      return {
        label: { en: `Encoder of ${name.en}`, zh: `${name.zh}编码器` },
        value: value(encoders, part),
      };
    }),
    { label: { en: 'Fusion', zh: '融合' }, value: value(fusions, recipe.fusion) },
    ...recipe.objectives.map((part) => ({
      label: { en: 'Objective', zh: '目标' },
      value: value(objectives, part),
    })),
    { label: { en: 'Optimizer', zh: '优化器' }, value: value(optimizers, training.optimizer) },
    { label: { en: 'Schedule', zh: '学习率调度' }, value: value(schedules, training.schedule) },
    {
      label: { en: 'Training', zh: '训练' },
      value: {
        en: `${training.steps} steps of ${pairsPerStep(recipe)} pairs, seed ${recipe.seed}`,
        zh: `${training.steps} 步，每步 ${pairsPerStep(recipe)} 对，种子 ${recipe.seed}`,
      },
    },
  ];
}
