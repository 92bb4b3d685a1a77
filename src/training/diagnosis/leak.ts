/** Held-out pairs that were trained on: equal to a training pair in everything the model reads, though not the same sample. */
import type { Detector, Sighting } from './definition.ts';

const many = 0.02;

export const leak: Detector = {
  code: 'leak',
  title: { en: 'Held-out pairs were trained on', zh: '验证样本混入训练集' },
  panel: 'score',
  says: {
    equal: {
      seen: {
        en: '{count:count} of {have:count} held-out pairs ({share:percent}) are equal to a training pair.',
        zh: '{have:count} 对验证样本中有 {count:count} 对（{share:percent}）与训练样本完全相同。',
      },
      why: {
        en: 'Held-out scores look better than the model is: remove the duplicates from the data.',
        zh: '验证得分会偏高：请从数据中去除重复样本。',
      },
    },
  },
  detect({ facts }): Sighting[] {
    if (!facts || facts.validation === 0) return [];
    const share = facts.leaked / facts.validation;
    if (share < many) return [];
    return [
      {
        says: 'equal',
        severity: share > 0.2 ? 'warning' : 'note',
        params: { count: facts.leaked, have: facts.validation, share },
      },
    ];
  },
};
