/** Gradients overflow 16 bits in many steps, each of which is left out; a few while the loss scale is being found are as they should be. */
import type { Detector, Sighting } from './definition.ts';

const window = 200;
const least = 40;
/** Steps in which the loss scale is being found. */
const finding = 30;
/** Ten times as often as a scale that is doubled every 1,000 good steps has to be halved again. */
const many = 0.01;
/** That are no accident. */
const several = 2;

export const overflow: Detector = {
  code: 'overflow',
  title: { en: '16-bit overflow', zh: '16 位溢出' },
  panel: 'precision',
  says: {
    full: {
      seen: {
        en: '{count:count} of the last {steps:count} steps overflowed 16 bits and were left out.',
        zh: '最近 {steps:count} 步中有 {count:count} 步超出 16 位范围而被跳过。',
      },
      why: {
        en: 'Those samples teach nothing, and a loss scale of {scale} lets small gradients vanish.',
        zh: '这些样本没有学到；损失系数降到 {scale} 会使小梯度消失。',
      },
      button: { en: 'Compute in 32 bits', zh: '改用 32 位' },
    },
  },
  detect({ history, recipe }): Sighting[] {
    if (recipe.training.precision !== 'f16') return [];
    const all = history.recent('overflows', window);
    const values = history.since(window) > finding ? all : all.slice(finding);
    if (values.length < least) return [];
    const count = values.at(-1)! - values[0];
    if (count < several || count < many * values.length) return [];
    const [scale] = history.recent('lossScale', 1);
    return [
      {
        says: 'full',
        severity: 'warning',
        params: { count, steps: values.length, scale },
        remedy: { edits: [{ path: ['training', 'precision'], value: 'f32' }] },
      },
    ];
  },
};
