/** Leaves out samples all of whose captions are too short or too long. */
import { each, numberOf, type Rule } from './rule.ts';
import { wordsOf } from './text.ts';

export const words: Rule = {
  type: 'words',
  title: { en: 'Words in a caption', zh: '文字的词数' },
  summary: {
    en: 'Leaves out samples none of whose captions is as long as asked. Chinese and Japanese characters count one each.',
    zh: '去除没有任何一条文字符合长度要求的样本。每个汉字或假名计为一个词。',
  },
  measure: { en: 'words', zh: '词' },
  needs: 'text',
  fields: [
    {
      key: 'least',
      kind: 'integer',
      label: { en: 'At least', zh: '至少' },
      help: { en: 'Words a caption must have.', zh: '一条文字至少应有的词数。' },
      default: 1,
      min: 0,
      max: 1000,
    },
    {
      key: 'most',
      kind: 'integer',
      label: { en: 'At most', zh: '至多' },
      help: {
        en: 'Longer captions are often page text, not descriptions.',
        zh: '更长的文字往往是网页内容而非描述。',
      },
      default: 60,
      min: 1,
      max: 10_000,
    },
  ],
  judge(subject, values) {
    const [least, most] = [numberOf(values, 'least'), numberOf(values, 'most')];
    return each(subject, (sample) => {
      const counts = subject.dataset.captions[sample].map((caption) => wordsOf(caption).length);
      return counts.some((count) => count >= least && count <= most) ? undefined : { figure: counts[0] };
    });
  },
};
