/** Leaves out samples whose captions all say the same: several captions that add nothing. */
import { each, numberOf, type Rule } from './rule.ts';
import { wordsOf } from './text.ts';

/** Shared by all words of both (Jaccard), 0 … 1. */
export function wordOverlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

export const alike: Rule = {
  type: 'alike-captions',
  title: { en: 'Captions of one sample alike', zh: '同一样本的文字雷同' },
  summary: {
    en: 'Leaves out samples with several captions, any two of which share nearly all words.',
    zh: '去除有多条文字、且任意两条几乎共用所有词的样本。',
  },
  measure: { en: 'share of words in common, least of all pairs', zh: '共有词的比例（各对中最小）' },
  needs: 'text',
  fields: [
    {
      key: 'share',
      kind: 'number',
      label: { en: 'Words in common at least', zh: '共有词至少' },
      help: {
        en: 'Of all words of two captions; 1 means the same words.',
        zh: '占两条文字所有词的比例；1 表示词完全相同。',
      },
      default: 0.9,
      min: 0.1,
      max: 1,
      step: 0.05,
    },
  ],
  judge(subject, values) {
    const least = numberOf(values, 'share');
    return each(subject, (sample) => {
      const sets = subject.dataset.captions[sample].map((caption) => new Set(wordsOf(caption)));
      if (sets.length < 2) return undefined;
      let figure = 1;
      for (const [i, a] of sets.entries())
        for (const b of sets.slice(i + 1)) figure = Math.min(figure, wordOverlap(a, b));
      return figure >= least ? { figure } : undefined;
    });
  },
};
