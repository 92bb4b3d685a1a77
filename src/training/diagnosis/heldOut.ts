/** Too few held-out pairs to say anything: the standard error of a share among n is √(p(1 − p)/n), at most 1/(2√n). */
import type { Detector, Sighting } from './definition.ts';

const few = 50;
/** Times as many as are looked at, from where looking at all is worth a word. */
const more = 1.5;

export const heldOut: Detector = {
  code: 'held-out',
  title: { en: 'Few held-out pairs', zh: '验证样本太少' },
  panel: 'score',
  says: {
    none: {
      seen: {
        en: 'Nothing is held out: none of the {train:count} pairs is kept for validation.',
        zh: '没有留出验证集：{train:count} 对样本全部用于训练。',
      },
      why: {
        en: 'Nobody can say whether the model learns or memorises.',
        zh: '无法判断模型是在学习还是在死记。',
      },
      button: { en: 'Hold out a tenth', zh: '留出十分之一' },
    },
    more: {
      seen: {
        en: 'Validation looks at {count:count} of {have:count} held-out pairs: a score is sure to ± {error:percent} only.',
        zh: '验证只用了 {have:count} 对中的 {count:count} 对：得分误差约 ± {error:percent}。',
      },
      why: {
        en: 'Differences smaller than that are chance.',
        zh: '小于此值的差别只是偶然。',
      },
      button: { en: 'Measure all {have:count}', zh: '测量全部 {have:count} 对' },
    },
    small: {
      seen: {
        en: 'There are only {count:count} held-out pairs: a score is sure to ± {error:percent} only.',
        zh: '只有 {count:count} 对验证样本：得分误差约 ± {error:percent}。',
      },
      why: {
        en: 'Differences smaller than that are chance.',
        zh: '小于此值的差别只是偶然。',
      },
      button: { en: 'Hold out a fifth', zh: '留出五分之一' },
    },
  },
  detect({ facts, recipe }): Sighting[] {
    if (!facts) return [];
    const { train, validation } = facts;
    const { split } = recipe.data;
    const holding = (share: number) =>
      ['validation', 'by'].map((key) => ({
        path: ['data', 'split', key],
        value: key === 'by' ? 'random' : share,
      }));
    if (validation === 0)
      return [{ says: 'none', severity: 'warning', params: { train }, remedy: { edits: holding(0.1) } }];
    const count = Math.min(validation, recipe.training.validatePairs);
    if (count >= few) return [];
    const sure = (pairs: number) => ({ count: pairs, have: validation, error: 1 / (2 * Math.sqrt(pairs)) });
    if (validation > more * count)
      return [
        {
          says: 'more',
          severity: 'note',
          params: sure(count),
          remedy: { edits: [{ path: ['training', 'validatePairs'], value: validation }] },
        },
      ];
    const enough = split.validation >= 0.2;
    const params = sure(validation);
    return [{ says: 'small', severity: 'note', params, ...(!enough && { remedy: { edits: holding(0.2) } }) }];
  },
};
