/** How long a step takes here and so how long the run will: measured on a copy, after the steps in which drivers compile. */
import { median } from '../diagnosis/history.ts';
import type { Check } from './definition.ts';
import { rehearse } from './rehearsal.ts';

const steps = 10;
const first = 3;
/** Hours. */
const long = 12;

export const pace: Check = {
  id: 'pace',
  title: { en: 'Time', zh: '时间' },
  about: {
    en: 'Takes ten steps on a copy and multiplies.',
    zh: '在副本上训练十步并推算总时间。',
  },
  trains: true,
  says: {
    long: {
      seen: {
        en: 'A step takes {step:time}, all {steps:count} of them {total:time}.',
        zh: '每步 {step:time}，共 {steps:count} 步需 {total:time}。',
      },
      why: {
        en: 'A smaller model or picture, or fewer steps, would answer sooner whether this is worth it.',
        zh: '更小的模型、图片或更少的步数能更早看出是否值得。',
      },
      button: { en: 'Train {fewer:count} steps first', zh: '先训练 {fewer:count} 步' },
    },
  },
  async run({ recipe, data, executor, stopped, progress, finding }) {
    const times: number[] = [];
    await rehearse(
      executor,
      recipe,
      data,
      steps,
      () => 1e-6,
      ({ time }, step) => {
        stopped();
        progress(step / steps);
        times.push(time);
        return true;
      },
    );
    const step = median(times.slice(first)) / 1000;
    const total = step * recipe.training.steps;
    const fewer = Math.max(1, Math.round(recipe.training.steps / 10));
    const params = { step, total, steps: recipe.training.steps, fewer };
    return {
      summary: {
        en: 'A step takes {step:time}, the {steps:count} of the run about {total:time}, validations aside.',
        zh: '每步 {step:time}，整个训练 {steps:count} 步约 {total:time}（不含验证）。',
      },
      figures: { step, total, steps: recipe.training.steps },
      findings:
        total > long * 3600
          ? [
              finding({
                says: 'long',
                severity: 'note',
                params,
                remedy: { edits: [{ path: ['training', 'steps'], value: fewer }] },
              }),
            ]
          : [],
    };
  },
};
