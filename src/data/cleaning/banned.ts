/** Leaves out samples with a caption that holds a word of a list. */
import { each, type Rule } from './rule.ts';
import { plainText } from './text.ts';

export const banned: Rule = {
  type: 'banned',
  title: { en: 'Banned words', zh: '禁用词' },
  summary: {
    en: 'Leaves out samples with a caption that holds a word or phrase of your list, whatever its case. Whole words: “cat” does not find “catalogue”.',
    zh: '去除含有列表中词语的样本，不分大小写。按整词匹配：“cat” 不会匹配 “catalogue”；汉字按字匹配。',
  },
  needs: 'text',
  fields: [
    {
      key: 'list',
      kind: 'words',
      label: { en: 'Words and phrases', zh: '词语' },
      help: { en: 'One on each line, or between commas.', zh: '每行一个，或用逗号分隔。' },
      default: '',
    },
  ],
  judge(subject, values) {
    const list = String(values['list'])
      .split(/[\n,，;；]/)
      .map(plainText)
      .filter((phrase) => phrase !== '');
    const holds = (caption: string) => {
      const text = ` ${plainText(caption)} `;
      return list.some((phrase) => text.includes(` ${phrase} `));
    };
    return each(subject, (sample) => (subject.dataset.captions[sample].some(holds) ? {} : undefined));
  },
};
