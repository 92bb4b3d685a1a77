/** Leaves out samples whose captions were all said often enough before. */
import { each, numberOf, type Rule } from './rule.ts';
import { plainText } from './text.ts';

export const repeated: Rule = {
  type: 'repeated-caption',
  title: { en: 'Captions repeated too often', zh: '重复过多的文字' },
  summary: {
    en: 'Leaves out samples all of whose captions already stand under as many samples as allowed; case and marks do not count. For classes as captions, keep it off.',
    zh: '去除所有文字都已在足够多样本中出现过的样本；不计大小写与标点。若以类别名作文字，请保持关闭。',
  },
  measure: { en: 'times before', zh: '此前出现次数' },
  needs: 'text',
  fields: [
    {
      key: 'most',
      kind: 'integer',
      label: { en: 'Samples with one caption at most', zh: '同一文字的样本至多' },
      help: { en: 'The first so many stay.', zh: '保留最先的这么多个。' },
      default: 20,
      min: 1,
      max: 100_000,
    },
  ],
  judge(subject, values) {
    const most = numberOf(values, 'most');
    const seen = new Map<string, number>();
    return each(subject, (sample) => {
      const own = [...new Set(subject.dataset.captions[sample].map(plainText))];
      const least = Math.min(...own.map((text) => seen.get(text) ?? 0));
      if (least >= most && !subject.held(sample)) return { figure: least };
      for (const text of own) seen.set(text, (seen.get(text) ?? 0) + 1);
      return least >= most ? { figure: least } : undefined;
    });
  },
};
