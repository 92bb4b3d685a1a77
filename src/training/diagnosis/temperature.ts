/** A learned temperature that has run into its bound (CLIP keeps the logit scale at most 100, Radford et al. 2021; a scale under 1 is as good as none). */
import type { Detector, Sighting } from './definition.ts';
import { median } from './history.ts';

const window = 40;
/** Bounds of exp(logit scale) by objective, as they clamp it. */
const bounds: Record<string, [number, number]> = { infonce: [1, 100], sigmoid: [1, Math.exp(5)] };
const near = 0.01;

export const temperature: Detector = {
  code: 'temperature',
  title: { en: 'The temperature is at its bound', zh: '温度到达边界' },
  panel: 'learningRate',
  says: {
    sharp: {
      seen: {
        en: 'The learned temperature has been at its lower bound, {value}, for {steps:count} steps.',
        zh: '学习的温度已有 {steps:count} 步停在下界 {value}。',
      },
      why: {
        en: 'The loss is lowered by sharpening what is known already, and a few hard pairs make all of the gradient.',
        zh: '损失靠锐化已学内容降低，少数困难配对占据了全部梯度。',
      },
      button: { en: 'Fix the temperature at 0.07', zh: '将温度固定为 0.07' },
    },
    flat: {
      seen: {
        en: 'The learned temperature has been at its upper bound, {value}, for {steps:count} steps.',
        zh: '学习的温度已有 {steps:count} 步停在上界 {value}。',
      },
      why: {
        en: 'The model does best by hardly choosing at all: right pairs do not stand out, or many labels are wrong.',
        zh: '模型几乎不作选择反而损失更低：正确配对不突出，或许多配对有误。',
      },
      button: { en: 'Fix the temperature at 0.2', zh: '将温度固定为 0.2' },
    },
    sigmoid: {
      seen: {
        en: 'The learned temperature has been at its bound, {value}, for {steps:count} steps.',
        zh: '学习的温度已有 {steps:count} 步停在边界 {value}。',
      },
      why: {
        en: 'The loss is lowered by scaling what is known already, not by learning more.',
        zh: '损失靠缩放已学内容降低，并未学到更多。',
      },
    },
  },
  detect({ history, recipe }): Sighting[] {
    const index = recipe.objectives.findIndex(({ type }) => type in bounds);
    const values = history.recent('temperature', window);
    if (index < 0 || values.length < window) return [];
    const part = recipe.objectives[index];
    if (part['learned'] === false) return [];
    const [low, high] = bounds[part.type].map((scale) => 1 / scale).reverse() as [number, number];
    const value = median(values);
    const [sharp, flat] = [value <= low * (1 + near), value >= high * (1 - near)];
    if (!sharp && !flat) return [];
    const params = { value, steps: window };
    if (part.type !== 'infonce') return [{ says: 'sigmoid', severity: 'warning', params }];
    const fixed = { ...part, learned: false, temperature: sharp ? 0.07 : 0.2 };
    return [
      {
        says: sharp ? 'sharp' : 'flat',
        severity: 'warning',
        params,
        remedy: { change: { objectives: recipe.objectives.with(index, fixed) } },
      },
    ];
  },
};
