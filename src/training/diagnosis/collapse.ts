/**
 * Embeddings that all point one way or lie in a few directions: their effective rank, exp of the entropy of the singular values (Roy & Vetterli 2007), is near
 * 1, or has fallen to a fraction of what it was.
 */
import type { Detector, Sighting } from './definition.ts';
import { timesRate, updateRatio } from './remedies.ts';

/** Of a set of vectors: one direction and next to nothing besides. */
const single = 1.5;
/** Of its highest, what counts as fallen, where it is also this low. */
const fallen = 0.25;
const low = 4;
/** Update ratio under which it is no step that threw them together. */
const gentle = 3e-3;

const why = {
  en: 'Samples that differ look alike to whatever comes after: what was lost here cannot be told apart later.',
  zh: '不同样本在后续部分看来都一样：此处丢失的差别之后无法恢复。',
};
const button = { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' };

export const collapse: Detector = {
  code: 'collapse',
  title: { en: 'Embeddings collapse', zh: '嵌入坍缩' },
  panel: 'similarity',
  says: {
    single: {
      seen: {
        en: 'The {of:part} embeddings of held-out samples have an effective rank of {rank}: they all point one way.',
        zh: '验证样本的{of:part}嵌入有效秩为 {rank}：几乎都指向同一方向。',
      },
      why,
      button,
    },
    never: {
      seen: {
        en: 'The {of:part} embeddings of held-out samples have had an effective rank of {best} at most: they point one way from the start.',
        zh: '验证样本的{of:part}嵌入有效秩从未超过 {best}：从一开始就指向同一方向。',
      },
      why: {
        en: 'What goes in looks alike to this encoder, or it has hardly learnt yet: look for captions that are cut or equal, and for inputs that are all the same.',
        zh: '输入在此编码器看来都一样，或者它几乎还没学习：请检查文字是否被截断或相同，输入是否都一样。',
      },
    },
    fallen: {
      seen: {
        en: 'The effective rank of the {of:part} embeddings fell from {best} to {rank}.',
        zh: '{of:part}嵌入的有效秩从 {best} 降到 {rank}。',
      },
      why,
      button,
    },
  },
  detect(run) {
    const { history, recipe } = run;
    const names = history.names().filter((name) => name.startsWith('rank.'));
    return names.flatMap((name): Sighting[] => {
      const values = history.validated(name);
      if (values.length < 2) return [];
      const [before, { value: rank }] = values.slice(-2);
      const best = Math.max(...values.map(({ value }) => value));
      const flat = Math.max(before.value, rank) < single;
      if (!flat && !(rank < low && rank < fallen * best)) return [];
      const of = name.slice('rank.'.length);
      if (flat && best < single && !(updateRatio(run) >= gentle))
        return [{ says: 'never', about: of, severity: 'serious', params: { of, rank, best } }];
      const { remedy, params } = timesRate(recipe, 0.2);
      return [
        {
          says: flat ? 'single' : 'fallen',
          about: of,
          severity: 'serious',
          params: { of, rank, best, ...params },
          remedy,
        },
      ];
    });
  },
};
