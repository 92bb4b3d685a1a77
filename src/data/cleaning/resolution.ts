/** Leaves out pictures that were small before they were stored. */
import { each, numberOf, type Rule } from './rule.ts';
import { shownSize, sizesUnknown } from './shown.ts';

export const resolution: Rule = {
  type: 'resolution',
  title: { en: 'Resolution', zh: '分辨率' },
  summary: {
    en: 'Leaves out pictures whose shorter side had fewer pixels, in the file that was read.',
    zh: '去除原始文件中短边像素不足的图片。',
  },
  measure: { en: 'pixels', zh: '像素' },
  needs: 'image',
  lacks: sizesUnknown,
  fields: [
    {
      key: 'least',
      kind: 'integer',
      label: { en: 'Shorter side at least', zh: '短边至少' },
      help: {
        en: 'Pixels; smaller pictures were enlarged when they were stored.',
        zh: '像素；更小的图片在保存时被放大。',
      },
      default: 64,
      min: 1,
      max: 10_000,
    },
  ],
  judge(subject, values) {
    const least = numberOf(values, 'least');
    return each(subject, (sample) => {
      const size = shownSize(subject.dataset, sample);
      return size && size.shorter < least ? { figure: size.shorter } : undefined;
    });
  },
};
