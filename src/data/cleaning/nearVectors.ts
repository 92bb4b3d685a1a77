/** Leaves out samples whose vector lies next to that of one before them (data/cleaning/vectors.ts), found with an approximate index (neighbours.ts). */
import { has } from '../having.ts';
import { Neighbours } from './neighbours.ts';
import { each, numberOf, type Rule } from './rule.ts';
import { pictureVector, pictureWidth, textVector, textWidth } from './vectors.ts';

export const nearVectors: Rule = {
  type: 'near-vectors',
  title: { en: 'Near-copies by neighbours', zh: '向量近邻重复' },
  summary: {
    en: 'Leaves out samples whose vector is nearly that of one that stays: of pictures the lowest frequencies in brightness and colour, of words the letters that stand together. The index is approximate and may miss a few.',
    zh: '去除向量与已保留样本几乎相同的样本：图片取亮度与颜色的最低频率，文字取相邻字母组合。索引是近似的，可能漏掉少数。',
  },
  measure: { en: 'cosine', zh: '余弦相似度' },
  fields: [
    {
      key: 'of',
      kind: 'choice',
      label: { en: 'Compare', zh: '比较' },
      help: { en: 'Samples without it are passed over.', zh: '没有该内容的样本会被跳过。' },
      default: 'image',
      choices: [
        { value: 'image', label: { en: 'pictures', zh: '图片' } },
        { value: 'text', label: { en: 'words', zh: '文字' } },
      ],
    },
    {
      key: 'cosine',
      kind: 'number',
      label: { en: 'Cosine at least', zh: '余弦至少' },
      help: {
        en: '1 is equal. Lower it to drop what is merely similar.',
        zh: '1 表示相同。降低此值会去除只是相似的样本。',
      },
      default: 0.995,
      min: 0.5,
      max: 1,
      step: 0.005,
    },
  ],
  judge(subject, values) {
    const { dataset, held } = subject;
    const of = values['of'] === 'text' ? 'text' : 'image';
    const [width, vectorOf] = of === 'text' ? [textWidth, textVector] : [pictureWidth, pictureVector];
    const least = numberOf(values, 'cosine');
    const index = new Neighbours({ width });
    const ids: number[] = [];
    return each(subject, (sample) => {
      if (!has(dataset, of, sample)) return undefined;
      const vector = vectorOf(dataset, sample);
      const [near] = index.search(vector, 1);
      const found = near && near.similarity >= least - 1e-6;
      if (!found || held(sample)) {
        index.add(vector);
        ids.push(sample);
      }
      return found ? { figure: near.similarity, like: ids[near.id] } : undefined;
    });
  },
};
