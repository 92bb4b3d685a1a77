/** Leaves out pictures that are far from square: cropping cuts most of them away. */
import { each, numberOf, type Rule } from './rule.ts';
import { shownSize, sizesUnknown } from './shown.ts';

export const aspect: Rule = {
  type: 'aspect',
  title: { en: 'Aspect', zh: '长宽比' },
  summary: {
    en: 'Leaves out pictures that were much longer than wide, or wider than long, before they were made square.',
    zh: '去除在变为正方形之前长宽相差过大的图片。',
  },
  measure: { en: 'longer ÷ shorter side', zh: '长边 ÷ 短边' },
  needs: 'image',
  lacks: sizesUnknown,
  fields: [
    {
      key: 'most',
      kind: 'number',
      label: { en: 'Longer by shorter side at most', zh: '长边与短边之比至多' },
      help: {
        en: '3 keeps 3 : 1 and drops panoramas and banners.',
        zh: '3 会保留 3 : 1，去除全景图与横幅。',
      },
      default: 3,
      min: 1,
      max: 100,
      step: 0.5,
    },
  ],
  judge(subject, values) {
    const most = numberOf(values, 'most');
    return each(subject, (sample) => {
      const size = shownSize(subject.dataset, sample);
      const ratio = size ? size.longer / size.shorter : 1;
      return ratio > most ? { figure: ratio } : undefined;
    });
  },
};
